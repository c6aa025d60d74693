"""Object storage by its address: one door for all kinds, whose credentials only the environment knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from fanops_utils.errors import FanopsError
from fanops_utils.workspace.registers.brand import carries_credentials

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

SCHEMES = ("s3", "gs", "az", "abfss", "file")


def storage_at(address: str, *, refusal: type[FanopsError]) -> tuple[FileSystem, str]:
    """Return the file system of the *address* (s3://bucket/folder), and the folder in it.

    Raises *refusal* for an address of no storage, and for one that carries credentials: registers and logs keep addresses.
    """
    parts = urlsplit(address)
    if parts.scheme not in SCHEMES:
        raise refusal("no address of a storage", value=address, choices=[f"{one}://" for one in SCHEMES])
    if not parts.netloc and parts.scheme != "file":
        raise refusal("the address names no bucket", value=address, hint=f"As {parts.scheme}://bucket/folder")
    if carries_credentials(address):
        hint = "Leave them to the environment, where the storage's own tools look for them"
        raise refusal("an address of a storage carries no credentials", value=f"{parts.scheme}://…", hint=hint)
    from pyarrow import fs

    try:
        # As people write an address, with blanks and in any script; what is escaped already stays as it is.
        asking = "" if parts.scheme == "file" else "?&="  # in the name of a folder they are letters
        escaped = re.sub("%(?![0-9A-Fa-f]{2})", "%25", address)
        files, home = fs.FileSystem.from_uri(quote(escaped, safe=f"%/:{asking}@+,;~!$'()*[]"))
    except (OSError, ValueError) as error:
        if is_unreached(error):  # the region of a bucket is asked for already here
            hint = "See that the network is there and that the bucket is called so, then try again"
            raise refusal(f"the storage cannot be reached ({short(error)})", value=address, hint=hint) from None
        raise refusal(f"no address of a storage ({short(error)})", value=address) from None
    return files, home.rstrip("/")


def is_unreached(error: Exception) -> bool:
    """Return whether *error* is one of the way to a storage, not of its address.

    >>> is_unreached(OSError("When resolving region for bucket 'b': AWS Error NETWORK_CONNECTION, curlCode: 6"))
    True
    """
    return isinstance(error, OSError) and bool(re.search("NETWORK_CONNECTION|curlCode|[Tt]imed? ?out", str(error)))


def short(error: Exception) -> str:
    """Return what *error* says, in a line."""
    return " ".join(str(error).split())[:200]
