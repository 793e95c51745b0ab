"""Text layers: their words, whether the page's pixels prove them, and what of the page they leave to read."""
