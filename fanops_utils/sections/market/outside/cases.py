"""What the plans say of other brands: claims that nobody has verified, shown as such and never as a target."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.market.outside.standing import STANDINGS
from fanops_utils.text import Number, Sentences, Unit, Written, say, say_n, term


def cases(table: pd.DataFrame) -> Section:
    """Return the figures of other brands that the plans quote (*table*: `outside.plan_cases`)."""
    if table.empty:
        return Section.of(Finding.nothing("cases", say("no case is registered")))
    finding = Finding(
        id="cases",
        label=term("Figures of cases", "label of a finding"),
        code="claims",
        weight="row",
        title=say_n(
            "{n} figure of other brands is a claim of the plan, verified by nobody",
            "{n} figures of other brands are claims of the plan, verified by nobody",
            n=len(table),
        ),
        text=Sentences.of(
            say(
                "Quote none of them as a fact, and set no target by them: what they count and over which time is not known."
            )
        ),
        estimate=float(len(table)),
        unit=Unit("count", term("figures", "unit")),
        n=len(table),
        method=say("Figures as the plans print them, without a source."),
    )
    columns = {
        "of": term("Case", "column"),
        "figure": term("Figure", "column"),
        "unit": term("Unit", "column"),
        "says": term("What it is said to be", "column"),
        "stands": term("Standing", "column"),
    }
    shown = pd.DataFrame(
        {
            "of": cells(Written(str(one), "en") for one in table["case"]),
            "figure": table["figure"].to_numpy(float),
            "unit": cells(Written(str(one), "en") for one in table["unit"]),
            "says": cells(Written(str(one), "en") for one in table["what"]),
            "stands": cells(STANDINGS[str(one)] for one in table["standing"]),
        }
    )
    return Section.of(
        finding,
        charts.table(shown, columns=columns, formats={"figure": Number}, caption=say("Claims of the plan, unverified")),
    )
