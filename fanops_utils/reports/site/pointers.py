"""Pointers on storage: put on a condition where the storage knows one, so that of two publishers none leads back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from fanops_utils.errors import PlanError

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem


class S3Pointers:
    """Pointers on S3 and what speaks like it: a put holds only where nobody put before (If-Match, If-None-Match)."""

    def __init__(self, target: str) -> None:
        try:
            import boto3
        except ImportError:
            raise PlanError("S3 needs a library more", value="boto3", hint="pip install 'fanops[s3]'") from None
        # The address may name an endpoint and a region, as for the file system; else the environment does.
        asked = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
        endpoint = asked.get("endpoint_override")
        url = endpoint if not endpoint or "://" in endpoint else f"{asked.get('scheme', 'https')}://{endpoint}"
        self._client: Any = boto3.client("s3", endpoint_url=url, region_name=asked.get("region"))

    def read(self, key: str) -> tuple[str, object]:
        bucket, _, name = key.partition("/")
        try:
            found = self._client.get_object(Bucket=bucket, Key=name)
        except self._client.exceptions.NoSuchKey:
            return "", None
        except Exception as error:
            raise OSError(str(error)) from None
        return found["Body"].read().decode("utf-8", "replace"), found["ETag"]

    def put(self, key: str, text: str, version: object) -> bool:
        from botocore.exceptions import ClientError

        bucket, _, name = key.partition("/")
        held = {"IfMatch": version} if version else {"IfNoneMatch": "*"}
        told = {"ContentType": "application/json; charset=utf-8", "CacheControl": "no-cache"}
        try:
            self._client.put_object(Bucket=bucket, Key=name, Body=text.encode(), **told, **held)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] in (409, 412):
                return False
            raise OSError(str(error)) from None
        return True


class FilePointers:
    """Pointers where the storage knows no condition: read again just before they are put."""

    def __init__(self, files: FileSystem) -> None:
        self._files = files

    def read(self, key: str) -> tuple[str, object]:
        try:
            with self._files.open_input_stream(key) as stream:
                text = stream.read().decode("utf-8", "replace")
        except FileNotFoundError:
            return "", ""
        return text, text

    def put(self, key: str, text: str, version: object) -> bool:
        if self.read(key)[1] != version:
            return False
        if self._files.type_name == "local":
            self._files.create_dir(key.rpartition("/")[0], recursive=True)
        with self._files.open_output_stream(key, metadata={"Content-Type": "application/json"}) as stream:
            stream.write(text.encode())
        return True
