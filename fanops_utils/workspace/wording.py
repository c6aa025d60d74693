"""Texts of registers: as one text, or per language where the register gives it so."""

from __future__ import annotations

from typing import Annotated, Any

from babel import Locale, UnknownLocaleError
from pydantic import PlainValidator
from pydantic_core import PydanticCustomError

from fanops_utils.text.sentences.message import Worded, say


def _worded(given: Any) -> str:
    if isinstance(given, str):
        return given
    if not isinstance(given, dict) or not given:
        raise PydanticCustomError("text", "a text is wanted, or one per language: en: Spring launch, zh-Hans: 春季上新")
    for language, text in given.items():
        try:
            Locale.parse(str(language), sep="-")
        except (UnknownLocaleError, ValueError):
            raise ValueError(
                say("'{code}' is no language code; write en, zh-Hans, pt-BR, …", code=str(language))
            ) from None
        if not isinstance(text, str) or not text.strip():
            raise ValueError(say("the text in {language} is missing", language=str(language)))
    return Worded(given)


Wording = Annotated[str, PlainValidator(_worded, json_schema_input_type=str | dict[str, str])]
