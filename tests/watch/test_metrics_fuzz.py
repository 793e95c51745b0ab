"""Canaries through every way into the figures: each method that counts, each field of what it is given."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from enum import Enum
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from policies import profile as profiles
from policies.attack.report import Verdict
from policies.tokens.reversal import TurnedBack
from streams.events import CanaryJudged, DocumentClass, MissedBy, SampleJudged
from streams.kafka.topics import PHI_BACKFILL, TOPICS
from streams.monitor import tally
from streams.reidentify.counts import DONE, Counts
from streams.reidentify.people import Ground
from streams.watch.endpoint import Parts
from streams.watch.health import Health, Part
from streams.watch.metrics import STAGES, Metrics, MonitorMetrics
from tests.events.examples import EXAMPLES
from tests.watch.desk import observation
from tests.watch.test_logs import CONTENT
from tests.watch.test_metrics import OUTCOME

JUDGED = CanaryJudged("t", f"{1:032x}", "lab_report", "maximal", "clean", 3, 1, {MissedBy.MASK: 1})
(SAMPLE_JUDGED,) = (event for event in EXAMPLES if isinstance(event, SampleJudged))
WINDOW = tally.window(("t", "lab_report", "maximal"), 0, 60, tally.of(observation(1)))


class OfParts:
    """The parts, with a registry of their own to be scraped."""

    def __init__(self) -> None:
        self.health, self.registry = Health(), CollectorRegistry()
        self.registry.register(Parts(self.health))

    def down(self, part: Part, reason: Reason) -> None:
        self.health.down(part, reason)

    def up(self, part: Part) -> None:
        self.health.up(part)


class Reidentifier(Counts):
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        super().__init__(self.registry)


WAYS: Mapping[Callable[[], Any], Mapping[str, tuple[Any, ...]]] = {
    Metrics: {"observe": (OUTCOME,), "rejected": (Reason.EMPTY,), "retried": (Reason.VAULT_REFUSED,)},
    MonitorMetrics: {
        "observed": (observation(1, residuals=2),),
        "judged": (JUDGED,),
        "looked_at": (SAMPLE_JUDGED,),
        "closed": (WINDOW,),
        "backlog": (3, PHI_BACKFILL),
        "overdue": (3, PHI_BACKFILL),
        "again": (),
        "invalid": (),
    },
    Reidentifier: {
        "turned_back": ((TurnedBack("t", None, Reason.TOKEN_UNKNOWN),), Ground.INVESTIGATION),
        "refused": (Reason.NOT_ENTITLED,),
        "unusual": (),
    },
    OfParts: {"down": (Part.VAULT, Reason.VAULT_REFUSED), "up": (Part.VAULT,)},
}
OURS = {
    *(
        str(member.value)
        for closed in (Verdict, Reason, Kind, Part, MissedBy, DocumentClass, Ground)
        for member in closed
    ),
    *(topic.name for topic in TOPICS),
    *profiles.names(),
    *STAGES,
    *("digital", "scanned", "clean", "poor", "all", "other", "true", "false", "exact", "anytime", "60", "+Inf", DONE),
}


def spoiled(value: Any, content: object) -> Iterator[Any]:
    """The value with the content in its place, and in the place of each thing within it."""
    yield content
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            for bad in spoiled(getattr(value, field.name), content):
                yield dataclasses.replace(value, **{field.name: bad})
    elif isinstance(value, Mapping):
        for key, within in value.items():
            yield {content: within}
            yield {**value, key: content}
    elif isinstance(value, tuple | list):
        for number in range(len(value)):
            for bad in spoiled(value[number], content):
                yield (*value[:number], bad, *value[number + 1 :])


def labels(page: str) -> set[str]:
    lines = (line for line in page.splitlines() if "{" in line and not line.startswith("#"))
    told = (line[line.index("{") + 1 : line.rindex("}")] for line in lines)
    return {pair.partition("=")[2].strip('"') for said in told for pair in said.split(",") if '="' in pair}


def is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("e", "", 1).isdigit()


@pytest.mark.parametrize("made", WAYS, ids=lambda made: made.__name__)
def test_every_way_in_is_walked_here(made: type) -> None:
    public = {n for n, f in inspect.getmembers(made, inspect.isfunction) if not n.startswith("_")}
    assert public == set(WAYS[made])


@pytest.mark.parametrize("content", [*CONTENT, RedoubtError(Reason.EMPTY), ValueError(CONTENT[0]), b"Quillfeather"])
def test_content_becomes_neither_label_nor_value_nor_word_of_an_error(content: object) -> None:
    tried = refused = 0
    for made, ways in WAYS.items():
        for name, arguments in ways.items():
            for bad in spoiled(arguments, content):
                metrics = made()
                tried += 1
                try:
                    getattr(metrics, name)(*(bad if isinstance(bad, tuple) else (bad,)))
                except Exception as error:  # noqa: BLE001  whatever it is, it must not tell
                    refused += 1
                    said = f"{error!r} {error.__cause__!r} {error.__context__!r}"
                    assert not [word for word in CONTENT if word in said], (made.__name__, name, said)
                page = generate_latest(metrics.registry).decode()
                assert not [word for word in CONTENT if word in page], (made.__name__, name)
                assert {label for label in labels(page) if not is_number(label)} <= OURS, (made.__name__, name)
    assert tried > 100
    assert refused > 20


class Stranger(Enum):
    """An enumeration's member that is none of ours is content, too."""

    NAME = "quillfeather"


def test_a_member_of_another_enumeration_makes_no_label() -> None:
    for made, ways in WAYS.items():
        for name, arguments in ways.items():
            for bad in spoiled(arguments, Stranger.NAME):
                metrics = made()
                with suppress(Exception):
                    getattr(metrics, name)(*(bad if isinstance(bad, tuple) else (bad,)))
                assert "quillfeather" not in generate_latest(metrics.registry).decode(), (made.__name__, name)


def test_what_fits_is_counted() -> None:
    for made, ways in WAYS.items():
        metrics = made()
        for name, arguments in ways.items():
            getattr(metrics, name)(*arguments)
        assert generate_latest(metrics.registry)
