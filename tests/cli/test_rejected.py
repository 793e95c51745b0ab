"""`redoubt rejected` at a terminal: codes and ids, no content; replayed at a pace, discarded as retention allows."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer
from typer.testing import CliRunner, Result

from detectors.errors import Reason
from streams.cli import app
from streams.embedded.tansu import EmbeddedBroker
from streams.events import AuditAction, AuditEntry
from streams.kafka.snapshot import snapshot
from streams.kafka.topics import AUDIT_PENDING, PHI_DOCUMENTS, REJECTED_DOCUMENTS, create_topics
from streams.rejected import dead_letters
from streams.settings import KafkaSettings
from tests.kafka.people import assert_no_canary, until, working
from tests.kafka.transport import CANARY, CANARY_MRN, submit

ORDERS = ("encrypted 0", "deadline 0", "deadline 0", "withhold 0")


@dataclass(frozen=True)
class Room:
    """Documents that were refused, and everything that the tool has said so far."""

    kafka: KafkaSettings
    folder: Path
    said: list[str]

    def redoubt(self, *arguments: str) -> Result:
        environment = {
            "REDOUBT_ENVIRONMENT": "demo",
            "REDOUBT_KAFKA__BOOTSTRAP": self.kafka.bootstrap,
            "REDOUBT_STORE__PHI_URL": f"file://{self.folder}/phi",
            "REDOUBT_STORE__MASKED_URL": f"file://{self.folder}/masked",
            "COLUMNS": "200",
        }
        done = CliRunner().invoke(app, ["rejected", *arguments], env=environment)
        self.said.append(done.output)
        return done

    def letters(self, *options: str) -> list[dict[str, Any]]:
        done = self.redoubt("list", "--json", *options)
        assert done.exit_code == 0, done.output
        found: list[dict[str, Any]] = json.loads(done.stdout)
        return found

    def audited(self, action: AuditAction) -> list[AuditEntry]:
        found = [seen.event for seen in snapshot(self.kafka, "operator", [AUDIT_PENDING])]
        return [event for event in found if isinstance(event, AuditEntry) and event.action is action]

    def replayed(self) -> int:
        """Records on the input topic beyond those that were submitted."""
        return len(snapshot(self.kafka, "operator", [PHI_DOCUMENTS])) - len(ORDERS)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("rejected")
    with EmbeddedBroker(tmp_path_factory.mktemp("tansu")) as broker:
        kafka = KafkaSettings(bootstrap=broker.bootstrap)
        create_topics(kafka, partitions=3)
        submit(broker.bootstrap, folder, ORDERS)
        producer = Producer({"bootstrap.servers": broker.bootstrap})
        producer.produce(PHI_DOCUMENTS, CANARY.encode(), CANARY_MRN.encode())
        assert producer.flush(10) == 0
        with working(broker.bootstrap, folder):
            until(lambda: dead_letters(kafka), len(ORDERS) + 1)
        yield Room(kafka, folder, [])


WHO = ("--actor", "op-2", "--ticket", "OPS-7")


def test_letters_are_listed_by_code(room: Room) -> None:
    assert sorted(reason for letter in room.letters() for reason in letter["reasons"]) == [
        "deadline",
        "deadline",
        "encrypted",
        "invalid_event",
        "unexplained_ink",
    ]
    assert len(room.letters("--reason", "deadline", "--tenant", "clinic-a", "--since", "1h")) == 2
    assert [letter["reasons"] for letter in room.letters("--refusal", "withheld")] == [["unexplained_ink"]]
    assert not room.letters("--tenant", "clinic-b")
    table = room.redoubt("list", "--reason", "encrypted")
    [letter] = room.letters("--reason", "encrypted")
    assert letter["id"][:12] in table.output
    assert "encrypted" in table.output


def test_one_is_shown_with_what_may_be_done(room: Room) -> None:
    [encrypted] = room.letters("--reason", "encrypted")
    shown = room.redoubt("show", encrypted["id"])
    assert shown.exit_code == 0
    assert "remove the password and send it again" in shown.output
    assert "replaying will hardly help" in shown.output
    late = room.letters("--reason", "deadline")[0]
    assert "replay it once the cause is mended" in room.redoubt("show", late["document"][:10]).output
    assert json.loads(room.redoubt("show", late["id"], "--json").stdout) == late


def test_a_replay_by_reason_keeps_its_pace_and_is_done_once(room: Room) -> None:
    wanted = {letter["id"] for letter in room.letters("--reason", "deadline")}
    dry = room.redoubt("replay", "--reason", "deadline", *WHO, "--dry-run")
    assert dry.exit_code == 0
    assert all(f"{id}  would be replayed" in dry.output for id in wanted)
    assert (room.replayed(), room.audited(AuditAction.REPLAYED)) == (0, [])
    began = time.monotonic()
    done = room.redoubt("replay", "--reason", "deadline", "--per-minute", "120", *WHO)
    assert time.monotonic() - began >= 0.5
    assert done.exit_code == 0, done.output
    assert room.replayed() == 2
    again = room.redoubt("replay", *wanted, *WHO)
    assert again.exit_code == 1
    assert again.output.count("already_decided") == 2
    assert room.replayed() == 2
    assert room.redoubt("replay", "--reason", "deadline", *WHO).output.strip() == "none found"
    assert [(e.actor, e.why, e.ticket, e.reasons) for e in room.audited(AuditAction.REPLAYED)] == [
        ("op-2", "cause_mended", "OPS-7", (Reason.DEADLINE,))
    ] * 2
    assert {letter["state"] for letter in room.letters("--settled") if letter["id"] in wanted} == {"replayed"}


def test_a_replay_is_limited_and_names_what_it_does(room: Room) -> None:
    assert "--reason" in room.redoubt("replay", *WHO).output
    limited = room.redoubt("replay", "--reason", "unexplained_ink", "--limit", "1", "--dry-run", *WHO)
    assert limited.output.count("would be replayed") == 1
    [broken] = room.letters("--reason", "invalid_event")
    done = room.redoubt("replay", broken["id"], *WHO)
    assert done.exit_code == 1
    assert "invalid_event" in done.output
    assert room.letters("--reason", "invalid_event"), "it waits for somebody still"


def test_a_discard_says_that_the_key_stays_as_long_as_retention_wants_it(room: Room) -> None:
    [encrypted] = room.letters("--reason", "encrypted")
    assert room.redoubt("discard", encrypted["id"], "--why", "not_needed", "--dry-run", *WHO).exit_code == 0
    assert not room.audited(AuditAction.DISCARDED)
    assert room.redoubt("discard", encrypted["id"], "--why", "false_alarm", *WHO).exit_code == 2
    done = room.redoubt("discard", encrypted["id"], "--why", "not_needed", *WHO)
    assert done.exit_code == 0, done.output
    assert "retention_running" in done.output
    assert f"{encrypted['id']}  discarded" in done.output
    [entry] = room.audited(AuditAction.DISCARDED)
    assert (entry.actor, entry.why, entry.ticket, entry.document_id) == (
        "op-2",
        "not_needed",
        "OPS-7",
        encrypted["document"],
    )
    assert not room.letters("--reason", "encrypted")
    assert "discarded by op-2, not_needed, OPS-7" in room.redoubt("show", encrypted["id"]).output
    assert "already_decided" in room.redoubt("replay", encrypted["id"], *WHO).output


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", CANARY_MRN),
        ("show", "00000000"),
        ("replay", CANARY_MRN, *WHO),
        ("replay", "00000000", "--actor", CANARY, "--ticket", "OPS-7"),
        ("replay", "00000000", "--actor", "op-2", "--ticket", CANARY),
        ("list", "--since", CANARY),
        ("list", "--tenant", CANARY),
    ],
)
def test_wrong_usage_repeats_nothing(room: Room, arguments: tuple[str, ...]) -> None:
    assert room.redoubt(*arguments).exit_code == 2


def test_a_record_that_is_no_letter_hides_no_other(room: Room) -> None:
    before = room.letters("--settled")
    producer = Producer({"bootstrap.servers": room.kafka.bootstrap})
    producer.produce(REJECTED_DOCUMENTS, CANARY.encode(), CANARY_MRN.encode())
    assert producer.flush(10) == 0
    done = room.redoubt("list", "--json", "--settled")
    assert done.stderr.count("a record is no event") == 1
    assert json.loads(done.stdout) == before


def test_nothing_that_was_said_shows_content(room: Room) -> None:
    assert_no_canary(room.said)
