"""Pseudonyms: ids of people become keyed hashes at import; the key lies outside the repository, readable by its owner."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Workspace

KEY_BYTES = 32
MARK = "key.json"
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def key_folder() -> Path:
    """Return where keys lie: FANOPS_KEYS, or fanops/keys in the user's configuration folder."""
    if named := os.environ.get("FANOPS_KEYS"):
        return Path(named)
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "fanops" / "keys"


@dataclass(frozen=True)
class Pseudonyms:
    """Turns ids into pseudonyms (HMAC-SHA256, first 128 bits, hex) that only the key's holder can link."""

    key: bytes

    @classmethod
    def of(cls, workspace: Workspace) -> Pseudonyms:
        """Return the pseudonyms of *workspace*, making its key (file mode 600) on first use.

        Raises WorkspaceError where the key is lost, damaged, readable by others, inside the repository, or not the one
        that the warehouse was made with.
        """
        path = key_folder() / f"{workspace.name}.key"
        _refuse_inside(path, workspace)
        try:
            made_with = _noted(workspace)
            if not path.exists():
                _refuse_absent(path, made_with)
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(secrets.token_bytes(KEY_BYTES))
            _refuse_open(path)
            found = cls(path.read_bytes())
            if len(found.key) != KEY_BYTES:
                raise WorkspaceError("the key for pseudonyms is damaged: put its copy back", file=path)
            if made_with is None:
                workspace.warehouse.mkdir(parents=True, exist_ok=True)
                (workspace.warehouse / MARK).write_text(json.dumps({"key": found.key_id}), encoding="utf-8")
        except OSError as error:
            hint = "Set FANOPS_KEYS to a folder outside the repository that can be written"
            raise WorkspaceError(f"the key for pseudonyms cannot be used ({error})", file=path, hint=hint) from None
        if made_with not in (None, found.key_id):
            raise WorkspaceError(
                "the warehouse was made with another key for pseudonyms", file=path, value=found.key_id,
                hint=_where_else(path, made_with),
            )  # fmt: skip
        return found

    @property
    def key_id(self) -> str:
        """A name for the key that does not give it away."""
        return hashlib.sha256(b"fanops key id" + self.key).hexdigest()[:8]

    def key_for(self, value: str) -> str:
        """Return the pseudonym of one id."""
        return hmac.digest(self.key, value.strip().encode(), "sha256").hex()[:32]

    def keys(self, values: pd.Series) -> pd.Series:
        """Return the pseudonyms of *values*; null stays null."""
        known = {value: self.key_for(str(value)) for value in values.dropna().unique()}
        return values.map(known, na_action="ignore").astype("string")

    def erased_mark(self, pseudonym: str) -> str:
        """Return what stands for *pseudonym* on the list of erased people: a hash of it, under the same key."""
        return hmac.digest(self.key, b"erased:" + pseudonym.encode(), "sha256").hex()[:32]


def _noted(workspace: Workspace) -> str | None:
    """Return the id of the key that the warehouse was made with; None where it does not say."""
    try:
        return str(json.loads((workspace.warehouse / MARK).read_text(encoding="utf-8"))["key"])
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return None


def _refuse_absent(path: Path, made_with: str | None) -> None:
    if made_with is not None:
        raise WorkspaceError(
            "the key for pseudonyms is not here: new rows could not be joined to those in the warehouse",
            file=path,
            hint=_where_else(path, made_with),
        )


def _where_else(path: Path, key_id: str | None) -> str:
    """Return where the key *key_id* may lie: with another user more often than nowhere."""
    return (
        f"The key '{key_id}' lies with the user, HOME or machine that imported before: import as that user, set FANOPS_KEYS "
        f"to the folder of its {path.name}, or copy that file to {path}. Only where no copy is left anywhere: move the "
        "warehouse folder away and import raw/ again"
    )


def _refuse_open(path: Path) -> None:
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & OTHERS:
        raise WorkspaceError("others can read the key for pseudonyms", file=path, hint=f"chmod 600 {path}")


def _refuse_inside(path: Path, workspace: Workspace) -> None:
    """Refuse a key that a commit or a copy of the repository would carry along."""
    inside = [workspace.path.resolve()]
    inside += [one for one in inside[0].parents if (one / "notebooks" / "plans").is_dir() and (one / "data").is_dir()]
    if any(path.resolve().is_relative_to(folder) for folder in inside):
        hint = "Set FANOPS_KEYS to a folder outside it, and move the key there"
        raise WorkspaceError("the key for pseudonyms must not lie inside the repository", file=path, hint=hint)
