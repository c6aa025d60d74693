"""Where are we, and what does each platform do? Side by side, each by its own definitions; accounts that are silent."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.sections.cells import cells
from fanops_utils.text import (
    Count,
    Listed,
    Message,
    Number,
    Percent,
    Sentences,
    Signed,
    Unit,
    Written,
    say,
    say_n,
    term,
)

STATES: dict[str, Message] = {
    "active": term("active", "state of an account"),
    "silent": term("no post for 28 days", "state of an account"),
    "no_posts": term("no file of its posts", "state of an account"),
    "no_data": term("no data", "state of an account"),
}


def platforms(table: pd.DataFrame, audit: pd.DataFrame) -> Section:
    """Return the platforms of the market and its accounts (*table*: `models.platforms_side_by_side`, *audit*: `account_audit`)."""
    if table.empty:
        return Section.of(
            Finding.nothing("platforms", say("no day and no post of an account of this market")), _accounts(audit)
        )
    dumb = audit[audit["state"] != "active"]
    code = "silent" if len(dumb) else "active"
    names = Listed.of(words.platform(str(one)) for one in table["platform"])
    title = (
        say_n(
            "{n} of {all} accounts is silent or without data",
            "{n} of {all} accounts are silent or without data",
            n=len(dumb),
            all=len(audit),
        )
        if len(dumb)
        else say("All accounts are active: {platforms}", platforms=names)
    )
    missing = [words.platform(str(one)) for one in table.loc[table["followers"].isna(), "platform"]]
    text = Sentences.of(
        say("Seen: {platforms}.", platforms=names) if len(dumb) else None,
        say(
            "No follower totals in the files of {platforms}: growth in percent is not known there.",
            platforms=Listed.of(missing),
        )
        if missing
        else None,
        say("Rates are divided by what the platform tells: compare a platform with its own past, never with another."),
    )
    finding = Finding(
        id="platforms",
        label=term("Accounts that are active", "label of a finding"),
        code=code,
        title=title,
        text=text,
        weight="row",
        severity="watch" if len(dumb) else "info",
        estimate=float((audit["state"] == "active").mean()) if len(audit) else None,
        unit=Unit("share", term("of the accounts", "unit")),
        n=len(audit),
        method=say(
            "28 days to the last; rate over the posts of a year, all posts pooled. Against other markets: share of the "
            "views on this "
            "platform, divided by that share in all our markets."
        ),
    )
    return Section.of(finding, _side_by_side(table), _accounts(audit))


def _side_by_side(table: pd.DataFrame) -> charts.Table:
    columns = {
        "name": term("Platform", "column"),
        "followers": term("Followers", "column"),
        "followers_change": term("in 28 days", "column"),
        "gained": term("New followers, 28 days", "column"),
        "posts": term("Posts, 28 days", "column"),
        "rate": term("Interactions", "column"),
        "per": term("divided by", "column"),
        "quotient": term("Against other markets", "column"),
    }
    shown = table.assign(
        name=cells(words.platform(str(one)) for one in table["platform"]),
        per=cells(words.column(one) if one else None for one in table["denominator"]),
    )
    forms = {
        "followers": Count,
        "followers_change": Signed,
        "gained": Count,
        "posts": Count,
        "rate": Percent,
        "quotient": Number,
    }
    return charts.table(shown, columns=columns, formats=forms, caption=say("Each platform by its own definitions"))


def _accounts(audit: pd.DataFrame) -> charts.Table | None:
    if audit.empty:
        return None
    columns = {
        "name": term("Platform", "column"),
        "handle": term("Account", "column"),
        "last_day": term("Last day", "column"),
        "last_post": term("Last post", "column"),
        "said": term("State", "column"),
    }
    shown = audit.assign(
        name=cells(words.platform(str(one)) for one in audit["platform"]),
        said=cells(STATES[one] for one in audit["state"]),
        handle=cells(Written(one) for one in audit["handle"]),
    )
    return charts.table(shown, columns=columns, caption=say("Accounts of the register against what the data hold"))
