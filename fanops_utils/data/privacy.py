"""Pseudonyms: ids of people become keyed hashes at import; the key lies outside the repository."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Workspace

KEY_BYTES = 32


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
        """Return the pseudonyms of *workspace*, making its key (file mode 600) on first use."""
        path = key_folder() / f"{workspace.name}.key"
        try:
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(secrets.token_bytes(KEY_BYTES))
            key = path.read_bytes()
        except OSError as error:
            hint = "Set FANOPS_KEYS to a folder outside the repository that can be written"
            raise WorkspaceError(f"the key for pseudonyms cannot be used ({error})", file=path, hint=hint) from None
        if len(key) != KEY_BYTES:
            raise WorkspaceError("the key for pseudonyms is damaged: put its copy back", file=path)
        return cls(key)

    def key_for(self, value: str) -> str:
        """Return the pseudonym of one id."""
        return hmac.new(self.key, value.strip().encode(), hashlib.sha256).hexdigest()[:32]

    def keys(self, values: pd.Series) -> pd.Series:
        """Return the pseudonyms of *values*; null stays null."""
        known = {value: self.key_for(str(value)) for value in values.dropna().unique()}
        return values.map(known, na_action="ignore").astype("string")
