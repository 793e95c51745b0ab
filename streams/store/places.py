"""Where a store's URL leads: a folder, memory, or a bucket, with time-outs that a document can bear."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from obstore.store import AzureStore, GCSStore, LocalStore, MemoryStore, ObjectStore, S3Store

from detectors.errors import Reason, RedoubtError
from streams.store.private import private_folder

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

_SCHEMES: Final = ("file", "memory", "s3", "gs", "az")
_RETRIES: Final[RetryConfig] = {"max_retries": 2, "retry_timeout": timedelta(seconds=6)}
"""The library's defaults hold a document for minutes; the stream tries again by itself."""

_CHECKSUM: Final = "SHA256"
"""Sent with every object: S3 takes none without a checksum where a bucket keeps what it has (object lock)."""
_CONNECT_S: Final = 2
_ANSWER_S: Final = 30
"""For one request with all of its bytes: a store that is frozen must not eat a document's deadline."""


def object_store(url: str, begins: bool) -> ObjectStore:
    """The place of that URL, not contacted. Raises ValueError for a URL that is none of these, RedoubtError
    (STORE_UNMARKED) for a folder that is not there and may not be made."""
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or parts.query or parts.fragment or parts.username:
        raise ValueError
    if parts.scheme == "memory":
        return MemoryStore()
    if parts.scheme == "file":
        folder = Path(unquote(parts.path))
        if parts.netloc or not folder.is_absolute() or folder == Path("/"):
            raise ValueError
        # Files follow the process's umask, which the store cannot set for itself.
        os.umask(0o077)
        if not begins and not folder.is_dir():
            raise RedoubtError(Reason.STORE_UNMARKED)
        return LocalStore(prefix=private_folder(folder) if begins else folder)
    # http is allowed where an endpoint variable names it: TLS may be ended by a sidecar on loopback.
    plain = os.environ.get("AWS_ENDPOINT", os.environ.get("AWS_ENDPOINT_URL", "")).startswith("http://127.0.0.1")
    options: ClientConfig = {
        "timeout": f"{_ANSWER_S}s",
        "connect_timeout": f"{_CONNECT_S}s",
        "allow_http": plain,
    }
    if parts.scheme == "s3":
        return S3Store.from_url(url, client_options=options, retry_config=_RETRIES, checksum_algorithm=_CHECKSUM)
    if parts.scheme == "gs":
        return GCSStore.from_url(url, client_options=options, retry_config=_RETRIES)
    return AzureStore.from_url(url, client_options=options, retry_config=_RETRIES)
