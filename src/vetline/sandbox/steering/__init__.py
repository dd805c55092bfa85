"""How vetting is steered: modes, and decisions laid down beforehand."""
