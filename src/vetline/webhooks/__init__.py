"""What leaves the service uncalled: where it may go, how it is signed and how it is sent. Knows no case, no store."""
