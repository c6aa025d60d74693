"""Registers: versioned facts and decisions as YAML, validated with file, line, value and nearest choice."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from fanops_utils.errors import WorkspaceError, shorten
from fanops_utils.text import Day, Sayable, Written, say, term
from fanops_utils.text.faults import advise, advised, worded
from fanops_utils.text.sentences.message import Value
from fanops_utils.workspace.text_yaml import Document, read_yaml

Fraction = Annotated[float, Field(gt=0, lt=1)]
# What is counted on from a day has to end within the calendar: a century for days, ten years for a plan.
Counted = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 12, 31))]
Weeks = Annotated[int, Field(ge=1, le=520)]
Months = Annotated[int, Field(ge=1, le=120)]
Days = Annotated[int, Field(ge=1, le=36_525)]
Minutes = Annotated[int, Field(ge=0, le=525_600)]

# What a pattern asks for, in words; a pattern of a register that stands not here is shown as it is.
FORMS: dict[str, Sayable] = {
    r"^[A-Z]{3}$": say("three capital letters, as EUR"),
    r"^([A-Z]{3})?$": say("three capital letters, as EUR"),
    r"^[A-Z][A-Z0-9_-]{1,9}$": say("two to ten capital letters, digits, - and _, a letter first, as US"),
    r"^[a-z0-9][a-z0-9_-]*$": say("small letters, digits, - and _, as spring_sale"),
    r"^[a-z][a-z0-9_]*$": say("small letters, digits and _, a letter first, as new_fans"),
    r"^[A-Za-z0-9][A-Za-z0-9_-]*$": say("letters, digits, - and _, as plan_a"),
    r"^([01]\d|2[0-3]):[0-5]\d$": say("a time of day, as 15:00"),
    r"^(s3|gs|az|abfss|file)://.+": say("the address of a storage, as s3://bucket/folder"),
}


class Register(BaseModel):
    """Base of all registers: unknown keys are refused, values cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _emptied(cls, data: Any) -> Any:
        """Read a list whose last entry was deleted, `tags:` with nothing behind it, as the empty list it may be left out as."""
        if not isinstance(data, dict):
            return data
        lists = {field.alias or name for name, field in cls.model_fields.items() if field.default == ()}
        return {key: value for key, value in data.items() if value is not None or key not in lists}


class MisplacedError(ValueError):
    """What a model finds wrong at *place* within itself: the error is told with that line, not with the model's first."""

    def __init__(self, message: Sayable | str, *place: str | int) -> None:
        self.place = place
        super().__init__(message)


class Period(Register):
    """Days from start to end, both included."""

    start: date
    end: date

    @model_validator(mode="after")
    def _ordered(self) -> Period:
        if self.end < self.start:
            end, start = Day.of(self.end, form="iso"), Day.of(self.start, form="iso")
            raise ValueError(say("end {end} lies before start {start}", end=end, start=start))
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
        raise WorkspaceError(
            say("the period ends on {day}, before it starts", day=Day.of(last, form="iso")), value=start
        )
    return start or (last - timedelta(days=days - 1) if last else None), last


R = TypeVar("R", bound=Register)


def read_register(path: Path, model: type[R]) -> R:
    """Read the YAML file *path* as a *model*; raise WorkspaceError naming line, value and nearest choice."""
    document = read_yaml(path)
    if not isinstance(document.data, dict):
        kind = Written(model.__name__.lower(), "en")
        raise WorkspaceError(say("a {kind} register is a list of 'key: value' lines", kind=kind), file=path)
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        # A misspelt key shows up twice, as unknown and as missing: the unknown one says what to do.
        told = error.errors(include_url=False)
        # A list of whose entries any part is refused also counts as too short.
        within = {item["loc"][:end] for item in told for end in range(len(item["loc"]))}
        told = [item for item in told if not (item["type"] == "too_short" and item["loc"] in within)]
        found = sorted(told, key=lambda item: item["type"] == "missing")
        problems = [_problem(item, document, model) for item in found]
        first, *others = problems
        text = first[1]
        for line, other in others[:4]:
            text = say("{first}\n  also line {line}: {other}", first=text, line=str(line), other=other)
        raise WorkspaceError(text, file=path, line=first[0]) from None


def _problem(item: Any, document: Document, model: type[BaseModel]) -> tuple[int | None, Sayable]:
    error = item.get("ctx", {}).get("error")
    place, value = (*item["loc"], *getattr(error, "place", ())), item.get("input")
    named = [part for part in place if isinstance(part, str)]  # not the place of an entry in its list
    key: Value = named[-1] if named else term("the file", "what is wrong in a register")
    line = document.line(place)
    match item["type"]:
        case "extra_forbidden":
            unknown = say("unknown key '{key}'", key=key)
            return line, advised(unknown, advise(key, _fields_at(model, place[:-1])))
        case "missing":
            return line, say("the key '{key}' is missing", key=key)
        case "literal_error":
            wrong = say("{key}: {value} is not a valid choice", key=key, value=shorten(value))
            return line, advised(wrong, advise(value, _choices(model, place)))
        case "value_error":
            assert isinstance(error, ValueError)
            reason = worded(next(iter(error.args), ""))
            wrong = say("{key}: {value} is {reason}", key=key, value=shorten(value), reason=reason)
            return line, wrong if isinstance(value, str) else reason
        case "date_from_datetime_parsing" | "date_parsing" | "date_type":
            return line, say("{key}: {value} is not a date. Write it as 2026-11-22", key=key, value=shorten(value))
        case "string_pattern_mismatch" if form := FORMS.get(item["ctx"]["pattern"]):
            wrong = say("{key}: {value} is not written as it must be: {form}", key=key, value=shorten(value), form=form)
            return line, wrong
        case "tuple_type" | "list_type" if isinstance(value, str | int | float):
            return line, say("{key}: {value} is no list. Write it as [{value}]", key=key, value=shorten(value))
        case _:
            problem = Written(item["msg"], "en")
            if isinstance(value, str):
                return line, say("{key}: {value}: {problem}", key=key, value=shorten(value), problem=problem)
            return line, say("{key}: this: {problem}", key=key, problem=problem)


def _fields_at(model: type[BaseModel], place: tuple[Any, ...]) -> list[str]:
    found = _model_at(model, place)
    return [field.alias or name for name, field in found.model_fields.items()] if found else []


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
