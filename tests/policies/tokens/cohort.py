"""Synthetic patients, as clerks write them and as a scanner reads that: for tests of what joins and what must not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from detectors.findings import Kind
from detectors.subject import Subject
from streams.canaries.names import listed

CONFUSED = {
    "0": "O", "O": "0", "1": "l", "l": "1", "I": "l", "5": "S", "S": "5", "8": "B", "B": "8", "2": "Z", "6": "G",
    "e": "c", "c": "e", "a": "o", "n": "ri", "m": "rn", "h": "b", "u": "v", "3": "8", "7": "1", "4": "9", ".": ",",
    "-": "~", "9": "g",
}  # fmt: skip
"""What engines take for what."""
DAMAGE = 0.015
"""Share of the characters that a scanner gets wrong; half of it by a look-alike, the rest by losing them."""


@dataclass(frozen=True, slots=True)
class Patient:
    given: str
    initial: str
    surname: str
    generation: str
    birth: tuple[int, int, int]
    mrn: str
    ssn: str
    phone: str
    email: str
    street: str


def cohort(count: int, seed: int) -> Iterator[Patient]:
    """Patients of one tenant: no two share a number, many share a name, some a household."""
    random = Random(seed)  # noqa: S311
    given, surnames, streets = listed("given"), listed("surnames"), listed("streets")
    numbers = random.sample(range(10**8), count)
    socials = random.sample(range(10**6, 10**9), count)
    phones = random.sample(range(2 * 10**9, 10**10), count)
    home = ""
    for index in range(count):
        first, last = random.choice(given), random.choice(surnames)
        if not home or random.random() > 0.1:
            home = f"{random.randrange(1, 9999)} {random.choice(streets)} Street"
        year = random.randrange(1941, 2020)
        yield Patient(
            first,
            random.choice("ABCDEFGHJKLMNPRSTW"),
            last,
            random.choices(("", "Jr.", "Sr.", "III"), (0.94, 0.03, 0.02, 0.01))[0],
            (year, random.randrange(1, 13), random.randrange(1, 29)),
            f"{numbers[index]:08d}",
            f"{socials[index]:09d}",
            f"{phones[index]:010d}",
            f"{first}.{last}{index}@mail.example".replace(" ", "").replace("'", "").lower(),
            home,
        )


def subject(patient: Patient) -> Subject:
    """What the event of a document says of its patient: as the registration desk writes it."""
    name = f"{patient.surname}, {patient.given} {patient.initial} {patient.generation}".strip()
    phones, emails = (patient.phone,), (patient.email,)
    return Subject((name,), None, patient.mrn, patient.ssn, (f"{patient.street}, Springfield",), phones, emails)


def spellings(patient: Patient, style: int) -> list[tuple[Kind, str]]:
    """The identifiers of a document, as one of five clerks writes them."""
    tail = f" {patient.generation}" if patient.generation else ""
    g, i, s = patient.given, patient.initial, patient.surname
    names = (f"{g} {s}{tail}", f"{s.upper()}{tail.upper()}, {g.upper()} {i}", f"{g} {i}. {s}{tail}", f"{s}, {g}{tail}")
    n, p = patient.ssn, patient.phone
    mrns = (
        patient.mrn,
        f"MRN {patient.mrn[:5]}-{patient.mrn[5:]}",
        f"MRN: {patient.mrn.lstrip('0')}",
        f"#{patient.mrn}",
    )
    phones = (f"({p[:3]}) {p[3:6]}-{p[6:]}", f"{p[:3]}.{p[3:6]}.{p[6:]}", f"+1 {p[:3]} {p[3:6]} {p[6:]}", p)
    socials = (f"{n[:3]}-{n[3:5]}-{n[5:]}", n, f"SSN {n[:3]} {n[3:5]} {n[5:]}", f"{n[:3]}-{n[3:5]}-{n[5:]}")
    street = patient.street if style % 2 else patient.street.upper()
    found = [
        (Kind.PERSON, names[style % 4]),
        (Kind.MRN, mrns[style % 4]),
        (Kind.PHONE, phones[style % 4]),
        (Kind.STREET, street),
    ]
    # A social security number and an address stand on some forms only.
    if style in (0, 3):
        found.append((Kind.SSN, socials[style % 4]))
    return found


def damaged(text: str, random: Random, share: float = DAMAGE) -> str:
    """The text as a scanner reads it."""
    read: list[str] = []
    for character in text:
        if random.random() >= share:
            read.append(character)
        elif random.random() < 0.5:
            read.append(CONFUSED.get(character, character))
    return "".join(read)


def joined(one: Sequence[tuple[Kind, str]], other: Sequence[tuple[Kind, str]]) -> bool:
    """Whether two documents' tokens make them one patient's, as docs/analytics.md joins them: a number or the name in
    common and one thing more, or a number where they have nothing else to compare."""
    common = {kind for kind, token in one if (kind, token) in set(other)}
    comparable = {kind for kind, _ in one} & {kind for kind, _ in other}
    number = bool(common & {Kind.MRN, Kind.SSN})
    return (len(common) > 1 and (number or Kind.PERSON in common)) or (number and len(comparable) == 1)


def by_way_of_others(pairs: Iterable[tuple[int, int]], documents: int) -> list[int]:
    """For each document the least one that joined pairs lead to, over however many: one patient's have one."""
    least = list(range(documents))

    def leads_to(document: int) -> int:
        while least[document] != document:
            least[document] = least[least[document]]
            document = least[document]
        return document

    for pair in pairs:
        low, high = sorted(map(leads_to, pair))
        least[high] = low
    return [leads_to(document) for document in range(documents)]


def zipf_names(count: int, random: Random, full: bool) -> list[str]:
    """Names as they are borne: the n-th commonest surname or given name about 1/n as often as the first."""
    surnames, given = (listed(name) for name in ("surnames", "given"))
    found = random.choices(surnames, [1 / (n + 1) for n in range(len(surnames))], k=count)
    if full:
        firsts = random.choices(given, [1 / (n + 1) for n in range(len(given))], k=count)
        found = [f"{first} {last}" for first, last in zip(firsts, found, strict=True)]
    return found
