"""Our own model of names and places: small, made of numpy alone, trained on invented text (MODEL_CARD.md)."""
