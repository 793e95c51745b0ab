"""Days and numbers in the shorthand of charts, and what has as many figures and is neither."""

from __future__ import annotations

import pytest

from detectors.findings import Kind
from detectors.patterns.charted import ChartedDayRecognizer
from detectors.patterns.serials import SerialRecognizer
from detectors.patterns.spanish_days import SpanishDayRecognizer
from tests.detectors.patterns.tables import covers, marked

CHARTED = [
    *("admit ⟦031524⟧ dc ⟦031924⟧ stable", "adm ⟦110523⟧ d/c ⟦111023⟧", "discharged ⟦07152022⟧ on room air"),
    *("surgery ⟦052123⟧ no issues", "born ⟦081461⟧", "last seen ⟦100323⟧", "dob ⟦03121961⟧", "dc ⟦20240611⟧ to rehab"),
    *("admission date: ⟦250624⟧", "procedure ⟦091523⟧: lap chole", "f/u on ⟦050124⟧", "lmp ⟦010924⟧", "died ⟦121522⟧"),
    *("see note of ⟦0815⟧", "labs dated ⟦0922⟧", "add her to the OR list ⟦6/3⟧", "put on the schedule ⟦4/5⟧"),
    *("cath lab calendar ⟦10/4⟧", "on the add-on list for ⟦7/8⟧"),
]
NOT_CHARTED = [
    *(
        "admit wt 120400 g",
        "adm 050000 units",
        "dc 500000 units penicillin",
        "discharge 131313 something",
        "born at 39",
    ),
    *("wbc 101500", "surgery 991323", "visit 030 minutes", "surgery cpt 111042", "birth 325000 g", "visit 3 of 6"),
    *("note of 2460", "labs of 0815 patients", "seen 0910", "rounds at 0815", "pain on the list 6/10", "visit #102030"),
    *("wait list 3/5 done", "schedule 1/2 tab", "the list 3/4", "or list 13/40", "admission 3/10 pain"),
]
SPANISH = [
    *(
        "cita el ⟦15 de marzo de 2024⟧",
        "nació el ⟦3 de abril de 1958⟧",
        "en ⟦febrero de 2019⟧",
        "el ⟦22 de septiembre⟧",
    ),
    *(
        "⟦7 de diciembre del 2023⟧",
        "⟦octubre 12, 2023⟧",
        "el ⟦1 de enero⟧",
        "⟦primero de junio de 2024⟧",
        "en ⟦agosto⟧",
    ),
    *("del ⟦3 al 5 de mayo de 2024⟧", "desde ⟦mayo⟧", "⟦12 DE JULIO DE 1999⟧", "el ⟦4 de setiembre⟧"),
]
NOT_SPANISH = [
    *("mayo y mostaza", "marzo fue difícil", "3 de 5 dosis", "Mayo 1 protocol", "Mayo Clinic", "de 3 a 5 veces"),
    *("45 de mayo", "in Mayo 2019 criteria", "julio iglesias", "agostos", "enero 500 mg", "marzo 12.5"),
]
NUMBERS = [
    (Kind.DEVICE, "CGM transmitter ⟦8KX41M⟧"),
    (Kind.DEVICE, "Sensor ⟦3MH00JR7QT2⟧ failed"),
    (Kind.DEVICE, "insulin pump ⟦PX44K920A⟧ replaced"),
    (Kind.DEVICE, "ICD generator ⟦BLH402188S⟧"),
    (Kind.HEALTH_PLAN, "Cigna ⟦U78213345 02⟧"),
    (Kind.HEALTH_PLAN, "BCBS ⟦XYA90112233 03⟧,"),
    (Kind.OTHER_ID, "merge mrn 552310 into ⟦884120⟧"),
    (Kind.OTHER_ID, "MRNs 40012233, ⟦40012255⟧ and ⟦40012277⟧"),
    (Kind.OTHER_ID, "accession numbers A44120331 / ⟦A44120332⟧"),
    (Kind.OTHER_ID, "mrn 552310 or ⟦552301⟧? which"),
]
NO_NUMBERS = [
    *("lead V1V2V3 changes", "leads V4V5V6", "pump at 20ML/HR", "sensor G6 to G7", "insulin pump 780G", "pump T1D"),
    *(
        "stimulator L4L5S1",
        "transmitter 24H warmup",
        "monitor Q15MIN",
        "meter 120MG",
        "lead T9T10",
        "ICD S72001A coded",
        "monitor QTC480MS",
        "valve 23MM TAVR3",
    ),
    *("specimen A12345678 10 mL", "mrn 552310 and 250 mL", "mrn 552310, 20000 units", "mrn 552310 and 12 visits"),
    *(
        "accounts 1 and 2",
        "cases 12345 and 2",
        "claims 12 to 15",
        "U98213345 45",
        "lead PLACED2024",
        "orders 123 and 456",
    ),
]


@pytest.mark.parametrize("example", CHARTED)
def test_a_charted_day_goes(example: str) -> None:
    text, spans = marked(example)
    assert all(covers([ChartedDayRecognizer()], text, span, Kind.DATE) for span in spans)


@pytest.mark.parametrize("text", NOT_CHARTED)
def test_other_figures_stay(text: str) -> None:
    assert list(ChartedDayRecognizer().find(text)) == []


@pytest.mark.parametrize("example", SPANISH)
def test_a_spanish_day_goes(example: str) -> None:
    text, spans = marked(example)
    assert all(covers([SpanishDayRecognizer()], text, span, Kind.DATE) for span in spans)


@pytest.mark.parametrize("text", NOT_SPANISH)
def test_what_is_no_spanish_day_stays(text: str) -> None:
    assert list(SpanishDayRecognizer().find(text)) == []


@pytest.mark.parametrize(("kind", "example"), NUMBERS)
def test_a_number_beside_a_word_goes(kind: Kind, example: str) -> None:
    text, spans = marked(example)
    assert all(covers([SerialRecognizer()], text, span, kind) for span in spans)


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_numbers_nobody_stays(text: str) -> None:
    assert list(SerialRecognizer().find(text)) == []
