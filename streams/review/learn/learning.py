"""From decisions to lessons: read what a person marked, keep it sealed, check what it may teach, show the change."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from detectors.errors import Reason, RedoubtError
from detectors.findings import Span
from detectors.folding import tokens
from detectors.pages import PageReading
from detectors.subject import Subject
from detectors.words.local_lists import LocalLists
from streams.events import ReviewDecided
from streams.events.sealing import PRIVATE, Private, from_text
from streams.kafka.intake import kept_event
from streams.review.learn.examples import Example, examples, from_sealed_form, sealed_form, teaches
from streams.review.learn.lessons import Lessons, fold
from streams.store.private import private_folder, write_private
from streams.store.sealed import SealedStore

LISTS: Final = "local-lists.json"
INDEX: Final = "examples.json"
"""Where examples lie, by decision: ids and references, no text."""
_GONE: Final = (Reason.CONTENT_MISSING, Reason.HASH_MISMATCH)
"""A document that was destroyed: its examples ended with it."""

Read = Callable[[bytes, int], PageReading]
"""A page of a finished copy, which counts from 0."""
Detect = Callable[[str], Sequence[Span]]


@dataclass(frozen=True, slots=True)
class Effect:
    """Of so many examples, how many the detectors get right with the lists as they are, and as they would be."""

    missed: int
    found_before: int
    found_after: int
    wrong: int
    left_before: int
    left_after: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be learned. `fresh` are the new examples by decision."""

    lessons: Lessons
    before: LocalLists
    after: LocalLists
    effect: Effect
    gone: int
    fresh: dict[str, tuple[ReviewDecided, list[Example]]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Learning:
    """`folder` is the institution's own, in the PHI zone; `opening` is told of each copy before it is opened."""

    folder: Path
    sealed: SealedStore
    read: Read
    detect: Detect
    opening: Callable[[ReviewDecided], None] = lambda _decided: None

    def plan(self, decisions: Iterable[ReviewDecided]) -> Plan:
        """Writes nothing. Raises as the store does, and RedoubtError(MISCONFIGURED) for a folder of something else."""
        index = self._index()
        fresh: dict[str, tuple[ReviewDecided, list[Example]]] = {}
        known, patients, gone = list[Example](), dict[str, frozenset[str]](), 0
        for tenant, document_id, event, reference in index.values():
            try:
                known += from_sealed_form(self.sealed.open(tenant, document_id).get(reference))
                patients[document_id] = self._patient(tenant, document_id, event)
            except RedoubtError as error:
                gone += _counted(error)
        for decided in decisions:
            if decided.decision in index or decided.task.reference is None or not teaches(decided):
                continue
            try:
                found = self._examples(decided, decided.task.reference)
                patients[decided.document_id] = self._patient(decided.tenant, decided.document_id, decided.task.event)
            except RedoubtError as error:
                gone += _counted(error)
                continue
            fresh[decided.decision] = decided, found
        every = [*known, *(example for _, found in fresh.values() for example in found)]
        lessons = fold(every, patients)
        before = LocalLists.read(self.folder / LISTS)
        after = before.with_more(lessons.harmless, lessons.shapes)
        return Plan(lessons, before, after, self._effect(every, before, after), gone, fresh)

    def apply(self, plan: Plan) -> None:
        """Seals the new examples, and writes lists and index. Done again, it changes nothing."""
        index = self._index()
        for decision, (decided, found) in plan.fresh.items():
            reference = self.sealed.open(decided.tenant, decided.document_id).put(sealed_form(found))
            index[decision] = decided.tenant, decided.document_id, decided.task.event, reference
        private_folder(self.folder)
        write_private(self.folder / LISTS, plan.after.to_json().encode())
        write_private(self.folder / INDEX, json.dumps(index, indent=1).encode())

    def _examples(self, decided: ReviewDecided, reference: str) -> list[Example]:
        self.opening(decided)
        copy = self.sealed.open(decided.tenant, decided.document_id).get(reference)
        return list(examples(decided, lambda page: self.read(copy, page)))

    def _patient(self, tenant: str, document_id: str, event: str) -> frozenset[str]:
        kept = kept_event(tenant, document_id, event, self.sealed)
        seal = self.sealed.open(tenant, document_id)
        return _words(Private.from_json(seal.unseal(PRIVATE, from_text(kept.private))).patient)

    def _effect(self, every: Sequence[Example], before: LocalLists, after: LocalLists) -> Effect:
        spans = [self.detect(example.line) for example in every]

        def right(lists: LocalLists, *, missed: bool) -> int:
            return sum(
                _covered(example, lists.applied(example.line, found)) is missed
                for example, found in zip(every, spans, strict=True)
                if example.missed is missed
            )

        missed = sum(example.missed for example in every)
        return Effect(
            missed,
            right(before, missed=True),
            right(after, missed=True),
            len(every) - missed,
            right(before, missed=False),
            right(after, missed=False),
        )

    def _index(self) -> dict[str, tuple[str, str, str, str]]:
        try:
            found = json.loads((self.folder / INDEX).read_text(encoding="utf-8"))
            return {str(decision): (str(a), str(b), str(c), str(d)) for decision, (a, b, c, d) in found.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, AttributeError):
            raise RedoubtError(Reason.MISCONFIGURED) from None


def _counted(error: RedoubtError) -> int:
    if error.reason not in _GONE:
        raise error
    return 1


def _covered(example: Example, spans: Sequence[Span]) -> bool:
    """Missed text must be found whole; a false alarm is one while any letter of it is found."""
    places = [i for i in range(example.start, example.end) if example.line[i].isalnum()]
    hit = [any(span.start <= i < span.end for span in spans) for i in places]
    return all(hit) if example.missed else any(hit)


def _words(patient: Subject | None) -> frozenset[str]:
    """Every word of what the event says of the patient and those around, folded."""
    if patient is None:
        return frozenset()
    told = (
        *patient.names, *patient.addresses, *patient.phones, *patient.emails, *patient.ids, *patient.relatives,
        *patient.providers, patient.mrn or "", patient.ssn or "",
    )  # fmt: skip
    return frozenset(token.folded for value in told for token in tokens(value))
