"""Text as data: messages in English with typed values, said in the reader's language by its catalogue."""

from fanops_utils.text.coding import read, said
from fanops_utils.text.sentences.message import (
    Listed,
    Message,
    Sentences,
    Texts,
    Written,
    in_words,
    say,
    say_n,
    term,
    valued,
)
from fanops_utils.text.sentences.phrases import (
    Form,
    Level,
    Money,
    People,
    Period,
    Points,
    Range,
    Seconds,
    Span,
    Times,
    is_few,
)
from fanops_utils.text.sentences.sayable import Sayable
from fanops_utils.text.sentences.units import Unit
from fanops_utils.text.sentences.values import Clock, Count, Day, Number, Percent, PValue, Signed
from fanops_utils.text.speech import markup, shown_languages, speak

__all__ = [
    "Clock", "Count", "Day", "Form", "Level", "Listed", "Message", "Money", "Number", "PValue", "People", "Percent", "Period",
    "Points", "Range", "Sayable", "Seconds", "Sentences", "Signed", "Span", "Texts", "Times", "Unit", "Written", "in_words",
    "is_few", "markup", "read", "said", "say", "say_n", "shown_languages", "speak", "term", "valued",
]  # fmt: skip
