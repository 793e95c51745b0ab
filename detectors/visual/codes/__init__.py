"""Barcodes and two-dimensional codes: where they are, and what they say."""
