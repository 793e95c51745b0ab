"""Identifiers' values: read, brought to one spelling, and rewritten as a profile asks."""
