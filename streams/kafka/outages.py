"""Parts that every document needs and that are away: documents wait here, and the worker takes no more meanwhile."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

from detectors.errors import Reason, RedoubtError
from streams.fates import FATES, Fate
from streams.watch.health import Health, Part

Probe = Callable[[], None]
"""Raises RedoubtError while the part is away. Harmless, and of the kind of use that documents make of the part."""

PART_OF: Final[Mapping[Reason, Part]] = {
    Reason.VAULT_UNAVAILABLE: Part.VAULT,
    Reason.STORE_UNAVAILABLE: Part.STORE,
    Reason.BROKER_UNAVAILABLE: Part.BROKER,
}
BACKOFF_S: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
"""Waits between looks. The last one bounds how long a part that came back goes unnoticed."""


class Over(Exception):
    """The worker ends: what waits is left to whoever comes after it."""


class Outages:
    """Thread-safe: every document in work may wait here at once, and one of them looks for all."""

    def __init__(self, probes: Mapping[Part, Probe], health: Health, over: threading.Event) -> None:
        self._probes, self._health, self._over = probes, health, over
        self._looking = {part: threading.Lock() for part in Part}
        self._away: set[Part] = set()
        self._last_away: dict[Part, float] = {}
        self._counting = threading.Lock()
        self._passed = 0

    @property
    def any(self) -> bool:
        """Whether some part is away now."""
        return bool(self._away)

    @property
    def passed(self) -> int:
        """Documents that met no outage on their way. It only grows."""
        return self._passed

    def went_through(self) -> None:
        with self._counting:
            self._passed += 1

    def wait_out(self, reason: Reason, tries: int) -> bool:
        """Return once the part that `reason` speaks of is there; whether it was seen away since the caller met that.

        `tries` is how often the caller came for the same piece of work: each time it waits longer, also where the
        part seems to be there. Raises Over, and RedoubtError where the part comes back refusing: that is no outage.
        """
        part, met = PART_OF[reason], time.monotonic()
        with self._looking[part]:
            looks = tries
            while (found := self._look(part)) is not None:
                if FATES[found] is not Fate.WAIT:
                    raise RedoubtError(found)
                self._away.add(part)
                self._last_away[part] = time.monotonic()
                self._health.down(part, found)
                self._pause(looks)
                looks += 1
            self._away.discard(part)
            self._health.up(part)
            was_away = self._last_away.get(part, met) > met
        # Those who waited do not all come back in the same moment.
        self._pause(tries)
        return was_away

    def _look(self, part: Part) -> Reason | None:
        try:
            self._probes.get(part, _nothing)()
        except RedoubtError as error:
            return error.reason
        return None

    def _pause(self, looks: int) -> None:
        longest = BACKOFF_S[min(looks, len(BACKOFF_S) - 1)]
        if self._over.wait(random.uniform(longest / 2, longest)):  # noqa: S311  spreads waits, keeps no secret
            raise Over


def _nothing() -> None:
    """Of a part that cannot be asked, the document's next try tells."""
