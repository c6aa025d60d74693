"""A workspace with members in many tables and raw forms, and what is in it, for tests of privacy."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl

from fanops_utils.data.warehouse import import_paths
from fanops_utils.workspace import Workspace

MAPPINGS = {
    "events": """name: events
tables:
  member_events:
    columns: {member_key: Member, event_timestamp: When, event_name: What, event_value: Worth}
    constants: {platform: discord, market: DE}
""",
    "members": """name: members
tables:
  fans:
    columns: {member_key: Member, joined_at: Joined, acquisition: Came through}
    constants: {platform: discord, market: DE}
""",
    "referrals": """name: referrals
tables:
  referrals:
    columns: {referral_id: Invitation, inviter_key: Inviter, invited_key: Invited, invited_at: When}
    constants: {platform: discord, market: DE}
""",
    "orders": """name: orders
tables:
  orders:
    columns: {order_id: Order, customer_key: Buyer, created_timestamp: When, total: Total, source: Note}
    constants: {currency: EUR}
""",
    "answers": """name: answers
tables:
  survey_answers:
    columns: {survey: Survey, respondent_key: Respondent, question: Question, score: Score, answered_at: When}
""",
}
HEADERS = {
    "events": ["Member", "When", "What", "Worth"],
    "members": ["Member", "Joined", "Came through"],
    "referrals": ["Invitation", "Inviter", "Invited", "When"],
    "orders": ["Order", "Buyer", "When", "Total", "Note"],
    "answers": ["Survey", "Respondent", "Question", "Score", "When"],
}


def as_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def put(workspace: Workspace, name: str, kind: str, rows: Sequence[Sequence[str]], *, form: str = "csv") -> Path:
    """Write *rows* of a table of the *kind* as a raw file in *form* and give the workspace its mapping."""
    (workspace.path / "mappings").mkdir(exist_ok=True)
    (workspace.path / "mappings" / f"{kind}.yml").write_text(MAPPINGS[kind], encoding="utf-8")
    data = as_csv(HEADERS[kind], rows)
    if form == "xlsx":
        book = openpyxl.Workbook()
        for row in [HEADERS[kind], *rows]:
            book.active.append(list(row))
        packed = io.BytesIO()
        book.save(packed)
        data = packed.getvalue()
    elif form == "zip":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"inner/{name}.csv", data)
            archive.writestr("__MACOSX/._left", "as it was")
        data = packed.getvalue()
    elif form == "gz":
        data = gzip.compress(data)
    elif form == "utf-16":
        data = data.decode().encode("utf-16")
    suffix = {"utf-16": "csv"}.get(form, form)
    path = workspace.raw / f"{name}.{suffix}"
    path.write_bytes(data)
    return path


def load(workspace: Workspace) -> None:
    reports = import_paths(workspace, [workspace.raw])
    assert not [one.error for one in reports if one.status == "refused"]


def everything(*folders: Path) -> bytes:
    """Return the bytes of all files under *folders*, packed ones unpacked, Parquet as text."""
    import pyarrow.parquet as parquet

    found = []
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        found += [path.as_posix().encode(), _unpacked(path.read_bytes())]
        if path.suffix == ".parquet":
            found.append(parquet.read_table(path).to_pandas().to_csv().encode())
    return b"\n".join(found)


def _unpacked(data: bytes) -> bytes:
    if data.startswith(b"\x1f\x8b"):
        return gzip.decompress(data)
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return b"\n".join(_unpacked(archive.read(one)) for one in archive.infolist())
    return data.decode("utf-16").encode() if data.startswith(b"\xff\xfe") else data
