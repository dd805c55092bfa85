"""The pages of those who vet."""
