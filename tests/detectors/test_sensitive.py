"""Passages of sensitive categories: found by code, drug, phrase and heading; what is denied, and what only looks so."""

from __future__ import annotations

import time

import pytest

from detectors.sensitive import Sensitive, passages
from detectors.sensitive.lists import lists

ALL = frozenset(Sensitive)
S, H, M, P, R, G = Sensitive

FOUND = [
    (S, "He was treated for opioid use disorder in 2019."),
    (S, "Start buprenorphine 8 mg daily."),
    (S, "Continue buprenorphlne 8 mg."),
    (S, "Dx: F10.20"),
    (S, "Dx: F1O.2O"),
    (S, "Poisoning by cocaine T40.5X1A"),
    (S, "Newborn: P96.1 withdrawal"),
    (S, "Dx: Y90.6"),
    (S, "HCPCS G2215 take-home supply"),
    (H, "Family history Z83.0"),
    (H, "Nelfinavir was stopped, Crixivan begun."),
    (M, "Dx: R45.88"),
    (M, "CPT 99492 collaborative care"),
    (M, "Atomoxetine 40 mg daily"),
    (R, "Dx: Z97.5"),
    (R, "Levonorgestrel was dispensed."),
    (S, "HCPCS H0020 x 4"),
    (S, "CPT 80307 urine drug test"),
    (S, "She no longer drinks alcohol."),
    (S, "Denies recent cocaine."),
    (S, "No chest pain, but drinks alcohol daily."),
    (S, "Father: alcoholism."),
    (S, "No known drug allergies and takes Suboxone."),
    (S, "NKDA, no surgeries, history of heroin addiction."),
    (S, "Patient, who has no family, is on methadone maintenance."),
    (S, "Opioid use disorder: never treated."),
    (S, "He does not want treatment for his heroin addiction."),
    (S, "Not a candidate for transplant because of active alcoholism."),
    (S, "Alcohol abuse: negative impact on work."),
    (S, "No alcohol, heroin addiction since 2010."),
    (S, "Assessment: opioid use dis-\norder, severe."),
    (M, "She is not able to work because of schizophrenia."),
    (M, "No acute distress, known schizophrenia."),
    (P, "PSYCHOTHER-\nAPY NOTES\nSpoke of his brother."),
    (H, "HIV test negative."),
    (H, "No history of HIV."),
    (H, "56888-1 non-reactive"),
    (H, "Taking Biktarvy daily."),
    (H, "Problem list: B20"),
    (M, "Major depression, on sertraline."),
    (M, "Mother had schizophrenia."),
    (M, "PHQ-9 score 14"),
    (M, "Impression: F33.1"),
    (M, "History of self-harm."),
    (P, "PSYCHOTHERAPY NOTE"),
    (R, "Two miscarriages in 2015."),
    (R, "Requests an IUD."),
    (R, "Procedure 59840"),
    (G, "BRCA1 pathogenic variant."),
    (G, "Genetic testing was negative."),
    (G, "Lynch syndrome in the family."),
    (S, "She relapsed on alcohol in May."),
    (S, "Relapsed into heroin last year."),
    (S, "Abuses oxycodone."),
    (S, "Misuses her Adderall."),
    (S, "Drinks a fifth of vodka daily."),
    (S, "Drinks 6 beers per day."),
    (S, "Seen in MAT clinic."),
    (S, "AUDIT 22."),
    (S, "AUDIT-C: 9/12"),
    (S, "Turning Point Recovery Center"),
    (S, "Tox +THC."),
    (M, "Lithium 300 mg."),
    (M, "Individual therapy with A. Quint, LISW"),
    (M, "LCSW session on Tuesday"),
    (M, "Weekly visits with Ann Lee, LPC"),
    (M, "Individual therapy, 50 minutes\nAnn Lee, LPC"),
    (M, "Psychiatrist: Referral placed"),
    (M, "Sees her psychiatrist, Dr. Ann Lee"),
    (M, "Psychiatrist: Dr. Ann Lee, for depression"),
    (M, "Counselor: Ann Lee, LCSW, weekly"),
    (M, "Psychiatrist Follow Up"),
    (M, "Psychiatrist: Bipolar Disorder"),
    (M, "Bipolar Disorder"),
    (M, "Major Depression, Anxiety"),
    (R, "TAB 2019."),
    (R, "SAB in 2014, one living child"),
    (G, "Huntington gene carrier."),
    (G, "Her sister carries the same mutation."),
    (S, "Smokes crack on weekends."),
    (S, "Wants help to stop using fentanyl."),
    (S, "DAST-10 of 6."),
    (S, "Blood alcohol level 0.21 on arrival."),
    (S, "Son is in rehab for pills."),
    (S, "Suboxone denied by the plan."),
    (H, "Mother died of AIDS."),
    (M, "Hears voices at night."),
    (M, "Feels hopeless and wants to die."),
    (M, "Cuts her arms when upset."),
    (M, "Placed on a 5150 hold."),
    (M, "Treatment for depression denied."),
    (M, "Suicidal ideation, denied by the patient last year, is back."),
    (R, "Took Plan B on Sunday."),
    (R, "Frozen embryos are stored."),
    (G, "Factor V Leiden, heterozygous."),
    (G, "23andMe result shown."),
]
LEFT = [
    "Generic substitution allowed.",
    "Generic lisinopril is fine.",
    "HEARING AIDS FITTED BILATERALLY.",
    "Assistive aids were ordered; a high fiber diet aids digestion.",
    "Depression of the tibial plateau.",
    "Depression fracture of the skull base.",
    "Manic episode denied.",
    "Auditory hallucinations denied.",
    "Suicidal or homicidal ideation denied.",
    "Alcohol use was denied.",
    "Patient does not drink or use illicit drugs.",
    "Plan B: start warfarin.",
    "Frozen shoulder on the left.",
    "Cut his arm on a saw, stopped using the walker.",
    "Inpatient rehab after the hip fracture.",
    "Lithium-ion battery of the wheelchair.",
    "Swallowed a lithium battery.",
    "Drawn in a lithium heparin tube.",
    "Chart audit 12 of 30 complete.",
    "AUDIT 12/03/2024 by compliance",
    "Moved to the recovery room.",
    "Surgical recovery center, bed 4",
    "1 TAB 2000 UNITS PO DAILY",
    "tab 2019 given",
    "SI joint pain",
    "LCSW met the family about placement.",
    "Counselor: Joanna Whitlock, LCSW",
    "Mr. Roe attended today.\nPsychiatrist: Dr. Ann B. Lee\nBlood pressure 118/70.",
    "Signed electronically by Ann Lee, PhD, Licensed Clinical Psychologist 09/15/2025 16:04",
    "Ann Lee, LMHC, Mental Health Counselor",
    "LCSW and physical therapy saw her.",
    "Relapsed on tamoxifen.",
    "Drinks water with meals.",
    "MRSA carrier",
    "The insurance carrier of record",
    "Denies alcohol use.",
    "Denies tobacco, alcohol and illicit drug use.",
    "Patient denied any history of alcohol abuse or cocaine use.",
    "Negative for depression, anxiety, suicidal ideation.",
    "No suicidal or homicidal ideation.",
    "Does not drink alcohol.",
    "Alcohol use: none.",
    "Illicit drugs: denies",
    "No history of depression or anxiety.",
    "Psychiatric: negative.",
    "Denies suicidal ideation.",
    "Never used illicit drugs.",
    "No prior abortion.",
    "Smokes one pack per day; nicotine dependence F17.210.",
    "Room F10, bed 2.",
    "Sunburn T31.0; family history Z83.3; fracture T14.8",
    "Went to a concert in the park",
    "Boulder, CO 80305, procedure room 3",
    "Call 555-7917-8",
    "Wears hearing aids in both ears.",
    "Cleaned with alcohol swabs.",
    "Depressed ST segments; respiratory depression was not seen.",
    "Dose 80320 units",
    "Tab 2 of 7917 given",
    "The Ella Skyla Foundation",
]


@pytest.mark.parametrize(("category", "text"), FOUND)
def test_found(category: Sensitive, text: str) -> None:
    assert category in {p.category for p in passages(text, ALL)}


@pytest.mark.parametrize("text", LEFT)
def test_left(text: str) -> None:
    assert passages(text, ALL) == []


def test_only_what_is_asked_for() -> None:
    text = "On methadone. HIV positive."
    assert [p.category for p in passages(text, {Sensitive.HIV})] == [Sensitive.HIV]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Knee pain. Takes methadone daily. Gait normal.", "Takes methadone daily."),
        ("Seen by Dr. Lee for opioid\nuse disorder. Well.", "Seen by Dr. Lee for opioid\nuse disorder."),
        ("Gait normal\nOn methadone\nBP 120/80", "On methadone"),
        ("PAIN: 3/10\nPSYCHIATRIC HISTORY:\nIn a group.\nMEDICATIONS: x", "PSYCHIATRIC HISTORY:\nIn a group.\n"),
        ("Page 1\nPSYCHOTHERAPY NOTE\nDate: 3/4/2021\nWeekly", "PSYCHOTHERAPY NOTE\nDate: 3/4/2021\nWeekly"),
        ("Gait good.\nOn quetiapine\n50 mg daily. Well.", "On quetiapine\n50 mg daily."),
        ("Seen.\nWas given\n100 tablets of naltrexone\nGait good", "Was given\n100 tablets of naltrexone"),
        ("Came for heroin use on\n03/04/2021 and left. Well.", "Came for heroin use on\n03/04/2021 and left."),
        ("On heroin, seen by\nDana Lee. Well.", "On heroin, seen by\nDana Lee."),
        ("1) aspirin\n2) sertraline\n100 mg nightly\n3) iron", "2) sertraline\n100 mg nightly"),
        ("03/01/2021 cough\n03/02/2021 on methadone\n04/02/2021 knee pain", "03/02/2021 on methadone"),
        ("2019 appendectomy\n2020 heroin use\n2021 knee", "2020 heroin use"),
        ("Genetic testing: BRCA1\nfound.\nHbA1c 6.1, K 4.4", "Genetic testing: BRCA1\nfound.\n"),
        ("Genetic testing: BRCA1 found.\n\nWalks well.", "Genetic testing: BRCA1 found.\n"),
        ("PSYCHIATRIC HISTORY\nA.\n\nBP 120/80, calm.\nPLAN: x", "PSYCHIATRIC HISTORY\nA.\n\nBP 120/80, calm.\n"),
    ],
)
def test_the_sentence_or_the_section_is_marked(text: str, marked: str) -> None:
    found = passages(text, ALL)
    assert [text[p.start : p.end] for p in found] == [marked]


def test_each_group_of_the_lists_names_its_source() -> None:
    sources = lists().sources
    assert {source.partition(":")[0] for source in sources} == {category.value for category in Sensitive}
    assert all(len(source.split()) >= 4 for source in sources)


def test_a_hostile_page_takes_bounded_time() -> None:
    def seconds(text: str) -> float:
        start = time.process_time()
        passages(text, ALL)
        return time.process_time() - start

    for piece in ("no " * 40, "alcohol use disorder ", "F10.", "a\n", "A A: ", "buprenorphime ", "HIV:\nFoo:\n"):
        assert seconds(piece * (20_000 // len(piece))) < 4.0, piece
