"""The main job on the embedded parts: what `redoubt demo` runs, and the judgement on what came out."""
