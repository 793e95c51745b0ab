"""Dates of birth told from dates of care: by the words around them, and by any detector that knows them for one.

A date of care says when the patient was treated; a date of birth says who somebody is, and need not be the patient's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from detectors.findings import Kind, Owner, Span
from detectors.patterns.search.openings import compiled


def _compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    return compiled(pattern, flags)[0]


_REACH: Final = 72
"""Characters before a date in which its word may stand: "born at St. Mary's Hospital in Springfield, Illinois, on"."""
_LABEL: Final = _compiled(
    r"(?<![^\W_])(?:d\.?\s?[o0]\.?\s?[b8](?![^\W_])\.?|date\s+of\s+birth|birth\s?-?\s?dates?|birth\s?-?\s?day|bday"
    r"|geburtsdatum|geboren\s+am|geboortedatum|fecha\s+(?:de\s+)?nac(?:imiento|\.)|nacid[oa]\s+el|data\s+de\s+nascimento"
    r"|date\s+de\s+naissance|(?-i:n[ée]e?\s+le)|data\s+di\s+nascita|nat[oa]\s+il)(?P<gap>[^\d;]{0,32})$",
    re.I,
)
"""In English, and as copies of foreign papers have it."""
_PROVED: Final = re.compile(r"(?<![^\W_])(?:verified|confirmed|checked|validated)\s{0,2}[:=]\s{0,2}$", re.I)
"""Behind a label: what was verified follows the colon."""
_BORN: Final = re.compile(r"(?<![^\W_])born(?![^\W_])(?P<gap>[^\d;]{0,64})$", re.I)
_BARE: Final = re.compile(r"(?<![^\W_])(?:birth|b-?day)\s{0,2}[:.#\-\u2013]?\s{0,3}$", re.I)
"""The label's one word, and nothing between it and the date: "Birth: 3/4/1961"."""
_SHORT: Final = re.compile(r"(?:[,(]\s{0,2}|(?<!\w)[A-Z][\w'’-]{0,40} )b\.\s{0,2}$")
"""As behind a name: "Ana Lopez, b. 3/4/1961"."""
_OTHER: Final = re.compile(
    r"(?<![^\W_])(?:admi\w*|adm|discharg\w*|d/c|dos|do[sd]|service|visit\w*|seen|exam\w*|study|reports?|reported|collect\w*"
    r"|received|printed|signed|due|died|death|deceased|injury|onset|surgery|procedure|encounter|referr\w*|order\w*"
    r"|effective|expir\w*|issued?|updated?|today|verified|confirmed|checked|moved|came|immigrated|arrived|since|until"
    r"|presented|diagnosed|then|now|who|labs?|appointment|follow\w*|next|last|first|start\w*|end\w*)(?![^\W_])",
    re.I,
)
"""What else is dated: between the word of birth and the date it takes the date to itself."""
_AT: Final = re.compile(r"(?<![^\W_])(?:on|at|by|in|and\s+name)(?![^\W_])", re.I)
"""Checked "by name and DOB on 3/4/2021": behind the label's words these lead away from it."""
_RELATIVES: Final = (
    r"(?:grand|step|half[ -]|god)?(?:mother|father|mom|mum|dad|brother|sister|son|daughter|child|parent|sibling)"
    r"|grand(?:ma|pa)|wife|husband|spouse|partner|fianc[eé]e?|boyfriend|girlfriend|aunt|uncle|cousin|niece|nephew|twin"
    r"|guardian|caregiver|room-?mate|neighbou?r|friend|(?:mother|father|brother|sister|son|daughter)-in-law"
)
RELATIVE: Final = rf"(?<![^\W_])(?:{_RELATIVES})s?(?![^\W_])"
"""Words for people around the patient; matched in any case."""
_NAMED: Final = re.compile(rf"(?i:{RELATIVE}),?(?:\s+[A-Z][\w'’.-]*){{1,4}}\s*[,(]\s*$")
"""A relative's name, and in brackets or behind a comma the date: "her daughter Ana Lopez (3/4/2008)"."""
_BEFORE_BIRTH: Final = frozenset(".,(")
"""With one of these what stands before a date and names no birth may end: "b.", a name's comma, a bracket."""
_DEPENDENT: Final = _compiled(
    r"(?<![^\W_])(?:Dependent|DEPENDENT|(?:Household|Family|HOUSEHOLD|FAMILY) (?:member|Member|MEMBER)|Child|CHILD)"
    r"(?:\s{0,2}(?:#|[Nn]o\.)?\s{0,2}\d{1,2}(?![^\W_])[.:)]?|s?:)(?P<gap>(?:[\s,|]{1,3}[^\W\d_][\w'’.-]{0,40}){1,7}[\s,|(]{1,3})$"
)
"""Rows of the insured's family: "Dependent 1  Ana Lopez  daughter  3/4/2008"."""
_BEHIND: Final = re.compile(
    r"\s{0,2}[\[(]\s?(?:d\.?o\.?b\.?|date of birth|birth\s?date|born)\s?[\])]"
    r"|[\s,;/|]{0,2}[\[(]\s?(?:age[ds]?\s)?\d{1,3}\s?-?(?:y\.?\s?o|y/o|yrs?|years?|y)\b"
    r"|[\s,;/|]{1,3}(?:[MF](?=\s*(?:$|[,;|)]))|(?:FEMALE|MALE|Female|Male)(?![^\W_]))",
    re.I | re.M,
)
"""What follows the date of birth in the headers of charts: its label, the age in brackets, the sex."""


_WHOLE_DATE: Final = re.compile(
    r"[(\[]?(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2}(?:\d\d)?|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}"
    r"|\d{1,2}(?:st|nd|rd|th)?[ -]?[a-z]{3,9}\.?,?[ -]?\d{4}|[a-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})[)\]]?",
    re.I,
)
_OPENED: Final = re.compile(r"\s{0,2}[(\[]\s?")
_CLOSED: Final = re.compile(r"\s?[)\]]")
TREATS: Final = re.compile(
    r"(?<![^\W_])(?:dr|doctor|prof|md|m\.d|do|d\.o|rn|r\.n|np|pa|pa-c|phd|pharmd|lpn|cna|crna|dds|dpm|msw|lcsw|by|cc"
    r"|physician|provider|attending|surgeon|nurse|signed|author|radiologist|pathologist)(?![^\W_])",
    re.I,
)
"""Who treats or signs: the date in brackets behind such a name is that of the visit or the signature."""
_TITLE_REACH: Final = 24
_DATES: Final = (Kind.DATE, Kind.BIRTH_DATE)


def told(text: str, spans: Iterable[Span]) -> list[Span]:
    """The same spans, where each DATE that the text or another span knows for a date of birth is a BIRTH_DATE.

    So are dates that overlap with such a one: cut in two, the year would be left of one of them, which a profile keeps.
    """
    spans = list(spans)
    dates = sorted((n for n, s in enumerate(spans) if s.kind in _DATES), key=lambda n: spans[n].start)
    if not dates:
        return spans
    people = {s.end: s for s in spans if s.kind is Kind.PERSON and s.owner is not Owner.PROVIDER}
    for span in spans:
        if span.kind is Kind.PERSON and span.owner is Owner.PROVIDER:
            people.pop(span.end, None)
    for overlapping in _overlapping(spans, dates):
        if any(_tells(text, spans[n], people) for n in overlapping):
            for n in overlapping:
                spans[n] = replace(spans[n], kind=Kind.BIRTH_DATE)
    return spans


def _overlapping(spans: list[Span], ordered: Iterable[int]) -> Iterator[list[int]]:
    """Runs of spans, by their numbers in the order of their starts, each of which overlaps with one before it."""
    run: list[int] = []
    end = 0
    for n in ordered:
        if run and spans[n].start >= end:
            yield run
            run = []
        run.append(n)
        end = max(end, spans[n].end) if len(run) > 1 else spans[n].end
    if run:
        yield run


def _tells(text: str, span: Span, people: Mapping[int, Span]) -> bool:
    return span.kind is Kind.BIRTH_DATE or is_birth(text, span.start, span.end) or _bracketed(text, span, people)


def _bracketed(text: str, span: Span, people: Mapping[int, Span]) -> bool:
    """Whether the span is a whole date in brackets right behind a person, by the end of the name, who treats nobody."""
    whole = _WHOLE_DATE.fullmatch(text, span.start, span.end)
    opens = next((m for at in range(max(0, span.start - 4), span.start + 1) if (m := _OPENED.match(text, at))), None)
    if whole is None or opens is None or opens.end() not in (span.start, span.start + 1):
        return False
    if not (text[span.end - 1] in ")]" or _CLOSED.match(text, span.end)):
        return False
    person = next((people[at] for at in range(opens.start(), max(0, opens.start() - 3), -1) if at in people), None)
    if person is None or text[person.end : opens.start()].strip(" \n,"):
        return False
    named = text[person.start : person.end]
    words = [w for w in re.findall(r"[^\W\d_]{2,}", named) if w[0].isupper()]
    return len(words) > 1 and not TREATS.search(text[max(0, person.start - _TITLE_REACH) : person.end])


def is_birth(text: str, start: int, end: int) -> bool:
    """Whether the words around a date at these half-open offsets say that somebody was born on it."""
    lead = text[max(0, start - _REACH) : start]
    label = _LABEL.search(lead)
    if label is not None and not _AT.search(label["gap"]) and not _OTHER.search(_PROVED.sub("", label["gap"])):
        return True
    born = _BORN.search(lead) if "born" in lead.lower() else None
    if born is not None and not _OTHER.search(born["gap"]):
        return True
    dependent = _DEPENDENT.search(lead)
    if dependent is not None and not _OTHER.search(dependent["gap"]):
        return True
    last = lead.rstrip()[-1:]
    named = last in _BEFORE_BIRTH and (_SHORT if last == "." else _NAMED).search(lead)
    return bool(named or _BARE.search(lead) or _BEHIND.match(text, end))
