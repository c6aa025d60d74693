"""The topics of reports, each declared once, in the order in which they are read; a notebook names its own in its metadata."""

from __future__ import annotations

from fanops_utils.text import Message, term

TOPICS: dict[str, Message] = {
    "market": term("Market", "topic"),
    "audience": term("Audience", "topic"),
    "commerce": term("Commerce", "topic"),
    "content": term("Content", "topic"),
    "partners": term("Partners", "topic"),
    "experiments": term("Experiments", "topic"),
    "campaigns": term("Campaigns", "topic"),
    "monitoring": term("Monitoring", "topic"),
    "playbooks": term("Playbooks", "topic"),
    "methods": term("Methods", "topic"),
}
