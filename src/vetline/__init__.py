"""Vetline vets customers' qualifications."""
