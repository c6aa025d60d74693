"""How far a fact from outside is to be trusted, in words."""

from __future__ import annotations

from fanops_utils.text import Message, term

STANDINGS: dict[str, Message] = {
    "primary": term("primary", "standing of a source"),
    "second-hand": term("second-hand", "standing of a source"),
    "claim of the plan": term("claim of the plan, unverified", "standing of a source"),
    "computed": term("computed by rule", "standing of a source"),
}
