"""Recognizers for identifiers with a shape of their own: check digits, formats, labels in running text."""
