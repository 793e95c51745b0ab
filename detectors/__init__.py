"""Finds protected health information on pages of pixels. Knows no policy, no broker and no file format."""
