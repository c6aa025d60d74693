"""The tone of texts: scorers for languages, how well they agree with the team's own labels, and which may be shown."""
