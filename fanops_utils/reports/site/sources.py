"""What a run says of its sources: files that were refused, and data that have not come for too long."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from datetime import date
from typing import Any

from fanops_utils.reports.page.text import clean
from fanops_utils.text import Day, Message, Sayable, Texts, Written, say, term
from fanops_utils.workspace.platforms import PLATFORMS

REASON_WIDTH = 160  # characters; the whole reason stands in the manifest, and where the import ran
KINDS: dict[str, Message] = {
    "account_daily": term("account figures", "source of data"),
    "posts": term("posts", "source of data"),
    "ads_daily": term("advertising", "source of data"),
    "community_daily": term("community figures", "source of data"),
    "web_daily": term("site traffic", "source of data"),
    "orders": term("orders", "source of data"),
    "mentions": term("mentions", "source of data"),
}


def source_notes(manifest: Mapping[str, Any]) -> list[Sayable]:
    """Return what is to be said of the sources of the run of *manifest* before anything else; nothing where all is well."""
    imported = clean(manifest.get("imported") or {})
    late = [one for one in clean(manifest.get("late") or []) if isinstance(one, dict)]
    return [*map(_refused, imported.get("refused") or []), *map(_late, late)]


def _refused(one: Mapping[str, Any]) -> Sayable:
    file = str(one.get("file"))
    reason = textwrap.shorten(str(one.get("error")).removeprefix(f"{file}: "), REASON_WIDTH, placeholder=" …")
    return say("Not imported: {file}: {error}", file=file, error=Written(reason, "en"))


def _late(one: Mapping[str, Any]) -> Sayable:
    name, day = str(one.get("table")), date.fromisoformat(str(one.get("newest")))
    kind: Sayable = KINDS.get(name) or Written(name)
    platform = PLATFORMS.get(str(one.get("platform")))
    if platform is None:
        return say("No newer data: {kind} end on {day}", kind=kind, day=Day.of(day))
    named = Texts((("en", platform.name), ("zh-Hans", platform.name_zh)))
    return say("No newer data: {kind} of {platform} end on {day}", kind=kind, platform=named, day=Day.of(day))
