"""Pages for people, server-rendered. Every use case is the desk's; nothing here knows a rule, a table or a message."""
