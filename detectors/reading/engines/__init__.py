"""What the house needs of a recognition engine, and the engines that give it."""
