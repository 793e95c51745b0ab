"""Towns whose names are ordinary words, told by the words before them: "from Two Harbors", "born in Harmony"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detectors.dictionaries.lexicon import is_city, is_clinical_word, word_set
from detectors.findings import Kind
from detectors.folding import word_set as separated
from detectors.patterns.match import Match
from detectors.patterns.search.searcher import Searcher
from detectors.patterns.states import STATE_NAMES

_WORD = r"[A-ZÀ-ÞĀ-Ž](?:[a-zß-ÿā-ž'’\-]|[A-Z](?=[a-z])){1,23}(?![\w])"
_TOWN = rf"(?P<town>(?:(?:St|Mt|Ft)\.[ ])?{_WORD}(?:(?:[ ]{{1,2}}|[ ]?\n[ ]?){_WORD}){{0,3}})"
_DWELLS = Searcher(
    r"(?<!\w)(?i:liv(?:es|ed|ing|e)\s(?:alone\s|with\s(?:(?:his|her|their)\s)?\w{2,12}\s|now\s|currently\s)?"
    r"(?:in|near|outside)"
    r"|resid(?:es|ed|ing|e)\s(?:in|near)|residents?\sof|born\s(?:and\s(?:raised|reared)\s)?in|raised\sin"
    r"|grew\sup\s(?:in|near)"
    r"|native\sof|hails\sfrom|originally\sfrom|(?:he|she|they|patient|pt|family|who)\s(?:is|was|are|were|comes?"
    r"|came)\sfrom"
    r"|moved\s(?:here\s|back\s)?(?:to|from)|hometown\sof|retired\s(?:to|in)"
    rf"|(?:town|city|village|community)\sof)\s{{1,2}}{_TOWN}"
)
_BESIDE = Searcher(rf"(?<!\w)(?:from|in|near|to|outside|around|of|toward|towards|at)\s{{1,2}}{_TOWN}")
_LAST_WORDS = word_set(
    """
    harbor harbors harbour falls springs hill hills valley creek river rivers rapids lake lakes beach bay city grove
    heights ridge bluff bluffs crossing junction landing mill mills wood woods field fields town village bend prairie
    forks haven hollow glen cove plains rock oaks pines corners meadow meadows shore shores ferry cliff cliffs island
    """
)
LARGE = separated(
    "united states|us|usa|u.s|u.s.a|america|mexico|canada|china|india|japan|germany|france|england|uk|"
    "united kingdom|ireland|scotland|wales|spain|italy|portugal|poland|russia|ukraine|brazil|argentina|chile|"
    "peru|colombia|cuba|haiti|jamaica|egypt|nigeria|ghana|kenya|ethiopia|somalia|south africa|iran|iraq|"
    "israel|turkey|syria|lebanon|pakistan|afghanistan|bangladesh|nepal|vietnam|thailand|philippines|"
    "indonesia|malaysia|korea|south korea|australia|new zealand|greece|sweden|norway|denmark|finland|"
    "netherlands|belgium|switzerland|austria|hungary|romania|czech republic|estonia|latvia|lithuania|"
    "slovakia|slovenia|croatia|serbia|bulgaria|iceland|cyprus|malta|luxembourg|africa|asia|europe|"
    "north america|south america|antarctica|midwest|caribbean|middle east|latin america|"
    "albania|algeria|andorra|angola|armenia|azerbaijan|bahamas|bahrain|barbados|belarus|belize|benin|bhutan|bolivia|"
    "bosnia|bosnia and herzegovina|botswana|brunei|burkina faso|burma|burundi|cambodia|cameroon|cape verde|congo|"
    "costa rica|dominican republic|ecuador|el salvador|england|eritrea|eswatini|faroe islands|fiji|gabon|gambia|"
    "great britain|greenland|grenada|guatemala|guinea|guyana|honduras|hong kong|ivory coast|kazakhstan|kosovo|kuwait|"
    "kyrgyzstan|laos|lesotho|liberia|libya|liechtenstein|macedonia|north macedonia|madagascar|malawi|malaysia|mali|"
    "mauritania|mauritius|moldova|monaco|mongolia|montenegro|morocco|mozambique|myanmar|namibia|nicaragua|niger|"
    "north korea|oman|palestine|panama|papua new guinea|paraguay|puerto rico|qatar|rwanda|saint lucia|samoa|"
    "saudi arabia|senegal|sierra leone|singapore|sri lanka|sudan|south sudan|suriname|taiwan|tajikistan|tanzania|"
    "tibet|togo|tonga|trinidad|trinidad and tobago|tunisia|turkmenistan|uganda|united arab emirates|uruguay|"
    "uzbekistan|venezuela|yemen|zambia|zimbabwe|czechia|holland|siberia|scandinavia|balkans",
    "|",
)
"""Countries and the like: no identifiers, for 45 CFR 164.514(b)(2)(i)(B) names subdivisions smaller than a state."""
NO_TOWNS = word_set(
    """
    january february march april may june july august september october november december spring summer autumn fall
    winter monday tuesday wednesday thursday friday saturday sunday christmas easter apartment house housing home
    homes town city state states county country area assisted skilled nursing group senior independent memory section
    shelter shelters rehab residential care foster hospice the a an our his her their my your this that new old
    english spanish french medical medicare medicaid health american african asian european native canada mexico
    america china india england ireland france germany italy spain japan korea russia poland jamaica haiti cuba
    vietnam africa europe asia vitro vivo situ utero
    """
)

ONLY_TOWNS = word_set(
    """
    aberdeen abilene akron albany algonquin allentown amarillo anaheim anchorage annapolis arlington asheville auburn
    bakersfield baltimore berkeley bethlehem billings binghamton bloomington boise bridgeport brisbane bronx brooklyn
    brunswick burlington carthage charleston chattanooga cheyenne chicago cincinnati clarksburg cleveland clarksville
    coventry decatur denver detroit dubuque durham edmonton fargo farmington fremont fresno gainesville galveston
    georgetown gettysburg greensboro greenville hannibal harlem harrisburg hartford hoboken honolulu houston huntsville
    indianapolis jacksonville johannesburg kalamazoo kennewick knoxville lafayette lancaster laredo lisbon liverpool
    louisville lubbock lufkin lynchburg mcallen memphis miami milwaukee minneapolis mobile montpelier montreal
    morgantown morristown nantucket nashville newark norfolk northampton oakland omaha orlando paducah parkersburg
    pasadena pensacola peoria philadelphia pittsburgh pocahontas portland portsmouth providence racine raleigh rockford
    roswell sacramento saginaw sarasota savannah scranton seattle shreveport spokane stockton syracuse tacoma
    tallahassee tampa topeka toledo toronto tucson tulsa tuscaloosa utica vancouver waterbury waterloo watertown
    wichita wilmington worcester yonkers yorktown youngstown
    """
) - word_set("mobile lisbon liverpool brisbane johannesburg")
"""Towns that word lists know and that are nothing else, in lower case either."""
ABROAD = word_set(
    """
    accra algiers amman amsterdam ankara asuncion auckland baghdad baku bangalore bangkok barcelona basra beijing
    beirut belgrade bengaluru berlin bogota brasilia bratislava brisbane brussels bucharest budapest cairo calcutta
    calgary caracas casablanca chengdu chennai colombo conakry copenhagen dakar damascus delhi dhaka dubai dublin
    durban edmonton frankfurt freetown gdansk glasgow guadalajara guangzhou guayaquil hamburg hanoi harare havana
    helsinki hyderabad islamabad istanbul jaipur jakarta jeddah jerusalem johannesburg kabul kampala kandahar
    karachi kathmandu katowice khartoum kiev kinshasa kolkata krakow kyiv kyoto lagos lahore lisbon ljubljana lodz
    lucknow lusaka lviv madrid managua manila maputo marrakesh marseille mazatlan melbourne minsk mogadishu mombasa
    monrovia monterrey montevideo montreal mosul mumbai munich nagoya nairobi nicosia oaxaca osaka oslo ottawa
    peshawar podgorica poznan prague pretoria puebla pyongyang quito rabat rangoon reykjavik riga rotterdam salzburg
    sarajevo seoul seville shanghai shenzhen shiraz skopje stockholm stuttgart surabaya taipei tallinn tashkent
    tbilisi tegucigalpa tehran tijuana tirana tokyo tripoli tunis turin ulaanbaatar valparaiso vancouver veracruz
    vilnius warsaw winnipeg wroclaw wuhan yangon yerevan zagreb zurich
    """
)
"""Cities of other countries that are no common names, things or towns here, in lower case either."""
_STATE = re.compile(rf"(?:{STATE_NAMES})(?!\w)(?!\s(?:City|Falls|Heights|Springs|Beach))")
_SHORTEST = 3


def found_towns(text: str) -> Iterator[Match]:
    """Cities of ordinary words; known ones and those that end as towns do after any preposition of place."""
    for hit in _DWELLS.finditer(text):
        town = _town(hit["town"], anywhere=True)
        if town:
            yield Match(hit.start("town"), hit.start("town") + len(town), Kind.CITY, 0.5)
    for hit in _BESIDE.finditer(text):
        town = _town(hit["town"], anywhere=False)
        if town:
            yield Match(hit.start("town"), hit.start("town") + len(town), Kind.CITY, 0.7 if _known(town) else 0.45)


def _town(words: str, *, anywhere: bool) -> str:
    """The words that are the town; those of the next line only where they make one together with the first."""
    if _STATE.match(words) or is_large(words.split("\n")[0]) or is_large(words):
        return ""
    parts = [m.end() for m in re.finditer(r"\S+", words)]
    for end in reversed(parts):
        town = words[:end]
        if len(town.split()) > 1 and (_known(town) or _ends_as_town(town)):
            return town
    town = words.split("\n")[0].rstrip()
    names = town.split()
    if not anywhere or len(names[0]) < _SHORTEST or any(is_clinical_word(w) or w.lower() in NO_TOWNS for w in names):
        return ""
    return town


def is_large(place: str) -> bool:
    return " ".join(place.lower().split()) in LARGE


def _known(town: str) -> bool:
    return is_city(re.sub(r"\s+", " ", town)) and town.split()[0].lower() not in ("the", "home")


def _ends_as_town(town: str) -> bool:
    names = town.lower().split()
    return names[-1] in _LAST_WORDS and not any(is_clinical_word(w) or w in NO_TOWNS for w in names)
