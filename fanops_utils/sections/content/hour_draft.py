"""The test by lot that settles the hour, as a register that the plan of an experiment reads."""

from __future__ import annotations

from fanops_utils.models import PostingTime
from fanops_utils.playbook.handouts import Draft
from fanops_utils.sections.content.when import spans
from fanops_utils.text import Written, say, term

GAIN = 0.2  # of the rate: what the test is sized to show


def hour_draft(timing: PostingTime, *, market: str, owner: str, rate: float, denominator: str) -> Draft | None:
    """Return the draft of `experiments/posting_hour_<market>.yml`; None where no hour is claimed.

    *rate*: pooled interactions per *denominator* of the posts. Pairs of one day, one post at a better hour and one at the
    usual time, drawn by lot; sized by `posts_per_arm`.
    """
    if timing.code != "claimed" or timing.per_arm is None or not rate > 0:
        return None
    hours = spans(timing.hours)
    fields = {
        "id": f"posting_hour_{market.lower()}",
        "title": say("Posts at {hours} against the usual time", hours=hours),
        "hypothesis": say(
            "A post published at {hours} is engaged with more often than one at the usual time", hours=hours
        ),
        "owner": Written(owner),
        "unit": term("post", "unit of a test"),
        "market": market,
        "control": "usual",
        "allocation": {"usual": 0.5, "better": 0.5},
        "block": "pair",
        "planned_units": max(4, 2 * timing.per_arm),
        "alpha": 0.05,
        "srm_gate": 0.01,
        "metrics": [
            {
                "name": "engagement_rate",
                "label": term("Interactions per post", "metric of a test"),
                "kind": "ratio",
                "numerator": "engagements",
                "denominator": denominator,
                "unit": "%",
                "role": "decision",
                "smallest_effect": round(GAIN * rate, 5),
            }
        ],
    }
    title = say("Draft of the test by lot: put it into experiments/, fill in the period, and plan it")
    return Draft(name="hour_test", title=title, fields=fields)
