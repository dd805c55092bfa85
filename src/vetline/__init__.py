"""Vetline vets customers' qualifications."""

__version__ = "0.1.0"
