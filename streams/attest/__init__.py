"""What is said of every release, signed: who says it, how it is checked, and the process that alone may say it."""
