"""Many rows at once: reading, checking, telling of them. Pure, and the same for the command line and for the pages."""
