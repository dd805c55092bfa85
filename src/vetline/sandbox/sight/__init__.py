"""What clients asked and how well they behave: a journal, a scorecard, and pages to look at both."""
