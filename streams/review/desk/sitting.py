"""One person's sitting at the desk: at most one copy is open, and one decision at work."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from detectors.errors import Reason, RedoubtError
from policies.attack.finished.raster import finished_page
from streams.review.desk.desks import Came, Desk, Judgement, Opened, Waiting
from streams.review.pictures import png
from streams.review.reviewer import Decision

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Look:
    """One opening of a copy, audited once however many pages are turned."""

    id: str
    opened: Opened


@dataclass(frozen=True, slots=True)
class Ending:
    """What came of the decision on one look."""

    look: str
    waiting: Waiting
    decision: Decision | Judgement
    came: Came


class Sitting:
    """The desk itself works in one thread: MuPDF takes no two at a time, and the pages stay answered meanwhile."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._thread = ThreadPoolExecutor(1, "desk")
        self._at_work: asyncio.Task[None] | None = None
        self.look: Look | None = None
        self.ending: Ending | None = None

    @property
    def busy(self) -> bool:
        return self._at_work is not None

    async def waiting(self) -> list[Waiting]:
        return await self._do(self._desk.waiting)

    async def open(self, id: str) -> Look:
        """Raises RedoubtError(ALREADY_DECIDED) where nothing waits under the id, and as the desk does."""
        found = next((waiting for waiting in await self.waiting() if waiting.id == id), None)
        if found is None:
            raise RedoubtError(Reason.ALREADY_DECIDED)
        self.look = Look(secrets.token_hex(8), await self._do(lambda: self._desk.open(found)))
        return self.look

    async def picture(self, look: Look, page: int) -> bytes:
        """A page of the open copy, from 0, as PNG."""
        copy = look.opened.copy
        return await self._do(lambda: png(finished_page(copy, page).pixels))

    async def decide(self, look: Look, decision: Decision | Judgement) -> None:
        """Ends the look; what came of it is the `ending`. Decided once, however often it is asked for meanwhile.

        Raises as the desk does: then the copy stays open.
        """
        if self._at_work is None:
            self._at_work = asyncio.create_task(self._decided(look, decision))
        # Whoever closes the page meanwhile ends nothing.
        await asyncio.shield(self._at_work)

    async def _decided(self, look: Look, decision: Decision | Judgement) -> None:
        waiting = look.opened.waiting
        try:
            came = await self._do(lambda: self._desk.decide(waiting, decision))
            self.look, self.ending = None, Ending(look.id, waiting, decision, came)
        finally:
            self._at_work = None

    async def _do(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        """Waits for a decision that is at work: it is on record, and comes to its end."""
        self._thread.shutdown(wait=True)
        self.look = None
