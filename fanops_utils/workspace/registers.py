"""Registers: versioned facts and decisions as YAML, validated with file, line, value and nearest choice."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from fanops_utils.errors import WorkspaceError, shorten, suggest
from fanops_utils.workspace.text_yaml import Document, read_yaml

Platform = Literal[
    "instagram", "facebook", "tiktok", "youtube", "x", "linkedin", "discord", "shopify",
    "xiaohongshu", "douyin", "wechat", "weibo", "bluesky", "mastodon", "reddit", "web", "other",
]  # fmt: skip


def _time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"not a time zone. {suggest(name, sorted(available_timezones()))}")
    return name


TimeZone = Annotated[str, AfterValidator(_time_zone)]
Fraction = Annotated[float, Field(gt=0, lt=1)]


class Register(BaseModel):
    """Base of all registers: unknown keys are refused, values cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Period(Register):
    """Days from start to end, both included."""

    start: date
    end: date

    @model_validator(mode="after")
    def _ordered(self) -> Period:
        if self.end < self.start:
            raise ValueError(f"end {self.end} lies before start {self.start}")
        return self

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


def choose_period(
    start: date | None, end: date | None, *, as_of: date | None, days: int
) -> tuple[date | None, date | None]:
    """Return first and last day to look at: as given, else the *days* up to *as_of*; None where nothing is dated."""
    last = end or as_of
    if start and last and last < start:
        raise WorkspaceError(f"the period ends on {last}, before it starts", value=start)
    return start or (last - timedelta(days=days - 1) if last else None), last


class Market(Register):
    """One market: where the brand speaks one language to one audience."""

    code: str = Field(pattern=r"^[A-Z][A-Z0-9_-]{1,9}$")
    name: str
    language: str
    time_zone: TimeZone
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    countries: tuple[str, ...] = ()

    @property
    def country_codes(self) -> tuple[str, ...]:
        """ISO 3166 codes whose orders belong to this market; the market's own code by default."""
        return self.countries or (self.code,)


class Account(Register):
    """One account of the brand on a platform; `id` and `handle` are how its files name it."""

    platform: Platform
    handle: str
    market: str | None = None
    id: str | None = None


class Brand(Register):
    """`brand.yml`: the brand, its markets, accounts and named competitors."""

    name: str
    markets: tuple[Market, ...] = Field(min_length=1)
    accounts: tuple[Account, ...] = ()
    competitors: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Brand:
        codes = [market.code for market in self.markets]
        if len(set(codes)) < len(codes):
            raise ValueError("two markets have the same code")
        for account in self.accounts:
            if account.market is not None and account.market not in codes:
                advice = suggest(account.market, codes)
                raise ValueError(f"account '{account.handle}' names the unknown market '{account.market}'. {advice}")
        return self


class Event(Register):
    """Something outside the plan that may explain a change."""

    date: date
    note: str
    market: str | None = None


class BudgetLine(Register):
    """One planned cost of a campaign, in its currency."""

    item: str
    amount: float = Field(ge=0)


class Campaign(Register):
    """`campaigns/<id>.yml`: the brief, written before the campaign, and its costs."""

    id: str
    name: str
    objective: str
    owner: str
    platform: Platform
    metric: Literal["engagements", "views", "reach", "profile_visits", "link_clicks", "followers_gained"]
    treated: tuple[str, ...] = Field(min_length=1)
    controls: tuple[str, ...] = ()
    live: Period
    baseline: Period
    target_lift: float | None = Field(default=None, description="fraction, 0.15 = +15 %")
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    budget: tuple[BudgetLine, ...] = ()
    value_per_unit: float | None = Field(default=None, ge=0, description="money one unit of the metric is worth")
    events: tuple[Event, ...] = ()

    @model_validator(mode="after")
    def _apart(self) -> Campaign:
        both = sorted(set(self.treated) & set(self.controls))
        if both:
            raise ValueError(f"{both[0]} is both treated and a control")
        if self.baseline.end >= self.live.start:
            raise ValueError(f"the baseline ends {self.baseline.end}, on or after the start {self.live.start}")
        return self


class Metric(Register):
    """One metric of an experiment, read from a column of its units."""

    name: str = Field(description="column of experiment_units")
    label: str
    kind: Literal["conversion", "mean"]
    role: Literal["decision", "guardrail", "exploratory"]
    direction: Literal["increase", "decrease"] = "increase"
    smallest_effect: float | None = Field(default=None, gt=0, description="absolute, in the metric's own unit")
    margin: float | None = Field(default=None, gt=0, description="largest tolerated harm of a guardrail, absolute")
    missing: Literal["refuse", "drop"] = "refuse"


class Experiment(Register):
    """`experiments/<id>.yml`: hypothesis, arms, metrics and rules, written before the data."""

    id: str
    title: str
    hypothesis: str
    owner: str
    unit: str
    control: str
    allocation: dict[str, Fraction] = Field(min_length=2)
    metrics: tuple[Metric, ...] = Field(min_length=1)
    market: str | None = None
    period: Period | None = None
    alpha: Fraction = 0.05
    srm_gate: Fraction = 0.01

    @model_validator(mode="after")
    def _complete(self) -> Experiment:
        if self.control not in self.allocation:
            raise ValueError(f"control '{self.control}' has no share. {suggest(self.control, self.allocation)}")
        if abs(sum(self.allocation.values()) - 1) > 1e-6:
            raise ValueError(f"the shares in allocation add up to {sum(self.allocation.values()):.4f}, not 1")
        if not any(metric.role == "decision" for metric in self.metrics):
            raise ValueError("no metric has the role 'decision'")
        return self


R = TypeVar("R", bound=Register)


def read_register(path: Path, model: type[R]) -> R:
    """Read the YAML file *path* as a *model*; raise WorkspaceError naming line, value and nearest choice."""
    document = read_yaml(path)
    if not isinstance(document.data, dict):
        raise WorkspaceError(f"a {model.__name__.lower()} register is a list of 'key: value' lines", file=path)
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        # A misspelt key shows up twice, as unknown and as missing: the unknown one says what to do.
        found = sorted(error.errors(include_url=False), key=lambda item: item["type"] == "missing")
        problems = [_problem(item, document, model) for item in found]
        first, *others = problems
        more = "".join(f"\n  also line {line}: {text}" for line, text in others[:4])
        raise WorkspaceError(first[1] + more, file=path, line=first[0]) from None


def _problem(item: Any, document: Document, model: type[BaseModel]) -> tuple[int | None, str]:
    place, value = tuple(item["loc"]), item.get("input")
    key = str(place[-1]) if place else "the file"
    line = document.line(place)
    match item["type"]:
        case "extra_forbidden":
            return line, f"unknown key '{key}'. {suggest(key, _fields_at(model, place[:-1]))}"
        case "missing":
            return line, f"the key '{key}' is missing"
        case "literal_error":
            return line, f"{key}: {shorten(value)} is not a valid choice. {suggest(value, _choices(model, place))}"
        case "value_error":
            text = str(item["ctx"]["error"])
            return line, f"{key}: {shorten(value)} is {text}" if isinstance(value, str) else text
        case "date_from_datetime_parsing" | "date_parsing" | "date_type":
            return line, f"{key}: {shorten(value)} is not a date. Write it as 2026-11-22"
        case _:
            shown = shorten(value) if isinstance(value, str) else "this"
            return line, f"{key}: {shown}: {item['msg']}"


def _fields_at(model: type[BaseModel], place: tuple[Any, ...]) -> list[str]:
    found = _model_at(model, place)
    return list(found.model_fields) if found else []


def _model_at(annotation: Any, place: tuple[Any, ...]) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not place:
            return annotation
        field = annotation.model_fields.get(str(place[0]))
        return _model_at(field.annotation, place[1:]) if field else None
    for inner in get_args(annotation):
        rest = place[1:] if place and isinstance(place[0], int) else place
        if found := _model_at(inner, rest):
            return found
    return None


def _choices(model: type[BaseModel], place: tuple[Any, ...]) -> list[str]:
    parent = _model_at(model, place[:-1])
    field = parent.model_fields.get(str(place[-1])) if parent else None
    return [str(choice) for choice in get_args(field.annotation)] if field else []
