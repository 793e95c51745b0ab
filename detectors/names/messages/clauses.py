"""Clauses of terse messages in which a person must stand: who called back, whose labs, which bed, whose mother.

Each has a group `name`, in any case; `terse` says which words count in which.
"""

from __future__ import annotations

import re
from typing import Final

from detectors.names.messages.told import DEEDS, STATES
from detectors.patterns.search.searcher import Searcher

_WORD: Final = r"[^\W\d_]+(?:['’\-](?!s\b)[^\W\d_]+)?"
_NAME: Final = rf"(?P<name>{_WORD})"
_ENDS: Final = r"(?![\w-])"
OPENS: Final = re.compile(
    rf"(?:^|(?<=[.!?;:,\n] )|(?<=\n))(?:(?:is|was|did|does|has|and|but|fyi|hey|also)[ ])?{_NAME}[ ](?:"
    rf"(?P<deed>{DEEDS})"
    rf"|(?:{STATES})){_ENDS}",
    re.I,
)
WHETHER: Final = Searcher(
    rf"(?<!\w)(?:if|whether|when|why|until|once|after|because|since|that)[ ]{_NAME}[ ](?:has |ever |already |still )?"
    rf"(?:(?P<deed>{DEEDS})|(?:{STATES})){_ENDS}",
    re.I,
)
MAY: Final = Searcher(
    rf"(?<!\w)(?:can|could|should|did|does|will|would)[ ]{_NAME}[ ](?:shower|walk|eat|drink|have|get|go|sit"
    rf"|stand|leave|know|pass"
    r"|take|want|need|ever|swallow|tolerate|void|ambulate|sign|come|be|see|use|wear|wash|drive|fly|return|finish"
    r"|sleep)(?!\w)",
    re.I,
)
IS: Final = Searcher(
    rf"(?<!\w)(?:is|was|has|did)[ ]{_NAME}[ ](?:back|here|still|home|ok|awake|npo|up|done|ready|coming|going"
    rf"|getting|allowed|due"
    r"|in (?:room|rm|bed)|been|seen|gone|eaten|voided)(?!\w)",
    re.I,
)
TAKEN: Final = Searcher(
    rf"(?<!\w)(?:move|send|transfer|take|bring|wheel|walk)[ ]{_NAME}[ ](?:to|back|down|up"
    rf"|home)(?!\w)",
    re.I,
)
CHARTED: Final = re.compile(
    r"(?:(?<![^\n])|(?<=[:,;] ))(?P<name>[A-ZÀ-Þ][a-zß-ÿ]{1,20})(?=[ ][A-Z]{2,6}(?![\w'])|/[a-z]{3,}|[ ]?->)"
)
"""A name before a diagnosis in capitals, or before strokes: "Pham CHF exac", "Hwang/cellulitis/vanc"."""
BOTH: Final = Searcher(
    rf"(?:(?:^|\n|[.;,:] )|(?:swap|switch|move|discharge|transfer|admit|round on|check on|see|cancel|keep|merge)"
    rf"[ ])(?P<one>{_WORD})[ ]"
    rf"(?:&|and|n|/)[ ](?P<name>{_WORD})(?=[ ](?:both|share|same|d/?c|dc|need|missed|no show|today|tomorrow|tmrw"
    rf"|in the|this|to|are|were|have|swapped|switched|traded)"
    r"(?!\w)|[ ]?(?:[.,;?!]|$))",
    re.I,
    needs=r"(?i:[ ](?:&|and|n|/)[ ])",
    within=400,
)
BEDS: Final = Searcher(
    rf"(?<!\w)(?:bed|rm|room)[ ]?#?\d{{1,4}}[a-d]?[ :,-]{{1,3}}{_NAME}(?=[ ]?(?:[.,;?!]|$|\n)"
    r"|[ ](?:(?:bed|rm|room)[ ]?\d|nauseated|vomit\w+|npo|refus\w+|fell|s/p|confused|agitated|wants|is asking))",
    re.I,
)
NUMBERED: Final = Searcher(rf"(?:^|(?<=\s))\d{{1,2}}[.)]?[ ]{_NAME}(?=[ ]+\d{{1,2}}[.)]?[ ]|[ ]?$|\n)")
LOUD_LAST: Final = re.compile(
    r"(?<![\w])(?:FOR|ON|OF|TO|FROM|WITH|PT|SEE|CALL|RE:?)[ ](?P<name>[A-Z'’-]{3,20})[ ]?[.?!]?[ ]?$"
)
ASK: Final = Searcher(
    rf"(?:^|\n|[.;,:] )(?:please |pls |can (?:you|u|someone) )?(?:ask|call|tell|page|remind|text|notify|ring|phone)[ ]"
    rf"(?:back )?{_NAME}[ ](?:if|whether|to|that|about|back|re|what|when|why|not){_ENDS}",
    re.I,
)
_KIN: Final = (
    r"niece|nephew|wife|husband|hubby|hus|partner|sister|sis|brother|bro|daughter|dtr|son|mom|mum|mother|dad"
    r"|father|aunt"
    r"|auntie|uncle|cousin|grandma|grandpa|gma|gpa|nana|roommate|neighbou?r|girlfriend|boyfriend|gf|bf|ex|friend"
    r"|poa|hcp"
    r"|ex-(?:wife|husband)"
)
RELATED: Final = Searcher(
    rf"(?<![\w'’])(?:{_KIN})[ ]{_NAME}(?=[ ]?(?:[.,;:)(?!]|$|\n|\d|[ ](?:at|is|was|who|with|called|no|\+?\d)))", re.I
)
KIN_WORRIED: Final = Searcher(
    rf"(?<![\w'’])(?:{_KIN})[ ]{_NAME}(?=[ ](?:is )?(?:worried|asking|upset|concerned|crying|angry|at "
    rf"(?:the )?bedside|in (?:rm|room|bed)|speaks|drives|watches|has custody)(?!\w))",
    re.I,
)
WHOSE_KIN: Final = Searcher(
    r"(?<![\w'’])(?P<name>[A-ZÀ-Þ][^\W\d_]{2,20})['’]s[ ](?=(?:wife|husband|mother|father|mom|dad|son|daughter"
    r"|sister|brother"
    r"|landlord|landlady|roommate|girlfriend|boyfriend|niece|nephew)(?!\w))",
    needs=r"['’]s[ ]",
    within=21,
)
"""Whose kin it is, whatever else the word means: "Serge's landlord"."""
SIGNED: Final = re.compile(r"(?<=[\w)][.!] )(?P<name>[A-ZÀ-Þ][a-zß-ÿ]{2,15})[ ]?$")
"""A word of no list that ends a message behind its last stop."""
INTRODUCED: Final = Searcher(
    rf"(?<![\w'’])(?:this is|it['’]?s|i['’]?m|i am|my name['’]?s|name['’]?s|hey its)[ ]{_NAME}"
    r"(?=[ ](?:from (?!the )|in (?:billing|radiology|room|rm|bed|lab|pharmacy|the)|with|at|again|calling|here)|,"
    r"[ ]\w+s['’]?[ ])",
    re.I,
)
UNMARKED: Final = re.compile(r"(?<![\w'’.-])(?P<name>[a-z]{3,20})s(?=[ ][a-z])")
"""A possessive without its mark: "hold suttons heparin"."""
PAPERS: Final = re.compile(
    r"[ ](?:chart|labs?|meds|results?|room|nurse|wife|husband|mom|son|daughter|bp|creatinine|potassium|a1c|inr"
    r"|mri|ct|echo"
    r"|xray|scan|consent|discharge|appt|referral|refill|family|insurance)(?!\w)"
)
OWNS: Final = Searcher(
    r"(?<![\w'’.-])(?P<name>[^\W\d_]{2,20})['’]s[ ](?=(?:a1c|inr|bp|hr|hgb|wbc|k|sats?|temp|labs?|meds?|chart"
    r"|room|bed|mom"
    r"|mother|dad|wife|husband|son|daughter|family|pain|drain|wound|line|iv|script|refill|appt|mri|ct|xray|echo"
    r"|scan|knee"
    r"|hip|leg|arm|back|foot|surgery|discharge|consent|ride|insurance|phone|number|address|gallbladder)\b)",
    re.I,
    needs=r"['’][sS\u017f][ ]",
    within=20,
)
MEANT: Final = Searcher(r"(?<=[a-z,;:] )(?P<name>[A-ZÀ-Þ][a-zß-ÿ]{2,20})(?![\w-]|['’][^s])")
"""A capital in the midst of a message that opens without one."""
AND_TO: Final = Searcher(
    rf"(?<!\w)and[ ]{_NAME}[ ]to[ ](?:isolation|\d{{1,3}}|bed|room|rm|icu|tele|rehab|the (?:window|door|unit"
    rf"|floor|icu))(?!\w)",
    re.I,
)
"""The second who is moved."""
FORMERLY: Final = Searcher(
    rf"(?<!\w)(?:formerly|previously|n[ée]e|maiden name|a\.?k\.?a\.?|alias)(?: known as|:| is| was)?[ ]{_NAME}"
    rf"(?![\w'’-])",
    re.I,
)
COUPLE: Final = Searcher(
    rf"(?<!\w){_NAME}[ ](?=and (?:her|his) (?:husband|wife|partner|mother|father|mom|dad"
    rf"|son|daughter|fianc\w+)\b)",
    re.I,
)
"""Whose kin comes along: "Banjeet and her husband"."""
TELL: Final = Searcher(
    rf"(?<!\w)(?:tell|ask|page|remind|thank|thanks|thx|ty|bye|sorry|text|wake|on w/?|sitting with)[ ]{_NAME}"
    r"(?=[ ]?(?:[.,!?;]|$|\n))",
    re.I,
)
"""Who is told something, and then the clause ends: "ok, ill tell marcus"."""
AGED: Final = Searcher(
    r"(?:^|(?<=\n))(?P<name>[^\W\d_]{4,20}(?:['’\-][^\W\d_]{2,20})?),?[ ]\d{1,3}[ ]?(?:yo|y/o|yr|yrs|y\.o\.?|m"
    r"|f)(?!\w)",
    re.I,
)
"""An age behind the first word of a message: "aiyana 7yo asthma"."""
IRISH: Final = Searcher(r"(?<![\w'’-])(?P<name>(?!o['’]clock)[od]['’][a-z]{3,15})(?![\w-]|['’](?!s))", re.I)
"""O' and D' open surnames."""
_SYLLABLE: Final = (
    r"(?:eun|hyun|hyeon|ji|woo|min|jun|joon|seo|su|soo|young|yeong|yong|jin|hee|ha|na|ho|kyung|kyu|sang|sung|seung|tae"
    r"|dong|jae|in|ah|yeon|won|hwan|chul|mi|sook|suk|ok|hye|ye|bo|ra|rin|do|yun|yoon|geun|ki|kwang|myung|byung|chan"
    r"|chang|il|jong|joo|ju|se|si|so|wan|hoon|bin|gyu|kyo)"
)
KOREAN: Final = Searcher(rf"(?<![\w'’-])(?P<name>{_SYLLABLE}-{_SYLLABLE})(?![\w-])", re.I)
"""Two syllables of Korean given names: "Hyun-woo"."""
