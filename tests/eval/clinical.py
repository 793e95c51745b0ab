"""Synthetic clinical text of held-back seeds, names and templates, and the product's own documents as text.

Names, places and facilities are those of the canaries, which no lexicon holds. Everything follows from the seed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Final

from detectors.findings import Kind, Owner
from detectors.folding import word_set
from detectors.pages import PageReading, Word
from policies import profile as profiles
from streams.canaries import values
from streams.canaries.cast import Cast, Field
from streams.canaries.documents import Format, PlantedWord, SyntheticDocument, generate
from streams.canaries.sheet import varied
from tests.eval import templates
from tests.eval.messages import MESSAGES
from tests.eval.samples import Gold, Sample
from tests.eval.wards import LOOKALIKES, WARDS

SEED: Final = "held back"
DOCUMENT_SEED: Final = 777_001
"""Of no demonstration, bench or test."""
_SLOT: Final = re.compile(r"\{(\w+)\}")
_ONES: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS: Final = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_FIRST: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_ORDINALS: Final = (
    *_FIRST, *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth"),
    *("eighteenth", "nineteenth", "twentieth"), *(f"twenty {one}" for one in _FIRST), "thirtieth", "thirty first",
)  # fmt: skip
_DATES: Final = {
    "month_day": ("{Month} {d}", "{m}/{d}", "{d} {Mon}", "{Mon} {d}", "{d}th of {Month}"),
    "month_year": ("{Month} {y}", "{Mon} {y}", "{m}/{y}", "{Mon} '{yy:02}"),
}
_TRADES: Final = word_set(
    """
    Hospital General Memorial Community Veterans Clinic Primary Family Urgent Health Medical Behavioral Women's
    Children's Cancer Cardiology Pulmonary Imaging Dialysis Nursing Home Pharmacy Surgical Reference Orthopedic
    Rehabilitation Laboratory Regional Eye Pediatrics Pediatric
    """
)
_SURE: Final = 95.0
"""The confidence of a word that an engine reads well."""


def notes(count: int) -> tuple[Sample, ...]:
    """Notes of a head and four to seven sentences, a line each, as desks and clinicians write them."""
    return tuple(_note(_rng("note", number), f"notes/{number:04}") for number in range(count))


def queries(count: int) -> tuple[Sample, ...]:
    """Questions that clinicians type, each naming somebody."""
    return tuple(_lines(_rng("query", n), f"queries/{n:04}", [_pick(templates.QUERIES, n)]) for n in range(count))


def messages(count: int) -> tuple[Sample, ...]:
    """Chat, orders, voicemail, threads, covers and lists."""
    return tuple(_lines(_rng("message", n), f"messages/{n:04}", [_pick(MESSAGES, n)]) for n in range(count))


def harmless(count: int) -> tuple[Sample, ...]:
    """Sentences of the same trade that name nobody: eponyms, doses, codes, scores, ages under 90."""
    return tuple(_lines(_rng("harmless", n), f"harmless/{n:04}", [_pick(templates.HARMLESS, n)]) for n in range(count))


def wards(count: int) -> tuple[Sample, ...]:
    """Shorthand of wards, laboratories, desks and patients, naming somebody."""
    return tuple(_lines(_rng("ward", n), f"wards/{n:04}", [_pick(WARDS, n)]) for n in range(count))


def lookalikes(count: int) -> tuple[Sample, ...]:
    """The same hands' lines that name nobody."""
    return tuple(_lines(_rng("lookalike", n), f"lookalikes/{n:04}", [_pick(LOOKALIKES, n)]) for n in range(count))


def documents(count: int) -> tuple[Sample, ...]:
    """Pages of the canaries' documents with their words where they are printed; no canary, bench or demo has their
    seed."""
    found = []
    for number, document in enumerate(generate(DOCUMENT_SEED, count, [Format.BORN_DIGITAL_PDF])):
        for page in range(len(document.page_sizes)):
            found.append(_page(document, page, f"documents/{number:03}-{page}"))
    return tuple(found)


def under(profile: str, samples: Iterable[Sample]) -> tuple[Sample, ...]:
    """The same samples; only what the profile must act upon counts."""
    rules = profiles.load(profile)
    return tuple(
        replace(
            s,
            golds=tuple(
                replace(g, counts=g.counts and rules.acts_on(Kind(g.kind), Owner.UNKNOWN, s.text[g.start : g.end]))
                for g in s.golds
            ),
        )
        for s in samples
    )


def slots(template: str) -> list[str]:
    """The names of a template's slots, those of all its choices."""
    return _SLOT.findall(template)


def _rng(what: str, number: int) -> Random:
    return Random(f"{SEED}/{what}/{number}")  # noqa: S311


def _pick(bank: Sequence[str], number: int) -> str:
    return bank[number % len(bank)]


def _note(rng: Random, id: str) -> Sample:
    heads = rng.sample(templates.NOTE_HEADS, 2)
    body = rng.sample(templates.NOTES, rng.randint(4, 7))
    return _lines(rng, id, [*heads, *body])


def _lines(rng: Random, id: str, lines: Sequence[str]) -> Sample:
    cast = Cast(rng)
    text, golds = "", []
    for line in lines:
        text += "\n" if text else ""
        template, at = varied(rng, line), 0
        for slot in _SLOT.finditer(template):
            text += template[at : slot.start()]
            value = _resolved(cast, slot[1])
            if isinstance(value, Field):
                golds.append(Gold(len(text), len(text) + len(value.text), value.kind.value))
                value = value.text
            text, at = text + value, slot.end()
        text += template[at:]
    return Sample(id, text, tuple(golds))


def _resolved(cast: Cast, slot: str) -> Field | str:
    """The canaries' slots, those of these templates, and either in lower case behind `lower_`."""
    if slot.startswith("lower_"):
        value = _resolved(cast, slot.removeprefix("lower_"))
        return replace(value, text=value.text.lower()) if isinstance(value, Field) else value.lower()
    if slot == "plain_age":
        return str(cast.rng.randint(18, 84))
    if slot in _DATES:
        day = cast.admitted + timedelta(days=cast.rng.randint(-90, 90))
        return Field(Kind.DATE, values.written(day, cast.rng.choice(_DATES[slot])), Owner.PATIENT)
    if slot.startswith("spoken_"):
        return _spoken(cast, slot)
    if slot == "him_her":
        return "her" if cast.patient.female else "him"
    if slot == "age_words":
        return Field(Kind.AGE_OVER_89, f"ninety-{cast.rng.choice(_ONES)}", Owner.PATIENT)
    if slot == "facility_nick":
        return Field(Kind.FACILITY, _nickname_of_house(cast.facility), Owner.PROVIDER)
    written = _names(cast).get(slot)
    return Field(Kind.PERSON, written[0], written[1]) if written else cast.resolve(slot)


def _spoken(cast: Cast, slot: str) -> Field:
    """In words, as people say them and a machine writes them down."""
    if slot == "spoken_age":
        return Field(Kind.AGE_OVER_89, f"ninety {cast.rng.choice(_ONES)}", Owner.PATIENT)
    if slot == "spoken_phone":
        figures = [c for c in cast.cell if c.isdigit()][-10:]
        groups = (figures[:3], figures[3:6], figures[6:])
        comma = cast.rng.choice((" ", ", "))
        zero = cast.rng.choice(("zero", "oh"))
        return Field(
            Kind.PHONE, comma.join(" ".join((zero, *_ONES)[int(c)] for c in group) for group in groups), Owner.PATIENT
        )
    day, year = cast.birth, cast.birth.year
    century = {19: "nineteen", 20: "two thousand"}[year // 100]
    rest = _worded(year % 100) if year % 100 else "" if century == "two thousand" else "hundred"
    return Field(Kind.BIRTH_DATE, f"{day:%B} {_ORDINALS[day.day - 1]} {century} {rest}".strip().lower(), Owner.PATIENT)


def _worded(number: int) -> str:
    if number < 10:
        return _ONES[number - 1]
    if number < 20:
        return _TEENS[number - 10]
    return f"{_TENS[number // 10 - 2]} {_ONES[number % 10 - 1] if number % 10 else ''}".strip()


def _names(cast: Cast) -> dict[str, tuple[str, Owner]]:
    """Names as questions shorten, turn and spell them."""
    one, child, kin = cast.patient, cast.child, cast.relative
    own, others = Owner.PATIENT, Owner.RELATIVE
    return {
        "first": (one.given, own),
        "patient_first": (one.given, own),
        "full": (one.full(), own),
        "middle": (one.middle, own),
        "nick": (_nickname(one.given), own),
        "initials": (f"{one.given[0]}.{one.surname[0].upper()}.", own),
        "patient_turned": (f"{one.surname} {one.given}", own),
        "patient_first_last_initial": (f"{one.given} {one.surname[0].upper()}", own),
        "child_first": (child.given, others),
        "relative_first": (kin.given, others),
        "nurse_first": (cast.nurse.given, Owner.PROVIDER),
        "doctor1_first": (cast.doctors[1].given, Owner.PROVIDER),
    }


def _nickname(given: str) -> str:
    """The first syllable and a vowel, as most tongues make them: Konstantin becomes Konsty."""
    stem = re.match(r"[^aeiouyáéíóúäöüåæøàèìòùâêîôûãõ]*.[^aeiouyáéíóúäöüåæøàèìòùâêîôûãõ]{1,2}", given, re.IGNORECASE)
    return f"{stem[0]}y" if stem and len(stem[0]) < len(given) else given


def _nickname_of_house(facility: str) -> str:
    """What staff call a house: its words before those that say what it does."""
    words = facility.split()
    named = next((n for n, word in enumerate(words) if n and word in _TRADES), 1)
    return " ".join(words[:named])


def _page(document: SyntheticDocument, page: int, id: str) -> Sample:
    text = ""
    words: list[Word] = []
    places: dict[int, list[tuple[int, int]]] = {}
    for line, row in enumerate(_rows([word for word in document.words if word.page == page])):
        text += "\n" if text else ""
        for index, word in enumerate(row):
            text += " " if index else ""
            words.append(Word(word.text, _SURE, word.region, line, len(text), len(text) + len(word.text)))
            for number in word.identifiers:
                places.setdefault(number, []).append(_within(word.text, document.identifiers[number].text, len(text)))
            text += word.text
    golds = [
        Gold(start, end, document.identifiers[number].kind.value)
        for number, spans in places.items()
        for start, end in _joined(text, spans)
    ]
    width, height = document.page_sizes[page]
    return Sample(id, text, tuple(sorted(golds)), PageReading(width, height, 0.0, tuple(words), text, "print"))


def _rows(words: Sequence[PlantedWord]) -> list[list[PlantedWord]]:
    """Lines from top to bottom, words from left to right; words of a line share half their height."""
    rows: list[tuple[float, float, list[PlantedWord]]] = []
    for word in sorted(words, key=lambda w: min(y for _, y in w.region.corners)):
        top, bottom = (f(y for _, y in word.region.corners) for f in (min, max))
        for index in range(len(rows) - 1, max(len(rows) - 4, -1), -1):
            above, below, row = rows[index]
            if min(bottom, below) - max(top, above) > 0.5 * min(bottom - top, below - above):
                row.append(word)
                break
        else:
            rows.append((top, bottom, [word]))
    return [sorted(row, key=lambda w: min(x for x, _ in w.region.corners)) for _, _, row in rows]


def _within(word: str, identifier: str, at: int) -> tuple[int, int]:
    """Where the identifier stands in a printed word that may hold a bracket or a neighbour as well."""
    for piece in sorted({identifier, *identifier.split()}, key=len, reverse=True):
        found = word.find(piece)
        if found >= 0:
            return at + found, at + found + len(piece)
    return at, at + len(word)


def _joined(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Words of one identifier that are neighbours on a line are one span; over two lines it is two."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and not text[joined[-1][1] : start].strip(" "):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
