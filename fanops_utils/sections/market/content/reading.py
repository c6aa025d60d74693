"""Posts to read: the best and the worst of their format."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.sections.cells import cells
from fanops_utils.text import Day, Times, Unit, Written, say, term

CAPTION_LENGTH = 60


def reading(posts: pd.DataFrame) -> Section:
    """Return the posts to read, best and worst of their format, and why (*posts*: `models.posts_to_read`)."""
    if posts.empty:
        return Section.of(Finding.nothing("reading", say("no format has ten posts with a rate")))
    best = posts.iloc[0]
    title = say(
        "Read the post of {day}: {times} what is usual for its format",
        day=Day.of(best["created_local"]),
        times=Times(best["times"]),
    )
    finding = Finding(
        id="reading",
        label=term("Best post against its format", "label of a finding"),
        code="read",
        title=title,
        weight="row",
        text=say("Extremes are partly luck: read them for ideas, not as proof."),
        estimate=float(best["times"]),
        unit=Unit("times", term("the usual rate of its format", "unit")),
        n=len(posts),
        method=say("Rate of a post over the median of its format; reach over the median reach of its format."),
    )
    columns = {
        "when": term("Day", "column"),
        "name": term("Format", "column"),
        "said": term("Caption", "column"),
        "times": term("Rate, of the usual", "column"),
        "reach_times": term("Reach, of the usual", "column"),
    }
    shown = posts.assign(
        when=cells(Day.of(one, form="iso") for one in posts["created_local"]),
        said=cells(_caption(one) for one in posts["post_message"]),
        name=cells(words.posts_of(str(one), first=True) for one in posts["post_type"]),
    )
    forms = {"times": Times, "reach_times": Times}
    return Section.of(
        finding,
        charts.table(
            shown, columns=columns, formats=forms, caption=say("The three best and the three worst for their format")
        ),
    )


def _caption(text: object) -> Written | None:
    if pd.isna(text):  # type: ignore[call-overload]
        return None
    line = str(text).strip().split("\n")[0]
    return Written(line if len(line) <= CAPTION_LENGTH else line[: CAPTION_LENGTH - 1] + "…")
