"""The lists of names, places and ordinary words that the recognizers ask (data/README.md says where they come from)."""
