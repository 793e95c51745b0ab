"""A decoder on a kernel that lacks Landlock, seccomp or both: `lesser_kernel landlock seccomp` prints what it makes
of that as JSON. The kernel is this one, behind a filter that answers the missing calls as an older one would; profiles
of containers do the same."""

from __future__ import annotations

import ctypes
import errno
import json
import sys

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
    numbers = [number for name in names for number in here(dict(CALLS[name])).values()]
    unknown = seccomp.answers((number, UNKNOWN) for number in numbers)
    seccomp.install([seccomp.load(seccomp.NUMBER_AT), *unknown, seccomp.give(seccomp.ALLOW)])


def main() -> None:
    forget(*sys.argv[1:])
    found: dict[str, str] = {}
    try:
        Decoder(must_confine=True).close()
        found["production"] = "started"
    except RedoubtError as error:
        found["production"] = error.reason.value
    with Exploited() as decoder:
        found["locks"] = str(int(decoder.locks))
        found["page"] = "decoded" if decoder.decode(text_pdf(), 60) else "nothing"
        found["reads_a_file"] = decoder.decode(document("reads_a_file"), 60)[0].pixels.tobytes().decode("latin-1")
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
