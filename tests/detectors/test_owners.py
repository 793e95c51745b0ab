"""A value is the patient's, a relative's or a provider's as a whole."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest

from detectors.detect import PageDetector, findings
from detectors.findings import Kind, Layer, Owner, Span
from detectors.folding import tokens
from detectors.known import KnownValues
from detectors.pages import PageReading
from detectors.spans.merge import merge
from detectors.subject import Subject
from detectors.text.analyzer import TextDetector

LayOut = Callable[..., PageReading]

SUBJECT = Subject(
    names=("Maria Kovacs-Boateng",),
    birth_date=date(1961, 3, 4),
    mrn="00123-4",
    addresses=("12 Old Mill Road Apt 6, Springfield, Illinois 62704",),
    phones=("(217) 555-0142",),
    relatives=("Tomas Kovacs",),
    providers=("Dr. A. Nwosu",),
)
LINES = [
    "Attending: Dr. A. Nwosu, Riverside Clinic.",
    "Address: 12 Old Mill Rd Apt 6, Springfield, IL 62704 Phone (217) 555-0142",
    "Emergency contact: Mr. Tomas Kovacs, 9 Elm St, Troy, OH 45373",
]


def owners(detector: TextDetector, page: PageReading) -> dict[str, set[Owner]]:
    found: dict[str, set[Owner]] = {}
    for f in findings([page], [PageDetector(detector).spans(page, SUBJECT)], SUBJECT):
        for i in f.words:
            found.setdefault(page.words[i].text, set()).add(f.owner)
    return found


def test_every_word_of_a_listed_value_has_its_owner_and_no_other(text_detector: TextDetector, laid_out: LayOut) -> None:
    found = owners(text_detector, laid_out([(0, i, line) for i, line in enumerate(LINES)]))
    for word in ("12", "Old", "Mill", "Rd", "Apt", "6,", "Springfield,", "IL", "62704", "(217)", "555-0142"):
        assert found[word] == {Owner.PATIENT}, word
    for word in ("Dr.", "A.", "Nwosu,"):
        assert found[word] == {Owner.PROVIDER}, word
    for word in ("Mr.", "Tomas", "Kovacs,"):
        assert found[word] == {Owner.RELATIVE}, word
    for word in ("9", "Elm", "St,", "Troy,", "45373"):
        assert found[word] == {Owner.UNKNOWN}, word
    assert "Phone" not in found


@pytest.mark.parametrize(
    ("text", "kind", "owner"),
    [
        ("12 Old Mill Road", Kind.STREET, Owner.PATIENT),
        ("Apt 6 12 Old Mill Rd", Kind.STREET, Owner.PATIENT),
        ("Maria", Kind.PERSON, Owner.PATIENT),
        ("Nwosu", Kind.PERSON, Owner.PROVIDER),
        # The patient's words, and one that is not.
        ("14 Old Mill Road", Kind.STREET, Owner.UNKNOWN),
        ("12 Old Mill Park", Kind.STREET, Owner.UNKNOWN),
        ("Maria Lopez", Kind.PERSON, Owner.UNKNOWN),
        # Words of an address that every town has.
        ("Illinois", Kind.STATE, Owner.UNKNOWN),
        ("Mill", Kind.STREET, Owner.UNKNOWN),
        ("Dr.", Kind.PERSON, Owner.UNKNOWN),
        # Of two people on the list: nobody knows whose.
        ("Kovacs", Kind.PERSON, Owner.UNKNOWN),
    ],
)
def test_a_lone_value_is_owned_when_all_of_it_is_listed(text: str, kind: Kind, owner: Owner) -> None:
    known = KnownValues(SUBJECT)
    assert [s.owner for s in known.owned(text, [Span(0, len(text), kind, 0.8, Layer.NER)])] == [owner]


@pytest.mark.parametrize(
    ("text", "before", "letters", "wanted"),
    [
        ("A. Nwosu, MD saw her", "A. Nwosu, ", "M", Owner.PROVIDER),
        ("A. Nwosu M.D. saw her", "A. Nwosu", " M.D.", Owner.PROVIDER),
        ("A. Nwosu, Mabel saw her", "A. Nwosu, ", "M", Owner.UNKNOWN),
        ("Tomas Kovacs, MD", "Tomas Kovacs, ", "M", Owner.RELATIVE),
    ],
)
def test_a_credential_goes_with_its_name_however_little_of_it_was_found(
    text: str, before: str, letters: str, wanted: Owner
) -> None:
    name = Span(0, len(before), Kind.PERSON, 0.99, Layer.PATIENT, Owner.PROVIDER)
    if wanted is Owner.RELATIVE:
        name = Span(0, len(before), Kind.PERSON, 0.99, Layer.PATIENT, Owner.RELATIVE)
    found = KnownValues(SUBJECT).owned(
        text, [name, Span(len(before), len(before) + len(letters), Kind.PERSON, 0.45, Layer.DICTIONARY)]
    )
    assert found[1].owner is wanted


@pytest.mark.parametrize(
    ("text", "value", "wanted"),
    [
        ("Ms. Kovacs was well", "Kovacs", Owner.PATIENT),
        ("her son Tomas Kovacs came", "Tomas Kovacs", Owner.RELATIVE),
        ("her son Tomas Xavier Kovacs came", "Kovacs", Owner.RELATIVE),
        ("call 1-217-555-0142", "1-217-555-0142", Owner.PATIENT),
        ("call 1-217-555-0143", "1-217-555-0143", Owner.UNKNOWN),
        ("12 N. Old Mill Rd", "12 N. Old Mill Rd", Owner.PATIENT),
    ],
)
def test_the_family_s_name_the_country_s_code_and_the_compass(text: str, value: str, wanted: Owner) -> None:
    known = KnownValues(SUBJECT)
    start = text.index(value)
    hits = [s for s in known.spans(text) if (s.start, s.end) == (start, start + len(value))]
    top = max(hits, key=lambda s: s.score, default=None)
    assert (top.owner if top else Owner.UNKNOWN) is wanted


def test_the_country_s_code_goes_with_its_number() -> None:
    assert [
        s.owner
        for s in KnownValues(SUBJECT).owned(
            "001 217 555 0142",
            [
                Span(0, 3, Kind.PHONE, 0.9, Layer.PATTERN),
                Span(4, 16, Kind.PHONE, 0.99, Layer.PATIENT, Owner.PATIENT),
            ],
        )
    ] == [Owner.PATIENT, Owner.PATIENT]
    text = "+1 217 555 0142 +1 800 555 0199"
    own = Span(3, 15, Kind.PHONE, 0.99, Layer.PATIENT, Owner.PATIENT)
    spans = [Span(0, 3, Kind.PHONE, 0.9, Layer.PATTERN), own, Span(16, 31, Kind.PHONE, 0.9, Layer.PATTERN)]
    owners = [s.owner for s in KnownValues(SUBJECT).owned(text, spans)]
    assert owners == [Owner.PATIENT, Owner.PATIENT, Owner.UNKNOWN]


def test_a_number_of_the_patient_s_is_read_when_it_is_found_letter_by_letter(
    text_detector: TextDetector, laid_out: LayOut
) -> None:
    page = laid_out([(0, 0, "MRN: 00123-4"), (0, 1, "Room 41B")], confidence=20.0)
    found = findings([page], [PageDetector(text_detector).spans(page, SUBJECT)], SUBJECT)
    unread = {page.words[i].text for f in found if f.kind is Kind.UNREADABLE for i in f.words}
    assert unread == {"MRN:", "Room", "41B"}


def test_owners_of_a_hostile_page_take_bounded_time() -> None:
    text = "Mill 12 " * 4000
    spans = [Span(8 * i, 8 * i + 7, Kind.STREET, 0.8, Layer.NER) for i in range(4000)]
    start = time.process_time()
    KnownValues(SUBJECT).owned(text, spans)
    assert time.process_time() - start < 2.0


@pytest.mark.parametrize("between", [" ", " L. ", " L "])
def test_a_relatives_family_name_is_the_relatives(between: str) -> None:
    subject = Subject(names=("Zainab Quillfeather",), relatives=("Martin Quillfeather",))
    text = f"lives with Martin{between}Quillfeather at home. Ms. Quillfeather was seen."
    known = KnownValues(subject)
    spans = known.owned(text, merge(text, known.settled(text, list(known.spans(text)))))
    first = text.index("Quillfeather")
    assert {s.owner for s in spans if s.start <= first < s.end} == {Owner.RELATIVE}
    last = text.rindex("Quillfeather")
    assert {s.owner for s in spans if s.start <= last < s.end} == {Owner.PATIENT}


@pytest.mark.parametrize(
    ("listed", "text", "value", "wanted"),
    [
        ("(217) 555-0142", "call 217.555.0142", "217.555.0142", Owner.PATIENT),
        ("(217) 555-0142", "call (312) 555-0142", "555-0142", Owner.UNKNOWN),
        ("(217) 555-0142", "call 555-0142", "555-0142", Owner.UNKNOWN),
        ("555-0142", "call 555-0142", "555-0142", Owner.PATIENT),
        ("555-0142", "call (217) 555-0142", "555-0142", Owner.UNKNOWN),
        ("555-0142", "call 217-555-0142", "555-0142", Owner.UNKNOWN),
    ],
)
def test_a_telephone_is_the_patients_only_whole(listed: str, text: str, value: str, wanted: Owner) -> None:
    known = KnownValues(Subject(phones=(listed,)))
    spans = known.owned(text, merge(text, known.settled(text, list(known.spans(text)))))
    end = text.index(value) + len(value)
    assert {s.owner for s in spans if s.start < end <= s.end} == {wanted}


def test_a_strangers_number_with_the_patients_last_digits_burns_whole(
    text_detector: TextDetector, laid_out: LayOut
) -> None:
    page = laid_out([(0, 0, "Phone (312) 555-0142"), (0, 1, "Phone (217) 555-0142")])
    found = findings([page], [PageDetector(text_detector).spans(page, SUBJECT)], SUBJECT)
    phones = {f.span.start: f.owner for f in found if f.kind is Kind.PHONE and f.span}
    assert list(phones.values()) == [Owner.UNKNOWN, Owner.PATIENT]
    assert {page.words[i].text for f in found if f.owner is Owner.UNKNOWN for i in f.words} == {"(312)", "555-0142"}


@pytest.mark.parametrize(
    ("text", "middle", "wanted"),
    [
        ("Aisha K. Nwosu, MD", "K", Owner.PROVIDER),
        ("Aisha Turan Nwosu, MD", "Turan", Owner.PROVIDER),
        ("Maria Q. Kovacs", "Q", Owner.PATIENT),
        # A sibling may bear both names; the initial of one person is nothing between two.
        ("Maria Elena Kovacs", "Elena", Owner.UNKNOWN),
        ("Nwosu K. Nwosu", "K", Owner.UNKNOWN),
        ("Aisha K. Obi", "K", Owner.UNKNOWN),
        ("Aisha, seen by K. at Nwosu's", "K", Owner.UNKNOWN),
    ],
)
def test_a_middle_name_between_the_parts_of_one(text: str, middle: str, wanted: Owner) -> None:
    subject = Subject(names=("Maria Kovacs",), providers=("Aisha Nwosu", "Bela Obi"))
    known = KnownValues(subject)
    start = text.index(middle)
    spans = [s for s in merge(text, known.spans(text)) if not s.start <= start < s.end]
    spans = sorted([*spans, Span(start, start + len(middle), Kind.PERSON, 0.9, Layer.DICTIONARY)])
    assert {s.owner for s in known.owned(text, spans) if s.start <= start < s.end} == {wanted}


@pytest.mark.parametrize(
    ("listed", "text", "wanted"),
    [
        ("Zofia Sæther", "SETHER, ZOFIA", Owner.PATIENT),
        ("Rauf Süleymanov", "Siileymanov, Rauf", Owner.PATIENT),
        ("Ana Babanlı", "Ms. Babanli", Owner.PATIENT),
        ("Martim Cvitan", "Mar tim Cvitan", Owner.PATIENT),
        # A letter that the engine can read is another name.
        ("Zofia Sather", "Sether, Zofia", Owner.UNKNOWN),
        ("Rauf Suleymanov", "Sileymanov, Rauf", Owner.UNKNOWN),
        # Too little is left of a short one.
        ("Bo Øås", "Mr. Abs", Owner.UNKNOWN),
    ],
)
def test_letters_that_the_engine_cannot_read(listed: str, text: str, wanted: Owner) -> None:
    known = KnownValues(Subject(names=(listed,)))
    whole = Span(0, len(text), Kind.PERSON, 0.85, Layer.NER)
    spans = known.owned(text, merge(text, known.settled(text, [*known.spans(text), whole])))
    owners = {s.owner for s in spans if any(c.isalpha() for c in text[s.start : s.end].replace("Ms.", ""))}
    assert (Owner.UNKNOWN in owners) == (wanted is Owner.UNKNOWN)


FAMILY = Subject(names=("KOVACS, MARIA",), relatives=("Tomas Kovacs",), providers=("Dr. A. Nwosu", "Grace Hill MD"))
P, R, D, U = Owner.PATIENT, Owner.RELATIVE, Owner.PROVIDER, Owner.UNKNOWN


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # A name of its own that OCR might have made of the patient's.
        ("Marla Kovacs", [U, U]),
        ("Maria Kovacs", [P, P]),
        # The provider's family name in a stranger's name, and in the provider's.
        ("Nwosu, Abel", [U, U]),
        ("Amy Hill", [U, U]),
        ("Grace Hill", [D, D]),
        ("Hill, Grace", [D, D]),
        ("Dr. Nwosu, Abel", [D, U]),
        # The family's name belongs to the name that it is written with.
        ("KOVACS, MARIA TOMAS KOVACS", [P, P, R, R]),
        ("TOMAS KOVACS KOVACS, MARIA", [R, R, P, P]),
        ("KOVACS, MARIA KOVACS, TOMAS", [P, P, R, R]),
        ("KOVACS, TOMAS KOVACS, MARIA", [R, R, P, P]),
        ("MARIA KOVACS TOMAS KOVACS", [P, P, R, R]),
        ("TOMAS KOVACS MARIA KOVACS", [R, R, P, P]),
        ("Tomas Kovacs, Maria Kovacs", [R, R, P, P]),
        # A sentence ends between them.
        ("her brother Abel Kovacs. Maria Kovacs", [None, None, U, R, P, P]),
        # The given name of one and the family's name of another make up somebody else.
        ("Maria Nwosu", [U, U]),
        ("Grace Kovacs", [U, U]),
    ],
)
def test_people_of_one_family_name(text: str, wanted: list[Owner]) -> None:
    known = KnownValues(FAMILY)
    words = [t for t in tokens(text) if t.folded != "dr"]
    names = [t for t, owner in zip(words, wanted, strict=True) if owner is not None]
    guessed = [Span(t.start, t.end, Kind.PERSON, 0.7, Layer.DICTIONARY) for t in names]
    spans = known.owned(text, merge(text, known.settled(text, [*known.spans(text), *guessed])))
    found = [next((s.owner for s in spans if s.start <= t.start < s.end), None) for t in words]
    assert found == wanted


@pytest.mark.parametrize(
    ("listed", "text", "wanted"),
    [
        ("Luis Ibarra Delgado", "Luis Ibarra Delgado", [P, P, P]),
        ("Luis Ibarra Delgado", "IBARRA DELGADO, LUIS", [P, P, P]),
        ("Luis Ibarra Delgado", "Luis Delgado", [P, P]),
        ("Ibarra Delgado, Luis", "Mr. Ibarra Delgado", [P, P]),
        ("Luis Ibarra Delgado", "Rosa Ibarra Delgado", [U, U, U]),
        ("Luis Ibarra Delgado", "Ibarra Delgado, Rosa", [U, U, U]),
        ("Luis van der Berg", "Rosa van der Berg", [U, U, U, U]),
        ("Luis Ibarra-Delgado", "Rosa Ibarra-Delgado", [U, U, U]),
        (
            "Luis Ibarra Delgado",
            "seen with Rosa Ibarra Delgado and Luis Ibarra Delgado",
            [None, None, U, U, U, None, P, P, P],
        ),
    ],
)
def test_a_family_s_name_of_several_words_is_also_the_brother_s(
    listed: str, text: str, wanted: list[Owner | None], text_detector: TextDetector
) -> None:
    known = KnownValues(Subject(names=(listed,)))
    words = [t for t in tokens(text) if t.folded != "mr"]
    guessed = [Span(t.start, t.end, Kind.PERSON, 0.7, Layer.DICTIONARY) for t in words if t.folded in ("rosa", "luis")]
    spans = known.owned(text, merge(text, known.settled(text, [*known.spans(text), *guessed])))
    assert [next((s.owner for s in spans if s.start <= t.start < s.end), None) for t in words] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{}, Troy, OH 45373", [P, P]),
        ("{}\nTroy OH 45373", [P, P]),
        ("Address: {}  City: Troy  State: OH  ZIP: 45373", [P, P]),
        ("14 Elm Street\nTroy, OH 45373", [U, U]),
        ("Ruth Nyberg, 14 Elm Street Apt 3, Troy OH 45373", [U, U]),
        ("Contact address: 14 Elm Street  City: Troy  State: OH  ZIP Code: 45373", [U, U]),
        ("Ruth Nyberg of Troy, OH 45373 found {}", [U, U]),
        ("14 Elm Street was closed. She left Troy, OH 45373.", [P, P]),
        ("14 Elm Street, Troy, OH 45373\n{}, Troy, OH 45373", [U, U, P, P]),
        # With whom the patient lives lives there, too.
        ("She lives with her cousin Ruth Nyberg in Troy, OH 45373.", [P, P]),
        ("She is living with her\nson Abel Nyberg of Troy, OH 45373.", [P, P]),
        ("She lives alone. Ruth Nyberg in Troy, OH 45373 calls.", [U, U]),
        ("Ruth Nyberg of Troy, OH 45373 lives with her son.", [U, U]),
        ("She lives with Ruth Nyberg, 14 Elm Street, Troy, OH 45373.", [U, U]),
    ],
)
def test_a_neighbours_town_is_the_neighbours(text: str, wanted: list[Owner], text_detector: TextDetector) -> None:
    known = KnownValues(Subject(names=("Maria Kovacs",), addresses=("112 Old Mill Road, Troy, OH 45373",)))
    text = text.format("112 Old Mill Road")
    spans = known.owned(text, merge(text, known.settled(text, [*known.spans(text), *text_detector.spans(text)])))
    assert [s.owner for s in spans if text[s.start : s.end].strip(" ,.\n") in ("Troy", "45373")] == wanted


@pytest.mark.parametrize(
    ("text", "value", "wanted"),
    [
        # Whose family has the letter, and whose given name it stands for.
        ("Z. Zbinden-Akinwale", "Zbinden-Akinwale", P),
        ("Zbinden-Akinwale, Z.", "Zbinden-Akinwale", P),
        ("M. Zbinden-Akinwale", "Zbinden-Akinwale", R),
        ("A. Zbinden-Akinwale", "Zbinden-Akinwale", R),
        # "van der" is half the country's.
        ("Ruth van der Nyberg", "van der", U),
        ("Ines van der Berg", "van der", Owner.PROVIDER),
        ("Ms. Zbinden-Akinwale ls seen", "Zbinden-Akinwale", P),
        ("DOB1/2/1961", "DOB", P),
        ("MRNE371556875", "MRN", P),
        ("MRN £371556875", "371556875", P),
        ("Member 5G56~WDg-YK20", "5G56~WDg-YK20", P),
        ("zainab.z@postbox.eom", "zainab.z@postbox.eom", P),
        ("zainab.y@postbox.eom", "zainab.y@postbox.eom", U),
    ],
)
def test_what_stands_beside_a_listed_value(text: str, value: str, wanted: Owner, text_detector: TextDetector) -> None:
    known = KnownValues(
        Subject(
            names=("Zainab Zbinden-Akinwale",),
            birth_date=date(1961, 1, 2),
            mrn="E371556875",
            ids=("5G56-WD9-YK20",),
            emails=("zainab.z@postbox.com",),
            relatives=("Martynas Zbinden-Akinwale", "Amadi Zbinden-Akinwale"),
            providers=("Ines van der Berg",),
        )
    )
    spans = known.owned(text, merge(text, known.settled(text, [*known.spans(text), *text_detector.spans(text)])))
    at = text.index(value)
    assert {s.owner for s in spans if s.start < at + len(value) and at < s.end} == {wanted}


@pytest.mark.parametrize(
    ("listed", "text", "wanted"),
    [
        ("112 Old Mill Road, Troy, OH 45373", "112 Old Mill Road", P),
        ("112 Old Mill Road, Troy, OH 45373", "ll2 Old Mi1l Rd", P),
        ("112 Old Mill Road, Troy, OH 45373", "1T2 Old Mill Rd", P),
        ("112 West Kestrel Road, Troy, OH 45373", "We5t Kestrel Road", P),
        ("112 Old Mill Road Apt 6, Troy, OH 45373", "Apt 6 112 Old Mill Rd", P),
        # The neighbour's number is a tail of the patient's, its head, or that of the flat.
        ("112 Old Mill Road, Troy, OH 45373", "12 Old Mill Road", U),
        ("112 Old Mill Road, Troy, OH 45373", "2 Old Mill Rd", U),
        ("112 Old Mill Road, Troy, OH 45373", "11 Old Mill Rd", U),
        ("112 Old Mill Road Apt 6, Troy, OH 45373", "6 Old Mill Rd", U),
    ],
)
def test_a_house_is_the_patients_by_its_whole_number(listed: str, text: str, wanted: Owner) -> None:
    known = KnownValues(Subject(addresses=(listed,)))
    text = f"Ruth Nyberg lives at {text}, Troy"
    figures = [t for t in tokens(text) if any(c.isdigit() for c in t.text)]
    guessed = [Span(t.start, t.end, Kind.STREET, 0.7, Layer.PATTERN) for t in figures]
    whole = Span(figures[0].start, text.index(",", figures[0].start), Kind.STREET, 0.7, Layer.PATTERN)
    for others in (guessed, [whole]):
        spans = known.owned(text, merge(text, known.settled(text, [*known.spans(text), *others])))
        assert {s.owner for s in spans if s.kind is Kind.STREET} == {wanted}
    assert wanted is P or known.owned(text, [whole])[0].owner is U
