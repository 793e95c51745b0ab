"""Reads pages: engines take a gray raster and give words; views say how a raster came from the source page."""
