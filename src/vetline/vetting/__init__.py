"""The rules, in our own words: what a case is, how it moves, and what the evidence says.

Pure: no await, no clock, no wire, no SQL. Time is always an argument.
"""
