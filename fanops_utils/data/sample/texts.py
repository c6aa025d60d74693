"""What the simulated brand writes, per language, and the places its fans live in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Place:
    """A country as the platforms' files name it, with invented customers' addresses."""

    name: str
    cities: tuple[str, ...]
    zip_code: str
    phone: str


PLACES: dict[str, Place] = {
    "US": Place("United States", ("New York, NY", "Chicago, IL", "Austin, TX"), "00000", "+15550100000"),
    "MX": Place("Mexico", ("Mexico City, Mexico", "Puebla, Mexico", "Mérida, Mexico"), "00000", "+520000000000"),
    "BR": Place("Brazil", ("São Paulo, Brazil", "Recife, Brazil", "Curitiba, Brazil"), "00000-000", "+550000000000"),
    "DE": Place("Germany", ("Berlin, Germany", "Hamburg, Germany", "München, Germany"), "00000", "+490000000000"),
    "FR": Place("France", ("Paris, France", "Lyon, France", "Lille, France"), "00000", "+330000000000"),
    "JP": Place("Japan", ("Tokyo, Japan", "Osaka, Japan", "Fukuoka, Japan"), "000-0000", "+810000000000"),
}  # fmt: skip

OPENERS: dict[str, tuple[str, ...]] = {
    "en": ('Meet "Dawn", our brightest blend yet 🌅', "Slow mornings, warm mugs ☕", "@fans thank you!", "New drop 🎉"),
    "es": ("¡Ya está aquí nuestra mezcla nueva! 🎉", "Mañanas lentas, tazas calientes ☕", 'Así suena "Aurora" 🌅'),
    "pt": ("Chegou a mistura da primavera 🌸", 'Conheça a "Aurora", nossa novidade 🌅', "Manhã calma, chá quente ☕"),
    "de": ("Unsere neue Mischung ist da 🎉", 'Das ist "Morgenrot" 🌅', "Langsame Morgen, warme Tassen ☕"),
    "fr": (
        "Notre nouveau mélange est là 🎉",
        "Voici « Aurore », tout en douceur 🌅",
        "Matins lents, tasses chaudes ☕",
    ),
    "ja": ("新しいブレンドができました🎉", "ゆっくりとした朝に、温かい一杯を☕", "「あかつき」を紹介します🌅"),
    "zh": ("新品上市🎉", "慢慢喝一杯热茶☕"),
}
BODIES: dict[str, tuple[str, ...]] = {
    "en": ("Tell us, how do you take yours?", "Two minutes, 80 °C, no sugar.", "=SUM(leaf, water) is all it takes."),
    "es": ("Cuéntanos, ¿cómo lo tomas tú?", "Dos minutos, 80 °C, sin azúcar."),
    "pt": ("Conte para nós, como você toma o seu?", "Dois minutos, 80 °C, sem açúcar."),
    "de": ("Sagt uns, wie trinkt ihr euren?", "Zwei Minuten, 80 °C, ohne Zucker."),
    "fr": ("Dites-nous, comment le buvez-vous ?", "Deux minutes, 80 °C, sans sucre."),
    "ja": ("みなさんは、どうやって飲みますか？", "80度で2分、砂糖なしで。"),
    "zh": ("你们平时怎么喝？", "80度，两分钟，不加糖。"),
}
ALSO = {"en": "zh", "de": "es", "fr": "pt"}  # now and then an account writes in another language
TITLES = ("How we roast", "Tea, but iced", 'The "perfect" cup', "Ask the farmer", "Whisk with me", "60 second matcha")


def captions(language: str, topics: np.ndarray, *, rng: np.random.Generator) -> list[str]:
    """Return one caption per topic in *language* (BCP 47), with line breaks, quotes, commas, emoji and hashtags."""
    main = language.split("-")[0]
    main = main if main in OPENERS else "en"
    written = []
    for topic in topics:
        tongue = ALSO.get(main, main) if rng.random() < 0.04 else main
        opener, body = rng.choice(OPENERS[tongue]), rng.choice(BODIES[tongue])
        gap = "\n\n" if rng.random() < 0.5 else "\n"
        written.append(f"{opener}\n{body}{gap}#{topic} #lumentea")
    return written
