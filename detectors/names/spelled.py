"""Names that are spelled ("V-E-R-A  K-A-T-Z"), and initials and short names where a chart's shorthand has nobody else:
lists of surnames with an initial, who signed in three small letters, whose account is to be opened, who lies in a unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.dictionaries.lexicon import given_rank, is_clinical_word, is_common_word, surname_rank, word_set
from detectors.findings import Kind
from detectors.names.dotted import NO_PERSON
from detectors.names.messages.hasty import is_stranger
from detectors.patterns.base import Match, TextRecognizer, follows
from detectors.patterns.search.searcher import Searcher

_LETTERS: Final = r"[^\W\d_](?:-[^\W\d_]){2,14}"
_SPELLED: Final = Searcher(rf"(?<![\w'’./-])(?P<name>{_LETTERS}(?:[ ]{{1,3}}{_LETTERS}){{0,2}})(?![\w/]|-\w|['’]\w)")
_APART: Final = Searcher(
    r"(?i:(?<!\w)(?:spelled|spelling|spelt|spell[ ]it|spells)(?:[ ](?:is|as|out))?[:,]?[ ]{1,2})"
    r"(?P<name>[A-Z](?:[ ,.][ ]?[A-Z]){2,14})(?![\w'’])"
    r"|(?<!\w)(?i:(?:first|last|sur)[ ]?name|name[ ]is)[: ]{1,2}(?P<given>[A-Z](?:[ ][A-Z]){2,14})(?![\w'’])"
)
_SAID_SO: Final = re.compile(r"(?:spell\w{0,3}|spelt|(?:sur|last|first\s|last\s)name(?:\sis)?)[^\n.;]{0,12}$", re.I)
_SHORTEST: Final = 5
"""Letters of a spelled word that no list has; fewer stand for something else."""
_SURNAME: Final = r"[^\W\d_]{2,20}(?:-[^\W\d_]{2,20})?"
_LISTED: Final = Searcher(
    rf"(?<![\w'’.-])(?P<first>{_SURNAME}),[ ][^\W\d_]\.?"
    rf"(?:(?:[,;]|[,;]?[ ](?:and|&|or))[ ]{_SURNAME},[ ][^\W\d_](?!\w)\.?){{1,12}}",
    needs=r",[ ][^\W\d_]\.?(?:,|;|[ ](?:and|&|or)[ ])",
    within=45,
)
_EACH: Final = re.compile(rf"(?P<last>{_SURNAME}),[ ][^\W\d_](?!\w)")
_SIGNED: Final = Searcher(
    r"(?<![\w-])(?i:signed|initialed|typed[ ]by|dictated[ ]by|entered[ ]by|transcribed[ ]by|charted[ ]by"
    r"|witness)[: ]{1,2}(?P<name>[a-z]{3})(?=[ ]?[.,;)]?[ ]?(?:\n|$))"
)
_NO_INITIALS: Final = NO_PERSON | word_set(
    "ama dnr dni roi abn poa hcp lcsw aprn arnp fnp cnp dnp pac rph crna emt lpn lvn cna cma pcp hha msw dpm faa"
    " irb ncr fax pdf epic cpoe hie out off"
)
_UNLOCKED: Final = Searcher(
    r"(?i:(?<!\w)(?:unlock|reset|disable|enable|deactivate|activate|reactivate|terminate))[ ](?:the[ ])?"
    r"(?P<name>[a-z][a-z.\-]{3,24}\d{0,4})(?=(?:['’]s)?[ ](?:account|acct|log-?in|password|pw|access|mfa)(?!\w))"
)
_PROGRAMS: Final = word_set(
    "citrix pyxis omnicell epic cerner athena athenanet meditech haiku canto rover powerchart mychart vocera imprivata"
    " okta duo outlook sharepoint vmware webex hyperspace onbase tigerconnect kronos workday lawson pacs"
    " allscripts nextgen eclinicalworks intranet wifi vpn voip sso emr ehr his lis ris badgepass surescripts"
    " uptodate lexicomp micromedex carelink imagenow powerscribe dragon nuance wellsky availity navinet guest admin"
)
_UNIT: Final = Searcher(
    r"(?<![\w-])(?:[MSCNP]?ICU|CVICU|CTICU|NSICU|CCU|PACU|ED|ER|L&D|bed|Bed|BED|rm|Rm|room|Room)[ -]?#?\d{1,3}[A-D]?[ ]"
    r"(?P<name>[A-ZÀ-Þ][a-zà-ÿ]{3,20}(?:-[A-ZÀ-Þ][a-zà-ÿ]{2,20})?)"
    r"(?=[ ](?:(?:is|was|has|needs|wants|asking|still|not|s/p)[ ]"
    r"|extubated|intubated|npo|ready|awake|stable|desat\w{0,5}|brady\w{0,6}|tachy\w{0,8}|hypo\w{0,8}|febrile|agitated"
    r"|confused|pressors?|vented|fell|coded|pending|transfer|discharge|dc|d/c|post-?op|pre-?op"
    r"|on[ ](?:\d|RA|levo|vent|bipap|hfnc)))"
)


class SpelledNameRecognizer(TextRecognizer):
    """Spelled letters count where they make a name, or where they are told to be spelled and are no short form."""

    KINDS = (Kind.PERSON,)

    def find(self, text: str) -> Iterator[Match]:
        for hit in _SPELLED.finditer(text):
            told = follows(_SAID_SO, text, hit.start())
            if any(_is_name(word.replace("-", ""), told=told) for word in hit["name"].split()):
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.6)
        for hit in _APART.finditer(text):
            group = "name" if hit["name"] else "given"
            if _is_name(re.sub(r"\W", "", hit[group]), told=True):
                yield Match(hit.start(group), hit.end(group), Kind.PERSON, 0.6)
        for hit in _LISTED.finditer(text):
            named = [*_EACH.finditer(text, hit.start(), hit.end())]
            if any(_is_surname(one["last"]) for one in named):
                yield from (Match(one.start(), one.end(), Kind.PERSON, 0.5) for one in named if _may_be(one["last"]))
        for hit in _SIGNED.finditer(text):
            if hit["name"] not in _NO_INITIALS and not (is_common_word(hit["name"]) or is_clinical_word(hit["name"])):
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.45)
        for hit in _UNLOCKED.finditer(text):
            if _is_account(hit["name"]):
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.45)
        for hit in _UNIT.finditer(text):
            if _may_be(hit["name"]) and is_stranger(hit["name"].lower()):
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.45)


def _is_name(word: str, *, told: bool) -> bool:
    """Where it is told to be spelled, what medicine and English know counts if somebody bears it: "K-A-T-Z"."""
    listed = surname_rank(word) is not None or given_rank(word) is not None
    known = is_clinical_word(word) or is_common_word(word)
    if told:
        return listed or (not known and len(word) >= _SHORTEST)
    return not known and len(word) > 3 and (listed or len(word) > _SHORTEST)


def _is_surname(word: str) -> bool:
    return surname_rank(word) is not None and not is_common_word(word) and not is_clinical_word(word)


def _may_be(word: str) -> bool:
    return not (is_clinical_word(word) or is_common_word(word)) or "-" in word


def _is_account(name: str) -> bool:
    """No word of any list: an initial and a surname, mostly."""
    word = name.rstrip("0123456789.-")
    return word not in _PROGRAMS and (is_stranger(word) or _is_surname(word[1:])) and not is_common_word(word)
