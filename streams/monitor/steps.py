"""faust, with commits that part no step: what one record leads to counts as a whole or not at all.

A step is all that one record leads to. A commit comes before it or behind it, and never before the broker has all that
it wrote. faust by itself hands a table's changes to a task of its own and commits without asking that task, so that a
figure could be read for good and counted nowhere; and it takes a record for done that an agent broke off at. So a step
that fails ends the process.

The table in memory is true as long as every transaction that it has seen is committed. faust keeps it over a
rebalance, though the broker may have undone the last one meanwhile, and reads the changelog on from where it was:
then a document would be counted in memory alone, or a window told in a record that nobody will see. So the process
ends as if killed when its partitions are taken, before anything more is committed; the next one begins with what is.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any, Final, NoReturn

import faust
from faust.transport.drivers import aiokafka

from detectors.errors import Reason, RedoubtError
from streams.kafka import EXIT_BROKER, EXIT_OK
from streams.watch import logs

_LOG: Final = logs.get("monitor")


class Monitor(faust.App):  # type: ignore[misc]
    """faust's app, with commits that part no step."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.whole = asyncio.Lock()
        """Held by a step and by a commit."""
        super().__init__(*args, **options)

    @asynccontextmanager
    async def step(self, table: ChangeTable) -> AsyncIterator[None]:
        """What is written inside is in the broker behind it, and nothing is committed meanwhile."""
        async with self.whole:
            try:
                yield
                await table.written()
            except BaseException as error:  # noqa: BLE001  nothing goes on behind it
                _LOG.error("monitor failed", error=error)
                end(EXIT_BROKER)

    async def finish(self) -> NoReturn:
        """Commits what is done and ends the process. A faust app that is stopped would break off a step."""
        await self.consumer.commit()
        end(EXIT_OK)

    def on_rebalance_start(self) -> None:
        # Called by the client before anything else of a rebalance, and with partitions only from the second one on.
        if self.consumer.assignment():
            _LOG.error("monitor failed", error=RedoubtError(Reason.BROKER_UNAVAILABLE))
            end(EXIT_BROKER)
        super().on_rebalance_start()

    def _new_transport(self) -> aiokafka.Transport:
        transport = super()._new_transport()
        transport.Consumer = _Consumer
        return transport


class _Consumer(aiokafka.Consumer):  # type: ignore[misc]
    async def force_commit(self, *args: Any, **options: Any) -> bool:
        async with self.app.whole:
            return bool(await super().force_commit(*args, **options))


class ChangeTable(faust.Table):  # type: ignore[misc]
    """A table that tells when its changes are in the broker."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._sent: list[Awaitable[object]] = []
        super().__init__(*args, **options)

    def send_changelog(self, *args: Any, **options: Any) -> Awaitable[object]:
        sent: Awaitable[object] = super().send_changelog(*args, **options)
        self._sent.append(sent)
        return sent

    async def written(self) -> None:
        """Waits for all changes so far. Raises what the broker refused them with."""
        sent, self._sent = self._sent, []
        await asyncio.gather(*sent)


def end(code: int) -> NoReturn:
    """Ends the process at once: a faust app that stops commits what it has read, though what it wrote may be undone."""
    logging.shutdown()
    os._exit(code)
