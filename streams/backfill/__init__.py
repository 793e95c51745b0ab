"""Archives: whole folders and buckets, submitted file by file, each once, over as many runs as it takes."""
