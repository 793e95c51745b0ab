"""Ink accounting: what of a page's ink nothing explains that was read."""
