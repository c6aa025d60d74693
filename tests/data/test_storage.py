"""Addresses of storage: a wrong address, one with credentials and a way that is down are told apart."""

from __future__ import annotations

import pytest
from pyarrow import fs

from fanops_utils.data import storage
from fanops_utils.errors import PlanError

REGION = (
    "When resolving region for bucket 'tables': AWS Error NETWORK_CONNECTION during HeadBucket operation: curlCode: 6, "
    "Couldn't resolve host name"
)


class Down:
    """A library of file systems whose network is down."""

    @staticmethod
    def from_uri(_address: str) -> object:
        raise OSError(REGION)


def test_a_storage_out_of_reach_is_no_wrong_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fs, "FileSystem", Down)
    with pytest.raises(PlanError) as refused:
        storage.storage_at("s3://tables/brand", refusal=PlanError)
    assert "reached" in str(refused.value) and "network" in str(refused.value.hint)


@pytest.mark.parametrize(
    "error",
    [ValueError("Unrecognized filesystem type: curlCode"), OSError("Invalid bucket name"), OSError("No such key")],
)
def test_what_is_wrong_with_an_address_is_none_of_the_network(error: Exception) -> None:
    assert not storage.is_unreached(error)


@pytest.mark.parametrize("address", ["s3://anna:hidden@tables/brand", "s3://tables/brand?secret_key=hidden"])
def test_an_address_with_credentials_is_refused_without_them(address: str) -> None:
    with pytest.raises(PlanError) as refused:
        storage.storage_at(address, refusal=PlanError)
    assert "hidden" not in str(refused.value)
