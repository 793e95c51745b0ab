"""One way to speak to Vault, and what its failures mean.

hvac's exceptions may quote the request and the answer, so none of them leaves this module, not even as a cause.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import hvac
import requests
import urllib3
from hvac import exceptions

from detectors.errors import Reason
from streams.vault.transport import Elsewhere, Transport

TIMEOUT_S: Final = (3.0, 10.0)
"""To connect and between bytes. A batch of tokens takes milliseconds; a stuck server must not eat a deadline."""

DENIED: Final = (exceptions.Forbidden, exceptions.Unauthorized)
ABSENT: Final = exceptions.InvalidPath
REFUSED: Final = (exceptions.InvalidRequest, exceptions.InvalidPath, exceptions.UnsupportedOperation)


def connect(address: str, ca_file: Path | None, token: str = "") -> hvac.Client:
    """A client that takes nothing from its surroundings: no token file, proxy, .netrc or CA variable."""
    session = Transport(address, ca_file)
    return hvac.Client(url=address, token=token, verify=session.verify, timeout=TIMEOUT_S, session=session)


def attempt(call: Callable[[], Any]) -> Mapping[str, Any] | Exception:
    """The answer of one call as a mapping (empty where Vault answers nothing), or what it raised.

    An exception is returned so that the caller raises its own outside of any handler, with no chain to this one.
    """
    try:
        answer = call()
    except exceptions.InvalidRequest as error:
        return _item_results(error) or error
    except (
        exceptions.VaultError,
        requests.RequestException,
        urllib3.exceptions.HTTPError,
        ValueError,
        OSError,
    ) as error:
        return error
    return answer if isinstance(answer, Mapping) else {}


def reason(error: Exception) -> Reason:
    """VAULT_REFUSED where trying again cannot help, VAULT_UNAVAILABLE for the rest."""
    if isinstance(error, (*DENIED, *REFUSED, Elsewhere)) or _untrusted(error):
        return Reason.VAULT_REFUSED
    return Reason.VAULT_UNAVAILABLE


def _item_results(error: exceptions.InvalidRequest) -> Mapping[str, Any] | None:
    """Where every item of a batch failed the status is 400 whatever was asked for, yet each item has its answer."""
    answer = getattr(error, "json", None)
    data = answer.get("data") if isinstance(answer, Mapping) else None
    return answer if isinstance(data, Mapping) and "batch_results" in data else None


def _untrusted(error: BaseException | None) -> bool:
    """Whether somewhere below lies a certificate that our authority did not sign (urllib3 wraps it twice)."""
    for _ in range(8):
        if error is None:
            return False
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        inner = getattr(error, "reason", None) or next((a for a in error.args if isinstance(a, BaseException)), None)
        error = inner if isinstance(inner, BaseException) else error.__cause__ or error.__context__
    return False
