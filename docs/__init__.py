"""The documents, and the script that makes the sections of them that come from the code."""
