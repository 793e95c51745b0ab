"""Released documents drawn by lot, which a person looks at once more."""
