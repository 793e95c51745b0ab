"""Words of headings and forms: before the head of a facility's name they name nothing, whatever their capitals."""

from __future__ import annotations

from typing import Final

from detectors.dictionaries.lexicon import word_set

HEADING_WORDS: Final = word_set(
    """
    the a an this that our your his her their any each every other another local outside nearby same prior previous
    current new general community regional county city state national international university medical teaching
    referring primary secondary tertiary acute long short term skilled psychiatric mental behavioral veterans childrens
    children's women's womens men's pediatric adult surgical day pain wound eye ear heart cancer infusion dialysis
    sleep anticoagulation coumadin travel vaccine covid urgent emergency free walk-in outpatient inpatient ambulatory
    home public private affiliated receiving sending transferring admitting discharging discharge hospital clinic
    center department dept unit ward division section service office main north south east west central family health
    care healthcare clinical reference research diagnostic molecular core special chemistry hematology microbiology
    pathology radiology imaging laboratory lab specialty mail order retail compounding preferred pharmacy nursing
    rehabilitation rehab assisted physical occupational speech respiratory human population global bone oral dental
    behavioural sexual reproductive maternal mother and of for at to from with in on by or as is was patient patients
    follow up visit seen admitted transferred dear sent please call contact see stat pending final preliminary labs
    results critical comprehensive basic routine fasting complete name facility provider attn re fax phone date time
    insurance plan drug allergies food dr mr mrs ms past present history social occupational environmental world
    electronic protected personal good poor fair overall no non admission transfer records record medicine management
    internal bank blood high middle elementary graduate attended attends completed some course
    """
)


def is_form_word(word: str) -> bool:
    """Words of headings and forms, where capitals name nothing."""
    return word.lower() in HEADING_WORDS
