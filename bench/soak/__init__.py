"""An hour of mixed load: what a service holds on to."""
