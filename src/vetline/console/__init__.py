"""Pages for people: partners look up their customers and ask, reviewers decide. No rule is made here."""
