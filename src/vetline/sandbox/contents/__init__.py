"""What is in a world: its people and applications, its customers and codes, and all of it as one document."""
