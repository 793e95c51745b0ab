"""What shows on a finished page without its being read: codes, ghosts, cut letters, widths."""
