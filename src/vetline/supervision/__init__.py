"""`vetline serve --workers N`: a parent that serves nothing, and processes that serve one address together."""
