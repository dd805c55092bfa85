"""Who is calling: verifies tokens of Entra ID or any OIDC issuer, and holds the sandbox's own issuer."""
