"""Terms of medicine called after a doctor or a town, as one table: which names before which word of the trade.

Only the whole term is nobody's. What a patient can have, too, stands here with rare names alone, or with the words that
only the term has behind it: "Thomas test positive" may be Thomas's. The text may have somebody of that name elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from detectors.dictionaries import lexicon
from detectors.findings import Kind, Span
from detectors.patterns.search.searcher import AS_READ, Searcher

_NO_DOSE: Final = r"(?![\w/]|[.:]\d|[ ]?(?:mg|mcg|ml|units?|x|tabs?|days?|am|pm|west|east|north|south|times)(?!\w))"
_GRADES: Final = rf"(?:(?:grade|type|class|category|stage|level)[ ])?(?:[IV]{{1,4}}|[0-6])[A-Fa-f]?{_NO_DOSE}"
_SPELLED_GRADES: Final = (
    rf"(?:grade|type|class|category|stage)[ ](?:[IV]{{1,4}}|[0-6])[A-Fa-f]?{_NO_DOSE}"
    r"(?=[ ](?:ulcers?|dfu|foot|diabetic[ ]foot|fractures?|fx|separation|isch\w+|limb|claudication|view|laryngoscopy"
    r"|ring|bleed\w*|changes|oa|chondro\w+|radial|tibial|AC)(?!\w)|[ ]?[.,;)]|[ ]?$)"
)
"""A grade of the doctor's own: "Wagner type 2 diabetes" is a patient's."""
_CRITERIA: Final = (
    r"(?:[IV]{1,3}[ ])?(?:criteria|classification|consensus|guidelines?|nomogram"
    r"|(?:syncope[ ]|decision[ ])?rules?(?![ ](?:out|in|the)(?!\w)))(?!\w)"
)
_NO_BUSINESS: Final = (
    r"(?!['’]s|[ ](?:clinic|f/?u|follow|appt|pt|patient|room|rm|bed|today|tomorrow|tmrw|call|wants|here|came|back|is"
    r"|was|needs|refus\w+|denies|says|asks)(?!\w))"
)
"""What is done about a patient's own: "Hickman line is red, wants the nurse"."""
_BUSINESS: Final = re.compile(
    r"[^\n]{0,48}?(?<!\w)(?:wants?|cri(?:es|ed)|crying|tearful|asks?|asked|asking|came|bed|room|rm|aged?|sex|she|he|her|hers"
    r"|him|his|mom|dad|wife|husband|son|daughter|family|home|call(?:s|ed|ing)?|walked|waiting|fell|refus\w+|denies"
    r"|needs|tomorrow|tmrw|today|pending|appt|fitting|lost|off|told|reviewed|yelling|upset)(?!\w)",
    re.I,
)
"""What is done by or about somebody, behind any term on its line: "Sims position. Wants water"."""
_LAID: Final = r"position(?=[ ](?:for|with|left|right|during|maintained)(?!\w)|[ ]?[.,;]|[ ]?$)"
_TABLE: Final = (
    ("Salter[- ]Harris|Spetzler[- ]Martin|Hunt[ ](?:and|&)[ ]Hess|Hinchey|Bosniak|Mallampati|Gustilo", _GRADES),
    ("Garden", "[IV]{1,3}[ ](?=femoral|hip|fracture|fx)"),
    ("Wagner|Rutherford|Fontaine|Garden|Rockwood|Mason|Schatzker|Cormack|Kellgren|Outerbridge|Forrest|Stanford|Tanner"
     "|Weber|Hawkins|Killip|Robson", _SPELLED_GRADES),
    ("Binet", r"(?:stage[ ])?[A-C](?![\w'’.])"),
    ("Rai", r"(?:stage[ ])?(?:0|I{2,3}|IV)(?![\w'’.])"),
    ("Sokal|Gleason|Wells|Ranson|Nugent|Mayo|Alvarado|Lysholm|Harris[ ]hip|Khorana|(?:Glasgow[ -])?Blatchford"
     "|Rockall|Geneva|Padua|Caprini|Morse|Braden|Norton|Oxford[ ](?:knee|hip|shoulder)",
     r"(?:risk[ ]|fall[ ])?(?:score|index|scale)(?!\w)"),
    ("Marshall", r"CT[ ](?:class|grade|score)[ ](?:[IV]{1,3}|\d)(?!\w)"),
    ("Bledsoe|Milwaukee|Boston|Jewett|Knight[- ]Taylor|Denis[ ]Browne|Minerva", r"brace(?!\w)"),
    ("Philadelphia|Miami(?:[ ]J)?|Aspen", r"collar(?!\w)"),
    ("Philadelphia", r"chromosome(?!\w)"),
    ("(?:(?:[Ss]emi|[Hh]igh|[Ll]ow)[- ])?Fowler['’]?s|Sims['’]?|Trendelenburg|Kraske|Lloyd[- ]Davies", _LAID),
    ("Monteggia|Galeazzi|Colles['’]?|Maisonneuve|Segond|Lisfranc|Hill[- ]Sachs",
     rf"(?:fracture|fx|lesion|injury)(?!\w){_NO_BUSINESS}"),
    ("Jones", r"fracture(?=[ ](?:of[ ]the|non[- ]?(?:weight|union)))"),
    ("Bankart|Latarjet|Brostr[oö]m|Lapidus|Kidner|Putti[- ]Platt", r"(?:repair|lesion|tear|procedure)(?!\w)"),
    ("Fogarty|Swan[- ]Ganz|Hickman|Broviac|Groshong|Tenckhoff|Mahurkar", rf"(?:catheter|cath)(?!\w){_NO_BUSINESS}"),
    ("Bakri|Sengstaken|Blakemore", r"(?:balloon|tube)(?!\w)"),
    ("Kocher|Pfannenstiel|McBurney|Maylard|Rutherford[ ]Morison", rf"incision(?!\w){_NO_BUSINESS}"),
    ("Pfannenstiel", r"(?:healing|clean|scar|c/d/i|approach)(?!\w)"),
    ("McGrath|Miller|Macintosh|Glidescope", r"(?:blade|(?:video)?laryngoscope)(?!\w)"),
    (r"(?:\d\dg[ ])?(?:Huber|Tuohy|Whitacre|Quincke|Veress|Jamshidi)", r"needle(?!\w)"),
    ("Boston|Rome|Amsterdam|Tokyo|Atlanta|Bethesda|Vancouver|Montreal|Chicago|Prague|Vienna|Lugano|Baveno|Ghent|Rotterdam|Centor|Sgarbossa"
     "|Maastricht|Berlin|Budapest|San[ ]Francisco|New[ ]Orleans|Ottawa|Light['’]?s|Ranson['’]?s|Framingham|Fleischner"
     "|Sapporo|Bohan[ ]and[ ]Peter|Simon[ ]Broome|Norfolk[ ]and[ ]Norwich|Norwich", _CRITERIA),
    ("Milan|Paris", r"(?:criteria[ ]for|classification|consensus)(?!\w)"),
    ("New[ ]York[ ]Heart", r"(?:functional[ ])?class(?!\w)"),
    ("Schober|Simmonds|Finkelstein|Apley|Romberg|Schirmer|Yergason|Stinchfield",
     r"test[ ](?:\d|pos|neg|abnormal|normal|equivocal|absent|present)"),
    ("Blalock|Fontan|Rastelli", r"(?:shunt|circulation)(?!\w)"),
    ("Alaris", r"(?:device|module)(?!\w)"),
    ("Zoll|Amplatzer|Omnicell|Pyxis|Arctic[ ]Sun",
     r"(?:device|pads|module|cabinet|count|occluder|plug|station|drawer)(?!\w)"),
    ("Canadian", r"(?:CT|C-?spine|cervical[ ]spine|TIA|syncope)(?:[ ](?:head|rule|score|risk)){1,2}(?!\w)"),
    ("Denver", r"(?:II|2|[Dd]evelopmental)[ ]?(?:screen\w{0,4}|[Ss]creening[ ][Tt]est)(?!\w)"),
    (r"St\.?[ ]Louis|La[ ]Crosse|California|Murray[ ]Valley", r"encephalitis(?!\w)"),
    ("Hong[ ]Kong|Spanish|Asian|Russian", r"(?:flu|influenza)(?!\w)"),
    ("B/Victoria|B/Yamagata", r"(?:lineage|strain)(?!\w)"),
    ("Victoria|Yamagata", r"lineage(?!\w)"),
    ("Marburg|Lassa|Ross[ ]River|West[ ]Nile|Rocky[ ]Mountain[ ]spotted", r"(?:virus|fever)(?!\w)"),
    ("Los[ ]Angeles|LA", r"grade[ ][A-D](?!\w)"),
    ("Cincinnati", r"(?:prehospital[ ])?stroke[ ]scale(?!\w)"),
    ("Johns[ ]Hopkins", r"fall[ ]risk(?!\w)"),
)  # fmt: skip
"""The names, and what must stand behind them."""
_TERMS: Final = tuple(Searcher(rf"(?<![\w.'’-])(?P<name>{names})[ ]{tail}", book=AS_READ) for names, tail in _TABLE)
_OWNER: Final = re.compile(r"(?<!\w)(?P<word>(?i:mrs?|ms|miss|dr|pts?|patient)|[A-Z][\w'’-]{1,24}|[A-Z])\.?[ ]\Z")
_TITLES: Final = lexicon.word_set("mr mrs ms miss dr pt pts patient")


def of_terms(text: str, spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Where such terms stand, half-open, but for those whose name is somebody's of this text."""
    found = [m for m in _all(text) if not (_named_before(text, m.start()) or _BUSINESS.match(text, m.end()))]
    if not found:
        return []
    apart = [s for s in spans if s.kind is Kind.PERSON and not any(m.start() <= s.start < m.end() for m in found)]
    borne = " ".join(text[s.start : s.end] for s in apart).lower()
    return [m.span() for m in found if m["name"].lower() not in borne]


def _all(text: str) -> Iterator[re.Match[str]]:
    for term in _TERMS:
        yield from term.finditer(text)


def _named_before(text: str, start: int) -> bool:
    """Whether a title, an initial or a given name before it makes the term's name the rest of somebody's."""
    found = _OWNER.search(text, max(0, start - 32), start)
    if found is None:
        return False
    word = found["word"]
    return word.lower() in _TITLES or len(word) == 1 or lexicon.is_given_name(word)
