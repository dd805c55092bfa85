"""The reference data behind the rules: loaded once, answering in microseconds, offline.

Each file is one source with its traps; `library` puts their answers together as facts. Nothing here decides.
"""
