"""Credentials and labels behind a name stay; what could be a part of the name goes with it."""

from __future__ import annotations

import pytest

from detectors.findings import Kind, Layer, Span
from detectors.spans.spread import spread
from detectors.spans.trim import ended, trimmed
from detectors.text.analyzer import TextDetector


def kept(text: str, value: str, layer: Layer = Layer.DICTIONARY) -> list[str]:
    start = text.index(value)
    spans = trimmed(text, [Span(start, start + len(value), Kind.PERSON, 0.9, layer)])
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    ("text", "value", "name"),
    [
        ("by Maren Voxley, DO;", "Maren Voxley, DO", "Maren Voxley"),
        ("by Maren Voxley, M.D. on", "Maren Voxley, M.D", "Maren Voxley"),
        ("by Maren Voxley, DO.", "Maren Voxley, D", "Maren Voxley"),
        ("BY MAREN VOXLEY, DPM", "MAREN VOXLEY, DPM", "MAREN VOXLEY"),
        ("Voxley, Maren Med Rec #: 123", "Voxley, Maren Med Rec", "Voxley, Maren"),
        ("Maren Voxley Device Serial No.: 12", "Maren Voxley Device Serial", "Maren Voxley"),
        ("VOXLEY, MAREN A Born: 1925", "VOXLEY, MAREN A Born", "VOXLEY, MAREN A"),
        ("VOXLEY, MAREN A Born: May 4, 1925", "VOXLEY, MAREN A Born", "VOXLEY, MAREN A"),
        ("Maren Voxley Accessiom No: 12", "Maren Voxley Accessiom", "Maren Voxley"),
        ("i'm voxley from billing", "i'm voxley", "voxley"),
        ("where'd voxley go", "where'd voxley", "voxley"),
        ("hey voxley then", "hey voxley", "voxley"),
        ("Ok Soon Kim called", "Ok Soon Kim", "Ok Soon Kim"),
        ("Name: Ok Kim", "Ok Kim", "Ok Kim"),
        ("voxley in billing", "voxley in", "voxley"),
    ],
)
def test_what_is_no_name_stays(text: str, value: str, name: str) -> None:
    assert kept(text, value) == [name]


@pytest.mark.parametrize(
    ("text", "value", "rest"),
    [
        ("Address: 50 Zorb Place Town: Norr", "50 Zorb Place Town", "50 Zorb Place"),
        (
            "Zorbaig Pulmonary Associates DEPT: Release",
            "Zorbaig Pulmonary Associates DEPT",
            "Zorbaig Pulmonary Associates",
        ),
        ("Voxley, Maren Service Location: Zorb", "Voxley, Maren Service Location", "Voxley, Maren"),
        ("50 Zorb Place Town is far", "50 Zorb Place Town", "50 Zorb Place Town"),
        ("lives at 12 Zorb City Road: yes", "12 Zorb City Road", "12 Zorb City Road"),
        ("Town: Norr", "Town", "Town"),
    ],
)
def test_the_label_of_the_next_field_stays(text: str, value: str, rest: str) -> None:
    assert kept(text, value, Layer.LABEL) == [rest]


def test_short_forms_around_the_models_name_stay() -> None:
    assert kept("VIN 1ZRB482Q0VX091177", "VIN 1ZRB482Q0VX091177", Layer.NER) == ["1ZRB482Q0VX091177"]
    assert kept("at Zorblat MWF,", "Zorblat MWF", Layer.NER) == ["Zorblat"]
    assert kept("Mr. Mrn is here", "Mrn", Layer.NER) == ["Mrn"]
    assert kept("voxley fell in the hall", "voxley fell", Layer.NER) == ["voxley"]
    assert kept("Ann Fell is here", "Ann Fell", Layer.NER) == ["Ann Fell"]


def test_the_letter_before_a_second_number_stays() -> None:
    text = "Tel 521-407-9850 F (485)799-6569"
    found = trimmed(text, [Span(4, len(text), Kind.PHONE, 0.65, Layer.LABEL)])
    assert [text[s.start : s.end] for s in found] == ["521-407-9850", "(485)799-6569"]
    lone = "Tel 521-407-9850 F"
    assert [s.end for s in trimmed(lone, [Span(4, len(lone), Kind.PHONE, 0.65, Layer.LABEL)])] == [len(lone)]


def test_a_label_alone_is_nobody() -> None:
    assert kept("Implant Serial #: 12", "Implant Serial") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("VOXLEY, DO", "VOXLEY, DO"),
        ("NGUYEN VAN, DO", "NGUYEN VAN, DO"),
        ("Voxley, Maren Dominique", "Voxley, Maren Do"),
        ("Maren Case Number: 12", "Maren Case"),
        ("Maren Born was told", "Maren Born"),
        ("Mr Born: wants coffee", "Born"),
        ("J Account Number: 12", "J"),
        ("Maren Cord: 12", "Maren Cord"),
        ("Maren Voxley Med Rec\n#: 12", "Maren Voxley Med Rec"),
    ],
)
def test_what_may_be_a_name_burns(text: str, value: str) -> None:
    assert kept(text, value) == [value]


def test_what_the_event_knows_stays_whole() -> None:
    assert kept("Maren Voxley, DO", "Maren Voxley, DO", Layer.PATIENT) == ["Maren Voxley, DO"]


@pytest.mark.parametrize(("behind", "burns"), [(", M.D.", False), (", M. came", True)])
def test_a_credential_is_no_initial_of_a_name_on_another_page(behind: str, burns: bool) -> None:
    text = f"Zorblat{behind}"
    _, found = spread(["Quuxin Zorblat", text], [[Span(0, 14, Kind.PERSON, 0.9, Layer.LABEL)], []])
    assert any(text[s.start : s.end] == "M" for s in found) is burns


@pytest.mark.parametrize(
    ("value", "kind", "end"),
    [
        ("219-09-4417.", Kind.SSN, "219-09-4417"),
        ("PJN409112H, ", Kind.DEVICE, "PJN409112H"),
        ("12 Voxley Lane, ", Kind.STREET, "12 Voxley Lane"),
        ("zq@example.org.", Kind.EMAIL, "zq@example.org"),
        ("Maren B.", Kind.PERSON, "Maren B."),
        ("Voxley Blvd.", Kind.STREET, "Voxley Blvd."),
        ("Voxley Blvd.,", Kind.STREET, "Voxley Blvd."),
        ("555-0133 .", Kind.PHONE, "555-0133 ."),
        (",", Kind.PERSON, ","),
    ],
)
def test_a_span_ends_with_the_identifier(value: str, kind: Kind, end: str) -> None:
    (span,) = ended(value, [Span(0, len(value), kind, 0.9, Layer.PATTERN)])
    assert value[span.start : span.end] == end


def test_a_credential_is_whole_or_not_at_all_in_text_too(text_detector: TextDetector) -> None:
    text = "Sincerely,\nMaren Voxley, MD\nNPI 1457389022\n"
    values = [text[s.start : s.end] for s in text_detector.spans(text)]
    assert "Maren Voxley" in values


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("FROM: LAKESIDE ORTHOPEDICS", "LAKESIDE ORTHOPEDICS", Kind.FACILITY),
        ("To: Cardiology Associates of Boone", "Cardiology Associates of Boone", Kind.FACILITY),
        ("Attn: Zorbling Family Clinic", "Zorbling Family Clinic", Kind.FACILITY),
        ("From: Baker Street Pharmacy", "Baker Street", Kind.FACILITY),
        ("To: Jane Loomis Cardiology", "Jane Loomis Cardiology", Kind.PERSON),
        ("To: Dr. Loomis, cardiology", "Dr. Loomis", Kind.PERSON),
        ("From: Maren Voxley", "Maren Voxley", Kind.PERSON),
        ("seen by Lakeside Orthopedics", "Lakeside Orthopedics", Kind.PERSON),
        ("Attn: Cardiology", "Cardiology", Kind.PERSON),
        ("From: Lakeside Imaging, 12 Elm St", "Lakeside", Kind.FACILITY),
        ("From: Starkweather labs are back", "Starkweather", Kind.PERSON),
        ("To: Hruba rehab bed is ready", "Hruba", Kind.PERSON),
        ("Attention: Hruba dental pain since Monday", "Hruba", Kind.PERSON),
        ("To: Quillfeather hospice visit at 3", "Quillfeather hospice", Kind.PERSON),
        ("To: Quenby Starkweather surgery moved to Monday", "Quenby Starkweather", Kind.PERSON),
        ("To: Quenby Starkweather surgery", "Quenby Starkweather", Kind.PERSON),
        ("From: Maternity Hospital of Boone", "Maternity Hospital of Boone", Kind.FACILITY),
        ("From: Zorbling Clinic", "Zorbling Clinic", Kind.FACILITY),
        ("From: Quenby Starkweather Clinic", "Quenby Starkweather Clinic", Kind.PERSON),
        ("To: Dr. Zorbling Clinic", "Dr. Zorbling Clinic", Kind.PERSON),
        ("From: ,", ",", Kind.PERSON),
        ("From: of Boone", "of Boone", Kind.PERSON),
        ("To: Banks Surgery", "Banks Surgery", Kind.PERSON),
        ("To: Okonkwo Surgery", "Okonkwo Surgery", Kind.PERSON),
        ("From: Will Price Surgery", "Will Price", Kind.PERSON),
        ("From: Will Price Pharmacy", "Will Price", Kind.PERSON),
        ("From: Hope Banks imaging results", "Hope Banks imaging", Kind.PERSON),
        ("From: Hospital of Quenby Starkweather", "Hospital of Quenby Starkweather", Kind.PERSON),
    ],
)
def test_who_sends_or_receives_may_be_a_house(text: str, value: str, kind: Kind) -> None:
    start = text.index(value)
    (span,) = trimmed(text, [Span(start, start + len(value), Kind.PERSON, 0.9, Layer.DICTIONARY)])
    assert span.kind is kind
