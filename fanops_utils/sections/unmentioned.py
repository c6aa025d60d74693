"""A brand that nobody mentions where its rivals are talked of: nobody speaks of it, or the tool knows it by another name."""

from __future__ import annotations

from fanops_utils.text import Message, Sayable, say


def unmentioned(brand: Sayable | str, *, others: bool) -> Message:
    """Return why there is nothing to tell of *brand*; where *others* are mentioned, with where another name belongs."""
    if not others:
        return say("no mention of {brand} in the data", brand=brand)
    return say(
        "no mention of {brand} in the data, though rivals are mentioned: a name that the tool knows it by belongs under "
        "'aliases' in brand.yml",
        brand=brand,
    )
