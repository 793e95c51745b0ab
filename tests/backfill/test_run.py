"""An archive is announced file by file, each once, whatever kills the run; on real brokers."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from detectors.errors import Reason
from streams.backfill.archives import File, open_archive
from streams.backfill.journal import Journal
from streams.backfill.run import Backfill, paced
from streams.embedded.tansu import EmbeddedBroker
from streams.events import DocumentReceived
from streams.kafka.intake import open_claim
from streams.kafka.topics import PHI_BACKFILL, create_topics
from streams.settings import KafkaSettings
from tests.backfill.process import REQUEST, STEPS, main
from tests.kafka.conftest import apache, kafka, libs
from tests.kafka.transport import read, sealed
from tests.kafka.warm import WarmProcess

__all__ = ["apache", "kafka", "libs"]
NAME = "Featherstonehaugh, Wilhelmina"
OFFSET = bytes(range(32))


def archive(folder: Path, files: int) -> set[bytes]:
    """Documents below folders that are named for a patient; their contents."""
    contents = {b"%PDF-1.7 " + str(number).encode() for number in range(files)}
    for number, content in enumerate(sorted(contents)):
        path = folder / NAME / str(number % 3) / f"{NAME} {number}.pdf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return contents


def announced(bootstrap: str, folder: Path, expect: int, offset: bytes | None = None) -> Counter[bytes]:
    """The contents of the documents that a reader of committed records finds; all have the patient's offset."""
    store = sealed(folder)
    found = [event for _, event, _ in read(bootstrap, [PHI_BACKFILL], expect, timeout_s=90)]
    documents = [open_claim(event, store).document for event in found if isinstance(event, DocumentReceived)]
    assert all(document.offset == offset for document in documents)
    return Counter(document.content for document in documents)


@pytest.fixture(scope="module")
def tansu(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with EmbeddedBroker(tmp_path_factory.mktemp("tansu")) as broker:
        create_topics(KafkaSettings(bootstrap=broker.bootstrap), partitions=3)
        yield broker.bootstrap


def test_each_file_once_and_what_is_none_is_told_by_number(tansu: str, tmp_path: Path) -> None:
    place = tmp_path / "archive"
    contents = archive(place, 7)
    (place / f"{NAME}.txt").write_text("no document")
    (place / "empty.pdf").touch()
    told = list[tuple[int, Reason]]()
    settings, order = KafkaSettings(bootstrap=tansu), "order"
    for run in range(2):
        with Journal(tmp_path / "journal", order) as journal:
            backfill = Backfill(open_archive(str(place)), journal, sealed(tmp_path), REQUEST, offset=OFFSET)
            assert backfill.run(settings, threading.Event(), left_out=lambda n, _file, why: told.append((n, why)))
        assert (backfill.tally.sent, backfill.tally.known) == ((7, 0), (0, 7))[run]
    assert Counter(reason for _, reason in told) == {Reason.UNKNOWN_FORMAT: 2, Reason.EMPTY: 2}
    assert announced(tansu, tmp_path, 7, OFFSET) == Counter(contents)
    assert NAME.encode() not in (tmp_path / "journal").read_bytes()
    assert b".pdf" not in (tmp_path / "journal").read_bytes()


@pytest.mark.kafka
@pytest.mark.timeout(600)
@pytest.mark.parametrize("step", STEPS)
def test_killed_between_any_two_steps_nothing_is_lost_or_sent_twice(kafka: str, tmp_path: Path, step: str) -> None:
    contents = archive(tmp_path / "archive", 11)
    words = [kafka, str(tmp_path), str(tmp_path / "archive")]
    # The first commit is that of a transaction without a document, which begins the journal.
    nth = {"sealed": "6", "written": "2", "commit": "3", "committed": "3"}[step]
    assert WarmProcess(main, [*words, step, nth]).wait(200) == -signal.SIGKILL
    assert WarmProcess(main, words).wait(200) == 0
    assert announced(kafka, tmp_path, 11) == Counter(contents)


def test_a_rate_is_kept_and_a_stop_ends_the_wait() -> None:
    stop, waits = threading.Event(), list[float]()

    class Clock(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout or 0.0)
            return len(waits) == 4

    files = (File(str(number), 1) for number in range(9))
    assert len(list(paced(files, 0.01, Clock()))) == 3
    assert waits[0] == 0.0
    assert 190 < waits[2] <= 200
    assert len(list(paced((File("a", 1) for _ in range(9)), None, stop))) == 9
