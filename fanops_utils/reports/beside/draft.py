"""A draft of a register as YAML, its words said in one language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from fanops_utils.reports.beside.values import spoken


def draft_bytes(told: Mapping[str, Any], language: str) -> bytes:
    """Return the draft *told* (`Draft.to_json`) as YAML in *language*, keys in their order."""
    fields = _said(told.get("fields") or {}, language)
    return yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=120).encode("utf-8")


def _said(value: Any, language: str) -> Any:
    if isinstance(value, Mapping):
        if set(value) == {"said"}:
            return spoken(value["said"], language)
        return {str(key): _said(one, language) for key, one in value.items()}
    return [_said(one, language) for one in value] if isinstance(value, list) else value
