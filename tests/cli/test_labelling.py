"""Labels by the command: a sheet without identities out, labels back, scores in; the words are kept nowhere else."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import forked_commands
import pandas as pd
from conftest import BRAND
from reports.tiny import repository

from fanops_utils.data.warehouse import Store, tones_by
from fanops_utils.workspace import Workspace

MAPPING = """name: heard
tables:
  mentions:
    columns: {mention_id: Mention Id, mentioned_at: Time, platform: Net, market: Country, brand: Who, sentiment: Sentiment}
"""
TEXTS = ("I love it, thanks @anna_fan", "Terrible, never again https://x.example/anna", "It is a box of tea")


def test_a_sheet_goes_out_labels_come_back_and_what_the_tool_left_open_is_scored(tmp_path: Path) -> None:
    brand = repository(tmp_path).path
    (brand / "mappings").mkdir()
    (brand / "mappings" / "heard.yml").write_text(MAPPING, encoding="utf-8")
    name = BRAND.split("name:", 1)[1].splitlines()[0].strip()
    header = ["Mention Id", "Time", "Net", "Country", "Who", "Sentiment", "Full Text", "Language"]
    rows = [[f"m{at}", "2026-10-01T10:00:00Z", "x", "US", name, "positive" if at == 0 else "", text, "en"]
            for at, text in enumerate((*TEXTS, "odd words", "strange"))]  # fmt: skip
    rows[-1][-1] = "Klingon"
    heard = tmp_path / "heard.csv"
    with heard.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])

    def fanops(*words: object) -> tuple[int, Any]:
        done = forked_commands.fanops(*words, "-w", "brand", cwd=tmp_path)
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, json.loads(done.stdout) if done.stdout.startswith(("{", "[")) else done.stderr

    assert fanops("import", heard)[0] == 0
    for words in (("none.csv",), (heard, "--to", "none/sheet.csv")):
        code, said = fanops("label", "sheet", *words)
        assert code == 2 and "none" in said
    assert fanops("label", "sheet", heard, "--to", "sheet.csv")[0] == 0
    assert fanops("label", "sheet", heard, "--to", "sheet.csv")[0] == 2, "a sheet that is there is not written over"
    text = (tmp_path / "sheet.csv").read_text(encoding="utf-8-sig")
    assert not [word for word in ("anna", "m0", "2026", "x.example", name) if word in text]
    sheet = pd.read_csv(tmp_path / "sheet.csv", dtype=str)
    sheet.iloc[:, 3] = [
        "negative" if "Terrible" in one else "positive" if "love" in one else None for one in sheet["Text"]
    ]
    sheet.to_csv(tmp_path / "sheet.csv", index=False)
    code, told = fanops("label", "read", "sheet.csv", "--json")
    assert code == 0 and [(one["language"], one["labels"], one["reason"]) for one in told] == [("en", 2, "unlabelled")]
    code, told = fanops("label", "score", heard, "--json")
    assert code == 0 and (told["scored"], told["unsupported"]) == (3, 1)
    store = Store(Workspace(brand))
    assert dict(tones_by(store).dropna().to_numpy()) == {"tool": 1, "vader": 3}
    assert store.read("scored_mentions").set_index("mention_id")["sentiment"]["m1"] == "negative"
    assert len(store.read("labelled_texts")) == 2
