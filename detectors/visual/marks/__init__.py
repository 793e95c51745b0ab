"""Marks that nobody printed as text: handwriting, signatures, stamps, photographs, boxes to tick."""
