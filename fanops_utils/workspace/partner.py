"""`partners.yml`: who the partners are, by code or handle, and which duties of theirs somebody has looked at."""

from __future__ import annotations

from datetime import date

from pydantic import Field, model_validator

from fanops_utils.text import say
from fanops_utils.workspace.register import Register


class KnownPartner(Register):
    """One partner: the warehouse knows it by pseudonym, so its code or handle says which it is."""

    name: str
    code: str | None = None
    handle: str | None = None
    background: date | None = Field(default=None, description="day its background was checked")
    confidentiality: date | None = Field(default=None, description="day the confidentiality agreement was signed")
    no_bought_volume: date | None = Field(default=None, description="day the undertaking not to buy volume was signed")
    labelling: date | None = Field(default=None, description="day its labelling of advertising was last checked")
    data_audit: date | None = Field(default=None, description="day its handling of our data was audited")

    @model_validator(mode="after")
    def _to_be_found(self) -> KnownPartner:
        if not self.code and not self.handle:
            raise ValueError(
                say("'{name}' has neither code nor handle: it cannot be found in the data", name=self.name)
            )
        return self


class Partners(Register):
    """`partners.yml`: the partners of the brand."""

    partners: tuple[KnownPartner, ...] = ()


DUTIES = ("background", "confidentiality", "no_bought_volume", "labelling", "data_audit")
