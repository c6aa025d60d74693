"""The members of the brand's own community: activity, retention, whom a campaign reached."""
