"""All metrics by id, and by what registers call them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from fanops_utils.errors import ParameterError
from fanops_utils.metrics.catalogue.entries import (
    accounts,
    advertising,
    members,
    partners,
    posts,
    retained,
    service,
    shop,
    site,
    surveys,
    voice,
)  # fmt: skip
from fanops_utils.metrics.catalogue.metric import Metric
from fanops_utils.text import say, speak


def _plain(name: str) -> str:
    """Return how *name* is looked up: `engagement_rate` is `Engagement rate`."""
    return name.strip().casefold().replace("_", " ")


_ALL = (
    *accounts.METRICS, *posts.METRICS, *voice.METRICS, *members.METRICS, *retained.METRICS, *shop.METRICS, *site.METRICS,
    *service.METRICS, *advertising.METRICS, *partners.METRICS, *surveys.METRICS,
)  # fmt: skip
METRICS: Mapping[str, Metric] = MappingProxyType({one.id: one for one in _ALL})
_NAMES = {_plain(alias): one.id for one in _ALL for alias in (*one.aliases, str(one.name), one.id)}
if twice := [name for name, times in Counter(one.id for one in _ALL).items() if times > 1]:
    raise ValueError(f"two metrics are called {twice[0]}")


def metric(metric_id: str) -> Metric:
    """Return the metric *metric_id*; raise ParameterError naming the nearest one."""
    if metric_id not in METRICS:
        raise ParameterError(say("no such metric"), value=metric_id, choices=METRICS)
    return METRICS[metric_id]


def known_as(name: str) -> str | None:
    """Return the id of the metric that a register calls *name* (its id, English name or an alias); None for none.

    >>> known_as("Site traffic"), known_as("engagements"), known_as("happiness")
    ('site_sessions', 'engagements', None)
    """
    return _NAMES.get(_plain(name))


def search(words: str, *, language: str = "en") -> list[Metric]:
    """Return the metrics whose id, name, description or formula holds all of *words*; those whose name does come first."""
    wanted = words.casefold().replace("_", " ").split()
    found = []
    for one in METRICS.values():
        name = " ".join([one.id.replace("_", " "), speak(one.name, language), *one.aliases]).casefold()
        whole = " ".join([name, speak(one.about, language), speak(one.formula, language)]).casefold()
        if all(word in whole for word in wanted):
            found.append((not all(word in name for word in wanted), one))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]
