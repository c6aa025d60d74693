"""Words of the competitor benchmark: the figures brands are compared by."""

from __future__ import annotations

from fanops_utils.text import Message, term

FIGURES: dict[str, Message] = {
    "growth": term("Follower growth per 28 days", "figure of a brand"),
    "response": term("Interactions per follower", "figure of a brand"),
    "share": term("Share of interactions, 84 days", "figure of a brand"),
    "voice": term("Share of voice", "figure of a brand"), "negative": term("Negative mentions", "figure of a brand"),
    "answered": term("Criticism answered within a day", "figure of a brand"),
}  # fmt: skip
MOVED: dict[str, Message] = {
    "followers": term("Followers", "figure that moved"), "posts": term("Posts", "figure that moved"),
    "interactions": term("Interactions", "figure that moved"), "mentions": term("Mentions", "figure that moved"),
}  # fmt: skip
VERDICTS: dict[str, Message] = {
    "ahead": term("we are ahead", "us against a rival"), "behind": term("we are behind", "us against a rival"),
    "level": term("not told apart", "us against a rival"), "unknown": term("not known", "us against a rival"),
}  # fmt: skip
JUDGED: dict[str, Message] = {
    "up": term("unusually high", "how a figure moved"), "down": term("unusually low", "how a figure moved"),
    "unclear": term("as usual", "how a figure moved"), "far": term("not clear yet", "how a figure moved"),
    "little_history": term("too little history", "how a figure moved"),
    "unjudged": term("too little history", "how a figure moved"),
}  # fmt: skip
