"""Identifier values of valid shape: check digits as their issuers define them, many written forms each."""

from __future__ import annotations

from datetime import date
from random import Random

from streams.canaries.names import STREET_SUFFIXES, UNITS, listed

_MBI_LETTERS = "ACDEFGHJKMNPQRTUVWXY"
_VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_MAKERS = ("1FA", "1HG", "2T1", "3VW", "5YJ", "JTD", "KMH", "WBA", "4S3", "1G1")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
DATE_SHAPES = (
    "{m:02}/{d:02}/{y}", "{m}/{d}/{y}", "{m}/{d}/{yy:02}", "{y}-{m:02}-{d:02}", "{d:02}-{Mon}-{y}", "{d} {Month} {y}",
    "{Month} {d}, {y}", "{Mon} {d}, {y}", "{m:02}-{d:02}-{y}", "{d:02} {MON} {y}", "{m:02}.{d:02}.{y}", "{Mon} {d} {y}",
)  # fmt: skip
PARTIAL_SHAPES = ("{Month} {y}", "{Mon} {y}", "{m:02}/{y}", "{m}/{d}", "{Month} {d}", "{Month} of {y}")
_PHONE_SHAPES = ("({a}) {b}-{c}", "{a}-{b}-{c}", "{a}.{b}.{c}", "+1 {a} {b} {c}", "1-{a}-{b}-{c}", "({a}){b}-{c}")
_EXTENSIONS = (" x{n}", " ext. {n}", " ext {n}")


def digits(rng: Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def letters(rng: Random, count: int) -> str:
    return "".join(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(count))


def luhn_digit(body: str) -> str:
    """The digit that makes body + digit pass the Luhn sum (ISO/IEC 7812-1)."""
    total = 0
    for place, char in enumerate(reversed(body)):
        value = int(char) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def npi(rng: Random) -> str:
    """National Provider Identifier: Luhn over 80840 + ten digits (45 CFR 162.406)."""
    body = rng.choice("12") + digits(rng, 8)
    return body + luhn_digit("80840" + body)


def dea(rng: Random, surname: str) -> str:
    """DEA registration: type letter, first letter of the name, six digits, check digit (odd sum + twice even sum)."""
    body = digits(rng, 6)
    check = sum(map(int, body[::2])) + 2 * sum(map(int, body[1::2]))
    initial = surname[0].upper() if surname[0].isascii() and surname[0].isalpha() else "X"
    return rng.choice("ABFGM") + initial + body + str(check % 10)


def mbi(rng: Random) -> str:
    """Medicare Beneficiary Identifier: eleven places, C A AN N A AN N A A N N (CMS, Understanding the MBI)."""
    pick = {"C": "123456789", "A": _MBI_LETTERS, "N": "0123456789", "X": _MBI_LETTERS + "0123456789"}
    plain = "".join(rng.choice(pick[c]) for c in "CAXNAXNAANN")
    return f"{plain[:4]}-{plain[4:7]}-{plain[7:]}" if rng.random() < 0.6 else plain


def vin(rng: Random) -> str:
    """Vehicle identification number with its check digit in ninth place (49 CFR 565.15)."""
    alphabet = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
    chars = list(rng.choice(_VIN_MAKERS)) + [rng.choice(alphabet) for _ in range(8)] + list(digits(rng, 6))
    total = sum(w * (int(c) if c.isdigit() else _VIN_VALUES[c]) for w, c in zip(_VIN_WEIGHTS, chars, strict=True))
    chars[8] = "X" if total % 11 == 10 else str(total % 11)
    return "".join(chars)


def ssn(rng: Random) -> str:
    """Social security number of a shape that was once issued: no 000, 666 or 9xx area, no 00 group, no 0000."""
    area = rng.choice([a for a in range(1, 773) if a != 666])
    group, serial = rng.randint(1, 99), rng.randint(1, 9999)
    separator = rng.choice(("-", "-", "-", " ", ""))
    return f"{area:03}{separator}{group:02}{separator}{serial:04}"


def card(rng: Random) -> str:
    body = rng.choice(("4", "51", "52", "2221"))
    body += digits(rng, 15 - len(body))
    plain = body + luhn_digit(body)
    joint = rng.choice((" ", "-", ""))
    return joint.join(plain[i : i + 4] for i in range(0, 16, 4))


def phone(rng: Random, extension: bool = False) -> str:
    area = f"{rng.randint(2, 9)}{rng.randint(0, 8)}{rng.randint(0, 9)}"
    exchange = f"{rng.randint(2, 9)}{digits(rng, 2)}"
    text = rng.choice(_PHONE_SHAPES).format(a=area, b=exchange, c=digits(rng, 4))
    return text + rng.choice(_EXTENSIONS).format(n=digits(rng, rng.choice((3, 4)))) if extension else text


def written(day: date, shape: str) -> str:
    month = _MONTHS[day.month - 1]
    return shape.format(
        y=day.year, yy=day.year % 100, m=day.month, d=day.day, Month=month, Mon=month[:3], MON=month[:3].upper()
    )


def street(rng: Random) -> str:
    number = rng.choice(
        (str(rng.randint(2, 99)), str(rng.randint(100, 9999)), f"{rng.randint(10, 99)}{rng.choice('ABC')}")
    )
    heading = rng.choice(("", "", "", "N. ", "S ", "West ", "NE "))
    if rng.random() < 0.06:
        return f"P.O. Box {rng.randint(11, 9999)}"
    text = f"{number} {heading}{rng.choice(listed('streets'))} {rng.choice(STREET_SUFFIXES)}"
    if rng.random() < 0.25:
        text += ", " + rng.choice(UNITS).format(
            n=f"{rng.randint(1, 40)}{rng.choice(('', 'A', 'B'))}", d=rng.randint(2, 9)
        )
    return text


def record_number(rng: Random) -> str:
    return rng.choice(
        (
            digits(rng, 7),
            digits(rng, 8),
            f"{digits(rng, 3)}-{digits(rng, 2)}-{digits(rng, 3)}",
            f"M{digits(rng, 8)}",
            f"{letters(rng, 2)}{digits(rng, 6)}",
            f"{digits(rng, 2)}-{digits(rng, 5)}",
            f"E{digits(rng, 9)}",
        )
    )


def plan(rng: Random) -> str:
    shapes = (
        f"{letters(rng, 3)}{digits(rng, 9)}",
        f"W{digits(rng, 8)}-01",
        f"{digits(rng, 10)}",
        f"H{digits(rng, 4)}-{digits(rng, 6)}",
    )
    return rng.choice(shapes)


def account(rng: Random) -> str:
    return rng.choice(
        (digits(rng, 9), digits(rng, 11), f"A{digits(rng, 7)}", f"{digits(rng, 4)}-{digits(rng, 6)}-{digits(rng, 1)}")
    )


def licence(rng: Random) -> str:
    return rng.choice(
        (
            f"{letters(rng, 1)}{digits(rng, 7)}",
            f"MD-{digits(rng, 5)}",
            f"{letters(rng, 2)}{digits(rng, 6)}",
            digits(rng, 8),
        )
    )


def device(rng: Random) -> str:
    return rng.choice(
        (
            f"{letters(rng, 3)}{digits(rng, 6)}{letters(rng, 1)}",
            f"SN{digits(rng, 8)}",
            f"{digits(rng, 4)}-{letters(rng, 2)}-{digits(rng, 5)}",
        )
    )


def other_id(rng: Random, prefix: str, year: int) -> str:
    shapes = (
        f"{prefix}{year % 100:02}-{digits(rng, 5)}",
        f"{prefix}-{digits(rng, 8)}",
        f"{prefix}{digits(rng, 9)}",
        f"{year}{digits(rng, 7)}",
    )
    return rng.choice(shapes)


def ip_address(rng: Random) -> str:
    if rng.random() < 0.15:
        return ":".join(f"{rng.randint(1, 0xFFFF):x}" for _ in range(8))
    return f"{rng.choice((10, 172, 192, 64, 203))}.{rng.randint(0, 255)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"
