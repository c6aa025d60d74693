"""A count of people below ten is hidden where it is made: no page, result or history can carry it."""

from __future__ import annotations

import json

from fanops_utils.text import People, read


def test_a_small_count_of_people_leaves_no_trace() -> None:
    told = {json.dumps(People(count).to_json()) for count in range(1, 10)}
    assert len(told) == 1
    assert str(read(People(3).to_json())) == str(People(9)) != str(People(0)) != str(People(10))
