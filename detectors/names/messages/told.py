"""Rules of one shape: a clause in which a person stands, which words count as somebody's name there, and how surely.

Beside them what messages say of people alone, as parts of expressions for use in any case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from detectors.findings import Kind
from detectors.patterns.base import Match
from detectors.patterns.search.searcher import Searcher

DEEDS: Final = (
    r"called|calling|phoned|texted|refus(?:ed|es|ing)|wants?|wanted|asked|asking|says|said|complain(?:s|ed|ing)|eloped"
    r"|vomited|ate|drinks|drank|slept|fell|cried|crying|yell(?:ed|ing)|ran|gave birth|lives|moved|quit|smokes"
    r"|lost \d+ ?(?:lbs?|pounds|kg)|sign(?:ed|s|ing) (?:ama|out|the|her|his|consent)|left ama|showed up"
    r"|no[ -]?show(?:ed)?"
    r"|(?:broke|hurt|cut|burned|injured|fractured|twisted|lost|took|forgot|left|brought|wears|finished|missed"
    r"|hit|stopped"
    r"|skipped|bit|scratched|uses) (?:his|her|their)|shares? a room|to (?:cath|icu|ct|mri|tele|rehab|snf"
    r"|dialysis|xray|endo|pacu"
    r"|room|rm|bed|the or)"
    r"|(?:a1c|bp|hr|k|k\+|na|hgb|hct|wbc|plt|inr|trop\w*|glucose|bg|temp|wt|cr|bun|lactate|bili|sats?)(?: (?:is|was))?"
    r"(?=[ ]?(?:\d|\?|$))"
    r"|(?:has|had) (?:a )?(?:fallen|eaten|vomited|a seizure|the flu|a fever|parkinson['’]?s|diabetes|dementia|asthma"
    r"|strep|croup|covid|flu|rsv|pneumonia|lice|scabies|a rash|a uti|(?:chest|back|belly|abd|kidney|knee|hip"
    r"|neck|tooth|jaw|no) pain|a sore throat)"
    r"|can['’]?t (?:swallow|breathe|urinate|pee|void|walk|sleep|afford|see|hear|eat|drink|stand|feel h(?:is|er))"
    r"|ha(?:s|d)n['’]?t (?:had|eaten|voided|slept|been seen|peed|called)|passed a (?:stone|clot)"
    r"|cancell?ed(?= (?:for|again|on|his|her)|$)|no[ -]?showed|rescheduled(?= (?:for|to|again|his|her)|$)"
    r"|in (?:(?:rm|room|bed) ?#?\d{1,4}[a-d]?|\d{1,3}[a-d]) (?:is (?:vomiting|bleeding|crying|asking|refusing|confused"
    r"|awake|lonely|upset|hungry|scared)"
    r"|wants|says"
    r"|vomited|fell)"
    r"|is (?:vomiting|crying|seizing|wheezing|nauseated|constipated|hypotensive|tachy|febrile|sob|short of breath)"
    r"|in the (?:hall|lobby|waiting room|bathroom|hallway)|took (?:his|her|out)"
    r"|needs (?:labs|immunizations|vaccines|sutures|stitches|iv access|transport|a (?:sitter|ride|bed))"
    r"|is here for (?:his|her|their)|had a (?:seizure|stroke|fall|baby)"
)
"""What people do, and drugs, tubes, days and streets do not."""
STATES: Final = (
    r"needs? (?:a|an|his|her|their|am|more|new|help|to (?:be seen|go|come|call|pee|sign|know))\b"
    r"|(?:is|was) (?:ama|npo|upset|asleep|awake|confused|agitated|crying|here|back|home|waiting|stable|pregnant"
    r"|combative"
    r"|in (?:bed|room|rm)|on the (?:phone|vent|unit|floor))"
    r"|d/?c(?:['’]d)? (?:today|home|to|tomorrow|tmrw|pending)|spiking|desat\w*|seizing|coding|sundowning"
    r"|ambulat\w+|voided|intubated|extubated|agitated|combative|confused"
    r"|(?:high )?fall risk|c/o|co-?sign\w*|to co-?sign|pain \d|sats? \d|bp \d|hr \d|temp \d"
    r"|(?:also )?pulled (?:out )?(?:his|her|their|the)\b|still (?:here|boarding|npo|vomiting|waiting)"
)
"""How a person is, or what is done with one: a tube may need changing, but goes to no icu."""


class Told(NamedTuple):
    """`clause` has a group `name`; `accepts` judges the whole hit."""

    clause: Searcher | re.Pattern[str]
    accepts: Callable[[re.Match[str]], bool]
    score: float = 0.45


def named(rules: Iterable[Told], text: str) -> Iterator[Match]:
    """The groups `name` of all hits that their rule accepts."""
    for clause, accepts, score in rules:
        for hit in clause.finditer(text):
            if accepts(hit):
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, score)
