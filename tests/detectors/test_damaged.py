"""Shapes that a misread digit made invalid burn; ranges, doses and codes that mean no one stay."""

from __future__ import annotations

import time

import pytest

from detectors.findings import Kind
from detectors.text import damaged


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("seen 16-14-2022 at noon", Kind.DATE, "16-14-2022"),
        ("T: 2022-18-14, cc", Kind.DATE, "2022-18-14"),
        ("clinic on 18/24/22, or", Kind.DATE, "18/24/22"),
        ("dated February 11, 2621 the", Kind.DATE, "February 11, 2621"),
        ("born July 26, 192% in", Kind.DATE, "July 26, 192%"),
        ("on Oct § 2022 he", Kind.DATE, "Oct § 2022"),
        ("on Oct 52022 he", Kind.DATE, "Oct 52022"),
        ("from 192,124.138,17; sent", Kind.IP_ADDRESS, "192,124.138,17"),
        ("Full 2845258472 paid", Kind.OTHER_ID, "2845258472"),
        ("id HE429-628210 of", Kind.OTHER_ID, "HE429-628210"),
        ("car WBA31L655U4683006.", Kind.OTHER_ID, "WBA31L655U4683006"),
        ("no MM465062 here", Kind.OTHER_ID, "MM465062"),
        ("on Jul: 3, 2017 at", Kind.DATE, "Jul: 3, 2017"),
        ("DOR May ¥ 198) of", Kind.DATE, "May ¥ 198)"),
        ("boa: A March 1974 Age", Kind.DATE, "A March 1974"),
        ("extraction in October 2023 without", Kind.DATE, "October 2023"),
        ("on 1n October 2023 with", Kind.DATE, "1n October 2023"),
        ("24 August 2021 93000 Electro", Kind.DATE, "24 August 2021"),
        ("at +1 283 $99 2639; her", Kind.PHONE, "+1 283 $99 2639"),
        ("AZ, (276)\n229-7586", Kind.PHONE, "(276)"),
        ("reached at +1\n283", Kind.PHONE, "+1"),
        ("see www, lanternhill.nat", Kind.URL, "www, lanternhill.nat"),
        ("at https//my wolver.net/results", Kind.URL, "https//my wolver.net/results"),
        ("mail infofsaintclinic.org or", Kind.URL, "infofsaintclinic.org"),
        ("bridge, NI 48828 on", Kind.ZIP, "NI 48828"),
        ("ville, MT $9683 on", Kind.ZIP, "MT $9683"),
        ("Boise, ID: 83702 on", Kind.ZIP, "ID: 83702"),
        ("call x0670; or", Kind.PHONE, "x0670"),
        ("MD 8 March 2624 at", Kind.DATE, "8 March 2624"),
        ("On 68 HAR 2624 repeat", Kind.DATE, "68 HAR 2624"),
        ("at 1352 S$ Szechen St, Ember", Kind.STREET, "1352 S$ Szechen St"),
        ("at 39'S Mirasierra Drive, Apt", Kind.STREET, "39'S Mirasierra Drive"),
        ("at P.O, Box 3486, Grim", Kind.STREET, "P.O, Box 3486"),
        ("stead, WI'53327 Tel", Kind.ZIP, "WI'53327"),
        ("call STR-795-4130 now", Kind.OTHER_ID, "STR-795-4130"),
        ("Report Date: Dee 27, 2018 16:20", Kind.DATE, "Dee 27, 2018"),
        ("on Septenber 3, 2020 he", Kind.DATE, "Septenber 3, 2020"),
        ("Center on.01-22-2013, where", Kind.DATE, "01-22-2013"),
        ("fax 0.257.7422 at", Kind.PHONE, "0.257.7422"),
        ("dated 27-Féb-2010 were", Kind.DATE, "27-Féb-2010"),
        ("at\nOunnwick, Fi 33738\nRE:", Kind.CITY, "Ounnwick"),
        ("at\nOunnwick, Fi 33738\nRE:", Kind.ZIP, "Fi 33738"),
        ("Tel (786)317-1573 x@25 Fax", Kind.PHONE, "x@25"),
        ("FROM: 928-489- (544 TO:", Kind.PHONE, "928-489- (544"),
        (
            "from 4e82:689c : 85F6: eala:eabe: e338: 71al:df07.",
            Kind.IP_ADDRESS,
            "4e82:689c : 85F6: eala:eabe: e338: 71al:df07",
        ),
    ],
)
def test_found(text: str, kind: Kind, value: str) -> None:
    assert (kind, value) in {(s.kind, text[s.start : s.end]) for s in damaged.spans(text)}


@pytest.mark.parametrize(
    "text",
    [
        "platelets 150-450 and 11000-13000",
        "heparin 100000 units, 5000 units",
        "1,250,000 copies",
        "build 4.123.45678",
        "ratio.1/2/3 of v.01-22-20134",
        "BP 120/80, pulse 72",
        "97110-GP billed 176.00",
        "99213-25",
        "glucose 104.5 mg/dL (70-99)",
        "E11.9 and M54.50",
        "1.2.3 in section 4-5-6",
        "May 2 tablets be taken 3 times",
        "T4-T5 disc, L4/L5",
        "COVID-19 in 2021",
        "(50) of 100, (see note), grade (III)",
        "2+ pitting edema, +1 reflexes",
        "and/or 5 mg",
        "Essential hypertension (110).",
        "Room 12, 2018 Annex",
        "10:15:30:45 on the monitor",
        "ratio 1:2:3:4:5:6",
        "400-500- 600 mL a day",
        "1-and-2, 3-cut-04x",
        "x2 weeks, x 3 days",
        "10 mg the 2000 kcal diet",
        "5 Tablets every Day, 3 Refills",
        "x2 daily, x10 reps, extra 100",
        "In May the patient took 2 tablets",
        "ratio 3.25:1.75",
        "Plan ID: 80840-1192",
        "Device ID: 55123 rev. B",
    ],
)
def test_look_alikes_stay(text: str) -> None:
    assert damaged.spans(text) == []


def test_a_code_behind_a_day_stays() -> None:
    text = "24 August 2021 93000 Electrocardiogram"
    assert all(span.end <= text.index(" 93000") for span in damaged.spans(text))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("with Avram |. Ericsson present", "with Avram I. Ericsson present"),
        ("F 229-8137\nAldis §. Dongoran, M.D.", "F 229-8137\nAldis S. Dongoran, M.D."),
        ("RE: 0. Mathiasen DOB", "RE: O. Mathiasen DOB"),
        ("Next of Kin\nJENKO, ZAHRA |\n", "Next of Kin\nJENKO, ZAHRA I\n"),
        ("Ave., llirska, WY 82436", "Ave., Ilirska, WY 82436"),
        ("scored 0. Mild pain", "scored 0. Mild pain"),
        ("Plan:\n1. Diabetes", "Plan:\n1. Diabetes"),
        ("Samo 0. Ntanzi called", "Samo O. Ntanzi called"),
        ("RE: Alfons 0.\nREF", "RE: Alfons O.\nREF"),
        ("Godart, Anas 1. said", "Godart, Anas I. said"),
        ("Stage 1. Next", "Stage I. Next"),
        ("with lara Stejskal, who", "with Iara Stejskal, who"),
        ("left Knee", "left Knee"),
        ("at 0.5 mg", "at 0.5 mg"),
        ("stable. On 1 July\n2016 the drain", "stable. On 1 July\n2016 the drain"),
        ("On 8 May 2020", "On 8 May 2020"),
        ("with Ludmila ©. Murcia and", "with Ludmila O. Murcia and"),
        ("Copyright © Epic Systems", "Copyright © Epic Systems"),
        ("Tylenol ® Extra", "Tylenol ® Extra"),
        ("March 5 Visit", "March 5 Visit"),
        ("Ana 1 Junes", "Ana I Junes"),
    ],
)
def test_initials_are_mended_in_place(text: str, wanted: str) -> None:
    assert damaged.mended(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "1-" * 20_000,
        "A1" * 20_000,
        "1/1/" * 10_000,
        "Jan 1" * 8_000,
        "1,1." * 10_000,
        "a//" * 20_000,
        "www" * 20_000,
        "1 A B C D " * 8_000,
        "1a " * 20_000,
        "(111) 111-" * 8_000,
    ],
)
def test_worst_case_time(text: str) -> None:
    begun = time.process_time()
    damaged.spans(text)
    damaged.mended(text)
    assert time.process_time() - begun < 1.0
