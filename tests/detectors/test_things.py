"""Scales and makers that bear names are nobody's; the same words elsewhere may be somebody's."""

from __future__ import annotations

import pytest

from detectors.findings import Kind, Layer, Span
from detectors.spans.things import without_things


def burns(text: str, value: str, kind: Kind, layer: Layer = Layer.NER, score: float = 0.6) -> bool:
    start = text.index(value)
    return bool(without_things(text, [Span(start, start + len(value), kind, score, layer)]))


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("The New York Heart Association (class II) is", "York", Kind.PERSON),
        ("The New York Heart Association class is II", "New York Heart", Kind.CITY),
        ("by the New York Heart Association functional class III", "New York", Kind.STATE),
        ("Epworth Sleepiness Scale 9", "Epworth Sleepiness", Kind.PERSON),
        ("Kansas City Cardiomyopathy Questionnaire 70", "City", Kind.FACILITY),
        ("a Seattle Angina Questionnaire", "Angina", Kind.PERSON),
        ("has Los Angeles classification grade B", "Angeles", Kind.CITY),
        ("Her pacemaker is a Zorbltronic, serial number 1", "Zorbltronic", Kind.PERSON),
        ("a Zorbltronic pump", "Zorbltronic", Kind.PERSON),
        ("Boston bowel prep score 8", "Boston", Kind.PERSON),
        ("the Baxter pump alarm 12", "Baxter", Kind.PERSON),
        ("the Cook stent was retrieved", "Cook", Kind.PERSON),
        ("Abbott FreeStyle sensor", "Abbott", Kind.PERSON),
        ("City State Zip Code", "State", Kind.CITY),
        ("Town State ZIP", "Town", Kind.CITY),
        ("takes Bayer aspirin 81", "Bayer", Kind.PERSON),
        ("Welch Allyn otoscope", "Welch Allyn", Kind.PERSON),
        ("Johnson & Johnson vaccine", "Johnson", Kind.PERSON),
        ("explain Murphy's sign", "Murphy", Kind.PERSON),
        ("explain Murphy's sign", "Murphy's", Kind.PERSON),
        ("Barrett's esophagus", "Barrett", Kind.PERSON),
        ("Kerley B lines", "Kerley B lines", Kind.PERSON),
        ("give 40 I V Push", "Push", Kind.PERSON),
        ("C T Head was read", "C T", Kind.PERSON),
        ("Positive Murphy sign.", "Murphy", Kind.PERSON),
        ("a Becton Dickinson syringe", "Becton Dickinson", Kind.PERSON),
        ("a C R Bard catheter", "C R Bard", Kind.PERSON),
        ("Bell's palsy since May", "Bell", Kind.PERSON),
        ("Dakin solution for wounds", "Dakin", Kind.PERSON),
        ("Alaris pump alarm", "Alaris", Kind.PERSON),
        ("Unna boot applied", "Unna", Kind.PERSON),
        ("FreeStyle Libre 2 sensor", "Libre", Kind.PERSON),
        ("Varicella #2 due", "Varicella", Kind.PERSON),
        ("PT OT SLP consults", "SLP", Kind.PERSON),
        ("mtg 2/19 3pm", "3pm", Kind.PERSON),
        ("Family Medicine residents", "Family", Kind.FACILITY),
        ("Pain Management and Family Medicine", "Pain Management and Family Medicine", Kind.FACILITY),
        ("number of falls in 2024", "falls", Kind.FACILITY),
        ("bruce protocol stage 3", "bruce", Kind.PERSON),
        ("Salter-Harris II", "Salter-Harris II", Kind.PERSON),
        ("Wagner grade 2 ulcer", "Wagner", Kind.PERSON),
        ("San Francisco syncope rule", "San Francisco", Kind.PERSON),
        ("Canadian CT head rule says no scan", "Canadian", Kind.CITY),
        ("Boston criteria for CAA", "Boston", Kind.PERSON),
        ("meets Ghent criteria", "Ghent", Kind.CITY),
        ("Denver II screen on track", "Denver II", Kind.PERSON),
        ("St. Louis encephalitis panel", "St. Louis", Kind.CITY),
        ("Hong Kong flu", "Hong Kong", Kind.PERSON),
        ("Fowler's position maintained", "Fowler", Kind.PERSON),
        ("Sims position for enema", "Sims", Kind.PERSON),
        ("Jones fracture non weight bearing", "Jones", Kind.PERSON),
        ("Fogarty catheter 4F", "Fogarty", Kind.PERSON),
        ("McGrath blade 3", "McGrath", Kind.PERSON),
        ("New York Heart class II", "New York", Kind.CITY),
        ("Los Angeles grade B esophagitis", "Los Angeles", Kind.CITY),
        ("B/Victoria strain", "Victoria", Kind.PERSON),
        ("Rutherford class III ischemia", "Rutherford", Kind.PERSON),
        ("Marshall CT score 3", "Marshall", Kind.PERSON),
        ("Bledsoe brace locked", "Bledsoe", Kind.PERSON),
        ("Harris hip score 40", "Harris", Kind.PERSON),
        ("Milan criteria for transplant", "Milan", Kind.PERSON),
        ("Where do I park?", "park", Kind.CITY),
        ("d/c lines", "lines", Kind.PERSON),
        ("an urgent care in town", "an urgent care", Kind.FACILITY),
        ("Run the Bruce protocol", "Bruce", Kind.PERSON),
        ("Epley maneuver at home", "Epley", Kind.PERSON),
        ("dix hallpike positive", "dix hallpike", Kind.PERSON),
        ("Baker's cyst behind the knee", "Baker's", Kind.PERSON),
        ("zimmer frame for gait", "zimmer frame", Kind.PERSON),
        ("murphy signs negative", "murphy", Kind.PERSON),
        ("staples out in 10 days", "staples", Kind.PERSON),
        ("Staples removed without difficulty", "Staples", Kind.PERSON),
        ("staples intact and incision clean", "staples", Kind.PERSON),
        ("Staples in place.", "Staples", Kind.PERSON),
        ("Staples removed on 5/3", "Staples", Kind.PERSON),
        ("Pain is well controlled on oral drugs", "Pain", Kind.PERSON),
        ("Pain has improved", "Pain", Kind.PERSON),
        ("Pain was 4/10", "Pain", Kind.PERSON),
        ("2L nc", "2L", Kind.PERSON),
        ("Pain was controlled", "Pain", Kind.PERSON),
        ("80053 Comprehensive metabolic panel", "80053", Kind.STREET),
        ("70450 Head computed tomography", "Head", Kind.PERSON),
        ("Platelet count 416 H thou/uL", "H thou", Kind.PERSON),
        ("to a rehabilitation facility", "a rehabilitation", Kind.FACILITY),
    ],
)
def test_scales_and_makers_stay(text: str, value: str, kind: Kind) -> None:
    assert not burns(text, value, kind)


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("works for the New York Heart Association in", "New York", Kind.STATE),
        ("Anna York Sleepiness Scale 9", "Anna York", Kind.PERSON),
        ("Anna York Sleepiness Scale 9", "York", Kind.PERSON),
        ("Patient: York Sleepiness Scale 9", "York", Kind.PERSON),
        ("Dallas Angina Questionnaire", "Dallas", Kind.PERSON),
        ("Zorblat Angina Questionnaire", "Zorblat", Kind.PERSON),
        ("lives in New York. Heart Association class", "New York", Kind.CITY),
        ("implanted by Zorblat, serial number 1", "Zorblat", Kind.PERSON),
        ("The pump is a Stryker, model 2", "Stryker", Kind.PERSON),
        ("she met a Zorblat yesterday", "Zorblat", Kind.PERSON),
        ("Ann Cook stent placed", "Ann Cook", Kind.PERSON),
        ("Mr. Pain was here", "Pain", Kind.PERSON),
        ("Staples removed her own IV.", "Staples", Kind.PERSON),
        ("Staples in place of Wendell today.", "Staples", Kind.PERSON),
        ("Staples intact mentally per nurse.", "Staples", Kind.PERSON),
        ("Staples out and about", "Staples", Kind.PERSON),
        ("Staples out at noon, went home", "Staples", Kind.PERSON),
        ("Staples removed and went home", "Staples", Kind.PERSON),
        ("Pain has a follow up in May", "Pain", Kind.PERSON),
        ("Pain is here for labs", "Pain", Kind.PERSON),
        ("Pain was seen in clinic", "Pain", Kind.PERSON),
        ("Pain was treated for pneumonia", "Pain", Kind.PERSON),
        ("80053 Comprehensive Way", "80053", Kind.STREET),
        ("Ann Head CT at noon", "Head", Kind.PERSON),
        ("Bruce refused the protocol", "Bruce", Kind.PERSON),
        ("Jones fracture clinic Tuesday", "Jones", Kind.PERSON),
        ("Mrs. Wells score sheet", "Wells", Kind.PERSON),
        ("Ann Wagner grade 2 ulcer", "Wagner", Kind.PERSON),
        ("Hinchey 4 mg at noon", "Hinchey", Kind.PERSON),
        ("Thomas test positive for flu", "Thomas", Kind.PERSON),
        ("Glenn shunt tap today", "Glenn", Kind.PERSON),
        ("Fowler position changed q2h", "Fowler", Kind.PERSON),
        ("Hickman catheter is red", "Hickman", Kind.PERSON),
        ("Sokal high fall risk", "Sokal", Kind.PERSON),
        ("Boston called about the criteria", "Boston", Kind.PERSON),
        ("Rai A to bed 4", "Rai A", Kind.PERSON),
        ("Kowalski triage red, bed 4", "Kowalski", Kind.PERSON),
        ("Patel triage red now", "Patel", Kind.PERSON),
        ("Chen criteria met, d/c home", "Chen", Kind.PERSON),
        ("Wagner type 2 diabetes a1c 9", "Wagner", Kind.PERSON),
        ("Wagner stage 2 pressure ulcer sacrum", "Wagner", Kind.PERSON),
        ("Robson stage 4 lung cancer, hospice", "Robson", Kind.PERSON),
        ("Rutherford class III obesity", "Rutherford", Kind.PERSON),
        ("Rockwood type 1 diabetic", "Rockwood", Kind.PERSON),
        ("Victoria strain left knee", "Victoria", Kind.PERSON),
        ("Milan rule out sepsis", "Milan", Kind.PERSON),
        ("Norwich rule out ACS", "Norwich", Kind.PERSON),
        ("Marshall CT score pending", "Marshall", Kind.PERSON),
        ("Bledsoe brace came off, she is crying", "Bledsoe", Kind.PERSON),
        ("Harris hip score 40, wants pain meds", "Harris", Kind.PERSON),
        ("Sims position. Wants water", "Sims", Kind.PERSON),
        ("talk to park about her meds", "park", Kind.PERSON),
        ("speak to park re insulin", "park", Kind.PERSON),
        ("Miss Park can park here", "Park", Kind.PERSON),
        ("Baker has a cyst", "Baker", Kind.PERSON),
        ("Murphy signs the consent", "Murphy", Kind.PERSON),
        ("Epley was taught the maneuver", "Epley", Kind.PERSON),
        ("Mr. Baxter pump refill", "Baxter", Kind.PERSON),
        ("refill for Baxter pump", "Baxter", Kind.PERSON),
        ("Cook had a stent", "Cook", Kind.PERSON),
        ("Cook's stent", "Cook", Kind.PERSON),
        ("Bard was paged", "Bard", Kind.PERSON),
        ("Johnson and Johnston came", "Johnson", Kind.PERSON),
        ("Murphy's disease is worse", "Murphy", Kind.PERSON),
        ("Baxter bed 4 wants water", "Baxter", Kind.PERSON),
        ("Baxter pump alarm 12", "Baxter", Kind.PERSON),
        ("Abbott hip fracture, NPO for the OR", "Abbott", Kind.PERSON),
        ("Zimmer knee pain", "Zimmer", Kind.PERSON),
        ("the Zimmer knee is sore", "Zimmer", Kind.PERSON),
        ("Roche monitor overnight", "Roche", Kind.PERSON),
        ("PATIENT\nCook hip", "Cook", Kind.PERSON),
        ("Bard port flushed", "Bard", Kind.PERSON),
        ("Cook stent placed, home today", "Cook", Kind.PERSON),
        ("Abbott Medical Record reviewed", "Abbott", Kind.PERSON),
        ("Abbott Healthcare proxy is a daughter", "Abbott", Kind.PERSON),
        ("for Abbott FreeStyle teaching", "Abbott", Kind.PERSON),
        ("call\nAbbott FreeStyle", "Abbott", Kind.PERSON),
        ("Braun aspirin held", "Braun", Kind.PERSON),
        ("C R Bard denies chest pain", "C R Bard", Kind.PERSON),
        ("C. R. Bard, age 71", "C. R. Bard", Kind.PERSON),
        ("Becton Dickinson is a pleasant man", "Becton Dickinson", Kind.PERSON),
        ("Welch Allyn presents with rash", "Welch Allyn", Kind.PERSON),
        ("B Braun called", "B Braun", Kind.PERSON),
        ("B Braun pump refill", "B Braun", Kind.PERSON),
        ("Karl Storz slept well", "Karl Storz", Kind.PERSON),
        ("Smith and Nephew arrived by ambulance", "Smith", Kind.PERSON),
        ("Johnson and Johnson twins", "Johnson", Kind.PERSON),
        ("Murphy lines up with the walker", "Murphy", Kind.PERSON),
        ("Kerley lines up with the walker", "Kerley", Kind.PERSON),
        ("Barrett lines up for lunch", "Barrett", Kind.PERSON),
        ("Barrett lines up for lunch", "Barrett lines", Kind.PERSON),
        ("Murphy signs the consent form", "Murphy", Kind.PERSON),
        ("Murphy signs AMA paper", "Murphy", Kind.PERSON),
        ("Have Murphy sign the form", "Murphy", Kind.PERSON),
        ("Murphy sign-out to nights", "Murphy", Kind.PERSON),
        ("labs for dakin please", "dakin", Kind.PERSON),
        ("Anna Unna boot", "Anna Unna", Kind.PERSON),
        ("Libre sensor", "Libre", Kind.PERSON),
        ("Varicella was seen", "Varicella", Kind.PERSON),
        ("Jones reflex brisk", "Jones", Kind.PERSON),
        ("Allen palsy on the left", "Allen", Kind.PERSON),
        ("Hope Town was seen in clinic", "Town", Kind.PERSON),
        ("Town no complaints", "Town", Kind.PERSON),
        ("City of Townley", "Townley", Kind.CITY),
        ("Murphy signed it", "Murphy", Kind.PERSON),
        ("Zorblat's sign", "Zorblat", Kind.PERSON),
        ("C T Headley came", "C T Headley", Kind.PERSON),
        ("Kaiser claims she fell", "Kaiser", Kind.PERSON),
        ("Molina prior auth pending", "Molina", Kind.PERSON),
        ("Kaiser referral to cardiology", "Kaiser", Kind.PERSON),
        ("Cigna claims 7712033", "Cigna", Kind.FACILITY),
        ("Mr. Kaiser portal access", "Kaiser", Kind.PERSON),
        ("Ms. Anna Lilly recall visit", "Lilly", Kind.PERSON),
        ("at Zorblat Family Medicine", "Zorblat Family Medicine", Kind.FACILITY),
        ("transfer from mercy today", "mercy", Kind.FACILITY),
    ],
)
def test_what_may_be_somebody_burns(text: str, value: str, kind: Kind) -> None:
    assert burns(text, value, kind)


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("Eli Lilly insulin shortage", "Eli Lilly", Kind.PERSON),
        ("Novo Nordisk pen recall", "Novo Nordisk", Kind.PERSON),
        ("United Healthcare denial reasons", "United Healthcare", Kind.FACILITY),
        ("Blue Cross Blue Shield appeal letter", "Blue Cross Blue Shield", Kind.FACILITY),
        ("Kaiser referral portal", "Kaiser", Kind.PERSON),
    ],
)
def test_firms_and_insurers_stay_where_their_business_is_told(text: str, value: str, kind: Kind) -> None:
    assert not burns(text, value, kind, Layer.DICTIONARY, 0.85)


def test_a_maker_is_somebody_where_the_text_knows_one_of_that_name() -> None:
    text = "Cook stent patent. Seen with Mr. Cook today"
    guess, known = Span(0, 4, Kind.PERSON, 0.6, Layer.NER), Span(33, 37, Kind.PERSON, 0.9, Layer.DICTIONARY)
    assert without_things(text, [guess, known]) == [guess, known]


@pytest.mark.parametrize(
    ("text", "value", "person"),
    [
        ("overnight C T Head ordered", "C T Head", False),
        ("seen by C T Head", "C T Head", True),
        ("Murphy seen by C T Head in clinic", "C T Head", True),
        ("Seen by M R Neck, MD on rounds", "M R Neck", True),
        ("note of M R Neck, MD", "M R Neck", True),
        ("Signed: I V Line", "I V Line", True),
        ("cc U S Knee", "U S Knee", True),
        ("bed 3\nM R Head\nbed 4", "M R Head", True),
    ],
)
def test_letters_are_an_examination_or_somebodys_initials(text: str, value: str, person: bool) -> None:
    assert burns(text, value, Kind.PERSON, Layer.DICTIONARY, 0.75) is person


@pytest.mark.parametrize(("layer", "score"), [(Layer.PATIENT, 0.6), (Layer.LABEL, 0.6), (Layer.DICTIONARY, 0.9)])
def test_what_is_no_guess_burns(layer: Layer, score: float) -> None:
    assert burns("The New York Heart Association class II", "York", Kind.PERSON, layer, score)


@pytest.mark.parametrize(
    ("text", "term", "person"),
    [
        ("Baker cyst drained by Dr. Baker.", "Baker cyst", "Dr. Baker"),
        ("Epley maneuver taught to Epley.", "Epley maneuver", "Epley."),
        ("Zimmer frame is in her room, Zimmer asked for it.", "Zimmer frame", "Zimmer asked"),
    ],
)
def test_a_term_whose_name_the_text_has_elsewhere_may_be_a_persons(text: str, term: str, person: str) -> None:
    first, other = text.index(term), text.index(person)
    spans = [Span(first, first + len(term), Kind.PERSON, 0.6, Layer.NER)]
    assert without_things(text, spans) == []
    spans.append(Span(other, other + len(person), Kind.PERSON, 0.6, Layer.NER))
    assert without_things(text, spans) == spans


def test_a_term_that_stands_twice_is_nobodys_both_times() -> None:
    text = "staples intact. staples out in 10 days"
    assert without_things(text, [Span(at, at + 7, Kind.PERSON, 0.6, Layer.NER) for at in (0, 16)]) == []
