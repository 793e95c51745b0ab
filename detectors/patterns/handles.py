"""Account names on social networks and in messengers, by the network's name before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.findings import Kind
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_NETWORK: Final = (
    r"facebook|fb|instagram|insta|ig|twitter|tik\s?tok|snap\s?chat|snap|linked\s?in|telegram|whats\s?app|skype|discord"
    r"|reddit|we\s?chat|venmo|zelle|cash\s?app|pinterest|you\s?tube|mastodon|bluesky|threads|kik|viber|messenger"
    r"|facetime"
)
_SOCIAL: Final = r"(?:social\s(?:media|network)|user\s?name|screen\s?name|handle|gamer\s?tag|log-?in|user\sid)"
_NAME: Final = r"(?P<name>[@/]?(?:(?:u|in)/)?[\w][\w.\-]{1,40}[\w])(?![\w@])"
_LABELLED: Final = Searcher(
    rf"(?<![\w.@])(?:{_NETWORK}|{_SOCIAL})(?:\s(?:account|acct|handle|user\s?name|user|name|page|profile|id))?"
    rf"(?:\s?[:=]\s?|\s(?:is|was|as|at|under|named|called)\s|\s[(\"]|\s(?=@)){_NAME}",
    re.I,
)
_TOLD: Final = Searcher(rf"(?<![\w.@])(?:{_NETWORK})\s{_NAME}", re.I)
_USER: Final = Searcher(
    r"(?<![\w.@])(?:user(?:\s?name)?|log-?in|(?:portal|user)\s(?:id|name))\s(?P<name>[a-z][a-z.\-]{1,30}"
    r"(?:_[\w.\-]{1,20}|\d{1,6}))(?![\w@.])",
    re.I,
)
"""Letters and then figures or an underscore: no word behind "user" is written so."""
_TOLD_PLAIN: Final = Searcher(
    r"(?<![\w.@])(?:user\s?name|screen\s?name|log-?in(?:\sname)?|user\sid)\s(?:is|was)\s"
    r"(?P<name>(?!\w{2,20}(?:ed|ing)\b|(?:not|invalid|correct|incorrect|wrong|unknown|different|blank|empty"
    r"|unavailable|gone"
    r"|taken|too|the|my|his|her|still|down|same|always|case|on|in|no|an?)\b)[a-z]{4,24})(?=[.,;]?\s*$|[.,;]\s|\s"
    r"(?:and|but|for|with)\s)",
    re.I,
)
"""One word as the name, and then the clause ends."""
_LOCKED: Final = Searcher(
    r"(?<![\w.@])(?:user\s?name|screen\s?name|(?:portal\s)?log-?in(?:\s(?:name|id))?|portal\suser|user)\s"
    r"(?P<name>(?!(?:field|account|accounts|password|prompt|screen|policy|button|page|link|request|attempts?|history"
    r"|session|access|portal|name|names|info|error|which|that|credentials|function|service|system|support|also)\b)"
    r"[a-z]{6,24})\s(?=(?:(?:is|was|got)\s(?:locked|blocked|taken|disabled|reset|expired|unknown|not\sfound)"
    r"|belongs\sto|can(?:['’]?t|not)\s(?:log|sign|get|see)|(?:has\s)?(?:logged|signed)\s(?:in|out|on)|accessed"
    r"|viewed|opened|downloaded"
    r"|needs\saccess|does(?:n['’]?t|\snot)\s(?:work|exist)|needs\sa\snew\spass)\b)",
    re.I,
)
"""One word as the name, and what is done to an account."""
_AT: Final = Searcher(r"(?<![\w@./])(?P<name>@[a-z][\w.]{2,29})(?!\w|@)", re.I)
_ODD: Final = re.compile(r"@|\d|_|(?<=\w)\.(?=\w)")
"""What words of a sentence lack and account names mostly have."""
_EMPTY: Final = frozenset(
    {"none", "n/a", "yes", "no", "not", "denies", "unknown", "declined", "daily", "use", "account"}
)


class HandleRecognizer(TextRecognizer):
    """ "Facebook: ana.lopez88", "IG @anal", "username ana_l"; behind a bare network name only what is no plain word."""

    KINDS = (Kind.OTHER_ID,)

    def find(self, text: str) -> Iterator[Match]:
        for hit in _LABELLED.finditer(text):
            marked = text[hit.start() : hit.start("name")].rstrip()[-1:] in ":="
            if hit["name"].lower() not in _EMPTY and (marked or _ODD.search(hit["name"])):
                yield Match(hit.start("name"), hit.end("name"), Kind.OTHER_ID, 0.7)
        for hit in _TOLD.finditer(text):
            if _ODD.search(hit["name"]) and not hit["name"][0].isdigit():
                yield Match(hit.start("name"), hit.end("name"), Kind.OTHER_ID, 0.6)
        for rule in (_TOLD_PLAIN, _LOCKED, _USER):
            for hit in rule.finditer(text):
                yield Match(hit.start("name"), hit.end("name"), Kind.OTHER_ID, 0.6)
        for hit in _AT.finditer(text):
            yield Match(hit.start("name"), hit.end("name"), Kind.OTHER_ID, 0.5)
