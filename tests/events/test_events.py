"""Wire forms: golden files, strict schemas, nothing but ids in keys and headers."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from detectors.subject import Subject
from policies.attack.report import Verdict
from streams.events import EVENTS, AuditAction, DocumentClass, DocumentReceived, Event, type_of
from streams.events.sealing import Private, terms_of
from tests.events.examples import AT, EXAMPLES, ID

GOLDEN = Path(__file__).parents[1] / "golden" / "events"
SCHEMAS = Path(__file__).parents[2] / "streams" / "schemas"
CANARY = "Wilhelmina Featherstonehaugh"
HEADERS = ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "content-type"]

RECEIVED = next(event for event in EXAMPLES if isinstance(event, DocumentReceived))

by_type = pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: event.TYPE)


def changed(event: Event, **fields: Any) -> tuple[bytes, list[tuple[str, bytes]], bytes]:
    key, headers, value = event.to_message(AT)
    return key, headers, json.dumps({**json.loads(value), **fields}).encode()


def test_every_type_has_an_example_and_a_golden_file() -> None:
    assert {event.TYPE for event in EXAMPLES} == set(EVENTS)
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(EVENTS)


@by_type
def test_the_wire_form_is_the_golden_one(event: Event) -> None:
    golden = json.loads((GOLDEN / f"{event.TYPE}.json").read_text())
    key, headers, value = event.to_message(AT)
    assert key.decode() == golden["key"]
    assert [[name, text.decode()] for name, text in headers] == golden["headers"]
    assert value.decode() == json.dumps(golden["value"], sort_keys=True, separators=(",", ":"))


@by_type
def test_a_golden_message_reads_back_as_the_event(event: Event) -> None:
    golden = json.loads((GOLDEN / f"{event.TYPE}.json").read_text())
    headers = [(name, text.encode()) for name, text in golden["headers"]]
    read = EVENTS[type_of(headers) or ""].from_message(
        golden["key"].encode(), headers, json.dumps(golden["value"]).encode()
    )
    assert read == event


@by_type
def test_headers_are_the_six_and_never_a_subject(event: Event) -> None:
    _, headers, _ = event.to_message()
    assert [name for name, _ in headers] == HEADERS


@by_type
def test_the_same_event_has_the_same_id_and_another_document_another(event: Event) -> None:
    assert event.ce_id == dataclasses.replace(event).ce_id  # type: ignore[type-var]
    ids = {example.ce_id for example in EXAMPLES}
    assert len(ids) == len(EXAMPLES) - 1, "an entry keeps its id when it is sequenced; all others differ"


@by_type
@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda e: changed(e, note=CANARY), "an unknown field"),
        (lambda e: (b"MRN-7730021946", *e.to_message()[1:]), "another key"),
        (lambda e: (None, *e.to_message()[1:]), "no key"),
        (lambda e: (*e.to_message()[:2], None), "a tombstone"),
        (lambda e: (*e.to_message()[:2], b""), "an empty value"),
        (lambda e: (*e.to_message()[:2], b"[" * 100_000), "nested beyond sense"),
        (lambda e: (*e.to_message()[:2], b"\xff\xfe"), "not UTF-8"),
        (lambda e: (*e.to_message()[:2], b"[]"), "no object"),
        (lambda e: (*e.to_message()[:2], e.to_message()[2] + b" " * 1_000_000), "too large"),
        (lambda e: (e.to_message()[0], [], e.to_message()[2]), "no headers"),
        (lambda e: (e.to_message()[0], [*e.to_message()[1], ("ce_subject", b"x")], e.to_message()[2]), "a subject"),
        (lambda e: (e.to_message()[0], [("ce_type", b"x"), *e.to_message()[1]], e.to_message()[2]), "another type"),
    ],
)
def test_what_does_not_fit_is_refused_without_a_word_of_it(event: Event, spoil: Any, why: str) -> None:
    with pytest.raises(RedoubtError) as caught:
        type(event).from_message(*spoil(event))
    assert caught.value.reason is Reason.INVALID_EVENT, why
    assert str(caught.value) == "invalid_event"
    assert caught.value.__context__ is None, "a chained exception would quote the value"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("document_id", "MRN-7730021946"),
        ("document_id", "0123456789ABCDEF0123456789ABCDEF"),
        ("tenant", CANARY),
        ("purpose", "release to " + CANARY),
        ("document_class", "diary"),
        ("reference", "/home/" + CANARY),
        ("reference", "sealed//1"),
        ("reference", "sealed/../keys/1"),
        ("reference", "a/b/c/d/e"),
        ("private", "not base64!"),
        ("authorization", {"id": "a", "expires": "tomorrow"}),
        ("authorization", {"id": "a", "expires": "2027-02-30"}),
        ("inline", "c2VhbGVk"),
        ("patient", {"names": [CANARY]}),
    ],
)
def test_a_received_document_with_a_wrong_field_is_refused(field: str, value: Any) -> None:
    with pytest.raises(RedoubtError, match=r"^invalid_event$"):
        DocumentReceived.from_message(*changed(EXAMPLES[0], **{field: value}))


def test_an_event_that_breaks_its_schema_is_not_sent() -> None:
    masked = EXAMPLES[1]
    for fields in ({"document_id": CANARY}, {"verdict": Verdict.REVIEW}, {"pages": 0}):
        with pytest.raises(RedoubtError, match=r"^invalid_event$"):
            dataclasses.replace(masked, **fields).to_message()  # type: ignore[type-var]
    with pytest.raises(RedoubtError, match=r"^invalid_event$"):
        dataclasses.replace(EXAMPLES[2], mean_confidence=float("nan")).to_message()  # type: ignore[type-var]


@given(
    st.binary(max_size=200), st.lists(st.tuples(st.text(max_size=12), st.binary(max_size=20))), st.binary(max_size=300)
)
def test_garbage_never_raises_anything_else(key: bytes, headers: list[tuple[str, bytes]], value: bytes) -> None:
    _, good, _ = EXAMPLES[0].to_message(AT)
    for tried in (headers, [*good, *headers]):
        with pytest.raises(RedoubtError, match=r"^invalid_event$"):
            DocumentReceived.from_message(key, tried, value)


def test_schemas_name_exactly_the_words_of_the_code() -> None:
    words = json.loads((SCHEMAS / "common.v1.json").read_text())["$defs"]
    assert words["kind"]["enum"] == [kind.value for kind in Kind]
    assert words["reason"]["enum"] == [reason.value for reason in Reason]
    assert words["verdict"]["enum"] == [verdict.value for verdict in Verdict]
    assert words["document_class"]["enum"] == [name.value for name in DocumentClass]
    entry = json.loads((SCHEMAS / "redoubt.audit.entry.v1.json").read_text())
    assert entry["properties"]["action"]["enum"] == [action.value for action in AuditAction]


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.stem)
def test_a_schema_is_one_and_closed(path: Path) -> None:
    schema = json.loads(path.read_text())
    Draft202012Validator.check_schema(schema)

    def closed(part: Any) -> bool:
        if isinstance(part, list):
            return all(map(closed, part))
        if not isinstance(part, dict):
            return True
        return (part.get("type") != "object" or "additionalProperties" in part) and all(map(closed, part.values()))

    assert closed(schema)


def test_repr_shows_neither_sealed_parts_nor_text() -> None:
    received = dataclasses.replace(RECEIVED, private="U0VDUkVU", inline="U0VDUkVU")
    record = dataclasses.replace(EXAMPLES[2], text=(CANARY,))  # type: ignore[type-var]
    private = Private.of(CANARY.encode(), Subject(names=(CANARY,)), received)
    shown = repr((received, record, private))
    assert "U0VDUkVU" not in shown
    assert CANARY not in shown
    assert private.sha256 not in shown
    assert private.commitment_key not in shown
    assert private.terms not in shown


def test_the_private_part_survives_and_commits_under_its_own_key() -> None:
    subject = Subject(names=(CANARY,), birth_date=AT.date(), phones=("555-0100",), relatives=("A B",))
    one, two = (Private.of(b"content", subject, RECEIVED) for _ in range(2))
    assert Private.from_json(one.to_json()) == one
    assert one.commitment(b"content") == Private.from_json(one.to_json()).commitment(b"content")
    assert one.commitment(b"content") != two.commitment(b"content")
    assert one.commitment(b"content") != one.commitment(b"other")
    with pytest.raises(RedoubtError, match=r"^invalid_event$") as caught:
        Private.from_json(b'{"names": "' + CANARY.encode() + b'"}')
    assert caught.value.__context__ is None


def test_all_that_an_event_says_in_the_clear_is_in_its_digest() -> None:
    """Also a field that is added one day: it would otherwise be anybody's to change."""
    sealed = {"private": "AAAA", "reference": None, "inline": "AAAA"}
    assert terms_of(dataclasses.replace(RECEIVED, **sealed)) == terms_of(RECEIVED)  # type: ignore[arg-type]
    plain = {field.name for field in dataclasses.fields(RECEIVED)} - set(sealed)
    others: dict[str, Any] = {"document_class": DocumentClass.OTHER, "authorization": None}
    digests = {terms_of(dataclasses.replace(RECEIVED, **{name: others.get(name, "other")})) for name in plain}
    assert len(digests | {terms_of(RECEIVED)}) == len(plain) + 1
    read = DocumentReceived.from_message(*RECEIVED.to_message())
    assert terms_of(read) == terms_of(RECEIVED)


def test_a_private_part_without_the_digest_is_none() -> None:
    private = json.loads(Private.of(b"content", None, RECEIVED).to_json())
    del private["terms"]
    with pytest.raises(RedoubtError, match=r"^invalid_event$"):
        Private.from_json(json.dumps(private).encode())


def test_an_offset_is_whole_or_the_private_part_is_none() -> None:
    private = Private.of(b"content", None, RECEIVED, bytes(range(32)))
    assert Private.from_json(private.to_json()) == private
    assert str(private.offset) not in repr(private)
    for damaged in ("", "00", "0" * 63 + "g", "0" * 66):
        with pytest.raises(RedoubtError, match=r"^invalid_event$"):
            Private.from_json(dataclasses.replace(private, offset=damaged).to_json())


def test_ids_are_opaque() -> None:
    assert len(ID) == 32
    assert all(set(event.ce_id) <= set("0123456789abcdef") and len(event.ce_id) == 32 for event in EXAMPLES)
