"""How often each search for the patient's own data takes a stranger's value for the patient's:
`python -m tests.eval.strangers [--count N] [--seed S]` prints a table.

Values of each kind stand in a line of their own, at three strengths of damage: the patient's, a stranger's of the same
form, and one that is nearly the patient's (a brother's name, the next record number, the house next door). Counted is
who would be shown: a stranger's value of which a telling word has the patient for its owner, and the patient's of which
every word has.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random
from typing import Final

from detectors.findings import Owner
from detectors.folding import tokens
from detectors.known import KnownValues
from detectors.spans.merge import merge
from detectors.text.analyzer import TextDetector
from detectors.text.whose import strangers
from streams.canaries import values
from streams.canaries.cast import Cast
from tests.eval.damage import Strength, damaged
from tests.eval.desk import Share
from tests.eval.desk_charts import look_alikes
from tests.eval.samples import Gold, Sample

OWN, STRANGER, NEAR = "own kept", "stranger's taken", "near one's taken"
STRENGTHS: Final[Mapping[str, Strength | None]] = {"none": None, "light": Strength.LIGHT, "middle": Strength.MIDDLE}
_LINES: Final = {
    "name": "was seen today: {}",
    "record number": "record no {} filed",
    "phone": "to be called at {} today",
    "birth date": "a day to note: {} and no other",
    "street": "to be found at {}",
    "mailbox": "to be written to {} only",
}
Shares = dict[tuple[str, str, str], Share]


def shares(count: int, seed: str) -> Shares:
    """By kind, whose it is and the name of the strength."""
    found: Shares = {}
    detector = TextDetector()
    for number in range(count):
        rng = Random(f"{seed}/{number}")  # noqa: S311
        own, other = Cast(rng), Cast(rng)
        known = KnownValues(own.subject())
        for kind, whose, value in _values(rng, own, other):
            lead, behind = _LINES[kind].split("{}")
            at = len(lead)
            sample = Sample(f"s/{number}-{kind}-{whose}", lead + value + behind, (Gold(at, at + len(value), whose),))
            for name, strength in STRENGTHS.items():
                read = damaged(sample, strength, f"strangers-{seed}") if strength else sample
                share = found.setdefault((kind, whose, name), Share())
                taken = [_is_patients(known, detector, read.text, gold) for gold in read.golds]
                share.add(_kept(taken) if whose == OWN else _told(kind, taken), sample.id)
    return found


def _kept(taken: list[list[bool]]) -> bool:
    return all(all(words) for words in taken)


def _told(kind: str, taken: list[list[bool]]) -> bool:
    """Whether what tells the stranger is shown: the given name and the house's number, for family and street are the
    patient's as well; of other kinds any word."""
    return any(words[0] if kind in ("name", "street") and words else any(words) for words in taken)


def _values(rng: Random, own: Cast, other: Cast) -> Iterator[tuple[str, str, str]]:
    """Kind, whose, and the value as it is written."""
    person, stranger = own.patient, other.patient
    if stranger.surname != person.surname and stranger.given != person.given:
        yield from (("name", OWN, person.full()), ("name", STRANGER, stranger.full()))
        yield "name", NEAR, f"{stranger.given} {person.surname}"
    yield from (("record number", OWN, own.mrn), ("record number", STRANGER, other.mrn))
    yield "record number", NEAR, rng.choice(look_alikes(own.mrn))
    yield from (("phone", OWN, own.phone), ("phone", STRANGER, other.phone), ("phone", NEAR, look_alikes(own.phone)[0]))
    for whose, day in ((OWN, own.birth), (STRANGER, other.birth), (NEAR, _near_day(rng, own.birth))):
        if whose == OWN or day != own.birth:
            yield "birth date", whose, values.written(day, rng.choice(values.DATE_SHAPES))
    house, _, rest = own.street.partition(" ")
    if house.isdigit() and other.street != own.street:
        yield from (("street", OWN, own.street.split(",")[0]), ("street", STRANGER, other.street.split(",")[0]))
        yield "street", NEAR, f"{int(house) + 2} {rest.split(',')[0]}"
    yield from (("mailbox", OWN, own.email), ("mailbox", STRANGER, other.email))
    name, _, home = own.email.partition("@")
    yield "mailbox", NEAR, rng.choice((f"{stranger.given[0].lower()}{name}@{home}", f"{name}@x{home}"))


def _near_day(rng: Random, day: date) -> date:
    """The day before or after, or the day of another year that one figure makes of it."""
    if rng.random() < 0.5:
        return day + timedelta(days=rng.choice((-1, 1)))
    return day.replace(year=day.year + rng.choice((-10, -1, 1, 10)))


def _is_patients(known: KnownValues, detector: TextDetector, text: str, gold: Gold) -> list[bool]:
    """Of each word of the place, whether its owner is the patient."""
    merged = merge(text, known.settled(text, [*known.spans(text), *detector.spans(text)]))
    spans = strangers(text, known.owned(text, merged))
    return [
        any(s.owner is Owner.PATIENT and s.start <= w.start and w.end <= s.end for s in spans)
        for w in tokens(text)
        if gold.start < w.end and w.start < gold.end
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.eval.strangers", description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", default="strangers")
    arguments = parser.parse_args()
    found = shares(arguments.count, arguments.seed)
    print("| kind | |" + "".join(f" {name} |" for name in STRENGTHS))
    print("|---|---|" + "---|" * len(STRENGTHS))
    for kind in _LINES:
        for whose in (OWN, STRANGER, NEAR):
            row = [found[kind, whose, name] for name in STRENGTHS]
            if whose == OWN:
                cells = [f"{share.value:.4f}" for share in row]
            else:
                cells = [f"{share.hits} of {share.of} (at most {share.interval()[1]:.4f})" for share in row]
            print(f"| {kind} | {whose} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
