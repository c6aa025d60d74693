"""What to offer members next: content, activities and products that go with what they took, held against the most popular."""

from __future__ import annotations

from collections.abc import Set

import pandas as pd

from fanops_utils import charts
from fanops_utils.models import NextBest, TooLittleTaken
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.handouts import Listing
from fanops_utils.sections.audience.describing.items import of_key
from fanops_utils.sections.cells import cells
from fanops_utils.sections.handing import people
from fanops_utils.text import Listed, People, Percent, Sentences, Span, Unit, say, term

SMALL = 10


def offering(found: NextBest | TooLittleTaken, *, members: Set[str]) -> Section:
    """Return what to offer next (*found*: `models.next_best` of `metrics.things_taken`), for the *members* of this market."""
    if isinstance(found, TooLittleTaken):
        why = say(
            "what to offer next is learnt from {least} topics, activities or products and judged by {people} members who took "
            "up a new one; there are {items} and {have} (exports: messages, member events, orders)",
            least=found.least_items, people=found.least_people, items=found.items, have=People(found.people),
        )  # fmt: skip
        return Section.of(Finding.nothing("offering", why))
    told = {"hits": Percent(found.hits, 0), "popular": Percent(found.popular, 0)}
    if found.personal:
        title = say("What goes with what a member took up is a better offer than what is most popular")
        read = say(
            "Such offers were right for {hits} of those who took up something new, the most popular ones for {popular}.",
            **told,
        )
    else:
        title = say("What is most popular is as good an offer as anything made for one member")
        read = say(
            "Offers made for one member were right for {hits} of those who took up something new, the most popular ones for "
            "{popular}: not clearly more often.", **told,
        )  # fmt: skip
    finding = Finding(
        id="offering",
        label=term("Taken up more often than the most popular", "label of a finding"),
        code="personal" if found.personal else "popular",
        title=title,
        text=Sentences.of(read, say("Taken up anyway is not taken up because it was offered: that is for a test to show.")),
        estimate=found.gain.estimate, ci_lower=found.gain.ci_lower, ci_upper=found.gain.ci_upper,
        unit=Unit("share", term("of members", "unit")), n=People(found.judged),
        method=say(
            "Topics, activities and products are alike by the cosine of who took them up, over all markets; judged on the last "
            "eight weeks, which they were not learnt from. Difference of both shares {span}.",
            span=Span.of(found.gain.ci_lower, found.gain.ci_upper),
        ),
    )  # fmt: skip
    return Section.of(finding, _table(found), handouts=(_list(found, members),))


def _table(found: NextBest) -> charts.Table:
    rows = [
        (of_key(str(name)), int(part["takers"].iloc[0]), Listed.of(of_key(one) for one in part["following"]))
        for name, part in found.pairs.groupby("item", sort=False)
    ]
    frame = pd.DataFrame(rows, columns=["item", "takers", "following"]).sort_values("takers", ascending=False)
    columns = {
        "item": term("Whoever took up", "column"), "takers": term("Members", "column"),
        "following": term("Goes with it", "column"),
    }  # fmt: skip
    return charts.table(
        frame, columns=columns, small="takers", caption=say("What goes together, all markets, most taken first")
    )


def _list(found: NextBest, members: Set[str]) -> Listing | None:
    mine = found.people[found.people["person"].isin(set(members))]
    wide = mine.pivot(index="person", columns="place", values="item").rename_axis("member_key").reset_index()
    if len(wide) < SMALL:
        return None
    places = [number for number in range(1, found.offered + 1) if number in wide]
    named = pd.DataFrame({"member_key": wide["member_key"]})
    for number in places:
        named[f"offer_{number}"] = cells(None if pd.isna(one) else of_key(str(one)) for one in wide[number])
    heads = {f"offer_{number}": term("Offer {number}", "column", number=number) for number in places}
    return people("next_offers", say("What to offer members next, the best first"), named, columns=heads)
