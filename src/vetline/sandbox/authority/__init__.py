"""The token authority: the endpoints of Microsoft Entra that clients ask for tokens, and the pages to sign in."""
