"""People's names, told by what announces them, by the lists of a census, or by the sentence around them."""
