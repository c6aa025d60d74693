"""People divided into groups by their keys: the same people in every engine, whatever the keys look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.@"
FIRST, LAST = 2, 5  # characters of a key that decide: counters differ at their end, names at their beginning
PRIME = 1_000_003  # groups are far fewer
# Powers of a large number, cut by the prime: seven places times these fit the 32 bits in which some engines count places.
WEIGHTS = tuple(7919 ** (number + 1) % PRIME for number in range(FIRST + LAST))


def group_of(key: ir.StringColumn, count: int) -> ir.IntegerColumn:
    """Return which of *count* groups, from 0, the person of *key* belongs to; no key counts as an empty one.

    Engines hash each in their own way, so a hash would choose other people in each. What all of them tell alike is the
    place of a character in a text. Pseudonyms, random ids and counters fall into groups as by lot, 256 groups of a
    million within some 5 %; not so names that begin and end alike.
    """
    import ibis

    pad, known = "0" * LAST, key.fill_null("")  # no engine need say where nothing stands in a text
    first, last = known + pad, (ibis.literal(pad) + known).right(LAST)
    ends = [*(first.substr(number, 1) for number in range(FIRST)), *(last.substr(number, 1) for number in range(LAST))]
    places = [(ibis.literal(LETTERS).find(one) + 1) * weight for one, weight in zip(ends, WEIGHTS, strict=True)]
    return sum(places[1:], places[0]) % PRIME % count
