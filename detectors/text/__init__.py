"""Identifiers in running text: all text layers behind one call, and the ones that are no room of their own."""
