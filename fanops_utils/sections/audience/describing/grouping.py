"""Are there groups beyond the tiers? Only where they stand out from data of the same shape without any."""

from __future__ import annotations

from fanops_utils.models import Groups
from fanops_utils.playbook import Finding, Section
from fanops_utils.text import Number, People, Percent, Sayable, Sentences, say, term


def grouping(found: Groups, *, members: int) -> Section:
    """Return whether members fall into groups by what they do (*found*: `models.find_groups`)."""
    if found.status == "no_library":
        return Section.of(
            Finding.nothing("grouping", say("scikit-learn is not installed, so no groups were looked for"))
        )
    if found.status == "few":
        return Section.of(Finding.nothing("grouping", say("fewer than 300 members with an act in the last 90 days")))
    text: Sayable
    if found.status != "found":
        title, code = say("No groups found beyond the tiers"), "none"
        text = say(
            "What members do differs by degree, not by kind: the tiers say it all, and personas beyond them would be invented."
        )
    else:
        title, code = say("Members fall into {number} groups by what they do", number=found.number), "found"
        text = Sentences.of(
            say("The smallest group holds {share} of the members.", share=Percent(found.smallest)),
            say("Which group one member is in is not sure enough to act on: use the groups to plan, not to address people."),
        )  # fmt: skip
    return Section.of(
        Finding(
            id="grouping",
            label=term("Groups by what members do", "label of a finding"),
            code=code,
            title=title,
            text=text,
            n=People(members),
            method=say(
                "K-means on log counts of likes, comments, shares and visits in 90 days. Kept only where the silhouette "
                "is {excess} above "
                "the best of 20 draws with the same margins and correlations and no groups, the groups are found again "
                "when people are "
                "redrawn, and the smallest holds 5%.",
                excess=Number(0.05, 2),
            ),
        )
    )
