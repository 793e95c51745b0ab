"""What people's decisions teach: examples, and what of them may serve all documents."""
