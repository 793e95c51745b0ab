"""The finished copy as a file: the one form that it may have, its pixels, and whether they are solid."""
