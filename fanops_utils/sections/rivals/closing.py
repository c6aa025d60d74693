"""What to do about rivals, the verdict and the figures of a competitor benchmark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from fanops_utils.playbook import KeyNumbers, Play, Section, Severity
from fanops_utils.playbook.findings import RANK
from fanops_utils.sections.key_numbers import measured
from fanops_utils.text import Sayable, Sentences, say, term

REVIEW_AFTER = timedelta(days=28)
ORDER = ("moved", "standing", "growth", "voice", "response", "best_posts", "tone", "industry")


def plays(answers: Iterable[Section], *, owner: str, on: date | None) -> tuple[Play, ...]:
    """Return what to do about *answers*, to be reviewed 28 days after *on*."""
    found = {answer.finding.id: answer.finding for answer in answers if answer.finding.ok}
    codes = {name: finding.code for name, finding in found.items()}
    taken: dict[str, Any] = {"owner": owner, "review": on + REVIEW_AFTER if on else None}
    asked = []
    if codes.get("moved") == "moved":
        asked.append(
            Play(
                because="moved",
                action=say(
                    "Look at what {brands} did in these 28 days: posts, partners, giveaways, news",
                    brands=found["moved"].about or term("the brand that moved", "whom to look at"),
                ),
                metric=say("Cause written down"),
                expected=say("one cause with its evidence, or none found"),
                **taken,
            )
        )
    if codes.get("best_posts") == "shared":
        asked.append(
            Play(
                because="best_posts",
                kind="test",
                metric_id="engagement_rate_reach",
                metric=say("Interactions per post"),
                action=say(
                    "Test by lot what does best for a rival ({traits}): our usual post against one made that way",
                    traits=found["best_posts"].about or term("its format or topic", "what to test"),
                ),
                expected=say("not known before it is tested with our own fans"),
                **taken,
            )
        )
    if codes.get("tone") == "more":
        asked.append(
            Play(
                because="tone",
                metric_id="negative_share",
                metric=say("Negative mentions"),
                action=say("Read our negative mentions by topic, and answer the most frequent one in public"),
                expected=say("down to the level of the rivals"),
                **taken,
            )
        )
    if codes.get("voice") == "quieter":
        asked.append(_talk(found, taken))
    if {codes.get("growth"), codes.get("response")} & {"unknown", "rivals"}:
        asked.append(_import_ours(taken))
    return tuple(asked)


def _talk(found: Mapping[str, Any], taken: dict[str, Any]) -> Play:
    return Play(
        because="voice",
        metric_id="share_of_voice",
        metric=say("Share of voice"),
        action=say(
            "List what {rival} was talked about for, and what of it we have to say something on",
            rival=found["voice"].about or term("the loudest rival", "whom to look at"),
        ),
        expected=say("not known; a campaign with control markets would show it"),
        **taken,
    )


def _import_ours(taken: dict[str, Any]) -> Play:
    return Play(
        because="growth",
        code="files",
        metric=say("Figures compared"),
        expected=say("growth and rates of ours beside theirs"),
        action=say("Import our own daily followers on this platform, so that growth and rates can be compared"),
        **taken,
    )


def verdict(answers: Iterable[Section], *, market: str) -> tuple[Sayable, Severity]:
    """Return the title and a few sentences: what moved first, then where we stand."""
    told = {answer.finding.id: answer.finding for answer in answers if answer.finding.ok}
    if not told:
        return say("There is nothing on rivals in {market} in this period.", market=market), "info"
    known = [told[name] for name in ORDER if name in told and told[name].code != "quiet"]
    chosen = (known or list(told.values()))[:3]
    severity = min((one.severity for one in told.values()), key=lambda level: RANK[level])
    title = say("{sentence}.", sentence=chosen[0].title)
    return Sentences.of(
        title, chosen[0].text, *(one.verdict or say("{sentence}.", sentence=one.title) for one in chosen[1:])
    ), severity


def key_numbers(
    *, growth: Section, cadence: Section, response: Section, voice: Section, tone: Section, answers: Section
) -> KeyNumbers:
    """Return the strip: growth of the fastest rival, posts, response, share of voice, tone, answers."""
    return KeyNumbers.of(
        measured(voice, term("Our share of voice", "key number"), metric="share_of_voice"),
        measured(tone, term("Our negative mentions", "key number"), metric="negative_share"),
        measured(answers, term("Our criticism answered in a day", "key number")),
        measured(growth, term("Fastest rival, followers in 28 days", "key number")),
        measured(response, term("Best rival, interactions per follower", "key number")),
        measured(cadence, term("Busiest rival, posts a week", "key number")),
    )
