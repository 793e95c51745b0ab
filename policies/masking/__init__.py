"""Does what was decided to the pixels: boxes, burning, and a new file of rasters alone."""
