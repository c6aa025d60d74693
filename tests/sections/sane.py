"""What holds of every finding, whatever it says."""

from __future__ import annotations

import json
import re

from fanops_utils.playbook import Finding
from fanops_utils.text import coding
from fanops_utils.text.sayable import Sayable

UNSAID = re.compile(r"\b(nan|inf|None|NaT)\b|—|nan%")


def sane(finding: Finding) -> Finding:
    """Return *finding*: it says every number it names, and comes back from JSON as it went."""
    for said in (finding.title, finding.text, finding.verdict, finding.method):
        if said is not None:
            assert not UNSAID.search(str(said)), said
            assert coding.read(json.loads(json.dumps(said.to_json(), allow_nan=False))) == said
    json.dumps(finding.to_json(), allow_nan=False)
    return finding


def values(said: Sayable) -> dict[str, Sayable]:
    """Return the values of a message, by name."""
    return dict(said.values)  # type: ignore[attr-defined]
