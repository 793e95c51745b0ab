"""Validation: an attacker reads the finished file again, with means of its own. Engines are passed in."""
