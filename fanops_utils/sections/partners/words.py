"""Words of the partner reports: tiers of creators, tiers of the programme, signs, duties, states."""

from __future__ import annotations

from fanops_utils.text import Message, Sayable, Written, term

SIZES: dict[str, Message] = {
    "nano": term("nano", "tier of partners"), "micro": term("micro", "tier of partners"),
    "mid": term("mid-sized", "tier of partners"), "macro": term("macro", "tier of partners"),
    "mega": term("mega", "tier of partners"), "": term("no tier named", "tier of partners"),
}  # fmt: skip
TIERS: dict[str, Message] = {
    "strategic": term("strategic", "tier of the programme"), "core": term("core", "tier of the programme"),
    "temporary": term("temporary", "tier of the programme"),
}  # fmt: skip
SIGNS: dict[str, Message] = {
    "growth": term("follower jumps that no post explains", "sign of bought numbers"),
    "views": term("hardly any views for its followers", "sign of bought numbers"),
    "likes": term("likes out of line with views", "sign of bought numbers"),
    "comments": term("comments that repeat", "sign of bought numbers"),
}  # fmt: skip
DUTIES: dict[str, Message] = {
    "background": term("background check", "duty of a partner"),
    "confidentiality": term("confidentiality agreement", "duty of a partner"),
    "no_bought_volume": term("undertaking not to buy volume", "duty of a partner"),
    "labelling": term("check of ad labelling", "duty of a partner"),
    "data_audit": term("audit of data handling", "duty of a partner"),
}  # fmt: skip
MARKS: dict[str, Message] = {
    "above": term("above", "against the average partner"), "below": term("below", "against the average partner"),
    "average": term("not told apart", "against the average partner"),
    "few": term("too few deliveries", "against the average partner"),
    "dear": term("dear", "price"), "cheap": term("cheap", "price"), "usual": term("usual", "price"),
    "settled": term("settled", "state of a settlement"), "overpaid": term("overpaid", "state of a settlement"),
    "underpaid": term("underpaid", "state of a settlement"), "unknown": term("not known", "state of a settlement"),
    "question": term("ask: strong or several signs", "state of a partner"), "sign": term("ask: one sign", "state of a partner"),
    "none": term("nothing seen", "state of a partner"),
}  # fmt: skip


def named(partner: object) -> Sayable:
    """Return a partner's name as the register has it; of one that no register names, that, and its mark."""
    name = str(partner)
    return (
        term("{mark} (not in the register)", "partner", mark=Written(name)) if name.startswith("#") else Written(name)
    )


def size(tier: object) -> Sayable:
    """Return a tier of creators in words; one that is not known as it is written."""
    return SIZES.get(str(tier)) or Written(str(tier))
