"""What a user would pick instead, each serving the same two operations as far as it can."""
