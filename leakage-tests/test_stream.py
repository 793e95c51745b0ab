"""The red team on the stream: canaries in real documents through broker, vault, worker, monitor and sequencer,
then the hunt through everything that any of them wrote, printed, named or published outside the PHI zone."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import secrets
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

sys.path.insert(0, str(Path(__file__).parent))
from cases import CASES
from hunt import hunt
from processes import shown

from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from detectors.subject import Subject
from streams import wiring
from streams.attest.envelope import public_keys
from streams.attest.verify import verify
from streams.canaries.documents import Format, Layout, generate, one
from streams.canaries.judge import Judge
from streams.canaries.ledger import Planted
from streams.demo.ledger import Ledger
from streams.demo.stage import stage
from streams.embedded.process import free_port
from streams.events import (
    AuditAction,
    AuditEntry,
    CanaryJudged,
    DocumentClass,
    DocumentMasked,
    DocumentRejected,
    Event,
    LeakageObserved,
)
from streams.kafka.submit import Request, Submitter
from streams.kafka.topics import CANARY_RESULTS, PHI_DOCUMENTS, TOPICS
from streams.settings import KafkaSettings, Settings
from streams.store.claims import open_claims
from streams.wiring import submitter
from tests.kafka.transport import read

FINISH_S = 150.0
BROKEN = {
    "empty pages": b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj",
    "truncated": b"%PDF-1.7\n1 0 obj<</Zdravka (Quillfeather-Obi)",
    "wrong type": b"PK\x03\x04 Zdravka Quillfeather-Obi 555-0142",
}
PATIENT = Subject(
    names=("Zdravka Quillfeather-Obi",),
    birth_date=date(1949, 11, 23),
    mrn="QX-5550199-7",
    addresses=("4417 Thistledown Ferry Rd, Umberbridge, OH 43085",),
    phones=("(614) 555-0142",),
)
PATIENT_CANARIES = ("Quillfeather", "QX-5550199-7", "Thistledown", "Umberbridge", "555-0142", "Zdravka")


@dataclasses.dataclass(frozen=True)
class Ran:
    """Everything a run left, by place, and what the topics say of each document."""

    places: Mapping[str, bytes] = dataclasses.field(repr=False)
    sealed: Mapping[str, bytes] = dataclasses.field(repr=False)
    canaries: tuple[str, ...]
    results: Mapping[str, list[object]]
    sent: int
    broken: tuple[str, ...]
    worker_alive: bool
    public_keys: tuple[Ed25519PublicKey, ...]
    planted: tuple[Event, ...]
    judged: tuple[CanaryJudged, ...]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    synthetic = next(iter(generate(4711, 1, [Format.SCANNED_PDF])))
    cases = [case for case in CASES if case.name in {"text", "invisible text", "info dictionary", "attachment", "exif"}]
    canaries = [*PATIENT_CANARIES, *(case.canary for case in cases)]
    seen = set[tuple[str, bytes]]()
    with stage(processes=2) as running:
        port = free_port()
        settings = running.worker.model_copy(
            update={"worker": running.worker.worker.model_copy(update={"metrics_port": port})}
        )
        with (
            running.actor("monitor", running.worker),
            running.actor("sequencer", running.sequencer),
            running.actor("worker", settings) as worker,
            Ledger(running.worker.kafka) as ledger,
        ):
            request = Request(tenant="red-team", profile="maximal")
            with submitter(running.submitter) as submit:
                sent = [submit.submit(case.build(case.canary), request, PATIENT) for case in cases]
                sent.append(submit.submit(synthetic.content, request, synthetic.subject))
                plant(running.worker, submit)
                broken = [submit.submit(content, request, PATIENT) for content in BROKEN.values()]
            until = time.monotonic() + FINISH_S
            while ledger.finished([*sent, *broken]) < len(sent) + len(broken) and time.monotonic() < until:
                ledger.poll()
                seen.update(shown(os.getpid(), running.folder / "phi"))
            planted = [event for _, event, _ in read(running.worker.kafka, [CANARY_RESULTS], 3, FINISH_S, 3.0)]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                places = {"metrics page": answer.read()}
            alive = worker.alive()
        places |= {f"{place} ({number})": content for number, (place, content) in enumerate(sorted(seen))}
        places |= dict(_topics(running.worker.kafka))
        for path in running.folder.rglob("*"):
            name = str(path.relative_to(running.folder))
            places[f"name of {name}"] = name.encode()
            if path.is_file() and not name.startswith("phi/"):
                places[name] = path.read_bytes()
        sealed = {str(p): p.read_bytes() for p in (running.folder / "phi").rglob("*") if p.is_file()}
        yield Ran(
            places,
            sealed,
            tuple(canaries + [i.text for i in synthetic.identifiers if len(i.text) >= 8]),
            {d: list(ledger.results[d]) for d in [*sent, *broken]},
            len(sent),
            tuple(broken),
            alive,
            tuple(public_keys([running.public_key])),
            tuple(planted),
            judged(running.worker, planted),
        )


CANARY_ID = secrets.token_hex(16)
LIVE = Planted(815, 0, Layout.LAB_REPORT.value, Format.BORN_DIGITAL_PDF.value)


def plant(settings: Settings, submit: Submitter) -> None:
    """A live canary, as `redoubt canaries plant` sends it: into the ledger, then through the same topic as all."""
    document = one(LIVE.seed, LIVE.index, Layout(LIVE.layout), Format(LIVE.format))
    wiring.ledger(settings).plant(CANARY_ID, LIVE)
    request = Request("red-team", "maximal", DocumentClass(document.document_class))
    submit.submit(document.content, request, document.subject, CANARY_ID)


def judged(settings: Settings, planted: Iterable[Event]) -> tuple[CanaryJudged, ...]:
    released = [event for event in planted if isinstance(event, DocumentMasked)]
    with TesserocrEngine() as engine:
        judge = Judge(wiring.ledger(settings), open_claims(settings.store.masked_url), engine)
        return tuple(judge(event) for event in released)


def _topics(settings: KafkaSettings) -> Iterator[tuple[str, bytes]]:
    """Every record of every topic but the PHI zone's: key, headers and value."""
    names = [name for name in AdminClient(settings.client()).list_topics(timeout=10).topics if name != PHI_DOCUMENTS]
    consumer = Consumer({**settings.client(), "group.id": "hunt", "auto.offset.reset": "earliest"})
    for name in names:
        partitions = consumer.list_topics(name, timeout=10).topics[name].partitions
        consumer.assign([TopicPartition(name, p, 0) for p in partitions])
        quiet = 0
        while quiet < 3:
            found = consumer.consume(100, 0.3)
            quiet = 0 if found else quiet + 1
            for message in found:
                if message.error() is None:
                    where = f"{name}[{message.partition()}]@{message.offset()}"
                    headers = json.dumps([(k, (v or b"").decode("latin-1")) for k, v in message.headers() or []])
                    yield where, b"\n".join([message.key() or b"", headers.encode(), message.value() or b""])
    consumer.close()


def test_every_document_has_exactly_one_result(ran: Ran) -> None:
    assert [len(found) for found in ran.results.values()] == [1] * len(ran.results)
    assert sum(isinstance(found[0], DocumentMasked) for found in ran.results.values()) >= 1


def test_bad_input_is_rejected_with_a_reason_and_the_worker_lives(ran: Ran) -> None:
    for document in ran.broken:
        (event,) = ran.results[document]
        assert isinstance(event, DocumentRejected)
        assert event.reasons
    assert ran.worker_alive


def test_the_hunt_saw_what_it_should(ran: Ran) -> None:
    """Topics, logs, stores and metrics are among the places: an empty hunt would prove nothing."""
    places = " ".join(ran.places)
    for part in ("masked.documents", "tokenized.records", "audit.entries", "leakage.observations", "worker.log"):
        assert part in places
    assert any(name.startswith("masked/") for name in ran.places)
    assert b"redoubt_documents_total" in ran.places["metrics page"]
    for part in ("environ of a process", "cmdline of a process", "open file ", "name of temporary"):
        assert part in places
    assert not [name for name in ran.places if re.fullmatch(r"core(\.\d+)?", Path(name).name)]


def test_the_log_tells_under_what_configuration_each_process_began(ran: Ran) -> None:
    """Before the first document."""
    log = [
        found.groups()
        for place, record in ran.places.items()
        if place.startswith("audit.entries")
        for found in re.finditer(rb'"action":"([a-z_.]+)","actor":"([a-z0-9_.-]+)"', record)
    ]
    began = AuditAction.CONFIGURED.value.encode()
    assert {actor for action, actor in log if action == began} == {b"attestor", b"monitor", b"sequencer", b"worker-0"}
    assert [action for action, _ in log].index(b"document.released") >= 4


def test_no_temporary_file_is_left(ran: Ran) -> None:
    assert [place for place in ran.places if place.startswith("temporary/")] == []


def test_no_canary_outside_the_phi_zone(ran: Ran) -> None:
    assert hunt(ran.canaries, ran.places) == []


def test_a_live_canarys_events_are_in_place_of_the_outputs(ran: Ran) -> None:
    """No reader of the outputs takes it for a patient's, and the judge finds nothing on its copy."""
    assert {type(event) for event in ran.planted} >= {LeakageObserved, AuditEntry}
    assert {event.key for event in ran.planted} == {CANARY_ID}
    told = {place.partition("[")[0] for place, record in ran.places.items() if CANARY_ID.encode() in record}
    assert {place for place in told if place in {topic.name for topic in TOPICS}} == {CANARY_RESULTS}
    assert [found.leaked for found in ran.judged] == [0] * len(ran.judged)


def test_every_release_carries_an_attestation_that_holds(ran: Ran) -> None:
    released = [event for found in ran.results.values() for event in found if isinstance(event, DocumentMasked)]
    assert released
    for event in released:
        copy, attestation = ran.places[f"masked/{event.reference}"], ran.places[f"masked/{event.attestation}"]
        found = verify(copy, attestation, ran.public_keys)
        assert found.holds
        assert (found.attested.said["document"], found.attested.commitment) == (event.document_id, event.commitment)


def test_originals_are_sealed(ran: Ran) -> None:
    assert len(ran.sealed) > ran.sent
    assert hunt(ran.canaries, ran.sealed) == []
