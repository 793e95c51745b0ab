"""Postal addresses: streets, boxes, military and rural routes, and the line of city, state and ZIP."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detectors.findings import Kind
from detectors.patterns.base import DASH, Match, TextRecognizer, follows
from detectors.patterns.ocr import LIKE_DIGIT, D, digits, true_digits
from detectors.patterns.search.searcher import Searcher
from detectors.patterns.states import STATE_CODES, STATE_NAMES, misread_code

_STATE = rf"(?:{STATE_CODES}|[A-Z]\.\s?[A-Z]\.|{STATE_CODES.title()}|(?i:{STATE_NAMES}))"
_ZIP = rf"{D}{{5}}(?:\s?[{DASH}]\s?{D}{{4}})?"

# A suffix that is also a word or a short form in clinical prose counts only in its capitalised form.
_CLEAR = (
    "street|avenue|ave|avn|boulevard|blvd|road|lane|drive|circle|terrace|trail|parkway|pkwy|highway|hwy|turnpike|tpke"
    "|expressway|crossing|esplanade|freeway|causeway|promenade|thruway"
)
_CAPITALISED = (
    "St|Str|Rd|Ln|Dr|Dv|Ct|Court|Cir|Pl|Place|Plaza|Plz|Ter|Terr|Trl|Way|Sq|Square|Loop|Run|Path|Pike|Row|Walk|Alley"
    "|Aly|Bend"
    "|Cove|Cv|Creek|Crescent|Cres|Commons|Close|Estates|Ferry|Field|Fields|Garden|Gardens|Gate|Glen|Green|Grove"
    "|Harbor|Heights"
    "|Hts|Hill|Hills|Hollow|Island|Isle|Junction|Knoll|Lake|Landing|Manor|Meadow|Meadows|Mews|Mill|Mount|Orchard"
    "|Oval|Park"
    "|Pass|Point|Pointe|Pt|Prairie|Ranch|Ridge|River|Route|Rte|Shore|Shores|Spring|Springs|Spur|Station|Summit|Trace"
    "|Track"
    "|Union|Valley|View|Village|Vista|Vw|Xing|Broadway|Bypass|Concourse|Annex|Extension|Bluff|Branch|Bridge|Brook"
    "|Center"
)
_MISREAD = "P[1I|i][L]?|P1L|B[1I|i]vd|B[1I|]VD|Tr[1I|]|Tra[i1I|][1I|]|Hi[1I|]{2}s?|[1I|]n|C[1I|]r"
"""Short forms whose l was read as another upright stroke."""
SUFFIX = rf"(?:(?i:{_CLEAR})|{_CAPITALISED}|{_CAPITALISED.upper()}|{_MISREAD})(?![\w])\.?"
_COMPASS = r"(?:[NSEW]\.?\s?[EW]?\.?|(?i:north|south|east|west|northeast|northwest|southeast|southwest))"
UNIT = (
    r"(?:[\s,.;]{1,4}(?:(?i:apartment|apt|suite|ste|unit|room|rm|floor|fl|building|bldg|lot|space|spc|trailer|trlr"
    r"|penthouse|ph"
    r"|dept|department|box)(?![a-z])\.?\s?\#?\s?[\w\-]{1,6}|\#\s?[\w\-]{1,6})){0,3}"
)
_NUMBER = (
    rf"(?<![\w/.$#{DASH}])(?<!\d:)(?:[NSEW]\s?)?[0-9lIO]?\d[0-9OolIS]{{0,5}}[A-Za-z]?"
    rf"(?:[{DASH}/](?:\d{{1,4}}[A-Z]?|[A-Z]\d?))?(?:\s1/2|\s?½)?"
)
_TO_NAME = r"(?:[\s,]{1,3}(?!(?i:dear|mailing|home|street|address)(?!\w))|\.(?=[NSEW]\.?\s)|(?=[NSEW]\.\s))"
"""From the number to the street's name, which is no field's; a point of the compass may have run together with it."""
_YEAR_ENDS_LINE = re.compile(r"[A-Za-z]{3}\w{0,6}[.,]?\s(?:\d{1,2}(?:st|nd|rd|th)?,?\s)?(?:19|20)\d{2}\s*\n")
"""A date, and what follows it on the next line is no street."""
_NUMBER_ENDS_LINE = re.compile(r"\d{1,10}[ \t]*\n")
_DONE_CODE = re.compile(r"(?<![\w-])(?:CPT|HCPCS|DRG)(?:\s(?:codes?|no\.?|#))?[\s:#]{1,3}$", re.I)
"""Before figures that say what was done: "CPT 27447 Total Knee Way"."""
_FIELD_AHEAD = re.compile(r"[^\n]*(?:\n[^\n]*)*?[A-Za-z]{3}[^\n]*")
_FIGURES_END_LINE = re.compile(r"\d[\d\s]*\n")
_WORD = r"(?:[A-ZÀ-ÞĀ-Ž0-9][\w'’.\-]{0,24}|of|the|de|la|del|los|las|el|y)"
_ABROAD = "calle|avenida|ave?nida|via|camino|paseo|calzada|carrera|rue|rua|strada|strasse|piazza|plaza|rambla|chemin"
_NOT_STREET = re.compile(
    r"(?<![\w])(?:mg|mcg|ml|cc|cm|mm|kg|lbs?|units?|tabs?|tablets?|caps?|capsules?|days?|weeks?|months?|years?|yrs?"
    r"|hours?|hrs?"
    r"|minutes?|mins?|times?|daily|bid|tid|qid|prn|po|views?|by|with|for|and|was|is|in|on|at|to|from|seen|male"
    r"|female"
    r"|patient|phase|lead|view|chest|head|abdomen|pelvis|brain|spine|neck|mmhg|meq|percent|am|pm|am\.|pm\.|contrast"
    r"|scan"
    r"|mass|please|contact|call|signed|page|pages|date|phone|fax|dob|mrn|copies|refills?|oz|x|per|pt|inr|ptt)(?![\w])",
    re.I,
)


class StreetRecognizer(TextRecognizer):
    """Number, name, suffix and unit; PO boxes; rural, county and military addresses; what follows "Address:"."""

    KINDS = (Kind.STREET,)
    _street = Searcher(
        rf"{_NUMBER}{_TO_NAME}(?P<name>(?:{_COMPASS}\s{{1,2}})?"
        rf"(?:{_WORD}[\s,]{{1,2}}){{1,5}}?)"
        rf"{SUFFIX}(?:[ ]{{1,2}}(?:[A-Z][\w'’]{{0,20}}[ ]{{1,2}})?{SUFFIX}){{0,2}}"
        rf"(?:\s{{1,2}}{_COMPASS}(?![\w]))?{UNIT}",
        needs=rf"(?<=[\s,])(?={SUFFIX})",
        within=200,
    )
    _lower = Searcher(
        rf"{_NUMBER}\s{{1,2}}(?P<name>(?:[a-z0-9][\w'’.\-]{{0,24}}\s{{1,2}}){{1,3}}?)(?:{_CLEAR}|st|rd|ln|dr"
        rf"|ct)(?![\w])\.?{UNIT}",
        needs=rf"(?<=\s)(?:{_CLEAR}|st|rd|ln|dr|ct)(?![\w])",
        within=120,
    )
    _number_before = re.compile(r"(?<![\w/.$#:-])\d{1,5}[ ]$")
    """Forms and engines put another number before that of the house."""
    _lone_name = Searcher(
        rf"{_NUMBER}\s{{1,2}}(?:{_COMPASS}\s{{1,2}})?(?:Broadway|BROADWAY|(?:Avenue|AVENUE|Ave"
        rf"|AVE)\.?\s(?:of\s(?:the\s)?)?[A-Z][\w]{{0,24}}"
        rf"|(?i:{_ABROAD})\s[A-Z0-9][\w'’.\-]{{0,24}}(?:\s{_WORD}){{0,3}}){UNIT}",
        needs=rf"(?<=\s)(?i:Broadway|Ave(?:nue)?[.\s]|(?:{_ABROAD})\s)",
        within=60,
    )
    _road = Searcher(
        rf"(?:{_NUMBER}\s{{1,2}})?(?<![\w])(?i:(?:u\.?s\.?|state|county|interstate|old|farm\s(?:to"
        rf"|-to-)\smarket)\s{{0,2}}(?:highway|hwy|route|rte|road|rd)"
        rf"|co\.?\s?rd|fm|highway|hwy|route|rte|cr|sr)\.?\s{{0,2}}#?\s?(?:\d{{1,4}}[A-Z]?|[A-Z]{{1,2}}(?=[\s,])){UNIT}"
    )
    _box = Searcher(
        rf"(?<![\w])(?:(?i:p\.?\s?[o0]\.?\s{{0,2}}(?:b[o0]x|bx|drawer)|post\s(?:office\s)?box|caller\sbox|lock\s?box"
        rf"|mail\s?stop|pmb|apartado)"
        rf"\s{{0,2}}(?:\#|no\.?|number)?\s{{0,2}}[A-Z]?[{LIKE_DIGIT}]{{1,7}}|(?i:r\.?\s?r\.?"
        rf"(?=[ ]?\d{{1,3}}(?:[ ,]{{1,2}}box|,[ ](?-i:[A-Z][a-z]{{2,}})))"
        rf"|rural\s(?:route|rt|rte)"
        rf"|hc|star\sroute|rfd)\s{{0,2}}#?\s?\d{{1,4}}"
        rf"(?:[\s,]{{1,3}}(?i:box)\s{{0,2}}#?\s?[\w\-]{{1,7}})?|(?:PSC|CMR|psc|cmr|Unit"
        rf"|UNIT|unit)\s\d{{1,5}}[,\s]{{1,3}}(?i:box)\s\d{{1,6}}"
        r"|(?:USS|USNS|USNV|USCGC|HMS)\s[A-Z][\w'\-]{1,20}(?:\s[A-Z][\w'\-]{1,20}){0,2}(?=[\s,]{1,4}(?:FPO|APO"
        r"|DPO)))(?!\w)"
    )
    _military = Searcher(
        r"(?<!\w)(?i:(?P<post>[AFD]P[O0])[\s,]{1,3}(?P<state>A[AEP]))[\s,]{1,3}(?P<zip>\d{5}(?:-\d{4})?)(?!\w)"
    )
    _labelled = Searcher(
        r"(?<!\w)(?i:(?:home|mailing|street|billing|postal|residential|work|office|patient"
        r"|shipping)?\s?address(?:\sof\s[\w ]{2,30}\sis|\sis|(?:\schanged)?\sto(?=\s))?\s?[:;]?"
        r"|addr\.?\s?:|(?:lives?|resid(?:es?|ing)|living|located|office\sis|house\sis)\s(?:at|on)\s)\s{0,4}"
        r"(?P<value>(?!(?:is|of)\s)(?=[^\n]{0,24}\d)[\w#][^\n:;]{4,80})"
    )
    _unit_alone = Searcher(r"(?<!\w)(?:Apt|APT|Apartment|Suite|SUITE|Ste|STE)\.?\s?#?\s?\d{1,5}[A-Za-z]?(?![\w/.])")
    _in_label = re.compile(r"(?:\.\s|\s(?:or|and|with|since|where|who|but|phone|tel|dob|for|in)\s|\s{3,}|[?!])", re.I)
    _land_ends = re.compile(r",\s{0,2}(?:U\.?S\.?(?:A\.?)?|United\sStates(?:\sof\sAmerica)?)[.,]?\s{0,2}$")
    _no_place = re.compile(r"\S{0,64}@|(?:[0-9A-Fa-f]{2}[:-]){3}|\d{1,3}(?:\.\d{1,3}){3}(?!\w)")
    """An address of mail or of a network."""
    _road_number = re.compile(r"^\d", re.I)

    def _house_below(self, rule: Searcher, text: str, start: int, end: int) -> int | None:
        """Where the address begins that has its own number on a lower line, behind a word: the number that ends the
        line above it is another field's ("MRN 0098172\nAddress 22 Quarry Hill Road")."""
        above = _NUMBER_ENDS_LINE.match(text, start, end)
        if above is None:
            return None
        for hit in rule.finditer(text[above.end() : end]):
            if hit.end() == end - above.end() and _FIELD_AHEAD.match(text, above.end(), above.end() + hit.start()):
                return above.end() + hit.start()
        return None

    def find(self, text: str) -> Iterator[Match]:
        for rule, score in ((self._street, 0.8), (self._lower, 0.6)):
            for hit in rule.finditer(text):
                dated = _YEAR_ENDS_LINE.search(text, max(0, hit.start() - 14), hit.start("name"))
                figures = _FIGURES_END_LINE.match(hit.group("name"))
                done = follows(_DONE_CODE, text, hit.start(), 16) and not any(map(str.isdigit, hit["name"]))
                court = hit[0].endswith((" ct", " dr")) and not any(map(str.isalpha, hit["name"]))  # "512 884 ct chest"
                if not (_NOT_STREET.search(hit.group("name")) or dated or figures or done or court):
                    more = self._number_before.search(text, max(0, hit.start() - 7), hit.start())
                    own = self._house_below(rule, text, hit.start(), hit.end())
                    start = own if own is not None else more.start() if more else hit.start()
                    yield Match(start, hit.end(), Kind.STREET, score)
        for hit in self._lone_name.finditer(text):
            yield Match(hit.start(), hit.end(), Kind.STREET, 0.7)
        for hit in self._road.finditer(text):
            numbered = self._road_number.match(hit.group()) is not None
            long_form = re.search(r"(?i)high|hwy|county|state|u\.?s", hit.group()) is not None
            if numbered or long_form:
                yield Match(hit.start(), hit.end(), Kind.STREET, 0.7 if numbered else 0.5)
        for hit in self._unit_alone.finditer(text):
            yield Match(hit.start(), hit.end(), Kind.STREET, 0.6)
        for hit in self._box.finditer(text):
            yield Match(hit.start(), hit.end(), Kind.STREET, 0.85)
        for hit in self._military.finditer(text):
            yield Match(hit.start(), hit.end(), Kind.STREET, 0.85)
        for hit in self._labelled.finditer(text):
            value = hit.group("value")
            if self._no_place.match(value):
                continue
            stop = self._in_label.search(value)
            end = hit.start("value") + (stop.start() if stop else len(value.rstrip()))
            land = self._land_ends.search(text, hit.start("value"), end)
            end = land.start() if land else end
            if any(c.isdigit() for c in text[hit.start("value") : end]) and not re.match(
                r"[\d.]+\s?$", text[hit.start("value") : end]
            ):
                yield Match(hit.start("value"), end, Kind.STREET, 0.6)


class CityLineRecognizer(TextRecognizer):
    """City, state and ZIP as they close an address, each as a finding of its own; ZIP codes by label or ZIP+4."""

    KINDS = (Kind.CITY, Kind.STATE, Kind.ZIP)
    _line = Searcher(
        r"(?<![\w])(?:(?P<city>(?:[A-ZÀ-ÞĀ-Ž][\w'’.\-]{1,24}[ ]{1,2}){0,3}[A-ZÀ-ÞĀ-Ž][\w'’.\-]{1,24})"
        r"\s{0,2}[,.;]?\s{1,2}"
        r"|(?P<glued>[A-Z][\w'’\-]{2,24}),)?"
        rf"(?P<state>{_STATE})[.,]?\s{{0,3}}(?P<zip>{_ZIP})(?!\w)(?!\.\d)",
        needs=rf"(?<!\w)(?=(?:{_STATE})[.,]?\s{{0,3}}{_ZIP}(?!\w)(?!\.\d))",
        within=120,
    )
    _zip_label = Searcher(
        rf"(?<!\w)z[i1l]p\s?(?:c[o0]de)?(?:\s?\+\s?4)?\s{{0,2}}(?:(?:is|of)\s)?[:#.]?\s{{0,3}}(?P<zip>{_ZIP}"
        rf"|\d{{3}}\s?\d{{2}}|\d{{3,5}}(?:[\s{DASH}]\d{{2,4}})?(?:[ ][A-Z]{{2}})?)(?!\w)"
        r"|postal\s?code\s{{0,2}}[:#]?\s{{0,2}}(?P<post>[\w]{{3,5}}(?:[\s\-]\w{{3,4}})?)",
        re.I,
    )
    _zip_four = Searcher(r"(?<![\w\-.#/])\d{5}-\d{4}(?![\w\-])(?!\.\d)")
    _row = Searcher(r"(?<=\d{3}-\d{2}-\d{4},)[ ]?(?P<zip>\d{5})(?![\w.-])")
    """Behind a social security number in a row of values."""
    _misread_line = Searcher(
        r"(?:(?<=[a-z], )(?P<state>[\w(|!]{2})[.,]?[ ]{1,2}(?P<zip>[S$\d]\d{4})"
        r"|(?<![\w-])(?P<mixed>[a-z][A-Z])[ ]{1,2}(?P<code>\d{5}))"
        r"(?![\w%/]|[.,-]\d|[ ](?:units?|iu|cells|mc?g|ml)\b)"
    )
    """A state's code of which engines made other signs: behind a city's comma, or as no word is written ("cT")."""
    _id_cue = re.compile(r"(?:#|no\.?|num(?:ber)?|id|mrn|acc\w{0,8}|ndc|case|order|ref)\s?[:.]?\s{0,2}$", re.I)

    def find(self, text: str) -> Iterator[Match]:
        for hit in self._line.finditer(text):
            if true_digits(hit.group("zip")) < 4 or not digits(hit.group("zip")).isdigit():
                continue
            for group, kind in (("city", Kind.CITY), ("glued", Kind.CITY), ("state", Kind.STATE), ("zip", Kind.ZIP)):
                if hit.start(group) >= 0:
                    yield Match(hit.start(group), hit.end(group), kind, 0.85)
        for hit in self._misread_line.finditer(text):
            state, code = ("state", "zip") if hit["state"] else ("mixed", "code")
            if misread_code(hit[state]):
                yield Match(hit.start(state), hit.end(state), Kind.STATE, 0.5)
                yield Match(hit.start(code), hit.end(code), Kind.ZIP, 0.5)
        for hit in self._zip_label.finditer(text):
            group = "zip" if hit.start("zip") >= 0 else "post"
            if any(c.isdigit() for c in hit.group(group)):
                yield Match(hit.start(group), hit.end(group), Kind.ZIP, 0.85)
        for hit in self._row.finditer(text):
            yield Match(hit.start("zip"), hit.end("zip"), Kind.ZIP, 0.6)
        for hit in self._zip_four.finditer(text):
            if not follows(self._id_cue, text, hit.start(), 16):
                yield Match(hit.start(), hit.end(), Kind.ZIP, 0.5)
