"""Who shares name, house or birth with the patient of a synthetic page, and who does not."""

from __future__ import annotations

from streams.canaries import values
from streams.canaries.names import listed
from tests.eval.desk_charts import OTHERS
from tests.eval.family import PHONES, Family, Value
from tests.eval.written_days import BIRTHS, written


class Household(Family):
    """A family with other people's values."""

    def _other(self, how: str, text: str) -> Value:
        return Value(text.strip(), OTHERS, how)

    def _person(self, who: str, person: tuple[str, str], shape: str = "full") -> Value:
        given, family = person
        text = f"{family}, {given}" if shape == "filed" else f"{given} {family}"
        return self._other(
            f"{who} {shape} ({self.kind})", text.upper() if shape == "filed" and self.rng.random() < 0.5 else text
        )

    def _kin_how(self) -> str:
        return "kin listed" if self.kin_is_listed else "kin unlisted"

    def _kin_full(self) -> Value:
        return self._person(self._kin_how(), self.kin)

    def _kin_filed(self) -> Value:
        return self._person(self._kin_how(), self.kin, "filed")

    def _kin_given(self) -> Value:
        return self._other(f"{self._kin_how()} given", self.kin[0])

    def _family(self) -> Value:
        return self._other("kin family behind given", self.kin[1])

    def _sibling_full(self) -> Value:
        return self._person("sibling", self.sibling)

    def _sibling_filed(self) -> Value:
        return self._person("sibling", self.sibling, "filed")

    def _sibling_given(self) -> Value:
        return self._other("sibling given", self.sibling[0])

    def _twin_full(self) -> Value:
        return self._person("twin", (self.twin, self.kin[1]))

    def _twin_filed(self) -> Value:
        return self._person("twin", (self.twin, self.kin[1]), "filed")

    def _elder(self) -> Value:
        if self.kind == "suffix":
            return self._other("father of one name", f"{self.given} {self.family} Sr.")
        return self._person("father", (self.twin, self.kin[1]))

    def _stranger_full(self) -> Value:
        return self._person("stranger", self.stranger)

    def _stranger_filed(self) -> Value:
        return self._person("stranger", self.stranger, "filed")

    def _same_given_full(self) -> Value:
        return self._person("same given", self.same_given)

    def _same_given_filed(self) -> Value:
        return self._person("same given", self.same_given, "filed")

    def _stranger_same_given(self) -> Value:
        return self._person("same given", self.same_given)

    def _kin_birth(self) -> Value:
        return self._date(0)

    def _kin2_birth(self) -> Value:
        return self._date(1)

    def _other_birth(self) -> Value:
        return self._date(2)

    def _date(self, index: int) -> Value:
        shape = self.rng.choice(BIRTHS)
        day = self.others[index]
        return self._other(f"birth {shape}", written(day.replace(day=min(day.day, 28)), shape))

    def _near_mrn(self) -> Value:
        return self._other("mrn one off", self.mrn[:-1] + str((int(self.mrn[-1]) + 1) % 10))

    def _other_mrn(self) -> Value:
        return self._other("mrn", values.record_number(self.rng))

    def _other2_mrn(self) -> Value:
        at = len(self.mrn) - 3
        swapped = self.mrn[:at] + self.mrn[at + 1] + self.mrn[at] + self.mrn[at + 2 :]
        return self._other("mrn", swapped if swapped != self.mrn else values.digits(self.rng, 8))

    def _near_plan(self) -> Value:
        last = self.plan[-1]
        return self._other("plan one off", self.plan[:-1] + str((int(last) + 1) % 10))

    def _other_ssn(self) -> Value:
        return self._other("ssn", values.ssn(self.rng))

    def _kin_phone(self) -> Value:
        return self._phone_at(2, OTHERS, "phone")

    def _stranger_phone(self) -> Value:
        return self._phone_at(3, OTHERS, "phone")

    def _near_phone(self) -> Value:
        a, b, c = self.phones[0]
        shape = self.rng.choice(PHONES)
        return self._other(f"phone one off {shape}", shape.format(a=a, b=b, c=f"{(int(c) + 1) % 10000:04}"))

    def _kin_email(self) -> Value:
        return self._other("kin email", self.kin_email)

    def _stranger_email(self) -> Value:
        name, _, house = self.email.partition("@")
        return self._other("email, other house", f"{name}@{'x' + house}")

    def _stranger_street(self) -> Value:
        return self._other("street", f"{self.rng.randint(3, 999)} {self.rng.choice(listed('streets'))} {self.type[1]}")

    def _neighbour_street(self) -> Value:
        return self._other("street next door", f"{int(self.number) + 2} {self.street} {self.type[1]}")

    def _stranger_town(self) -> Value:
        return self._other("town", self.rng.choice(listed("towns")))

    def _stranger_town_city(self) -> Value:
        return self._other("city", self.rng.choice(listed("towns")))
