"""Listening tools: mentions of the brand and its rivals from Brandwatch and Meltwater; who wrote them is not kept.

Headers as programs that read these downloads in public repositories name them: Brandwatch "Query Id, Query Name, Date, Title,
Url, Domain, Sentiment, Page Type, …", below lines on the query; Meltwater "Date, Headline, URL, Opening Text, …, Input Name,
Keywords, …, Alternate Date Format, Time", and from 2025 on "Date, Time, Document ID, URL, Input Name, …, Source Type, …". A
search is the brand's where it is named like it or one of its rivals.
"""

from __future__ import annotations

import re

import pandas as pd

from fanops_utils.data.privacy import Pseudonyms
from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.countries import country_codes
from fanops_utils.data.sources.shared.sheet import Aliases, Sheet, accepted
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.data.sources.shared.spelled import moments
from fanops_utils.errors import ImportRefused
from fanops_utils.workspace import Brand

BRANDWATCH: Aliases = {
    "search": ("Query Name",), "search_id": ("Query Id",), "number": ("Resource Id", "Mention Id"), "url": ("Url",),
    "domain": ("Domain",), "kind": ("Page Type",), "date": ("Date",), "sentiment": ("Sentiment",),
    "country": ("Country Code",), "author_followers": ("Twitter Followers",),
}  # fmt: skip
MELTWATER: Aliases = {
    "search": ("Input Name",), "keywords": ("Keywords",), "number": ("Document ID",), "url": ("URL",),
    "kind": ("Source Type",), "domain": ("Source Domain", "Source"), "date": ("Date",), "time": ("Time",),
    "other_date": ("Alternate Date Format",), "sentiment": ("Sentiment",), "country": ("Country",),
    "author_followers": ("Twitter Followers",), "hit": ("Hit Sentence",),
}  # fmt: skip
SENTIMENTS = {"positive": "positive", "neutral": "neutral", "negative": "negative"}
# Sites by the name of their platform; every other site is the web.
SITES = (
    (r"\btwitter\b|\bx\.com\b|^x$", "x"), (r"instagram", "instagram"), (r"facebook", "facebook"), (r"tiktok", "tiktok"),
    (r"youtube|youtu\.be", "youtube"), (r"reddit", "reddit"), (r"linkedin", "linkedin"), (r"bluesky|bsky", "bluesky"),
    (r"weibo", "weibo"), (r"xiaohongshu", "xiaohongshu"), (r"douyin", "douyin"), (r"mastodon", "mastodon"),
)  # fmt: skip
DATES = ("%d-%b-%Y %I:%M %p", "%d-%b-%y %I:%M %p", "%d-%b-%Y %I:%M%p", "%d-%b-%Y", "%d-%b-%y")
UNNAMED = (
    "the search is named like neither the brand nor a competitor in brand.yml: give that name as one of its aliases"
)


def parse_mentions(sheet: Sheet, context: Context) -> Parsed:
    """Return mentions; those whose search names neither the brand nor a rival are set aside.

    Times without an offset are read as UTC, which is where both tools begin; said in a warning. Raises ImportRefused where no
    search is the brand's or a rival's.
    """
    cells = sheet.cells
    search = cells.required("search")
    brand = search.map(lambda one: brand_of(one, context.brand), na_action="ignore").astype("string")
    if sheet.rows_in and brand.isna().all():
        known = [context.brand.name, *context.brand.competitors]
        raise ImportRefused(UNNAMED, file=context.export.label, value=str(search.iloc[0]), choices=known)
    cells.reject("search", search.notna() & brand.isna(), UNNAMED)
    people = Pseudonyms.of(context.workspace)
    number = cells.optional_id("number").fillna(people.keys(cells.raw("url")))  # an address names who wrote it
    cells.reject("url", number.isna(), "neither a number nor an address tells this mention from others")
    country = country_codes(cells.code("country"))
    markets = {code: market.code for market in context.brand.markets for code in market.country_codes}
    mentions = accepted(sheet, {
        "platform": _platform(cells), "mention_id": number, "mentioned_at": _when(cells),
        "market": country.map(markets).astype("string").fillna(country), "brand": brand,
        "sentiment": cells.raw("sentiment").str.casefold().map(SENTIMENTS).astype("string"),
        "author_followers": cells.count("author_followers"),
    })  # fmt: skip
    said = ["the file does not say on whose clock its times are: read as UTC"]
    words = cells.raw("sentiment").dropna()
    said += [f"the tone '{word}' is not known: left open" for word in
             sorted(words[~words.str.casefold().isin(SENTIMENTS)].unique())[:5]]  # fmt: skip
    return Parsed({"mentions": mentions}, cells.rejects, sheet.rows_in, context.exported_at(), said)


def brand_of(search: str, brand: Brand) -> str | None:
    """Return the brand or rival that *search* is named after; None where it names none of them, or several."""
    names = {one.casefold(): one for one in (brand.name, *brand.competitors)}
    names |= {other.casefold(): one for other, one in brand.names.items()}
    if whole := names.get(search.strip().casefold()):
        return whole
    found = {one for name, one in names.items() if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", search.casefold())}
    return found.pop() if len(found) == 1 else None


def _platform(cells: Cells) -> pd.Series:
    where = cells.raw("kind").fillna("") + " " + cells.raw("domain").fillna("")
    found = pd.Series(pd.NA, index=where.index, dtype="string")
    for pattern, platform in SITES:
        hit = where.str.strip().str.contains(pattern, case=False, regex=True).fillna(value=False)
        found = found.mask(found.isna() & hit, platform)
    return found.fillna("web")


def _when(cells: Cells) -> pd.Series:
    """Return the time of each mention: day and time of the day stand in one cell, or in two."""
    day = cells.raw("other_date").fillna(cells.raw("date"))
    whole = day.where(cells.raw("time").isna(), day + " " + cells.raw("time"))
    return moments(cells._with("date", whole), "date", DATES, "UTC", required=True)


SOURCES = (
    Source("brandwatch", "mentions", (), BRANDWATCH, frozenset({"search", "date", "url", "sentiment", "kind", "domain"}),
           parse_mentions),
    Source("meltwater", "mentions", (), MELTWATER,
           frozenset({"search", "keywords", "date", "time", "url", "domain", "sentiment", "hit"}),
           parse_mentions),
)  # fmt: skip
