"""Pictures of bodies: whether a frame is one, and what is written into it. Anatomy need not explain itself."""
