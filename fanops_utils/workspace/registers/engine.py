"""`engine:` of `brand.yml`: the warehouse that somebody else runs, from which the canonical tables are read."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from pydantic import ConfigDict, Field, model_validator

from fanops_utils.text import say
from fanops_utils.workspace.register import Register

EngineKind: TypeAlias = Literal[
    "duckdb", "postgres", "spark", "bigquery", "snowflake", "databricks", "clickhouse", "trino"
]


class Engine(Register):
    """Where the canonical tables are read from, when somebody else keeps them; fanops only reads there."""

    model_config = ConfigDict(populate_by_name=True)

    kind: EngineKind = Field(description="what kind of warehouse it is; docs/engines.md says what was run on which")
    url: str = Field(
        description="its address: sc://…, postgres://…, duckdb:///…, bigquery://…; ${NAME} is taken from the environment"
    )
    namespace: str | None = Field(
        default=None, alias="schema", description="schema (or catalog.schema) its tables lie in; that of the address"
    )

    @model_validator(mode="after")
    def _without_password(self) -> Engine:
        if re.search(r"://[^/@]*:[^/@$]+@", self.url):
            raise ValueError(say("a password never stands in a register: name a variable of the environment instead"))
        return self
