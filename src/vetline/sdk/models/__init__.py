"""What the client hands to its users. Each keeps the members as they came in `raw`, so that nothing is lost."""
