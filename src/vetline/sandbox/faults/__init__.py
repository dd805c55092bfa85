"""What goes wrong on purpose: a plan of faults around the service, seeded, so that a run can be repeated."""
