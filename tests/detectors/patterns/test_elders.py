"""Ages over 89 without the word, and years of birth; temperatures, distances and counts with the same letters stay."""

from __future__ import annotations

import pytest

from detectors.findings import Kind
from detectors.patterns.base import Match
from detectors.patterns.elders import BirthYearRecognizer, ElderRecognizer

AGES = [
    *(
        "F ⟦92⟧",
        "LEE, ANN   F ⟦92⟧  wellness",
        "Female ⟦94⟧",
        "M/⟦91⟧",
        "(F/⟦98⟧)",
        "MALE, ⟦90⟧",
        "Sex: M  ⟦103⟧  Ht 160",
    ),
    *(
        "⟦96⟧ F female, alert",
        "⟦101⟧M in bed C",
        "⟦92⟧F with cough",
        "a ⟦93⟧ F, frail",
        "⟦95⟧/F",
        "⟦90⟧ M",
        "⟦97⟧ male",
    ),
    *("⟦93⟧ f lives alone", "⟦101⟧ m fell at home"),
    *("⟦94⟧, female", "the ⟦91⟧ woman", "(⟦99⟧ M)", "roommate is a ⟦92⟧F who fell"),
    *("aged ⟦ninety-one⟧ years", "Aged ⟦ninety⟧.", "at the age of ⟦ninety three⟧ he", "reached age ⟦one hundred⟧"),
    *(
        "died at ⟦ninety-three⟧",
        "died at ⟦93⟧ of a stroke",
        "Sister d. at ⟦96⟧ y.",
        "father (d. ⟦94⟧)",
        "passed away at ⟦98⟧",
    ),
    *(
        "died in 1998 at ⟦91⟧",
        "lived to ⟦ninety-seven⟧",
        "lived to be ⟦102⟧",
        "died of cancer at age ⟦91⟧",
        "deceased at ⟦90⟧",
    ),
    *("in her nineties (⟦94⟧)", "into his 90s, ⟦92⟧", "her ⟦95th⟧ birthday", "his ⟦hundredth⟧ birthday"),
    *("⟦96⟧ y, frail", "⟦92⟧ yrs, lives alone", "⟦in his late nineties⟧ he", "⟦into her nineties⟧"),
]
NO_AGES = [
    *(
        "Temp 98 F",
        "T 97F, HR 92",
        "98.6 F 92",
        "temp was 96 F oral",
        "99 F",
        "98 f here",
        "101 f with chills",
        "99 f in the shade",
        "fever of 101 F",
        "below 95 F",
        "98 F orally",
    ),
    *("HR 92", "BP 122/96", "SpO2 96", "96 % M", "F 89", "M 29", "M 92 mg", "F 98.6", "room F 92", "Factor M 92"),
    *("walked 100 M", "100m walk", "ambulated 95 M with walker", "$100M", "90 days", "ninety days", "ninety tablets"),
    *("aged ninety days", "90 years ago", "for 95 years", "100-year flood", "expired at 92%", "lived at 93 Oak Street"),
    *(
        "died 92 days later",
        "died at 93 days",
        "95th percentile",
        "the nineties (1994)",
        "in the nineties",
        "M 1120",
        "F90.0",
    ),
    *(
        "ICD F 90.1",
        "M 90-120, F 95 - 110",
        "F 101 umol/L",
        "Male 90 to 120",
        "a 90 mm mass",
        "died at 10:15",
        "size 100 F balloon",
        "one hundred tablets",
        "aged one hundred days",
    ),
]
YEARS = [
    *("brother b. ⟦1931⟧", "b.⟦1928⟧", "(b. ⟦1931⟧)", "born ⟦1931⟧", "born in ⟦1931⟧", "Born in Chicago in ⟦1931⟧"),
    *(
        "Year of birth: ⟦1929⟧",
        "YOB ⟦1930⟧",
        "yob: ⟦1930⟧",
        "DOB ⟦1931⟧",
        "DOB: ⟦1931⟧",
        "birth year ⟦1927⟧",
        "born circa ⟦1932⟧",
    ),
    *("born in the year ⟦1930⟧", "born about ⟦1934⟧", "her aunt, b ⟦1931⟧"),
]
NO_YEARS = [
    *(
        "since 1931",
        "seen in 2021",
        "Hepatitis B 1998",
        "b. 1950 mg",
        "stillborn 19",
        "b. 19315",
        "group B. Strep",
        "vitamin B 1000",
    ),
    *("b. 12", "DOB 1931/02", "borne 1931", "hepatitis B. 1998 vaccination", "Group B 1998"),
]


def _found(recognizer: ElderRecognizer | BirthYearRecognizer, text: str) -> list[Match]:
    return list(recognizer.find(text))


@pytest.mark.parametrize("text", AGES)
def test_a_high_age_goes_without_the_word(text: str) -> None:
    plain, start, end = _plain(text)
    assert any(m.start <= start and m.end >= end for m in _found(ElderRecognizer(), plain)), plain


@pytest.mark.parametrize("text", NO_AGES)
def test_what_is_no_age_stays(text: str) -> None:
    assert _found(ElderRecognizer(), text) == []


@pytest.mark.parametrize("text", YEARS)
def test_the_year_of_a_birth_goes(text: str) -> None:
    plain, start, end = _plain(text)
    assert [(m.start, m.end, m.kind) for m in _found(BirthYearRecognizer(), plain)] == [(start, end, Kind.BIRTH_DATE)]


@pytest.mark.parametrize("text", NO_YEARS)
def test_other_years_stay(text: str) -> None:
    assert _found(BirthYearRecognizer(), text) == []


def _plain(text: str) -> tuple[str, int, int]:
    start, end = text.index("⟦"), text.index("⟧") - 1
    return text.replace("⟦", "").replace("⟧", ""), start, end
