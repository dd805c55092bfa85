"""The measuring itself: that it counts what it says it counts."""
