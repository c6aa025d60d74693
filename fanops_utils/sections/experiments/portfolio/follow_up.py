"""Which shipped experiments are due for a second look."""

from __future__ import annotations

from datetime import date

import pandas as pd

from fanops_utils.playbook import Finding
from fanops_utils.sections.experiments.portfolio.names import no_tests
from fanops_utils.text import Listed, Message, Sentences, say, say_n


def follow_up(due: pd.DataFrame, tests: pd.DataFrame) -> Finding:
    """Return which shipped experiments of *tests* are *due* for a second look (of `lessons.follow_up_due`)."""
    if tests.empty:
        return Finding.nothing("follow_up", no_tests())
    shipped = tests[tests["verdict"] == "ship"]
    if shipped.empty:
        none = say("No experiment was shipped.")
        return Finding(id="follow_up", title=say("No follow-up is due"), text=none, code="none_shipped")
    if due.empty:
        coming = say("The next is due on {day}.", day=min(_day(day) for day in shipped["follow_up"].dropna()))
        return Finding(id="follow_up", title=say("No follow-up is due"), text=coming, severity="good", code="later")
    late, unplanned = due.dropna(subset=["overdue_days"]), due.loc[due["overdue_days"].isna(), "title"].tolist()
    text = Sentences.of(
        *(say("“{experiment}” was due on {day}.", experiment=row["title"], day=_day(row["follow_up"]))
          for row in late.to_dict("records")),
        say("No follow-up is planned for {experiments}.", experiments=Listed.of(map(_quoted, unplanned), how="and"))
        if unplanned else None,
    )  # fmt: skip
    if late.empty:
        title = say_n(
            "{n} shipped experiment has no follow-up planned", "{n} shipped experiments have no follow-up planned",
            n=len(unplanned),
        )  # fmt: skip
        return Finding(id="follow_up", title=title, text=text, severity="watch", n=len(shipped), code="unplanned")
    title = say_n("{n} follow-up is due", "{n} follow-ups are due", n=len(late))
    return Finding(id="follow_up", title=title, text=text, severity="watch", n=len(shipped), code="due")


def _quoted(title: str) -> Message:
    return say("“{name}”", name=title)


def _day(value: object) -> date:
    return pd.Timestamp(str(value)).date()
