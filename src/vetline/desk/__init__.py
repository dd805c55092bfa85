"""The use cases: load, decide, save. No rules here, no HTTP, no SQL."""
