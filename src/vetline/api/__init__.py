"""HTTP for partners and reviewers: routes, handlers, and the one table between the wire's words and ours."""
