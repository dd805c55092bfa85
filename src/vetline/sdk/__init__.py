"""The Python client of Partner Center and of Vetline."""
