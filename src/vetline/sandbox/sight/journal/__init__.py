"""The journal: what clients asked of the sandbox, and what they really got."""
