"""Places and houses: addresses abroad, towns, hospitals, and where messages say that somebody is."""
