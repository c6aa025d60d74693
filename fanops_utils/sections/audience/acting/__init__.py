"""Lists a team works from: who is about to leave, what to offer next, who carries which tag, who gets a place."""
