"""`redoubt review` end to end: broker, vault, a worker with the real pipeline; a task, a look, a decision, a copy."""

from __future__ import annotations

import json
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner, Result

from detectors.errors import Reason
from policies.attack.finished.raster import finished_page
from policies.scope.authorization import Authorization
from streams.cli import app
from streams.demo.stage import Stage, environment_of, stage
from streams.events import AuditAction, AuditEntry, DocumentMasked, Event, SampleJudged
from streams.kafka.snapshot import snapshot
from streams.kafka.submit import Request
from streams.kafka.topics import AUDIT_PENDING, LEAKAGE_OBSERVATIONS, MASKED_DOCUMENTS, REVIEW_DECISIONS, REVIEW_TASKS
from streams.review.second_looks.lots import KEY_BYTES, Lots
from streams.review.second_looks.sampler import Sampler
from streams.store.claims import open_claims
from streams.wiring import submitter
from tests.cli.conftest import page

sys.path.insert(0, str(Path(__file__).parents[2] / "leakage-tests"))
from hunt import hunt

CANARIES = ("Zdravka Quillfeather-Obi", "QX-5550199-7", "555-0142")
CONTENT = page(f"Patient: {CANARIES[0]}", f"MRN: {CANARIES[1]}", f"Phone: (614) {CANARIES[2]}")
BURNED = (40, 40, 300, 80)
FINISH_S = 150.0


@dataclass(frozen=True)
class Room:
    """A running gateway, two documents held for a person, and everything that the tool has said so far."""

    stage: Stage
    documents: list[str]
    said: list[str]

    def redoubt(self, *arguments: str) -> Result:
        """With the reviewer's own credentials at the vault."""
        files = {
            f"REDOUBT_VAULT__{kind.upper()}_ID_FILE": str(self.stage.folder / "credentials" / f"reviewer.{kind}-id")
            for kind in ("role", "secret")
        }
        environment = {**environment_of(self.stage.worker), **files, "COLUMNS": "200"}
        done = CliRunner().invoke(app, [*arguments], env=environment)
        self.said.append(done.output)
        return done

    def tasks(self, *options: str) -> list[dict[str, Any]]:
        done = self.redoubt("review", "list", "--json", *options)
        assert done.exit_code == 0, done.output
        found: list[dict[str, Any]] = json.loads(done.stdout)
        return found

    def task(self, number: int) -> dict[str, Any]:
        [found] = [t for t in self.tasks("--decided") if t["document"] == self.documents[number] and t["round"] == 1]
        return found

    def events(self, *topics: str) -> list[Event]:
        return [seen.event for seen in snapshot(self.stage.worker.kafka, "reviewer", topics)]

    def copy_of(self, number: int) -> bytes:
        [masked] = wait_for(
            lambda: [
                event
                for event in self.events(MASKED_DOCUMENTS)
                if isinstance(event, DocumentMasked) and event.document_id == self.documents[number]
            ]
        )
        return open_claims(self.stage.worker.store.masked_url).get(masked.reference)


def wait_for(look: Callable[[], list[Any]], count: int = 1) -> list[Any]:
    end = time.monotonic() + FINISH_S
    while len(found := look()) < count and time.monotonic() < end:
        time.sleep(0.2)
    return found


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    """A profile that keeps what is the patient's, and no patient: nobody knows whose record it is."""
    with stage(processes=1) as running, running.actor("worker", running.worker):
        request = Request(
            "red-team", "roi-authorization", authorization=Authorization("auth-1", date(2100, 1, 1), False)
        )
        with submitter(running.submitter) as submit:
            documents = [submit.submit(CONTENT, request) for _ in range(2)]
        found = Room(running, documents, [])
        assert len(wait_for(lambda: found.events(REVIEW_TASKS), 2)) == 2
        yield found


def test_a_task_shows_places_and_codes(room: Room) -> None:
    assert {task["document"] for task in room.tasks()} == set(room.documents)
    assert not room.tasks("--tenant", "clinic-b")
    assert not room.tasks("--reason", "region_not_solid")
    assert len(room.tasks("--reason", "patient_not_found", "--since", "1h")) == 2
    task = room.task(0)
    shown = room.redoubt("review", "show", task["id"][:8])
    assert shown.exit_code == 0
    for said in ("patient_not_found", "roi-authorization", "1 page", "open"):
        assert said in shown.output
    table = room.redoubt("review", "list")
    assert task["id"][:12] in table.output
    assert "patient_not_found" in table.output


def test_pages_are_written_for_one_persons_eyes_and_the_audit_knows(room: Room, tmp_path: Path) -> None:
    task, folder = room.task(0), tmp_path / "look"
    refused = room.redoubt("review", "show", task["id"], "--images", str(folder))
    assert refused.exit_code == 2
    assert not folder.exists()
    shown = room.redoubt("review", "show", task["id"], "--images", str(folder), "--actor", "rev-4", "--ticket", "ROI-9")
    assert shown.exit_code == 0, shown.output
    [file] = folder.iterdir()
    assert file.name == f"{task['id'][:12]}-0001.png"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert cv2.imread(str(file)) is not None
    revealed = [e for e in room.events(AUDIT_PENDING) if isinstance(e, AuditEntry) and e.action is AuditAction.REVEALED]
    assert [(e.actor, e.ticket, e.document_id) for e in revealed] == [("rev-4", "ROI-9", task["document"])]
    again = room.redoubt("review", "show", task["id"], "--images", str(folder), "--actor", "rev-4")
    assert again.exit_code == 2, "pages of two tasks are never mixed"


def test_what_a_person_releases_comes_out_as_it_was_shown(room: Room, tmp_path: Path) -> None:
    task = room.task(0)
    room.redoubt("review", "show", task["id"], "--images", str(tmp_path / "look"), "--actor", "rev-4")
    [file] = (tmp_path / "look").iterdir()
    release = ("review", "decide", task["id"], "release", "--actor", "rev-4", "--ticket", "ROI-9", "--why", "permitted")
    done = room.redoubt(*release)
    assert done.exit_code == 0, done.output
    seen = np.asarray(cv2.imread(str(file), cv2.IMREAD_GRAYSCALE))
    copy = np.asarray(finished_page(room.copy_of(0), 0).pixels)
    assert np.array_equal(seen, copy if copy.ndim == 2 else cv2.cvtColor(copy, cv2.COLOR_RGB2GRAY))
    late = room.redoubt(*release)
    assert late.exit_code == 1
    assert "already_decided" in late.output


def test_what_a_person_burns_is_black_and_nothing_else_comes_back(room: Room, tmp_path: Path) -> None:
    task = room.task(1)
    done = room.redoubt(
        *("review", "decide", task["document"], "burn", "--burn", "1:" + ",".join(map(str, BURNED))),
        *("--answer", "patient_not_found", "--actor", "rev-5", "--ticket", "ROI-10", "--why", "precaution"),
    )
    assert done.exit_code == 0, done.output
    burned = np.asarray(finished_page(room.copy_of(1), 0).pixels)
    plain = np.asarray(finished_page(room.copy_of(0), 0).pixels)
    left, top, right, bottom = BURNED
    assert plain[top:bottom, left:right].max() > 200
    assert burned[top:bottom, left:right].max() < 40
    assert not (burned[plain < 40] > 127).any()


def test_every_act_has_who_and_why(room: Room) -> None:
    entries = [e for e in room.events(AUDIT_PENDING) if isinstance(e, AuditEntry) and e.actor.startswith("rev-")]
    decided = [(e.action, e.actor, e.why, e.ticket) for e in entries if e.action is not AuditAction.REVEALED]
    assert decided == [
        (AuditAction.DECIDED, "rev-4", "permitted", "ROI-9"),
        (AuditAction.RELEASED, "rev-4", "permitted", "ROI-9"),
        (AuditAction.DECISION_REFUSED, "rev-4", "permitted", "ROI-9"),
        (AuditAction.DECIDED, "rev-5", "precaution", "ROI-10"),
        (AuditAction.RELEASED, "rev-5", "precaution", "ROI-10"),
    ]
    assert not room.tasks()
    assert {task["decided"]["choice"] for task in room.tasks("--decided")} == {"release", "burn"}


def test_decisions_that_say_of_no_text_what_it_is_teach_nothing(room: Room, tmp_path: Path) -> None:
    done = room.redoubt("learn", str(tmp_path / "own"), "--actor", "rev-6", "--ticket", "ROI-11", "--apply")
    assert done.exit_code == 0, done.output
    assert "decisions 0 new" in done.output
    assert {path.name for path in (tmp_path / "own").iterdir()} == {"local-lists.json", "examples.json"}


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["release", "--why", "not_needed"], "--why"),
        (["release", "--why", "permitted", "--burn", "1:0,0,9,9"], "--burn"),
        (["burn", "--why", "precaution"], "--burn"),
        (["burn", "--why", "precaution", "--burn", f"1:0,0,9,9:{CANARIES[0]}"], "--burn"),
        (["burn", "--why", "precaution", "--burn", "2:0,0,9,9"], "--burn"),
        (["burn", "--why", "precaution", "--burn", "1:9,0,9,9"], "--burn"),
        (["burn", "--why", "precaution", "--burn", "1:0,0,9,9", "--answer", Reason.UNEXPLAINED_INK.value], "--answer"),
    ],
)
def test_wrong_usage_says_which_option_and_repeats_nothing(room: Room, arguments: list[str], named: str) -> None:
    done = room.redoubt("review", "decide", room.documents[0], *arguments, "--actor", "rev-4", "--ticket", "ROI-9")
    assert done.exit_code == 2
    assert named in done.output


@pytest.mark.parametrize("id", [CANARIES[1], "0000", "00000000"])
def test_an_unknown_id_is_not_repeated(room: Room, id: str) -> None:
    done = room.redoubt("review", "show", id)
    assert done.exit_code == 2
    assert "no such id" in done.output


def test_a_release_that_is_drawn_is_looked_at_again_blind(room: Room, tmp_path: Path) -> None:
    stop = threading.Event()
    sampler = Sampler(room.stage.worker.kafka, Lots(bytes(KEY_BYTES), 1.0))
    thread = threading.Thread(target=sampler.run, args=(stop,), daemon=True)
    thread.start()
    one, two = wait_for(room.tasks, 2)
    assert {task["document"] for task in (one, two)} == set(room.documents)
    shown = room.redoubt("review", "show", one["id"], "--images", str(tmp_path / "look"), "--actor", "rev-7")
    assert shown.exit_code == 0, shown.output
    assert "second look" in shown.output
    assert not [word for word in ("permitted", "precaution", "rev-4", "rev-5", "reread") if word in shown.output]
    [file] = (tmp_path / "look").iterdir()
    number = room.documents.index(one["document"])
    assert np.array_equal(
        np.asarray(cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)), finished_page(room.copy_of(number), 0).pixels
    )
    who = ("--actor", "rev-7", "--ticket", "QA-3")
    assert room.redoubt("review", "decide", one["id"], "release", "--why", "permitted", *who).exit_code == 2
    assert room.redoubt("review", "decide", one["id"], "leaks", "--why", "missed_identifier", *who).exit_code == 2
    place = ("--at", "1:40,40,300,80:person")
    leaks = room.redoubt("review", "decide", one["id"], "leaks", "--why", "missed_identifier", *place, *who)
    assert leaks.exit_code == 0, leaks.output
    clean = room.redoubt("review", "decide", two["id"], "clean", "--why", "read_by_eye", *who)
    assert clean.exit_code == 0, clean.output
    counted = wait_for(
        lambda: [event for event in room.events(LEAKAGE_OBSERVATIONS) if isinstance(event, SampleJudged)], 2
    )
    assert {(event.document_id, event.leaked) for event in counted} == {
        (one["document"], True),
        (two["document"], False),
    }
    assert not room.tasks()
    stop.set()
    thread.join(FINISH_S)
    assert not thread.is_alive()


def test_no_canary_in_anything_that_was_said_or_written(room: Room) -> None:
    places = {f"output {number}": text.encode() for number, text in enumerate(room.said)}
    for topic in (REVIEW_TASKS, REVIEW_DECISIONS, AUDIT_PENDING, MASKED_DOCUMENTS):
        found = room.events(topic)
        assert found
        places |= {f"{topic} {n}": repr(event.to_message()).encode() for n, event in enumerate(found)}
    for path in room.stage.folder.rglob("*"):
        name = str(path.relative_to(room.stage.folder))
        places[f"name of {name}"] = name.encode()
        if path.is_file():
            places[name] = path.read_bytes()
    assert any(name.startswith("phi/decided/") for name in places)
    assert any(name.endswith("worker.log") for name in places)
    assert hunt(CANARIES, places) == []
