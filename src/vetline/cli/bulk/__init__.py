"""`vetline bulk submit`: many qualifications from a CSV, each row exactly once, whatever interrupts it."""
