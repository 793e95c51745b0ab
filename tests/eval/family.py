# ruff: noqa: E501  a line of a table stays on one line
"""The patient of a synthetic page among family, and how the patient's own values are written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from detectors.subject import Subject
from streams.canaries import values
from streams.canaries.names import listed
from tests.eval.desk_charts import OWN
from tests.eval.written_days import BIRTHS, written

_GIVEN: Final = (
    "Maria", "Robert", "Hannah", "Luis", "Grace", "Dolores", "Will", "Tamika", "Owen", "Ingrid", "Rosa", "Mark",
)  # fmt: skip
_FAMILY: Final = (
    "Hale", "Young", "Garza", "Kovacs", "Okafor", "Nguyen", "Baker", "Delgado", "Lindqvist", "Rivera", "Stone",
    "Ibarra",
)  # fmt: skip
_TWINS: Final = (
    ("Maria", "Marla"), ("Jon", "Jan"), ("Carl", "Carla"), ("Erik", "Erika"), ("Dana", "Dina"),
    ("Alina", "Elina"),
)  # fmt: skip
_HOUSES: Final = ("mailhaven.net", "postbox.org", "quickmail.com", "inbox.co", "webpost.us")
PHONES: Final = (
    "({a}) {b}-{c}", "{a}-{b}-{c}", "{a}.{b}.{c}", "{a}{b}{c}", "+1 ({a}) {b}-{c}", "1-{a}-{b}-{c}", "{a}/{b}-{c}", "({a}){b} {c}",
    "+1{a}{b}{c}", "1 {a} {b} {c}", "({a}) {b} - {c}", "{a} {b}.{c}", "+1.{a}.{b}.{c}", "001 {a} {b} {c}", "{a} - {b} - {c}", "[{a}] {b}-{c}",
)  # fmt: skip
_STREETS: Final = (
    ("Road", "Rd"),
    ("Street", "St."),
    ("Avenue", "Ave"),
    ("Lane", "Ln"),
    ("Drive", "Dr"),
    ("Court", "Ct"),
)


@dataclass(frozen=True, slots=True)
class Value:
    """What stands in a slot: its text, OWN, OTHERS or "" for neither, and how it is written, for the table."""

    text: str
    whose: str
    how: str


class Family:
    """The patient's side of a household. Each slot of a page has a method of its name, with a line under it before."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        pick = rng.choice
        given: Callable[[], str] = lambda: pick(_GIVEN) if rng.random() < 0.4 else pick(listed("given"))  # noqa: E731
        family: Callable[[], str] = lambda: pick(_FAMILY) if rng.random() < 0.4 else pick(listed("surnames"))  # noqa: E731
        self.kind = pick(("plain", "plain", "hyphen", "double", "suffix", "mononym", "particle", "changed", "twin"))
        self.given, self.middle, self.family = given(), given(), family()
        self.twin = next(g for g in iter(given, "") if g != self.given)
        if self.kind == "twin":
            self.given, self.twin = pick(_TWINS)
        if self.kind == "hyphen":
            self.family = f"{self.family}-{family()}"
        if self.kind == "double":
            self.family = f"{self.family} {family()}"
        if self.kind == "particle":
            self.family = pick(("van der ", "de la ", "O'", "Mac", "Al-", "St. ")) + self.family
        if self.kind == "mononym":
            self.family = ""
        self.maiden = family()
        self.suffix = " Jr." if self.kind == "suffix" else ""
        taken = {self.given, self.twin}

        def another() -> str:
            taken.add(found := next(g for g in iter(given, "") if g not in taken))
            return found

        self.kin, self.sibling = ((another(), self.family or family()) for _ in range(2))
        self.stranger, self.doctor = ((another(), family()) for _ in range(2))
        self.same_given = (self.given, next(f for f in iter(family, "") if f not in self.family))
        born = date(1925, 1, 1) + timedelta(days=rng.randrange(33000))
        self.birth = born.replace(day=min(born.day, 28))
        self.others = [self.birth + timedelta(days=rng.choice((-1, 1)) * rng.randint(300, 9000)) for _ in range(3)]
        self.mrn = pick(
            (
                values.digits(rng, 7),
                values.digits(rng, 8),
                f"E{values.digits(rng, 8)}",
                f"{values.letters(rng, 2)}-{values.digits(rng, 6)}",
                f"00{values.digits(rng, 6)}",
            )
        )
        self.ssn, self.plan = values.ssn(rng), values.plan(rng)
        self.phones = [
            (f"{rng.randint(201, 989)}", f"{rng.randint(220, 989)}", values.digits(rng, 4)) for _ in range(4)
        ]
        self.number, self.street = str(rng.randint(3, 9899)), pick(listed("streets"))
        self.type = pick(_STREETS)
        self.unit = f"{rng.randint(1, 29)}{pick(('', 'B', 'C'))}" if rng.random() < 0.5 else ""
        self.city, self.state, self.zip = (
            pick(listed("towns")),
            pick(("IL", "OH", "TX", "CO", "NM")),
            f"6{values.digits(rng, 4)}",
        )
        plain = re.sub(r"[^a-z]", "", self.given.lower()) or "me"
        last = re.sub(r"[^a-z]", "", self.family.lower())
        self.email = (
            pick(
                (
                    f"{plain}.{last}" if last else f"{plain}77",
                    f"{plain}{values.digits(rng, 2)}",
                    f"{plain[0]}{last or 'home'}",
                )
            )
            + "@"
            + pick(_HOUSES)
        )
        self.kin_email = f"{re.sub(r'[^a-z]', '', self.kin[0].lower()) or 'kin'}.{last or 'home'}@{pick(_HOUSES)}"

    def subject(self) -> Subject:
        names = [f"{self.given} {self.middle[0]}. {self.family}{self.suffix}" if self.family else self.given]
        if self.kind == "changed":
            names.append(f"{self.given} {self.maiden}")
        unit = f" Apt {self.unit}" if self.unit else ""
        listed_kin = (" ".join(self.kin),) if self.kin_is_listed else ()
        return Subject(
            names=tuple(names), birth_date=self.birth, mrn=self.mrn, ssn=self.ssn,
            addresses=(f"{self.number} {self.street} {self.type[0]}{unit}, {self.city}, {self.state} {self.zip}",),
            phones=tuple("({}) {}-{}".format(*p) for p in self.phones[:2]), emails=(self.email,), ids=(self.plan,),
            relatives=listed_kin, providers=(" ".join(self.doctor),),
        )  # fmt: skip

    @property
    def kin_is_listed(self) -> bool:
        return self.mrn[-1] in "02468"

    def value(self, slot: str) -> Value:
        """What stands in a slot. Raises KeyError for a name that no household has."""
        made: Callable[[], Value] | None = getattr(self, f"_{slot}", None)
        return made() if made is not None else self._plain(slot)

    def _plain(self, slot: str) -> Value:
        words = {
            "title": "Ms.",
            "his": "her",
            "He": "She",
            "His": "Her",
            "kin_word": "brother",
            "kin_word_cap": "Brother",
            "doctor_last": self.doctor[1],
            "doctor_full": " ".join(self.doctor),
        }
        if slot in words:
            return Value(words[slot], "", slot)
        raise KeyError(slot)

    def _own_name(self, shape: str, text: str) -> Value:
        return Value(text.strip(" ,"), OWN, f"name {shape} ({self.kind})")

    def _full(self) -> Value:
        middle = self.rng.choice(("", f" {self.middle[0]}.", f" {self.middle[0]}"))
        return self._own_name("full", f"{self.given}{middle if self.family else ''} {self.family}{self.suffix}")

    def _caps(self) -> Value:
        return self._own_name("caps", f"{self.given} {self.family}{self.suffix}".upper())

    def _filed(self) -> Value:
        text = f"{self.family}{self.suffix.rstrip('.')}, {self.given} {self.middle[0]}" if self.family else self.given
        return self._own_name("filed", text if self.rng.random() < 0.5 else text.upper())

    def _name(self) -> Value:
        return self.rng.choice((self._full, self._caps, self._filed))()

    def _last(self) -> Value:
        return self._own_name("last", self.family or self.given)

    def _former(self) -> Value:
        if self.kind != "changed":
            return Value("none", "", "")
        return self._own_name("former", f"{self.given} {self.maiden}")

    def _initials(self) -> Value:
        return self._own_name("given", self.given)

    def _name_cut(self) -> Value:
        return self._own_name("over lines", f"{self.given}\n{self.family}")

    def _birth(self) -> Value:
        shape = self.rng.choice(BIRTHS)
        return Value(written(self.birth, shape), OWN, f"birth {shape}")

    def _mrn(self) -> Value:
        shape = self.rng.choice(("{}", "{}", "MRN{}", "MRN-{}", "#{}", "spaced", "zeros"))
        if shape == "spaced":
            return Value(" ".join((self.mrn[:2], self.mrn[2:5], self.mrn[5:])), OWN, "mrn spaced")
        if shape == "zeros":
            return Value(f"0{self.mrn}" if self.mrn[0].isdigit() else self.mrn, OWN, "mrn zeros")
        return Value(shape.format(self.mrn), OWN, f"mrn {shape}")

    def _mrn_cut(self) -> Value:
        return Value(f"{self.mrn[:4]}\n{self.mrn[4:]}", OWN, "mrn over lines")

    def _phone_at(self, index: int, whose: str, what: str) -> Value:
        a, b, c = self.phones[index]
        shape = self.rng.choice(PHONES)
        return Value(shape.format(a=a, b=b, c=c), whose, f"{what} {shape}")

    def _phone(self) -> Value:
        return self._phone_at(0, OWN, "phone")

    def _phone2(self) -> Value:
        return self._phone_at(1, OWN, "phone")

    def _phone_cut(self) -> Value:
        a, b, c = self.phones[0]
        return Value(f"{a}-{b}-\n{c}" if self.rng.random() < 0.5 else f"({a})\n{b}-{c}", OWN, "phone over lines")

    def _email(self) -> Value:
        return Value(self.email if self.rng.random() < 0.7 else self.email.upper(), OWN, "email")

    def _email_cut(self) -> Value:
        name, house = self.email.split("@")
        cut = self.rng.choice(
            (
                f"{name}@\n{house}",
                f"{name}@{house[:4]}\n{house[4:]}",
                f"{name}\n@{house}",
                f"{name}@{house.replace('.', '.' + chr(10))}",
                f"{name[:3]}-\n{name[3:]}@{house}",
            )
        )
        return Value(cut, OWN, "email over lines")

    def _ssn(self) -> Value:
        return Value(self.ssn, OWN, "ssn")

    def _plan(self) -> Value:
        return Value(self.plan, OWN, "plan")

    def _street(self) -> Value:
        return Value(f"{self.number} {self.street} {self.rng.choice(self.type)}", OWN, "street")

    def _unit(self) -> Value:
        return Value(f"{self.rng.choice(('Apt', 'Unit', '#', 'Apt.'))} {self.unit}" if self.unit else "", OWN, "unit")

    def _town(self) -> Value:
        return Value(f"{self.city}, {self.state} {self.zip}", OWN, "town")

    def _town_city(self) -> Value:
        return Value(self.city, OWN, "city")

    def _address_cut(self) -> Value:
        text = f"{self.number} {self.street} {self.type[0]}, {self.city}, {self.state} {self.zip}"
        cut = self.rng.choice(
            (self.number + " ", self.street + " ", self.type[0] + ", ", self.city + ", ", self.state + " ")
        )
        return Value(text.replace(cut, cut.rstrip() + "\n", 1), OWN, "address over lines")
