"""What can be tried at once: the demonstration, and the institutions it is about."""
