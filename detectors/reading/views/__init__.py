"""What an engine is shown of a page: brought to its size, straightened, cleaned."""
