"""The sandbox: the real service with its own token authority, a settable clock and seeds."""
