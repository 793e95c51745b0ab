"""What damage left of a value burns with what stands beside it; what only looks so stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detectors.findings import Kind
from detectors.geometry import Box, Quad
from detectors.pages import PageReading, Word
from detectors.torn import torn_off
from detectors.torn.remnants import remnants

HIGH, PITCH = 10, 6


def reading(*lines: str, unsure: float = 95.0) -> PageReading:
    """Words where they would be typed; those with a ~ in front were read with the confidence `unsure`."""
    words: list[Word] = []
    text = ""
    for row, line in enumerate(lines):
        for word in line.split():
            at = line.index(word)
            left = (at - line.count("~", 0, at)) * PITCH
            bare = word.removeprefix("~")
            text += ("" if not text else "\n" if words[-1].line != row else " ") + bare
            place = Quad.of(Box(left, 20 * row, left + len(bare) * PITCH, 20 * row + HIGH))
            confidence = unsure if bare != word else 95.0
            words.append(Word(bare, confidence, place, row, len(text) - len(bare), len(text)))
    return PageReading(800, 400, 80.0, tuple(words), text, "hand")


def burned(page: PageReading, found: dict[str, Kind]) -> set[str]:
    kinds = {at: found[word.text] for at, word in enumerate(page.words) if word.text in found}
    return {page.words[at].text for at in remnants(page, kinds)}


@pytest.mark.parametrize(
    ("line", "found", "rest"),
    [
        ("SSN 367 81 6N9B", {"367": Kind.UNREADABLE, "6N9B": Kind.UNREADABLE}, {"81"}),
        ("FEMALE 649 $1 0902", {"$1": Kind.UNREADABLE}, {"649", "0902"}),
        ("Tel 513 9G5 2210", {"9G5": Kind.UNREADABLE}, {"513", "2210"}),
        ("Kermstesd    we    82868", {"Kermstesd": Kind.CITY, "82868": Kind.UNREADABLE}, {"we"}),
        ("T +) 267 280 6865", {"267": Kind.PHONE, "280": Kind.PHONE, "6865": Kind.PHONE}, {"+)"}),
        ("986-903-2617 ext, 2301", {"986-903-2617": Kind.PHONE, "ext,": Kind.PERSON}, {"2301"}),
        ("661 7338 ext. S86 F", {"661": Kind.OTHER_ID, "7338": Kind.OTHER_ID}, {"ext.", "S86"}),
        ("986-2617 ext BAT 034 F", {"986-2617": Kind.PHONE}, {"ext", "BAT", "034"}),
        ("986-2617 ext", {"986-2617": Kind.FAX}, {"ext"}),
        ("of birth:   ~|)    2A   195)", {"2A": Kind.UNREADABLE, "195)": Kind.UNREADABLE}, {"|)"}),
        ("F 4702) 361-8168", {"361-8168": Kind.UNREADABLE}, {"4702)"}),
        ("T e140) 702 4904", {"e140)": Kind.UNREADABLE}, {"702", "4904"}),
        ("since 06/1 0/1 947 today", {"06/1": Kind.DATE, "0/1": Kind.UNREADABLE}, {"947"}),
        ("held on Aug 212016 with", {"212016": Kind.DATE}, {"Aug"}),
        ("at ~http! //orchardaed. net", {"//orchardaed.": Kind.UNREADABLE, "net": Kind.URL}, {"http!"}),
        ("6172-209 (196)", {"6172-209": Kind.OTHER_ID}, {"(196)"}),
        ("(196) G172-2O9", {"G172-2O9": Kind.UNREADABLE}, {"(196)"}),
        ("Fax €23-535- 9928", {"€23-535-": Kind.UNREADABLE}, {"9928"}),
        ("~weew Dirkenmoorhealth.net", {"Dirkenmoorhealth.net": Kind.URL}, {"weew"}),
        ("hezpa://my ~nightingalecare net/results", {"hezpa://my": Kind.URL}, {"nightingalecare", "net/results"}),
        ("~60%. Hazetgarth Ln,", {"Hazetgarth": Kind.STREET, "Ln,": Kind.STREET}, {"60%."}),
        ("Ornefo-Ardelean, ~Mats", {"Ornefo-Ardelean,": Kind.PERSON}, {"Mats"}),
        ("37 Little Tanglewyke Ct", {"37": Kind.STREET, "Tanglewyke": Kind.STREET, "Ct": Kind.STREET}, {"Little"}),
        ("with Steinmann, Hernan B.", {"Hernan": Kind.PERSON, "B.": Kind.PERSON}, {"Steinmann,"}),
        ("SSC NE Keizers Drive", {"NE": Kind.FACILITY, "Keizers": Kind.STREET, "Drive": Kind.STREET}, {"SSC"}),
        ("on OL APR 2019", {"APR": Kind.DATE, "2019": Kind.DATE}, {"OL"}),
        ("MD; ~twona Zorblat", {"Zorblat": Kind.PERSON}, {"twona"}),
    ],
)
def test_what_is_left_of_a_value_burns_with_it(line: str, found: dict[str, Kind], rest: set[str]) -> None:
    assert burned(reading(line, unsure=62.0), found) == rest


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Zorblat 81 was seen", {"Zorblat": Kind.PERSON}),
        ("Sodium 138 mmol/L 4N", {"4N": Kind.UNREADABLE}),
        ("Zorblat took 120      81     6N9B", {"6N9B": Kind.UNREADABLE, "120": Kind.UNREADABLE}),
        ("Zorblat, MD", {"Zorblat,": Kind.PERSON}),
        ("Dr. Zorblat, ~For your opinion", {"Zorblat,": Kind.PERSON}),
        ("Maren Zorblat, ~Attending", {"Maren": Kind.PERSON, "Zorblat,": Kind.PERSON}),
        ("and we 82868", {"82868": Kind.ZIP}),
        ("see www.zorblat.net for more", {"www.zorblat.net": Kind.URL}),
        ("+ 267 280 68 call", {"280": Kind.OTHER_ID}),
        ("37 Tanglewyke Ct in Little", {"37": Kind.STREET, "Tanglewyke": Kind.STREET, "Ct": Kind.STREET}),
        ("pain at RLQ NE Keizers", {"NE": Kind.FACILITY, "Keizers": Kind.STREET}),
        ("the MRN NE-4471", {"NE-4471": Kind.MRN}),
        ("in APR 2019", {"APR": Kind.DATE, "2019": Kind.DATE}),
        ("with Mother, Hernan", {"Hernan": Kind.PERSON}),
        ("Patient, Hernan", {"Hernan": Kind.PERSON}),
        ("~seen by Zorblat", {"Zorblat": Kind.PERSON}),
        ("~metoprolol Zorblat", {"Zorblat": Kind.PERSON}),
        ("986-2617 ext rotation 034", {"986-2617": Kind.PHONE}),
        ("Zorblat ext 034", {"Zorblat": Kind.PERSON}),
        ("986-2617      ext 034", {"986-2617": Kind.PHONE}),
        ("knee ext 120 flex 45", {}),
        ("on 06/10 947 units", {"06/10": Kind.DATE}),
        ("on 06/1 0/1 847 units", {"06/1": Kind.DATE, "0/1": Kind.DATE}),
        ("on 06/1 0/1    947 units", {"06/1": Kind.DATE, "0/1": Kind.DATE}),
        ("of birth:   |)    2A", {"2A": Kind.UNREADABLE}),
        ("Sex: ~- 2A", {"2A": Kind.UNREADABLE}),
        ("Seen ~|) 2A", {"2A": Kind.UNREADABLE}),
        ("see 4702) 03/04/2021", {"03/04/2021": Kind.DATE}),
        ("T e140) mg 4904", {"e140)": Kind.UNREADABLE}),
        ("it may 4471209 be", {"4471209": Kind.MRN}),
    ],
)
def test_what_only_stands_beside_a_value_stays(line: str, found: dict[str, Kind]) -> None:
    assert burned(reading(line, unsure=62.0), found) == set()


@pytest.mark.parametrize("label", ["~ace", "AGE", "~ms"])
def test_a_figure_under_what_may_ask_for_an_age(label: str) -> None:
    page = reading(f"Born               {label}", "11-Jul-1958        59", unsure=45.0)
    assert burned(page, {"11-Jul-1958": Kind.DATE}) == (set() if label == "AGE" else {"59"})


@pytest.mark.parametrize(("sex", "rest"), [("FEMALE", {"73"}), ("M", {"73"}), ("units", set())])
def test_a_figure_between_a_date_and_a_sex(sex: str, rest: set[str]) -> None:
    assert burned(reading(f"04/02/1945     73     {sex}"), {"04/02/1945": Kind.BIRTH_DATE}) == rest


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("CARD 2221 4686 6536 5643", {"2221", "4686", "6536", "5643"}),
        ("4742 6551 .2477 4247", {"4742", "6551", ".2477", "4247"}),
        ("E-mail recordstourmed. net today", {"recordstourmed.", "net"}),
        ("at wew zorblathealth com", {"wew", "zorblathealth", "com"}),
        ("card §228 4665 6889 6425", {"§228", "4665", "6889", "6425"}),
        ("card 4665 68B9 6425 S226 today", set()),
        ("at 203.32.7 1.174. today", {"203.32.7", "1.174."}),
        ("on 03.04.19 98.6 and", set()),
        ("on 3.4.19 8.6 and", set()),
        ("VIN JTORLNSESEK753264 red", {"JTORLNSESEK753264"}),
        ("SARSCOV2ANTIGEN and CHADS2VASC2SCORE", set()),
        ("at wees zorblathealth com", {"wees", "zorblathealth", "com"}),
        ("loss of weight net of gain", set()),
        ("in metoprolol net of gain", set()),
        ("at my.zorblat, com/results", {"my.zorblat,", "com/results"}),
        ("in 1998 2004 2011", set()),
        ("2221 4686    6536 5643", set()),
        ("loss in weight. net gain", set()),
        ("see zorblat. Net intake", set()),
    ],
)
def test_what_fell_into_harmless_words_burns_whole(line: str, rest: set[str]) -> None:
    page = reading(line)
    assert {page.words[at].text for at in torn_off(page, {})} == rest


def test_a_year_that_a_hyphen_parts_from_its_day() -> None:
    page = reading("O4-Noy-1948 born")
    first, second = page.words
    words = (
        replace(first, text="O4-Noy-", end=7, region=Quad.of(Box(0, 0, 42, HIGH))),
        replace(first, text="1948", start=8, end=12, region=Quad.of(Box(44, 0, 70, HIGH))),
        replace(second, start=13, end=17),
    )
    page = replace(page, words=words, text="O4-Noy- 1948 born")
    assert torn_off(page, {0: Kind.PERSON}) == {1}
    apart = replace(words[1], region=Quad.of(Box(50, 0, 76, HIGH)))
    assert torn_off(replace(page, words=(words[0], apart, words[2])), {0: Kind.PERSON}) == frozenset()


@pytest.mark.parametrize(("line", "rest"), [("30 AUG 2621 was", {"2621"}), ("30 AUG 4500 units", set())])
def test_a_misread_year_behind_a_burned_month(line: str, rest: set[str]) -> None:
    page = reading(line)
    assert {page.words[at].text for at in torn_off(page, {0: Kind.DATE, 1: Kind.DATE})} == rest


def test_nothing_burns_where_nothing_was_found() -> None:
    assert burned(reading("Sodium 138 135 - 145 mmol/L", "and we took 30 of them"), {}) == set()


@pytest.mark.parametrize(
    ("lines", "value", "rest"),
    [
        (("directed to +1 377", "737 5819 x6719"), "737", {"+1", "377"}),
        (("edema +1 377 noted", "737 5819 x6719"), "737", set()),
        (("edema +1 377", "Zorblat came"), "Zorblat", set()),
    ],
)
def test_a_number_that_a_line_cuts(lines: tuple[str, ...], value: str, rest: set[str]) -> None:
    page = reading(*lines)
    found = {at: Kind.PHONE for at, word in enumerate(page.words) if word.text == value}
    assert {page.words[at].text for at in torn_off(page, found)} & {"+1", "377"} == rest
