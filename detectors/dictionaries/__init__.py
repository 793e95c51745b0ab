"""Recognizers that know words: people's names, places, facilities."""
