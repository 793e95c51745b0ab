"""Names spelled, listed, signed and laid in units; streets of other languages; hospitals by their letters."""

from __future__ import annotations

import pytest

from detectors.findings import Kind
from detectors.names.spelled import SpelledNameRecognizer
from detectors.patterns.base import TextRecognizer
from detectors.places.acronyms import HospitalLettersRecognizer
from detectors.places.streets_abroad import StreetAbroadRecognizer
from tests.detectors.patterns.tables import SLOWEST_S, covers, marked, slowest

NAMES = [
    *(
        "last name spelled ⟦T-U-T-T-L-E⟧",
        "spelled ⟦M-A-R-A  Q-U-I-L-L⟧",
        "name is spelled ⟦k-a-t-z⟧",
        "⟦R-Y-B-A-K-O-V⟧",
    ),
    *("spell it: ⟦W R E N⟧", "last name: ⟦N G U Y E N⟧", "⟦dawes, r⟧, ⟦dawes, k⟧ and ⟦whitlow-dawes, m⟧"),
    *("⟦Kovacs, B⟧, ⟦Kovacs, T⟧ and ⟦Oyelaran, S⟧", "⟦petrosyan, a⟧; ⟦petrosyan, l⟧", "note signed ⟦rjm⟧"),
    *("typed by ⟦klw⟧.", "unlock ⟦tbrixworth⟧ account", "reset ⟦okarimova⟧ password", "disable ⟦mhendricks⟧'s login"),
    *("ICU-3 ⟦Tuttle⟧ extubated?", "MICU 7 ⟦Wexler⟧ still on levo", "bed 4 ⟦Rybakov⟧ npo?", "PACU-2 ⟦Brixworth⟧ ready"),
]
NO_NAMES = [
    *("D-N-R order", "S-O-A-P note", "A-V-P-U scale", "spelled C-O-P-D wrong", "spell C-A-B-G out", "W-B-C", "A-B-C"),
    *("hepatitis, a, hepatitis, b", "vitamin, d, vitamin, k", "influenza, a, influenza, b", "consent signed ama"),
    *(
        "form signed off",
        "signed dnr",
        "signed roi",
        "signed md",
        "typed by rn",
        "signed by pcp",
        "signed rjm today ok",
    ),
    *("reset my password", "unlock the account", "unlock patient account", "reset citrix access", "disable epic login"),
    *("enable remote access", "unlock pyxis access", "ICU-3 Foley out?", "bed 4 Dilaudid ready", "bed 6 Hoyer ready"),
    *("ICU-3 Levophed still on", "PACU-2 Zofran ready", "bed 2 Alarm still on", "SICU-11 Keppra pending", "x-a-b-c-d"),
]
STREETS = [
    *("to ⟦14 rue des Tanneurs⟧, Lyon", "⟦3 rue de la Paix⟧", "⟦22 rue du Moulin⟧", "to ⟦Lindenstr. 14⟧, Bonn"),
    *("⟦Goethestraße 7⟧", "wohnt ⟦Bahnhofstrasse 44⟧", "at ⟦Kastanienallee 9⟧", "⟦Calle 5 de Mayo 23⟧", "⟦Via Roma 3⟧"),
    *("⟦Calle de las Flores 118⟧", "⟦Avenida de los Insurgentes 300⟧", "⟦Rua Augusta 1508⟧", "⟦Carrera 7 # 45-12⟧"),
]
NO_STREETS = [
    *("Via PICC 2 lumens", "Via Foley 300 ml out", "via Roma 3", "Via Zoom 2 times", "Strand 3", "str. 12", "strep 12"),
    *(
        "Calle scale 5",
        "on the plaza 4",
        "camino 30 minutos",
        "carrera del paciente",
        "20 rue cigarettes",
        "Calle 5 de",
    ),
    *("Rua Augusta 15 mg", "Plaza Hotel 3", "Strasse 4", "Corso 5%", "gave 3 place", "4 cours de prednisone"),
]
HOSPITALS = [
    *(
        "Followed at ⟦UCSF⟧ for",
        "records from ⟦UPMC⟧",
        "transfer to ⟦MGH⟧",
        "at ⟦NYU Langone⟧",
        "⟦UCSF⟧ records",
        "to ⟦VUMC⟧",
    ),
    *("referred to ⟦OHSU⟧", "⟦BIDMC⟧ discharge summary", "from ⟦MUSC⟧."),
    *("transfer to ⟦uab⟧ pending", "xfer pt to ⟦ohsu⟧ when bed", "accepted at ⟦upmc⟧"),
]
NO_HOSPITALS = [
    *(
        "at PACU for",
        "moved to icu when able",
        "back to uva light",
        "from PCP",
        "to OSH",
        "at QHS",
        "from SNF",
        "to MRI",
        "from CHOP",
        "to UVA light",
        "at HS",
        "to NPO",
    ),
    *("UNC units", "MGHX", "at UPMC-like", "AHN 4"),
]


def _misses(recognizer: TextRecognizer, kind: Kind, example: str) -> list[str]:
    text, spans = marked(example)
    assert spans
    return [text[slice(*span)] for span in spans if not covers([recognizer], text, span, kind)]


@pytest.mark.parametrize("example", NAMES)
def test_a_name_in_shorthand_goes(example: str) -> None:
    assert _misses(SpelledNameRecognizer(), Kind.PERSON, example) == []


@pytest.mark.parametrize("example", STREETS)
def test_a_street_abroad_goes(example: str) -> None:
    assert _misses(StreetAbroadRecognizer(), Kind.STREET, example) == []


@pytest.mark.parametrize("example", HOSPITALS)
def test_a_hospital_goes_by_its_letters(example: str) -> None:
    assert _misses(HospitalLettersRecognizer(), Kind.FACILITY, example) == []


@pytest.mark.parametrize(
    ("recognizer", "text"),
    [
        *((SpelledNameRecognizer(), text) for text in NO_NAMES),
        *((StreetAbroadRecognizer(), text) for text in NO_STREETS),
        *((HospitalLettersRecognizer(), text) for text in NO_HOSPITALS),
    ],
)
def test_look_alikes_stay(recognizer: TextRecognizer, text: str) -> None:
    assert [text[m.start : m.end] for m in recognizer.find(text)] == []


@pytest.mark.parametrize("recognizer", [SpelledNameRecognizer(), StreetAbroadRecognizer(), HospitalLettersRecognizer()])
def test_worst_case_time(recognizer: TextRecognizer) -> None:
    seconds, seed = slowest(recognizer)
    assert seconds < SLOWEST_S, repr(seed)
