"""What runs without a request. One duty, one file; the case row is the queue."""
