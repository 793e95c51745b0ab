"""Every pattern: what it must find (in ⟦brackets⟧), what looks like it and must stay, and its worst case."""

from __future__ import annotations

import pytest
from presidio_analyzer import RecognizerResult

from detectors.findings import Kind
from detectors.patterns import recognizers
from tests.detectors.patterns.tables import SLOWEST_S, covers, marked, slowest

ALL = recognizers()

DAYS = [
    (Kind.DATE, text)
    for text in (
        "on the ⟦5th⟧.",
        "on the\n⟦5th⟧.",
        "since the ⟦4th⟧ he",
        "was due the ⟦5th⟧.",
        "from the ⟦3rd⟧ to the ⟦5th⟧.",
        "on the ⟦1st⟧ and the ⟦15th⟧.",
        "on the ⟦3rd⟧ of the month",
        "around the ⟦3rd⟧ of this month",
        "⟦Tuesday the 5th⟧",
        "⟦Tues 5th⟧, then",
        "⟦Mon the 1st⟧ she",
        "⟦Christmas Eve⟧",
        "at ⟦christmas⟧ he",
        "⟦Thanksgiving Day⟧",
        "⟦New Year's Day⟧",
        "⟦New Year’s Eve 2019⟧",
        "⟦Labor Day⟧",
        "⟦MEMORIAL DAY⟧",
        "⟦July 4th⟧",
        "the ⟦Fourth of July⟧",
        "⟦Easter Sunday⟧",
        "over ⟦Halloween⟧",
    )
]
NO_DAYS = [
    *("Day 5", "POD 3", "HD #2", "5th digit", "the 3rd ventricle", "2nd degree burn", "to the 4th ICS"),
    *("of the 1st toe", "in the 4th intercostal space", "of the 4th and 5th toes", "to the 2nd and 3rd digits"),
    *("of the 2nd, 3rd and 4th fingers", "for the 5th time", "on the 5th day", "to the 5th metatarsal"),
    *("christmas tree rash", "Christmas disease", "Easter Seals", "labor day 2 postpartum", "sat 2nd in line"),
    *("Monday 2nd dose", "fractures of the 5th and 6th ribs", "on the 2nd postop day", "a new year", "veterans"),
]
PLATES = [
    (Kind.VEHICLE, text)
    for text in (
        "License plate ⟦XKJ 4471⟧",
        "Plate no. ⟦IL BX 4471⟧",
        "license plate ⟦XK] 4471⟧ was",
        "plates: ⟦7ABC123⟧, ⟦XK] 4471⟧ and ⟦IL BX 4471⟧.",
        "a blue Honda, plate ⟦XKJ-4471⟧, parked",
        "License plate number: ⟦XKJ 4471 IL⟧",
        "LICENSE PLATE: ⟦XKJ4471⟧ STATE: IL",
        "plate ⟦xkj4471⟧",
        "IL plate ⟦BX 4471⟧",
        "License Plate: ⟦Illinois BX 4471⟧",
        "License plate\n⟦XKJ 4471⟧",
        "plate ⟦XKJ 447I⟧",
        "Plate # ⟦BX·4471⟧ Make: Honda",
    )
]
NO_PLATES = [
    *("plate C5-C6-C7", "growth plate 3.5", "LCP plate 3.5 mm", "a 6 hole plate 12", "agar plate 24 HOURS"),
    *("volar plate 2", "plate T12 L1", "tibial plate X", "end plate L4-L5", "PLATE AND SCREWS 3.5", "plate 120 mL"),
    *("Plate 4 IN", "plates of food 2 times", "plate 10000 CFU"),
]

POSITIVES = [
    (Kind.AGE_OVER_89, "for Xqzwert, ⟦95⟧, admitted with fever"),
    (Kind.AGE, "Mr. Xqzwert, ⟦43⟧, presents with cough"),
    (Kind.OTHER_ID, "ICD ⟦QKV705635R⟧ was recalled"),
    (Kind.DATE, "fell on ⟦Saturday⟧ morning"),
    (Kind.DATE, "During ⟦1998⟧, she"),
    (Kind.DATE, "in ⟦2021⟧"),
    (Kind.DATE, "smoker since ⟦1998⟧."),
    (Kind.PHONE, "⟦781 1704⟧ office"),
    (Kind.FAX, "⟦3660170548⟧-Fax"),
    (Kind.SSN, "SSN: ⟦536-22-1874⟧"),
    (Kind.SSN, "⟦536-22-1874⟧ on file"),
    (Kind.SSN, "soc sec no ⟦536221874⟧"),
    (Kind.SSN, "SSN ⟦536 22 1874⟧"),
    (Kind.SSN, "SSN: ⟦S36-22-l874⟧"),
    (Kind.SSN, "S5N# ⟦536-22-1874⟧"),
    (Kind.SSN, "ITIN ⟦912-70-1234⟧"),
    (Kind.SSN, "SSN xxx-xx-⟦1874⟧"),
    (Kind.SSN, "last four of SSN: ⟦1874⟧"),
    (Kind.SSN, "Social Security Number\n⟦536-22-1874⟧"),
    (Kind.MBI, "MBI ⟦1EG4-TE5-MK73⟧"),
    (Kind.MBI, "Medicare ⟦1EG4TE5MK73⟧"),
    (Kind.MBI, "covered under ⟦1EG4-TE5-MK73⟧ since"),
    (Kind.MBI, "Medicare no. ⟦lEG4TE5MK73⟧"),
    (Kind.NPI, "NPI: ⟦1234567893⟧"),
    (Kind.NPI, "NPI# ⟦1234567890⟧"),
    (Kind.NPI, "billed by ⟦1234567893⟧"),
    (Kind.DEA, "DEA ⟦BB1388568⟧"),
    (Kind.DEA, "prescriber ⟦BB1388568⟧"),
    (Kind.DEA, "DEA No: ⟦FX l234567⟧"),
    (Kind.CARD, "paid with ⟦4111 1111 1111 1111⟧"),
    (Kind.CARD, "⟦5500-0000-0000-0004⟧"),
    (Kind.CARD, "Amex ⟦378282246310005⟧"),
    (Kind.CARD, "my card ⟦4111111111111112⟧"),
    (Kind.ACCOUNT, "transfer to ⟦GB82 WEST 1234 5698 7654 32⟧ please"),
    (Kind.VEHICLE, "VIN ⟦1M8GDM9AXKP042788⟧"),
    (Kind.VEHICLE, "drove ⟦1M8GDM9AXKP042788⟧ off"),
    (Kind.VEHICLE, "license plate: ⟦KZM 4471⟧"),
    (Kind.PHONE, "Tel: ⟦(217) 555-0134⟧"),
    (Kind.PHONE, "⟦217-555-0134⟧"),
    (Kind.PHONE, "⟦217.555.0134⟧"),
    (Kind.PHONE, "⟦+1 217 555 0134⟧"),
    (Kind.PHONE, "⟦1-217-555-0134⟧"),
    (Kind.PHONE, "call ⟦2175550134⟧"),
    (Kind.PHONE, "⟦(217)555-0134 ext. 22⟧"),
    (Kind.PHONE, "⟦(217) 555-0134 x22⟧"),
    (Kind.PHONE, "Home phone: ⟦555-0134⟧"),
    (Kind.PHONE, "reach her at ⟦+44 20 7946 0958⟧"),
    (Kind.PHONE, "mobile ⟦0412 345 678⟧"),
    (Kind.PHONE, "at ⟦06 12 34 56 78⟧ or"),
    (Kind.PHONE, "on ⟦(030) 1234 5678⟧"),
    (Kind.PHONE, "aunt ⟦020 7946 0958⟧"),
    (Kind.PHONE, "contact me on ⟦01234 567890⟧"),
    (Kind.PHONE, "aunt ⟦612 345 678⟧"),
    (Kind.PHONE, "⟦+49 (0)30 1234567⟧"),
    (Kind.PHONE, "office ⟦217-555-0134 ext 4471⟧"),
    (Kind.PHONE, "Phone ( ⟦217 ) 555 - 0134⟧"),
    (Kind.PHONE, "Ph: ⟦(2l7) 555-O134⟧"),
    (Kind.FAX, "Fax: ⟦217-555-0134⟧"),
    (Kind.FAX, "Tel 217-555-0100 Fax ⟦217-555-0134⟧"),
    (Kind.FAX, "F: ⟦(217) 555-0134⟧"),
    (Kind.EMAIL, "write to ⟦o.brien@clinic.example.org⟧."),
    (Kind.EMAIL, "⟦john . smith @ mail . com⟧"),
    (Kind.EMAIL, "e-mail: ⟦anna_k@hos-\npital.org⟧"),
    (Kind.EMAIL, "⟦anna©gmail.com⟧"),
    (Kind.EMAIL, "⟦anna (at) clinic.org⟧"),
    (Kind.EMAIL, "⟦anna@gmail com⟧ is hers"),
    (Kind.URL, "see ⟦https://portal.example.org/p?id=7⟧"),
    (Kind.URL, "⟦www.example.com/anna⟧"),
    (Kind.URL, "⟦www . example . com⟧"),
    (Kind.URL, "on ⟦mychart.example.org⟧ today"),
    (Kind.IP_ADDRESS, "from ⟦192.0.2.14⟧"),
    (Kind.IP_ADDRESS, "from ⟦2001:db8::1f⟧"),
    (Kind.DEVICE, "adapter ⟦00:1B:44:11:3A:B7⟧"),
    (Kind.DATE, "⟦03/04/2021⟧"),
    (Kind.DATE, "⟦3-4-21⟧"),
    (Kind.DATE, "⟦03.04.2021⟧"),
    (Kind.DATE, "DOB⟦04/12/1961⟧"),
    (Kind.DATE, "⟦O3/l4/2021⟧"),
    (Kind.DATE, "⟦03 / 04 / 2021⟧"),
    (Kind.DATE, "⟦2021-03-04⟧"),
    (Kind.DATE, "⟦2021-03-04T10:15:00Z⟧"),
    (Kind.DATE, "⟦2021/3/4⟧"),
    (Kind.DATE, "⟦20210304⟧"),
    (Kind.DATE, "⟦20210304101500-0500⟧"),
    (Kind.DATE, "DOB ⟦04121961⟧"),
    (Kind.DATE, "Date of birth ⟦04 12 61⟧"),
    (Kind.DATE, "⟦04 12 1961⟧"),
    (Kind.DATE, "⟦03/2021⟧"),
    (Kind.DATE, "seen ⟦3/4⟧ in clinic"),
    (Kind.DATE, "⟦3/4-3/7/2021⟧"),
    (Kind.DATE, "⟦3/4 to 3/7/21⟧"),
    (Kind.DATE, "⟦March 4, 2021⟧"),
    (Kind.DATE, "⟦March 4th, 2021⟧"),
    (Kind.DATE, "⟦MARCH 4 2021⟧"),
    (Kind.DATE, "⟦4 March 2021⟧"),
    (Kind.DATE, "the ⟦4th of March⟧"),
    (Kind.DATE, "⟦4-MAR-21⟧"),
    (Kind.DATE, "⟦04Mar2021⟧"),
    (Kind.DATE, "⟦2021 Mar 4⟧"),
    (Kind.DATE, "⟦March 2021⟧"),
    (Kind.DATE, "⟦Mar '21⟧"),
    (Kind.DATE, "⟦0ct 12, 2020⟧"),
    (Kind.DATE, "⟦Ju1y 4, 2020⟧"),
    (Kind.DATE, "on ⟦Sept. 3rd⟧ she"),
    (Kind.DATE, "⟦Thursday, March 4, 2021⟧"),
    (Kind.DATE, "⟦4-7 March 2021⟧"),
    (Kind.DATE, "⟦March 4-7, 2021⟧"),
    (Kind.DATE, "⟦March\n4, 2021⟧"),
    (Kind.DATE, "since late ⟦October⟧ he"),
    (Kind.AGE, "a ⟦47⟧-year-old woman"),
    (Kind.AGE, "⟦47⟧ y.o. M"),
    (Kind.AGE, "⟦47⟧yo F"),
    (Kind.AGE, "Age: ⟦47⟧"),
    (Kind.AGE, "Age Cyrs): ⟦57⟧"),
    (Kind.AGE, "aged ⟦47⟧,"),
    (Kind.AGE, "turned ⟦60⟧."),
    (Kind.AGE, "⟦fifty-two⟧ year old"),
    (Kind.AGE, "⟦6⟧-month-old infant"),
    (Kind.AGE_OVER_89, "age ⟦93⟧"),
    (Kind.AGE_OVER_89, "⟦93⟧-year-old"),
    (Kind.AGE_OVER_89, "⟦93⟧ y.o."),
    (Kind.AGE_OVER_89, "aged ⟦91⟧"),
    (Kind.AGE_OVER_89, "⟦ninety-two⟧-year-old"),
    (Kind.AGE_OVER_89, "⟦one hundred and two⟧ year old"),
    (Kind.AGE_OVER_89, "lived to ⟦101⟧ years of age"),
    (Kind.STREET, "⟦123 Main St⟧"),
    (Kind.STREET, "⟦4501 SW 12th Ave, Apt 4B⟧"),
    (Kind.STREET, "⟦77 Old Mill Road\nSuite 200⟧"),
    (Kind.STREET, "⟦18\nElm Street⟧"),
    (Kind.STREET, "MRN 0098\nSSN 532-18-7754\nAddress ⟦22 Quarry Hill Road⟧"),
    (Kind.STREET, "⟦18\n42nd Quarry Hill Road⟧"),
    (Kind.STREET, "⟦8677 S Tumbledown PI, Floor 4⟧, Zeelshaw"),
    (Kind.STREET, "⟦33B S Lower Marktplein Pi⟧, Caldley"),
    (Kind.STREET, "⟦12 Elm B1vd⟧"),
    (Kind.STREET, "⟦3254.S South Knapweed Trail⟧"),
    (Kind.STREET, "⟦91AN. Nettlecombe Trail⟧"),
    (Kind.STREET, "⟦1200 MARTIN LUTHER KING BLVD⟧"),
    (Kind.STREET, "⟦P.O. Box 771⟧"),
    (Kind.STREET, "⟦P0 BOX 771⟧"),
    (Kind.STREET, "⟦RR 2 Box 45⟧"),
    (Kind.STREET, "⟦PSC 0413, Box 8144⟧ APO AA 42323"),
    (Kind.STREET, "PSC 0413, Box 8144 ⟦APO AA 42323⟧"),
    (Kind.STREET, "⟦9 County Road 12⟧"),
    (Kind.STREET, "⟦221 Calle Luna⟧"),
    (Kind.STREET, "lives at ⟦86036 Rua do Arenque 1634⟧"),
    (Kind.STREET, "⟦123 main street⟧"),
    (Kind.CITY, "⟦Springfield⟧, IL 62704"),
    (Kind.CITY, "⟦SALT LAKE CITY⟧ UT 84101"),
    (Kind.STATE, "Springfield, ⟦Illinois⟧ 62704"),
    (Kind.ZIP, "Springfield, IL ⟦62704-1234⟧"),
    (Kind.ZIP, "Springfield, IL ⟦6270l⟧"),
    (Kind.ZIP, "Zip code: ⟦62704⟧"),
    (Kind.ZIP, "ZIP: ⟦3520⟧"),
    (Kind.STREET, "⟦Suite 245⟧"),
    (Kind.MRN, "MRN: ⟦00123-4⟧"),
    (Kind.MRN, "MRN ⟦12345⟧"),
    (Kind.MRN, "Medical Record No. ⟦A-778123⟧"),
    (Kind.MRN, "rnedical record nurnber: ⟦778123⟧"),
    (Kind.MRN, "Patient ID: ⟦P778123⟧"),
    (Kind.MRN, "MRN:\n⟦778123⟧"),
    (Kind.ACCOUNT, "Acct # ⟦88-1234⟧"),
    (Kind.ACCOUNT, "Account Number: ⟦8812 3477⟧"),
    (Kind.HEALTH_PLAN, "Member ID: ⟦W123456789⟧"),
    (Kind.HEALTH_PLAN, "Policy No. ⟦XZ 12345⟧"),
    (Kind.HEALTH_PLAN, "Group #: ⟦77120⟧"),
    (Kind.HEALTH_PLAN, "RxBIN: ⟦610014⟧"),
    (Kind.LICENCE, "License No. ⟦MD-44120⟧"),
    (Kind.LICENCE, "driver's license number is ⟦F1628-2354⟧"),
    (Kind.DEVICE, "Serial No: ⟦PJN6612⟧"),
    (Kind.DEVICE, "S/N ⟦PJN6612⟧"),
    (Kind.DEVICE, "UDI ⟦(01)00812345678901(17)260101(21)A77⟧"),
    (Kind.OTHER_ID, "Accession no. ⟦S21-1234⟧"),
    (Kind.OTHER_ID, "Accession: ⟦21-00412⟧"),
    (Kind.OTHER_ID, "Rx # ⟦7712345⟧"),
    (Kind.OTHER_ID, "Claim Number ⟦CLM-88120⟧"),
    (Kind.OTHER_ID, "Encounter #⟦5567123⟧"),
    (Kind.OTHER_ID, "Order ID ⟦99121-B⟧"),
    (Kind.DATE, "Fri ⟦12/3⟧ at noon"),
    (Kind.DATE, "⟦Spring 2019⟧"),
    (Kind.DATE, "seen the ⟦12th⟧; then"),
    (Kind.SSN, "her SSN ends in ⟦4471⟧"),
    (Kind.ACCOUNT, "card ending in ⟦9921⟧"),
    (Kind.DATE, "repeat was done. ⟦12/23⟧ he fell"),
    (Kind.DATE, "called to the floor on ⟦7/28⟧. The"),
    (Kind.DATE, "On ⟦1/24⟧ repeat imaging showed"),
    (Kind.DATE, "a hip replacement in ⟦2/8⟧ without"),
    (Kind.DATE, "J. Orn, MD   ⟦11/6⟧"),
    (Kind.DATE, "⟦9/14⟧ - pt seen in clinic"),
    (Kind.OTHER_ID, "sent to pathology under ⟦SP-29363553⟧ and"),
    (Kind.OTHER_ID, "generator ⟦8768-XT-41750⟧ sterile"),
    (Kind.OTHER_ID, "with member ⟦H7977-198127⟧."),
    (Kind.OTHER_ID, "page 2 ⟦8254521⟧"),
    (Kind.OTHER_ID, "ID ⟦000-00-0000⟧"),
    (Kind.BIOMETRIC, "Fingerprint ID: ⟦FP-88123⟧"),
    (Kind.BIOMETRIC, "Voiceprint ref ⟦VX0091⟧"),
    *DAYS,
    *PLATES,
]

NEGATIVES = [
    "1200 1800 home readings",
    "20 home visits",
    "ICD S72001A coded",
    "Billing: CPT 99214-25 denied CO-97",
    "every Monday morning",
    "the Tuesday clinic",
    "weekly on Monday",
    "pulse, 95, was regular",
    "glucose, 95, 102 and 110",
    *(
        "5 mg",
        "BP 120/80",
        "temp 98.6",
        "HR 72",
        "10/12 points",
        "range 1.2-3.4",
        "L4-5",
        "T12",
        "Room 12",
        "at 10:19 AM Valley View",
        "at 10:15 AM",
    ),
    *(
        "strength 5/5",
        "pain 7/10",
        "vision 20/20",
        "GCS 15",
        "FiO2 40%",
        "1:1000",
        "ratio 3:1",
        "take 1-2 tabs",
        "q4-6h",
    ),
    *(
        "ICD-10 E11.9",
        "ICD Z79.4",
        "CPT 99213",
        "CPT 99213-25",
        "HCPCS J1885",
        "gestational age 39 weeks",
        "G2P1",
        "C5-C6",
    ),
    *(
        "WBC 4.5-11.0",
        "platelets 150-400",
        "platelets 150-1000 K/uL",
        "pH 7.35",
        "weight 70.5 kg",
        "a dose of 2000 mg",
        "up to 2000 units",
        "a 1950 calorie diet",
        "in 2000 patients",
        "2011",
        "the 1990s",
    ),
    *(
        "version 10.2.13",
        "2 weeks later",
        "3 days a week",
        "may 5 mg be given",
        "Group 2 diabetes",
        "plan 2 weeks",
        "Case 3",
    ),
    *("stage 3 disease", "type 2 diabetes", "12 lead ECG", "2 view chest CT", "3 x 5 cm mass", "call back in 2 days"),
    *(
        "Plan: 10 mg daily",
        "Order: 500 mg",
        "Report: 2021",
        "specimen: 3",
        "grade 2/6 murmur",
        "Apgar 8/9",
        "NPO after midnight",
    ),
    *(
        "1 in 1000",
        "200 mg/dL",
        "1,250 mL",
        "99% on 2 L",
        "A1c 7.2",
        "vitamin B12",
        "COVID-19",
    ),
    *(
        "4111 1111 1111 1112",
        "he is at 90 percent",
        "5 ft 10 in",
        "2-0 Vicryl",
        "24/7",
        "and/or",
        "w/o",
        "P < 0.05",
        "page 2 of 3",
    ),
    *(
        "123 patients were seen",
        "seen by dr at 9",
        "2 tablets by mouth",
        "500 mg PO BID",
        "10 mL NS",
        "SpO2 98",
        "score 12/30",
        "mg/dL 3.5 to 5.0",
        "values 0.6 1.2 0.8 1.1",
        "0 1 2 3 4 5 6 7 8 9",
        "Na 138 102 104 24",
        "12/14 points",
        "in the 12th rib, for the 5th metacarpal fracture",
        "falls ending 3 times",
        "strength 4/5 in all limbs",
        "did 1/12 reps, 2/12 sets",
        "murmur 3/6",
        "platelets 250000",
        "5000000 units",
        "CPT 99213, 71046, 93000",
        "NDC 12345-678-90",
        "CFU 1000000 copies",
        "0.5 mL/min/1.73m2",
        "I48.91 and K35.80",
    ),
    *NO_DAYS,
    *NO_PLATES,
]


@pytest.mark.parametrize(("kind", "example"), POSITIVES)
def test_finds(kind: Kind, example: str) -> None:
    text, spans = marked(example)
    assert spans
    for span in spans:
        assert covers(ALL, text, span, kind)


@pytest.mark.parametrize("text", NEGATIVES)
def test_leaves_look_alikes(text: str) -> None:
    found = [(m.kind.value, text[m.start : m.end]) for r in ALL for m in r.find(text)]
    assert found == []


@pytest.mark.parametrize("text", ["5514679\nDear Dr. Who", "729 31 5245\nStreet", "Mar 4, 2021\nFoo Bar Heights"])
def test_a_number_that_ends_its_line_opens_no_street_with_the_next(text: str) -> None:
    assert not any(m.kind is Kind.STREET for r in ALL for m in r.find(text))


@pytest.mark.parametrize("recognizer", ALL, ids=lambda r: r.name)
def test_worst_case_time(recognizer) -> None:
    seconds, seed = slowest(recognizer)
    assert seconds < SLOWEST_S, repr(seed)


def test_offsets_stay_inside_the_text_and_scores_inside_their_range() -> None:
    text = "\n".join(marked(example)[0] for _, example in POSITIVES)
    for recognizer in ALL:
        for match in recognizer.find(text):
            assert 0 <= match.start < match.end <= len(text)
            assert 0.0 < match.score <= 1.0
            assert match.kind in recognizer.KINDS
            assert not text[match.start].isspace()


def test_presidio_sees_entities_in_upper_case_and_may_ask_for_some() -> None:
    entities = {entity for recognizer in ALL for entity in recognizer.get_supported_entities()}
    assert {"SSN", "MBI", "DATE", "AGE_OVER_89", "STREET", "OTHER_ID"} <= entities
    results = [r for recognizer in ALL for r in recognizer.analyze("SSN 536-22-1874, MRN 44120", ["SSN"])]
    assert results
    assert all(isinstance(r, RecognizerResult) and r.entity_type == "SSN" for r in results)


def test_all_of_a_page_is_looked_at() -> None:
    """A finding far down a long page is found: nothing is cut off silently."""
    text = "lorem ipsum dolor\n" * 20_000 + "SSN: 536-22-1874"
    assert covers(ALL, text, (len(text) - 11, len(text)), Kind.SSN)
