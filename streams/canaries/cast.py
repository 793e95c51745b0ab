"""Who and what one synthetic document is about: its people, places, dates and numbers, in many written forms."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from random import Random

from detectors.findings import Kind, Owner
from detectors.subject import Subject
from streams.canaries import values
from streams.canaries.names import SUFFIXES, SURNAME_PREFIXES, ZIP_PREFIXES, listed

STAY_SHAPES = (*values.DATE_SHAPES, "{m}/{d}")
_DOMAINS = ("mailhaven.net", "postbox.org", "quickmail.com", "inbox.co", "webpost.us")


@dataclass(frozen=True, slots=True)
class Field:
    """One identifier as it is to be printed."""

    kind: Kind
    text: str = field(repr=False)
    owner: Owner


@dataclass(frozen=True, slots=True)
class Person:
    given: str = field(repr=False)
    middle: str = field(repr=False)
    surname: str = field(repr=False)
    suffix: str = field(repr=False)
    female: bool
    credential: str = ""

    @classmethod
    def drawn(cls, rng: Random, surname: str | None = None, credential: str = "") -> Person:
        family = rng.choice(listed("surnames"))
        roll = rng.random()
        if roll < 0.12:
            family = f"{family}-{rng.choice(listed('surnames'))}"
        elif roll < 0.24:
            family = rng.choice(SURNAME_PREFIXES) + family
        given = rng.choice(listed("given"))
        if rng.random() < 0.06:
            given = f"{given}-{rng.choice(listed('given'))}"
        suffix = rng.choice(SUFFIXES) if rng.random() < 0.05 else ""
        return cls(given, rng.choice(listed("given")), surname or family, suffix, rng.random() < 0.5, credential)

    @property
    def title(self) -> str:
        return "Ms." if self.female else "Mr."

    def full(self) -> str:
        return f"{self.given} {self.surname}"

    def formal(self) -> str:
        return f"{self.given} {self.middle[0]}. {self.surname}" + (f" {self.suffix}" if self.suffix else "")

    def filed(self) -> str:
        return f"{self.surname}, {self.given} {self.middle[0]}."

    def forms(self) -> tuple[str, ...]:
        """Every way in which a form or letter may write the whole name."""
        return (
            self.full(), self.formal(), self.filed(), f"{self.surname}, {self.given}",
            self.filed().upper().rstrip("."), self.formal().upper(), self.full().upper(),
            f"{self.given} {self.middle} {self.surname}", f"{self.given[0]}. {self.surname}",
            f"{self.surname.upper()}, {self.given.upper()}",
        )  # fmt: skip


class Cast:
    """All identifiers of one document by the name that a layout's text gives them.

    `resolve` returns a `Field` for an identifier and a plain string for words that merely agree with the person
    (`title`, `he`, `his`). Each mention picks its own written form. Raises KeyError for a name that no cast has.
    """

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.patient = Person.drawn(rng)
        shared = self.patient.surname if rng.random() < 0.5 else None
        self.relative = Person.drawn(rng, shared)
        self.child = Person.drawn(rng, shared)
        credentials = ("MD", "M.D.", "DO", "NP", "PA-C", "RN", "DPM", "PharmD")
        self.doctors = [Person.drawn(rng, credential=rng.choice(credentials[:3])) for _ in range(3)]
        self.nurse = Person.drawn(rng, credential=rng.choice(credentials[3:]))
        self.admitted = date(2016, 1, 1) + timedelta(days=rng.randrange(3300))
        self.discharged = self.admitted + timedelta(days=rng.randint(1, 17))
        years = rng.randint(90, 103) if rng.random() < 0.3 else rng.randint(3, 89)
        self.birth = date(self.admitted.year - years, rng.randint(1, 12), rng.randint(1, 28))
        self.state = rng.choice(sorted(ZIP_PREFIXES))
        self.city, self.street, self.zip = rng.choice(listed("towns")), values.street(rng), self._zip(self.state)
        self.office = (values.street(rng), rng.choice(listed("towns")), self.state, self._zip(self.state))
        self.facility, self.other_facility = rng.sample(listed("facilities"), 2)
        self.mrn, self.ssn, self.mbi = values.record_number(rng), values.ssn(rng), values.mbi(rng)
        self.plan, self.account, self.licence = values.plan(rng), values.account(rng), values.licence(rng)
        self.card, self.vin, self.device = values.card(rng), values.vin(rng), values.device(rng)
        self.phone, self.cell, self.kin_phone = (values.phone(rng) for _ in range(3))
        self.office_phone, self.fax, self.other_fax = (
            values.phone(rng, rng.random() < 0.5),
            values.phone(rng),
            values.phone(rng),
        )
        self.npi, self.other_npi = values.npi(rng), values.npi(rng)
        self.dea, self.md_licence = values.dea(rng, self.doctors[0].surname), values.licence(rng)
        self.claim = values.other_id(rng, "CL", self.admitted.year)
        self.accession = values.other_id(rng, rng.choice("ASCR"), self.admitted.year)
        self.specimen = values.other_id(rng, "SP", self.admitted.year)
        self.ip = values.ip_address(rng)
        self.email = self._mailbox(self.patient)
        self.office_email = f"{rng.choice(('records', 'info', 'frontdesk', 'referrals'))}@{self._domain()}"
        self.url = rng.choice(("www.{}", "https://{}/portal", "https://my.{}/results", "http://{}")).format(
            self._domain()
        )
        self._makers = self._table()

    @property
    def age(self) -> int:
        return (
            self.admitted.year
            - self.birth.year
            - ((self.admitted.month, self.admitted.day) < (self.birth.month, self.birth.day))
        )

    def resolve(self, name: str) -> Field | str:
        return self._makers[name]()

    def subject(self) -> Subject:
        """What the event would tell of the patient: as a registration desk writes it, not as the page prints it."""
        person = self.patient
        return Subject(
            names=(person.formal(), person.filed()),
            birth_date=self.birth,
            mrn=self.mrn,
            ssn=self.ssn,
            addresses=(f"{self.street}, {self.city}, {self.state} {self.zip}",),
            phones=(self.phone, self.cell),
            emails=(self.email,),
            ids=(self.plan, self.mbi, self.account, self.licence, self.device),
            relatives=(self.relative.full(), self.child.full()),
            providers=tuple(p.full() for p in (*self.doctors, self.nurse)),
        )

    def _table(self) -> dict[str, Callable[[], Field | str]]:
        rng, person = self.rng, self.patient
        makers: dict[str, Callable[[], Field | str]] = {
            "title": lambda: person.title,
            "he": lambda: "she" if person.female else "he",
            "He": lambda: "She" if person.female else "He",
            "his": lambda: "her" if person.female else "his",
            "sex": lambda: rng.choice(("Female", "F", "FEMALE") if person.female else ("Male", "M", "MALE")),
            "woman": lambda: "woman" if person.female else "man",
            "kin": lambda: rng.choice(("spouse", "sister", "brother", "cousin", "parent", "guardian")),
            "age": lambda: Field(Kind.AGE_OVER_89 if self.age > 89 else Kind.AGE, str(self.age), Owner.PATIENT),
            "partial_date": lambda: self._date(self._earlier(), values.PARTIAL_SHAPES),
            "past_date": lambda: self._date(self._earlier()),
            "follow_up": lambda: self._date(self.discharged + timedelta(days=rng.randint(5, 60))),
            "stay_date": lambda: self._date(self.admitted + timedelta(days=rng.randint(0, 3)), STAY_SHAPES),
            "patient_initial": lambda: self._name(f"{person.given} {person.surname[0].upper()}.", Owner.PATIENT),
        }
        people = {
            "patient": (person, Owner.PATIENT),
            "relative": (self.relative, Owner.RELATIVE),
            "child": (self.child, Owner.RELATIVE),
            "nurse": (self.nurse, Owner.PROVIDER),
        }
        people |= {f"doctor{index or ''}": (doctor, Owner.PROVIDER) for index, doctor in enumerate(self.doctors)}
        for key, (who, owner) in people.items():
            makers |= self._mentions(key, who, owner)
        makers |= {
            "birth": lambda: replace(self._date(self.birth), kind=Kind.BIRTH_DATE),
            "admitted": lambda: self._date(self.admitted),
            "discharged": lambda: self._date(self.discharged),
        }
        makers |= {key: partial(Field, *parts) for key, parts in self._constants().items()}
        return makers

    def _mentions(self, key: str, who: Person, owner: Owner) -> dict[str, Callable[[], Field | str]]:
        """A person's name as it is written in full, filed, in capitals, or in part."""
        pick, name = self.rng.choice, self._name
        return {
            key: lambda: name(pick(who.forms()), owner),
            f"{key}_full": lambda: name(pick((who.full(), who.formal())), owner),
            f"{key}_filed": lambda: name(pick(who.forms()[2:5]), owner),
            f"{key}_caps": lambda: name(pick(who.forms()[4:7]), owner),
            f"{key}_last": lambda: name(who.surname, owner),
            f"{key}_credential": lambda: who.credential,
        }

    def _constants(self) -> dict[str, tuple[Kind, str, Owner]]:
        own, other = Owner.PATIENT, Owner.PROVIDER
        state = self.rng.choice((self.state, self.state, ZIP_PREFIXES[self.state][0]))
        return {
            "street": (Kind.STREET, self.street, own),
            "city": (Kind.CITY, self.city, own),
            "state": (Kind.STATE, state, own),
            "zip": (Kind.ZIP, self.zip, own),
            "office_street": (Kind.STREET, self.office[0], other),
            "office_city": (Kind.CITY, self.office[1], other),
            "office_state": (Kind.STATE, self.office[2], other),
            "office_zip": (Kind.ZIP, self.office[3], other),
            "facility": (Kind.FACILITY, self.facility, other),
            "facility_caps": (Kind.FACILITY, self.facility.upper(), other),
            "facility2": (Kind.FACILITY, self.other_facility, other),
            "phone": (Kind.PHONE, self.phone, own),
            "cell": (Kind.PHONE, self.cell, own),
            "kin_phone": (Kind.PHONE, self.kin_phone, Owner.RELATIVE),
            "office_phone": (Kind.PHONE, self.office_phone, other),
            "fax": (Kind.FAX, self.fax, other),
            "fax2": (Kind.FAX, self.other_fax, other),
            "email": (Kind.EMAIL, self.email, own),
            "office_email": (Kind.EMAIL, self.office_email, other),
            "url": (Kind.URL, self.url, other),
            "ip": (Kind.IP_ADDRESS, self.ip, own),
            "ssn": (Kind.SSN, self.ssn, own),
            "mrn": (Kind.MRN, self.mrn, own),
            "plan": (Kind.HEALTH_PLAN, self.plan, own),
            "mbi": (Kind.MBI, self.mbi, own),
            "account": (Kind.ACCOUNT, self.account, own),
            "card": (Kind.CARD, self.card, own),
            "licence": (Kind.LICENCE, self.licence, own),
            "md_licence": (Kind.LICENCE, self.md_licence, other),
            "npi": (Kind.NPI, self.npi, other),
            "npi2": (Kind.NPI, self.other_npi, other),
            "dea": (Kind.DEA, self.dea, other),
            "vin": (Kind.VEHICLE, self.vin, own),
            "device": (Kind.DEVICE, self.device, own),
            "claim": (Kind.OTHER_ID, self.claim, own),
            "accession": (Kind.OTHER_ID, self.accession, own),
            "specimen": (Kind.OTHER_ID, self.specimen, own),
        }

    def _name(self, text: str, owner: Owner) -> Field:
        return Field(Kind.PERSON, text, owner)

    def _date(self, day: date, shapes: tuple[str, ...] = values.DATE_SHAPES) -> Field:
        return Field(Kind.DATE, values.written(day, self.rng.choice(shapes)), Owner.PATIENT)

    def _earlier(self) -> date:
        return self.admitted - timedelta(days=self.rng.randint(20, 2500))

    def _zip(self, state: str) -> str:
        _, first, last = ZIP_PREFIXES[state]
        code = f"{self.rng.randint(int(first), int(last)):03}{values.digits(self.rng, 2)}"
        return f"{code}-{values.digits(self.rng, 4)}" if self.rng.random() < 0.3 else code

    def _domain(self) -> str:
        word = self.facility.split()[0].lower().strip("'.")
        return f"{word}{self.rng.choice(('health', 'clinic', 'med', 'care'))}.{self.rng.choice(('org', 'com', 'net'))}"

    def _mailbox(self, person: Person) -> str:
        given, surname = (_plain(part) for part in (person.given, person.surname))
        local = self.rng.choice(
            (
                f"{given}.{surname}",
                f"{given[0]}{surname}",
                f"{given}{values.digits(self.rng, 2)}",
                f"{surname}_{given[0]}",
            )
        )
        return f"{local}@{self.rng.choice(_DOMAINS)}"


def _plain(text: str) -> str:
    """ASCII letters only, lower case."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "".join(c for c in folded if c.isalpha()) or "mail"
