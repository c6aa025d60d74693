"""Instagram files as Meta Business Suite exports them: content lists, daily metrics, audience."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import MONTHS, calendar, stream
from fanops_utils.data.sample.formats.files import RawFile, quoted_csv, raw_file, spaced_csv
from fanops_utils.data.sample.period import EXPORTED
from fanops_utils.data.sample.texts import PLACES
from fanops_utils.data.sample.worlds.channels.daily import instagram_days
from fanops_utils.data.sample.worlds.channels.posts import instagram_posts, shortcode
from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Account

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

ENGLISH = (
    "Post ID", "Account ID", "Account username", "Account name", "Description", "Duration (sec)", "Publish time",
    "Permalink", "Post type", "Data comment", "Date", "Views", "Reach", "Likes", "Shares", "Follows", "Comments",
    "Saves",
)  # fmt: skip
PORTUGUESE = (
    "Identificação do post", "Identificação da conta", "Nome de usuário da conta", "Nome da conta", "Descrição",
    "Duração (s)", "Horário de publicação", "Link permanente", "Tipo de post", "Comentário de dados", "Data",
    "Visualizações", "Alcance", "Curtidas", "Compartilhamentos", "Seguimentos", "Comentários", "Salvamentos",
)  # fmt: skip
TYPES = {"image": "IG image", "reel": "IG reel", "carousel": "IG carousel"}
TYPES_PORTUGUESE = {
    "image": "Imagem do Instagram", "reel": "Reel do Instagram", "carousel": "Carrossel do Instagram",
}  # fmt: skip
DAILY_FILES = {  # file name: title on its second line, column of the simulated day
    "Reach": ("Reach", "reach"),
    "Views": ("Views", "views"),
    "Interactions": ("Content interactions", "engagements"),
    "Follows": ("Instagram follows", "follows"),
    "Visits": ("Instagram profile visits", "profile_visits"),
    "Link clicks": ("Instagram link clicks", "link_clicks"),
}
WINDOW_DAYS = 90
PARTNER = ("17841400000000099", "teahouse.partner", "Teahouse Partner")


def instagram_files(setting: Setting, account: Account) -> list[RawFile]:
    """Return the account's two content exports, its daily files in windows of 90 days, and its audience.

    Raises WorkspaceError where brand.yml gives the account no market or no id.
    """
    if account.market is None or account.id is None:
        raise WorkspaceError("an Instagram account needs its market and id", file="brand.yml", value=account.handle)
    posts, days = instagram_posts(setting, account.market), instagram_days(setting, account.market)
    audience = audience_text(account.market, int(days["followers"].iloc[-1]), seed=setting.seed)
    newest = f"{_windows()[-1]}/Audience.csv"
    return [
        content_file(setting, account, posts[~posts["renamed"]], renamed=False),
        content_file(setting, account, posts[posts["renamed"]], renamed=True),
        *daily_files(account.handle, days),
        RawFile(f"instagram/{account.handle}/{newest}", "instagram_audience", 1, _utf16(audience)),
    ]


def content_file(setting: Setting, account: Account, posts: pd.DataFrame, *, renamed: bool) -> RawFile:
    """Return one content export: the vintage before the metric was renamed, or the one after."""
    first, last = calendar()[0].date(), calendar()[-1].date()
    workspace, truth = setting.workspace, setting.truths.posts
    days = (truth.cutover.date(), last) if renamed else (first, (truth.cutover - pd.Timedelta(days=1)).date())
    number = setting.rng(f"export {account.handle} {renamed}").integers(10**15, 10**16)
    portuguese = renamed and workspace.market(str(account.market)).language.startswith("pt")
    table = content_table(f"{workspace.brand.name} {account.market}", account, posts, portuguese=portuguese)
    if not renamed:
        table = table.rename(columns={"Views": "Impressions"})
    return raw_file(
        f"instagram/{account.handle}/{_named(days[0])}_{_named(days[1])}_{number}.csv",
        "instagram_content",
        table,
        lambda frame: b"\xef\xbb\xbf" + spaced_csv(frame).encode(),
        exported=EXPORTED if renamed else truth.first_export.to_pydatetime(),
    )


def content_table(name: str, account: Account, posts: pd.DataFrame, *, portuguese: bool) -> pd.DataFrame:
    """Return *posts* under the file's header, as text; a partner's posts carry neither reach nor follows."""
    collab = posts["collab"].to_numpy()
    pacific = posts["published"].dt.tz_convert("America/Los_Angeles").dt.strftime("%m/%d/%Y %H:%M")
    reels = np.where(posts["format"] == "reel", "reel", "p")
    codes = [shortcode(*pair) for pair in zip(posts["published"], posts["low_bits"], strict=True)]
    cells = {
        "Post ID": posts["post_id"].astype(str),
        "Account ID": np.where(collab, PARTNER[0], str(account.id)),
        "Account username": np.where(collab, PARTNER[1], account.handle),
        "Account name": np.where(collab, PARTNER[2], name),
        "Description": posts["caption"],
        "Duration (sec)": posts["duration"].astype(str),
        "Publish time": pacific,
        "Permalink": [f"https://www.instagram.com/{kind}/{code}/" for kind, code in zip(reels, codes, strict=True)],
        "Post type": posts["format"].map(TYPES_PORTUGUESE if portuguese else TYPES),
        "Data comment": "",
        "Date": "Total" if portuguese else "Lifetime",
        "Views": posts["views"].astype(str),
        "Reach": posts["reach"].astype(str).mask(collab | posts["reach_unknown"], ""),
        "Likes": posts["likes"].astype(str),
        "Shares": posts["shares"].astype(str),
        "Follows": posts["follows"].astype(str).mask(collab, ""),
        "Comments": posts["comments"].astype(str),
        "Saves": posts["saves"].astype(str),
    }
    table = pd.DataFrame(cells, index=posts.index)
    return table.set_axis(PORTUGUESE if portuguese else ENGLISH, axis=1)


def daily_files(handle: str, days: pd.DataFrame) -> list[RawFile]:
    """Return one file per metric and window; Follows leaves out days without any."""
    files = []
    for number, window in enumerate(_windows()):
        part = days.iloc[number * WINDOW_DAYS : (number + 1) * WINDOW_DAYS]
        for name, (title, column) in DAILY_FILES.items():
            shown = part[part[column] > 0] if name == "Follows" else part
            cells = {"Date": shown["date_day"].dt.strftime("%Y-%m-%dT00:00:00"), "Primary": shown[column].astype(str)}
            files.append(_daily_file(f"instagram/{handle}/{window}/{name}.csv", title, pd.DataFrame(cells)))
    return files


def _daily_file(path: str, title: str, table: pd.DataFrame) -> RawFile:
    return raw_file(path, "instagram_daily", table, lambda frame: _utf16(f'sep=,\n"{title}"\n{quoted_csv(frame)}'))


def audience_text(market: str, followers: int, *, seed: int) -> str:
    """Return the sections of Audience.csv: followers, gender and age, top cities, top countries."""
    rng, place = stream(seed, f"audience {market}"), PLACES[market]
    ages = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")
    women, men = (rng.dirichlet((8, 14, 8, 4, 2, 1)) * share for share in (0.63, 0.37))
    cities = np.sort(rng.dirichlet((3, 2, 1)) * 0.3)[::-1]
    abroad = [other for other in PLACES if other != market][:2]
    countries = {
        place.name: 0.6 + 0.2 * rng.random(),
        **{PLACES[code].name: 0.02 + 0.03 * rng.random() for code in abroad},
    }
    title = "Instagram followers"
    sections = (
        ([title], ["IG_ACCOUNT,FOLLOW,UNIQUE_USERS"], [[str(followers)]]),
        ([f"{title} by gender and age"], ["Age", "Women", "Men"], [
            [age, _percent(w), _percent(m)] for age, w, m in zip(ages, women, men, strict=True)
        ]),
        ([f"{title} by top cities"], ["Top cities", "Value"], [
            [city, _percent(share)] for city, share in zip(place.cities, cities, strict=True)
        ]),
        ([f"{title} by top countries"], ["Top countries", "Value"], [
            [country, _percent(share)] for country, share in countries.items()
        ]),
    )  # fmt: skip
    return "sep=,\n" + "\n".join("".join(map(_line, (head, columns, *rows))) for head, columns, rows in sections)


def _line(cells: list[str]) -> str:
    return ",".join(f'"{cell}"' for cell in cells) + "\n"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}".removesuffix(".0") + "%"


def _windows() -> list[str]:
    days = calendar()
    starts = days[::WINDOW_DAYS]
    ends = [min(start + pd.Timedelta(days=WINDOW_DAYS - 1), days[-1]) for start in starts]
    return [f"{start.date()}_{end.date()}" for start, end in zip(starts, ends, strict=True)]


def _named(day: date) -> str:
    return f"{MONTHS[day.month - 1][:3]}-{day.day:02d}-{day.year}"


def _utf16(text: str) -> bytes:
    return b"\xff\xfe" + text.encode("utf-16-le")
