"""Every operation as a value: what is sent, how its answer is read, and whether it may be repeated. No I/O."""
