"""The control routes, by which a test steers a sandbox; see docs/sandbox.md."""
