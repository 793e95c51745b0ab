"""Review: tasks that wait for a person, what the person decides, and what the worker makes of it."""
