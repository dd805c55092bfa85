"""A partner's uploads: files of many rows, what becomes of them, and the results to take away."""
