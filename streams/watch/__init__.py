"""What operators see of a process: logs, metrics, health, and the HTTP port that shows them. None holds content."""
