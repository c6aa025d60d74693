"""What the brief promised and what was reached: whether it is still the one agreed, and each target against its band."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.metrics import Interval, target_table, wilson
from fanops_utils.models import CampaignEffect
from fanops_utils.playbook.checks import Check, Status
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.wording import FORMS, percent, plural, signed
from fanops_utils.workspace import Campaign
from fanops_utils.workspace.campaign import Target

LIFTS = ("site traffic", "orders", "sales")


def brief(campaign: Campaign) -> Finding:
    """Return whether the brief in the register is still the one that was agreed before the start."""
    state, method = campaign.frozen_state(), "Fingerprint of the register, without payments, events and decisions."
    if state == "frozen":
        text = (
            f"Its fingerprint {campaign.frozen} is that of the day it was agreed; metric, baseline and targets stand."
        )
        return Finding("brief", "The brief is the one that was agreed", text, "good", method=method)
    if state == "changed":
        text = (
            f"It was frozen as {campaign.frozen} and now reads {campaign.brief_hash()}. A goal that moves after the start "
            "can always be reached: see the register's history for what was changed."
        )
        return Finding("brief", "The brief was changed after it was agreed", text, "alert", method=method)
    text = "Nobody can say whether metric, baseline or targets were chosen before the result was known."
    return Finding("brief", "The brief was never frozen", text, "watch", method=method)


def checks(found: CampaignEffect | None, campaign: Campaign) -> list[Check]:
    """Return whether the brief is the one agreed on, and whether its target could have been seen at all."""
    state = campaign.frozen_state()
    said = {"frozen": "the register is as it was agreed", "changed": "the register was changed after it was agreed",
            "unfrozen": "the register was never frozen"}  # fmt: skip
    actions = {"frozen": "", "changed": "See its history for what was changed", "unfrozen": "Freeze the next brief"}
    status: Status = "PASS" if state == "frozen" else "FAIL" if state == "changed" else "REVIEW"
    made = [Check("Brief", status, said[state], actions[state])]
    target, seen = campaign.target_lift, found.detectable if found else None
    if target is None or seen is None or not np.isfinite(seen):
        return made
    text = f"{signed(seen)} would be found four times in five; the target is {signed(target)}"
    weak = seen > target
    action = "A target that small goes unseen more often than not" if weak else ""
    return [*made, Check("Power", "REVIEW" if weak else "PASS", text, action)]


def measured(
    found: CampaignEffect | None,
    campaign: Campaign,
    *,
    visits: CampaignEffect | None = None,
    orders: CampaignEffect | None = None,
    claims: pd.DataFrame | None = None,
    audience: pd.DataFrame | None = None,
    n_members: int = 0,
    users: Interval | None = None,
) -> dict[str, Interval]:
    """Return what was measured of the metrics a brief may name targets for, by their names in the register.

    The campaign's metric, site traffic, orders and sales: change against what would have happened anyway. Social
    share of sales: from the lowest tracked claim to the highest. Participation: members active in the live weeks of
    all members of the markets. UGC share: *users*, the posts of users of all posts about the campaign in the live days
    (`metrics.voices`). Everything else is not measured here, and said to be so.
    """
    known: dict[str, Interval] = {}
    lifts = {campaign.metric: found, "site traffic": visits, "orders": orders, "sales": orders}
    for name, one in lifts.items():
        if one is not None and one.verdict != "cannot tell":
            known[name] = one.effect
    tracked = claims[claims["kind"] == "tracked"] if claims is not None else None
    if tracked is not None and len(tracked):
        low, high = float(tracked["ci_lower"].min()), float(tracked["ci_upper"].max())
        known["social share of sales"] = Interval(float(tracked["share"].median()), low, high, int(tracked["n"].max()))
    if audience is not None and len(audience) and n_members:
        known["participation"] = wilson(int(audience["active"].iloc[-1]), n_members)
    if users is not None and np.isfinite(users.estimate):
        known["UGC share"] = users
    return known


def against_targets(campaign: Campaign, known: Mapping[str, Interval]) -> pd.DataFrame:
    """Return `metrics.target_table` of the brief's targets, its target lift first where no band repeats it.

    *known* is measured on the live days: a target for other days is not measured by it.
    """
    targets = list(campaign.targets)
    if campaign.target_lift is not None and not any(one.metric == campaign.metric for one in targets):
        said = "what would have happened anyway"
        targets.insert(0, Target(metric=campaign.metric, low=campaign.target_lift, denominator=said))
    windows = {one.window for one in targets if campaign.window(one.window) == campaign.live}
    return target_table(targets, {(name, window): one for name, one in known.items() for window in windows})


def targets(table: pd.DataFrame) -> Finding:
    """Return how many targets were hit, missed, or cannot be told, each with what was measured."""
    if table.empty:
        return Finding(
            "targets", "The brief names no target", "Without one, any result can be called a success.", "watch"
        )
    rows = table.to_dict("records")
    tally = {word: sum(row["verdict"] == word for row in rows) for word in ("hit", "miss", "cannot tell")}
    words = {"hit": "hit", "miss": "missed", "cannot tell": "cannot be told"}
    title = ", ".join(f"{number} {words[word]}" for word, number in tally.items() if number)
    severity: Severity = "watch" if tally["miss"] else "good" if tally["hit"] == len(rows) else "info"
    return Finding(
        id="targets",
        title=f"Of {plural(len(rows), 'target', 'targets')}: {title}",
        text=" ".join(_told(row) for row in rows),
        severity=severity,
        n=len(rows),
        method="Hit: the whole interval lies at the band's lower end or above. Miss: wholly below. Otherwise it cannot be told.",
    )


def _told(row: dict[Any, Any]) -> str:
    numbers = {name: float(str(row[name])) for name in ("low", "high", "estimate", "ci_lower", "ci_upper")}
    say = _form(str(row["metric"]), str(row["denominator"]), str(row["unit"]))
    band = (
        say(numbers["low"]) if not np.isfinite(numbers["high"]) else f"{say(numbers['low'])} to {say(numbers['high'])}"
    )
    head = f"{str(row['metric'])[:1].upper()}{str(row['metric'])[1:]} ({row['denominator']}): {band} asked, "
    if not np.isfinite(numbers["estimate"]):
        return f"{head}not measured."
    between = f" ({say(numbers['ci_lower'])} to {say(numbers['ci_upper'])})" if np.isfinite(numbers["ci_lower"]) else ""
    return f"{head}{say(numbers['estimate'])}{between} found: {row['verdict']}."


def _form(metric: str, denominator: str, unit: str) -> Callable[[float], str]:
    if unit != "fraction":
        return FORMS["count"]
    return signed if "anyway" in denominator or metric in LIFTS else percent


def listed_targets(table: pd.DataFrame) -> pd.DataFrame:
    """Return the targets as a table to be shown: metric, denominator, window, asked, found, verdict."""
    rows = []
    for row in table.to_dict("records"):
        say = _form(row["metric"], row["denominator"], row["unit"])
        asked = f"{say(row['low'])} or more" if pd.isna(row["high"]) else f"{say(row['low'])} to {say(row['high'])}"
        seen = "not measured" if pd.isna(row["estimate"]) else say(row["estimate"])
        if pd.notna(row["estimate"]) and pd.notna(row["ci_lower"]):
            seen += f" ({say(row['ci_lower'])} to {say(row['ci_upper'])})"
        rows.append((row["metric"], row["denominator"], row["window"], asked, seen, row["verdict"]))
    return pd.DataFrame(rows, columns=["metric", "denominator", "window", "asked", "found", "verdict"])
