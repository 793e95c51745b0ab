"""Regular expressions that are tried only where they can begin."""
