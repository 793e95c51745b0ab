"""A part on a kernel that lacks Landlock, seccomp or both.

`lesser_kernel decoder landlock seccomp` prints as JSON what `decoder` or `worker` makes of that. The kernel is this
one, behind a filter that answers the missing calls as an older one would; profiles of containers do the same.
"""

from __future__ import annotations

import ctypes
import errno
import json
import platform
import sys
import tempfile
from pathlib import Path

from detectors.errors import RedoubtError
from streams.decode import seccomp
from streams.decode.decoder import Decoder
from tests.decode.exploits import Exploited, document, here
from tests.decode.files import text_pdf

CALLS = {
    "landlock": {"landlock_create_ruleset": (444, 444), "landlock_restrict_self": (446, 446)},
    "seccomp": {"seccomp": (317, 277)},
}
UNKNOWN = 0x00050000 | errno.ENOSYS


def forget(*names: str) -> None:
    if ctypes.CDLL(None).prctl(38, ctypes.c_ulong(1), 0, 0, 0) != 0:
        raise OSError("no-new-privs")
    code = seccomp.own_calls(platform.machine())
    for name in names:
        for number in here(dict(CALLS[name])).values():
            code += seccomp.when(number, UNKNOWN)
    seccomp.install([*code, seccomp.give(seccomp.ALLOW)])


def worker() -> dict[str, str]:
    """How a worker in production ends whose vault does not answer either."""
    from streams import wiring
    from streams.settings import Environment, Settings, VaultSettings
    from streams.watch.metrics import Metrics

    with tempfile.NamedTemporaryFile("w") as credential:
        credential.write("nobody")
        credential.flush()
        file = Path(credential.name)
        vault = VaultSettings(address="https://127.0.0.1:9", role_id_file=file, secret_id_file=file)
        try:
            with wiring.worker(Settings(environment=Environment.PRODUCTION, vault=vault), Metrics()):
                return {"worker": "started"}
        except RedoubtError as error:
            return {"worker": error.reason.value}


def decoder() -> dict[str, str]:
    """How one starts in production, and what an exploit reaches where it may start."""
    found: dict[str, str] = {}
    try:
        Decoder(must_confine=True).close()
        found["production"] = "started"
    except RedoubtError as error:
        found["production"] = error.reason.value
    with Exploited() as exploited:
        found["locks"] = str(int(exploited.locks))
        found["page"] = "decoded" if exploited.decode(text_pdf(), 60) else "nothing"
        found["reads_a_file"] = exploited.decode(document("reads_a_file"), 60)[0].pixels.tobytes().decode("latin-1")
    return found


def main() -> None:
    forget(*sys.argv[2:])
    sys.stdout.write(json.dumps({"decoder": decoder, "worker": worker}[sys.argv[1]]()))


if __name__ == "__main__":
    main()
