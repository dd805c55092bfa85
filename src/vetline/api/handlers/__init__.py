"""The operations, a few lines each: read the request, call the desk, render the outcome."""
