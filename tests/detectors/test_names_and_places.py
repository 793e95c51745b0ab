"""Names, places and facilities: what must be found (in ⟦brackets⟧), what looks like it, and the worst case."""

from __future__ import annotations

import pytest

from detectors.findings import Kind
from detectors.names import every as names
from detectors.names.recognizer import NameRecognizer
from detectors.places import every as places
from tests.detectors.patterns.tables import SLOWEST_S, covers, marked, slowest

ALL = [*names.recognizers(), *places.recognizers()]
P, F, C, S = Kind.PERSON, Kind.FACILITY, Kind.CITY, Kind.STATE

POSITIVES = [
    *((P, f"⟦Anna {name}⟧ presents with cough") for name in ("Bence", "Hallpike", "Masimo", "Tavi", "Varicella")),
    *((P, f"Spoke with ⟦{name}⟧ about it") for name in ("Libre", "Hallpike", "Hounsfield", "Gambro", "Varicella")),
    (P, "⟦SMITH, JOHN A⟧"),
    (P, "Attending: ⟦Kozma-Pikec, Emilis⟧"),
    (P, "⟦John A. Smith⟧ was seen"),
    (P, "⟦JOHN SMITH⟧"),
    (P, "spoke to ⟦Smith, John⟧"),
    (P, "⟦J. Martinez⟧ called"),
    (P, "⟦Martinez J⟧, 2019"),
    (P, "⟦Jennifer K.⟧ came"),
    (P, "Dr. ⟦Xqzwerty⟧ said"),
    (P, "Dr ⟦Long⟧ will call"),
    (P, "DR. ⟦XQZWERTY⟧"),
    (P, "Mr. and Mrs. ⟦Hall⟧"),
    (P, "Prof. ⟦Anneliese Xqzwert⟧"),
    (P, "⟦Xqzwerty⟧, MD"),
    (P, "⟦Mary Xqzwerty⟧, RN"),
    (P, "⟦Robert Young⟧, PA-C"),
    (P, "⟦MARY JONES⟧ RN"),
    (P, "⟦Xqzwerty⟧, M.D."),
    (P, "her son ⟦Marco⟧ drove"),
    (P, "his wife, ⟦Anna⟧, agrees"),
    (P, "mother: ⟦Olga Petrenko⟧"),
    (P, "daughter named ⟦Xqzwerty⟧"),
    (P, "Dear Ms. ⟦Szabo⟧,"),
    (P, "Dear ⟦Robert⟧,"),
    (P, "Electronically signed by ⟦Tran Quoc⟧"),
    (P, "cc: ⟦Robert Lee⟧"),
    (P, "Attending: ⟦Brown⟧"),
    (P, "Referred by ⟦Angela Park⟧"),
    (P, "Patient Name: ⟦GARCIA LOPEZ, MARIA⟧"),
    (P, "Patient Narne: ⟦Xqzwerty Yzkovic⟧"),
    (P, "Name:\n⟦Walter Hernandez⟧"),
    (P, "⟦Maria de la Cruz⟧"),
    (P, "⟦Anne van der Berg⟧"),
    (P, "⟦Sean O'Brien⟧"),
    (P, "⟦Ronald McDonald⟧"),
    (P, "⟦JANE DOE-SMITH⟧"),
    (P, "⟦Robert Smith Jr⟧"),
    (P, "⟦J0HN SM1TH⟧"),
    (P, "⟦Sirnon Martinez⟧"),
    (P, "⟦José Núñez⟧"),
    (P, "then ⟦Jennifer⟧ reports pain"),
    (P, "with Kevin, ⟦Jennifer⟧ and others"),
    (P, "seen by ⟦Walter\nHernandez⟧ today"),
    (P, "User: ⟦Šxqzá Žyzková⟧"),
    (P, "a ⟦Xqzera D. Yzkovic⟧ came"),
    (F, "admitted to ⟦St. Mary's Hospital⟧"),
    (F, "⟦Mercy Medical Center⟧"),
    (F, "⟦MERCY MEDICAL CENTER⟧"),
    (F, "⟦Green Valley Family Practice⟧"),
    (F, "the ⟦Xqzwerty Clinic⟧"),
    (F, "⟦University of Springfield Hospital⟧"),
    (F, "⟦Hospital of Saint Raphael⟧"),
    (F, "⟦Rosenkrantz Nursing and Rehabilitation Center⟧"),
    (F, "Pharmacy: ⟦Xqzwerty⟧"),
    (F, "⟦Walnut Creek Imaging⟧"),
    (C, "lives in ⟦Dayton⟧"),
    (C, "⟦Dayton⟧, OH"),
    (C, "moved here from ⟦Xqzwerty⟧"),
    (C, "⟦Hennepin County⟧"),
    (C, "⟦Xqzwertia⟧, LA"),
    (C, "in ⟦Xqzwertia⟧ ME"),
    (C, "⟦Xqzwertia⟧ 04330"),
    (C, "stays near ⟦Xqzwertia⟧ now"),
    (C, "Suite 2, ⟦Xqzwertia⟧\nSprings, ME 03903"),
    (S, "Xqzwertia, ⟦LA⟧, with her"),
    (S, "Xqzwertia,\n⟦OR⟧, does not"),
    (S, "in Xqzwertia, ⟦MD⟧"),
    (S, "from ⟦New Mexico⟧"),
    (S, "He is from ⟦Mexico⟧"),
    (S, "moved here from ⟦Norway⟧"),
    (S, "lives in ⟦South Korea⟧"),
    (S, "grew up in the ⟦Czech Republic⟧"),
    (S, "NORTH CAROLINA ⟦NORTH CAROLINA⟧"),
    (S, "State: ⟦PA⟧"),
    (S, "Town\n⟦NC⟧\nZIP"),
    (F, "at ⟦Saint Xqzwerta Surgical Pavilion⟧ on"),
    (F, "⟦Xqzwert Vale Nursing and Rehabilitation Center⟧"),
    (F, "⟦XQZWERT IMAGING ASSOCIATES⟧"),
    (F, "cc: ⟦Our Lady of Xqzwert Clinic⟧"),
    (F, "⟦OUR LADY OF XQZWERT CLINIC⟧"),
    (F, "⟦Green Hollow Home Health Agency⟧"),
    (F, "⟦Xqzwert VA Medical Center⟧"),
    (F, "⟦Copper Ridge Urology Partners⟧"),
    (P, "⟦LIV H. XQZOREA⟧"),
    (P, "⟦Xqzilnis O. Xqzbrasas⟧ came"),
    (P, "with ⟦Jakob J. Xqzorrijos⟧ there"),
    (P, "⟦XQZABRA, VER Z⟧"),
    (P, "⟦VON XQZETIN, XQZAFTUNA C⟧, PA-C"),
    (P, "Dear Dr. ⟦de Xqzeskovar⟧:"),
    (P, "⟦Apollo van Xqzeskitalo⟧, DO"),
    (P, "⟦Ante Xqzanielsen⟧, M.D."),
    (P, "⟦Apollo Xqzotz-Xqzosu⟧"),
    (P, "spouse ⟦Pol B. Xqzurbonas Sr.⟧ may"),
    (P, "with ⟦Feline Xqzoderman⟧ present"),
    (P, "for ⟦S. Xqzaslan⟧, born"),
    (P, "her sister, ⟦Mar Xqzochet⟧, who"),
    (P, "her son ⟦Caspian⟧ drove"),
    (P, "⟦Åge Xqzijli⟧  2024"),
    (P, "seen by ⟦van der Seven⟧ today"),
    (P, "bf ⟦jamal⟧ drove"),
    (P, "Signed, ⟦Xqzandeka⟧"),
    (P, 'her cousin "⟦Xqzeo⟧"'),
    (P, "Son ⟦Xqzarek⟧ (HCP)"),
    (P, "pt ⟦maria lopez⟧ called"),
    (P, "mr. ⟦smith⟧ aware"),
    (P, "dr ⟦patel⟧ in to see"),
    (P, "w/ wife ⟦linda⟧"),
    (P, "Hi ⟦Xqzriya⟧, please"),
    (P, "⟦Hope Young⟧ came in."),
    (P, "seen with ⟦Hope Young⟧ today"),
    (P, "⟦Hope Young⟧ was seen"),
    (P, "the patient, ⟦Grace Long⟧, denies"),
    (P, "⟦Will Cook⟧ called"),
    (P, "⟦Miles Wood⟧ presented to"),
    (P, "⟦Joy Price⟧ was admitted"),
    (P, "⟦Daisy Fields⟧ said"),
    (P, "⟦Violet Brown⟧ denies"),
    (P, "⟦Mark⟧ has a rash."),
    (P, "then ⟦Mark⟧ reports pain"),
    (P, "⟦Dawn⟧ denies fever"),
    (P, "⟦Frank⟧ is a pleasant"),
    (P, "⟦Rose⟧'s daughter drove"),
    (C, "a retired schoolteacher from ⟦Two\nHarbors⟧ who"),
    (C, "schoolteacher from ⟦Two Harbors⟧"),
    (C, "lives in ⟦Quiet Harbor⟧ with"),
    (C, "born in ⟦Harmony⟧ and"),
    (C, "was born in ⟦Cedar\nBluff⟧."),
    (C, "comes from ⟦Upper Sandy\nCreek⟧ daily"),
    (C, "lives in ⟦Harmony⟧\nPhone: 555"),
    (C, "he is from ⟦Pleasant\nView⟧, a"),
    (C, "drove to ⟦Deep Meadows⟧ alone"),
]

NEGATIVES = [
    "CXR: left lower lobe\ninfiltrate",
    "Relationship: brother   Phone: none on file",
    "Kin: sister  Address: same",
    "may have Grace period",
    "I hope he will stand. Brown stool. White count. Long leg cast.",
    "Parkinson disease, Foley catheter, Wilson Disease, Hodgkin Lymphoma",
    "Crohn's disease and Alzheimer's dementia",
    "Apgar 8/9, Glasgow Coma Scale 15, Babinski negative, Doppler",
    "Cushing syndrome; Graves disease; Bell palsy",
    "Murphy sign negative; Allen test normal",
    "Epstein Barr Virus, Guillain Barre Syndrome",
    "Discharge Summary Patient Name Date of Birth",
    "PATIENT NAME: DATE OF BIRTH:",
    "MOTHER DENIES CHEST PAIN",
    "FAMILY HISTORY: MOTHER WITH DIABETES",
    "Vitamin K deficiency. Hepatitis B. Grade A",
    "Lactated Ringer solution, Mueller Hinton agar",
    "the Hospital course, Pain Clinic, Emergency Department",
    "Course in Hospital",
    "Physical Exam: Head Normal. Blood Pressure High",
    "Home Health Services; Family Health History; Primary Care Physician",
    "Chief Complaint: Chest Pain",
    "Guarantor: Same as patient",
    "ASSESSMENT AND PLAN: CONTINUE METFORMIN",
    "Metformin 500 mg, Lisinopril 10 mg, Atorvastatin 20 mg",
    "Dear Sir or Madam,",
    "Dear Colleague,",
    "CT Chest With Contrast",
    "follow up in May or June",
    "Attending: Date: Signature:",
    "the county hospital and the clinic",
    "Review of Systems: Constitutional, Eyes, Neck",
    "Signed: Date:",
    "To: Fax: From: Pages:",
    "Right Upper Quadrant Ultrasound",
    "he was from the city and lives in town",
    "Chest Pain, OR time 2 hours",
    "c/o CP x2h",
    "Vitamin D. Calcium. Hepatitis B. Vaccine",
    "E. Coli and H. Pylori, C. Difficile",
    "the pt reports pain and denies fever",
    "pt states she is better, wife states the same",
    "Annual Eye Exam Center Line",
    "Support Group, Pain Clinic, Wound Care Center",
    "Emergency Department, Home Health Agency",
    "Osgood-Schlatter disease, Epstein-Barr Virus",
    "St. Elsewhere Street".replace("Elsewhere", "Main"),
    "Take On Empty Stomach",
    "Pain in me or him, ok",
    "Long Term care, Will Call back, May Result in",
    "Young Child seen, Brown Discharge noted, White Count was high",
    "Rose Bengal stain",
    "Grace Period was over. Amber Urine was seen",
    "Frank Blood in stool. Frank Pus was seen",
    "Crystal Violet stain, Ruby Red lesion, Pearl White lesions",
    "Dawn Phenomenon, Summer Camp, Angel Dust, Iris Color",
    "Sandy Brown stool was seen; a Violet Brown patch is noted; Amber Brown urine was",
    "Will Need help. Faith Based care. Hope Lodge. Joy Ride.",
    "Mark Site. Mark is made on the skin. Mark the site.",
    "Bill was sent. Hope is that he can. Will is done. Chance has not been. Drew was blood",
    "August was hot. Pat dry. Rose to 38. Grant is pending. Art has helped",
    "Hope Young",
    "Living Will states",
    "lives in Assisted Living",
    "lives in Skilled Nursing Facility",
    "lives in Group Home, lives in Senior Village",
    "born in May",
    "lives in Section 8",
    "from Intensive Care",
    "from Left Knee",
    "in Good Spirits",
    "transferred from Blood Bank",
    "from Past Medical History",
    "of Right Hip",
    "at High Risk",
    "in Left Bundle Branch",
    "pain in Right Lower Quadrant",
    "grown on India ink and Norway rats",
    "turkey for dinner",
    "of Foreign Body",
    "refer to Physical Therapy",
    "discharge to Home, to Day Surgery",
    "in Stage Three",
]


@pytest.mark.parametrize(("kind", "example"), POSITIVES)
def test_finds(kind: Kind, example: str) -> None:
    text, spans = marked(example)
    assert spans
    for span in spans:
        assert covers(ALL, text, span, kind)


@pytest.mark.parametrize("text", NEGATIVES)
def test_leaves_look_alikes(text: str) -> None:
    assert [(m.kind.value, text[m.start : m.end]) for r in ALL for m in r.find(text)] == []


def test_a_drive_is_no_doctor() -> None:
    assert list(NameRecognizer().find("123 Oak Dr. Springfield")) == []


@pytest.mark.parametrize("recognizer", ALL, ids=lambda r: r.name)
def test_worst_case_time(recognizer) -> None:
    seconds, seed = slowest(recognizer)
    assert seconds < SLOWEST_S, repr(seed)


def test_offsets_stay_inside_the_text() -> None:
    text = "\n".join(marked(example)[0] for _, example in POSITIVES)
    for recognizer in ALL:
        for match in recognizer.find(text):
            assert 0 <= match.start < match.end <= len(text)
            assert match.kind in recognizer.KINDS
            assert not text[match.start].isspace()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Provider: Cafua, Marieke Visit Account: 417960171", "Visit"),
        ("Patient: Rebollo, Rahel F. Med Rec #: 54-86886", "Med"),
        ("Anesthesiologist: Sanja Njomane Implant Serial #: LRU6421", "Implant"),
    ],
)
def test_a_name_ends_where_the_next_label_begins(text: str, left: str) -> None:
    spans = [(m.start, m.end) for m in NameRecognizer().find(text)]
    assert any(end - start > 10 for start, end in spans)
    assert not any(start <= text.index(left) < end for start, end in spans)


@pytest.mark.parametrize("text", ["Mary Case: seen today", "Attending: Mary Case: seen today"])
def test_a_surname_that_is_a_label_too_is_a_name(text: str) -> None:
    assert any(text[m.end :].startswith(": seen") for m in NameRecognizer().find(text))
