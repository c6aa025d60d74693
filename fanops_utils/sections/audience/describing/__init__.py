"""What the members are like: who follows, when they are there, what they need, persona cards, groups."""
