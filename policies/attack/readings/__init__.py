"""What is read of a finished copy, by which engine, and what of that is held against it."""
