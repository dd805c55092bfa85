"""The numbers that the programme sets."""

# https://learn.microsoft.com/partner-center/sell-to-education-customers: up to three verification requests
MAX_ATTEMPTS = 3
