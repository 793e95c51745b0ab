"""What becomes of spans once they are found: merged, carved, weighed, and looked for in the whole document."""
