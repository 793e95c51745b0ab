"""`make pixels`: what of the ink on a page the product burns, against truth known by construction."""
