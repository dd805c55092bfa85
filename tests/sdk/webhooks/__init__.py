"""Who signed a webhook."""
