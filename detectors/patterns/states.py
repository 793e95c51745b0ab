"""The states and territories of the United States, as expressions."""

from __future__ import annotations

from typing import Final

STATE_CODES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV"
    "|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|PR|VI|GU|AS|MP|AA|AE|AP"
)
STATE_NAMES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois"
    "|Indiana"
    "|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana"
    "|Nebraska"
    "|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania"
    "|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin"
    "|Wyoming|District of Columbia|Puerto Rico|Guam"
).replace(" ", r"\s{1,2}")
STATE_NAMES_UPPER = STATE_NAMES.upper().replace(r"\S", r"\s")
_CODES: Final = frozenset(STATE_CODES.split("|"))
_LIKE_CAPITAL: Final = str.maketrans("l1|!(05", "IIIIIOS")
_UNITS: Final = frozenset({"ml", "mL"})


def misread_code(word: str) -> bool:
    """Whether engines may have made the word of a state's code: "wl", "(A", "cT". None that is written as a code or a
    word is: "WI", "Wi", "in".

    >>> [word for word in ("wl", "(A", "cT", "WI", "Wi", "in", "mL", "pH") if misread_code(word)]
    ['wl', '(A', 'cT']
    """
    mended = word.translate(_LIKE_CAPITAL)
    is_written_so = mended == word and (word.islower() or word.istitle() or word.isupper())
    return not is_written_so and word not in _UNITS and mended.upper() in _CODES
