"""Words and wordings that medical forms print and nobody fills in: heads, questions, boxes to tick.

Written by us from the forms of the field: face sheets, requisitions, triage and nursing notes, run reports, claim
forms, immunization and dental records. No rule takes a value by them; they only say that a line asks, and names nobody.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from detectors.dictionaries import lexicon
from detectors.folding import word_set
from detectors.labels.table import WORDS, exact_key

_WORDINGS: Final = """
branch address|branch office|branch phone|crew chief|crew member|funeral home|marital status|mental status|
case number|case no|room no|record no|case manager|unit number|ems unit|room bed|room number|bed number|ward bed|
hospital course|hospital unit|nursing unit|triage nurse|charge nurse|school nurse|staff nurse|nurse signature|
nurse signature title|nursing notes|nurse notes|nursing home|home phone|home address|home health|home telephone|
home situation|lives alone|street address|city state|city town|city state zip|city state zip code|town city|
town state zip|state of birth|county of residence|place of birth|place of death|place of service|country of birth|
church affiliation|religion church|responsible person|responsible person phone|resp person|resp person phone|
resp party|resp party phone|emerg contact|emerg contact phone|emergency contact phone|contact phone|
relation to patient|relationship to patient|patients relationship to insured|start of care|start of care date|
end of care|level of care|plan of care|goals of care|care plan|admitted from|admit from|transferred from|
transferred to|discharged to|discharge to|referred to|sent from|sent to|seen by|given by|checked by|filled by|
dispensed by|received by|ordered by|completed by|notified by|called by|witnessed by|drawn by|taken by|reported by|
mode of arrival|arrival mode|arrival time|time of arrival|chief complaint|reason for visit|reason for referral|
history of present illness|past medical history|family history|social history|past history|birth history|
surgical history|review of systems|physical exam|physical examination|vital signs|blood pressure|heart rate|
respiratory rate|pulse rate|oxygen saturation|o2 sat|o2 saturation|body temperature|pain scale|pain level|
pain score|date given|date time|date signed|date and time|time in|time out|date of call|call date|lot number|lot no|
expiration date|route site|site route|vaccine site|manufacturer lot|given date|provider or health official|
clinic or agency|provider signature|clinic address|clinic phone|clinic site|signature of patient|
signature of physician|signature of crew chief|signature of nurse|signature of parent|signature of provider|
signature title|signature on file|receiving rn|receiving md|receiving rn md|receiving facility|receiving nurse|
receiving signature|signature of patient or representative|patient or representative|witness print name|
gross description|microscopic description|clinical history|clinical information|final diagnosis|specimen source|
specimen type|specimens submitted|date taken|date reported|date received|date collected|lab director|
laboratory director|performed at|test name|reference range|reference interval|normal range|group health plan|
group plan|type of coverage|employers name or school name|employer name or school name|employers name|school name|
feca blk lung|other|patients or authorized persons signature|insureds or authorized persons signature|
authorized persons signature|hospitalization dates|dates of service|date of service|total charge|amount paid|
balance due|charges|days or units|diagnosis pointer|procedures|service facility location|
billing provider info and ph|billing provider info ph|insurance plan name or program name|insurance plan name|
please print or type|please print|approved form|condition related to|auto accident|other accident|outside lab|
resubmission code|accept assignment|federal tax id|stmt date|statement date|statement of account|due date|
amount due|previous balance|new balance|acct number|attending md|alternate md|md phone|primary md|referring md|
doctor phone|pharmacy phone|pharmacy use only|advance directive|advance directives|code status|living will|
power of attorney|organ donor|diet order|activity level|fall risk|skin condition|weight bearing|assistive device|
wheel chair|current medications|medication list|home medications|discharge medications|drug allergies|
known allergies|follow up|follow up with|follow up date|return visit|next visit|no known allergies|
no known drug allergies|visit type|visit note|type of visit|incident number|incident location|incident address|
date of incident|run number|driver emt|pt last first|pt name|pt phone|pt home phone|pt address|insurance number|
medical record number|med rec number|med rec no|medicaid number|medicare number|health record number|hosp number|
chart number|record number|last name|first name|middle name|middle initial|last first mi|last first middle|
legal name|preferred language|interpreter needed|ethnic group|race ethnicity|country code|area code|day phone|
evening phone|work phone|cell phone|internal use only|office use only|for office use only|for official use only|
do not write|check one|patients address no street|insureds address no street|address no street|
medical records department|medical records|records department|emergency department|emergency room|
emergency medicine|internal medicine|bitewing x rays|x rays|x ray|periodic exam|adult cleaning|composite filling|
root canal|chest x ray|check all that apply|yes no|circle one|see reverse|see attached|over|continued
"""
"""Wordings that hold together: a word of them may be somebody's name, the whole is nobody's."""

_SINGLE: Final = """
abdomen ability abuse accession accident account active activity acuity acute address adhesive admission admit
admitted adult advance age agency agitated airway alcohol alert allergies allergy alone alternate amalgam ambulance
ambulates ambulation ambulatory amount analyst anesthesia anxiety anxious appetite apply appointment approval
approved arrival arrived arthritis aspirin assessment assigned assist assistance assistive asthma attachments
attending authorization authorized automobile balance baptist bathing bedbound bedrest behavior bilateral billing
birth birthdate birthplace bitewing bitewings bladder bleeding blood bmi body bowel bp brace breathing bronchitis
bruising buddhist cancer cane cardiac cardiovascular care caregiver carrier case category catholic cell cellular
certificate certified charge charges chart checked chest chief child children childrens childs chills chronic
circulation city claim class clear client clinic clinical clinician clothing cna code collected collection combative
comments company comparison complaint complete completed compliance composite conclusion condition confidential
confused conscious consent consult consultant contact continent continued contractions controlled cooperative copy
cough county course coverage covid19 crackles crew critical crown crutches csn current daily date daytime deductible
deformity delivery denied dental denture dentures dependent depressed depression description destination detail
diabetes diagnoses diagnosis diagnostic diarrhea diastolic diet discharge disclosure disease dispatch dispense
disposition distress divorced dizziness dob doctor document dosage dose drainage dressing driver drug dt dtap
duration dx dyspnea ear edema education electronic email emerg emergency employed employer employers employment emt
encounter episcopal equipment ethnicity evaluation exam examination examiner expires exposure extension extremities
eyes facility facsimile falls family fasting fathers fatigue fax fee feeding female fever file filling fin final
findings flag floor flu fluids fluoride followup forgetful form frequency full gait gallop gastrointestinal gcs
gender general glasses glucose goals grade gravida group guarantor guardian headache health hearing heart height
hematology hepa hepatitis hepb hib hindu history home hospice hospital household hpv hr ht hx hygiene hypertension
ice identification illness imaging immunization immunizations impaired impairment impression incident incontinent
independent indication infection influenza info informant information initial initials injury inpatient instructions
insurance insured insureds intact intake intensity internal interpreter interventions intubated ipv irregular
isolation jewish kidney label laboratory labored laceration language latex lethargic level license limited liquid
liver location lot lpn lungs lutheran male manufacturer map marital married md measles medic medicaid medical
medicare medication medications member memory menopause mental method methodist mild military minimal mmr mobile
mobility mode moderate mother mothers motor mouth movement mrn mumps murmur muscle muslim nausea neck needs neuro
neurologic neurological new nka nkda none normal notes notified np npi number numbness nurse nursing nutrition o2
observation obstructed occupation office onset operative opv oral order ordered ordering orientation oriented
outcome outpatient oxygen pa pacemaker pain painful palpable para paralysis parent partial participation patent
patient patients payer payment pcp pcv13 pcv15 pcv20 pediatric penicillin performed personal persons pharmacy phone
physical physician physicians place plan pneumococcal pneumonia pneumovax po police policy position postal ppsv23
practice precautions pregnancy pregnant presbyterian prescribed prescriber prescription present prevention previous
primary print prior priority prn problem problems procedure procedures prognosis program prophylaxis prosthesis
protestant provider providers province psychiatric psychosocial pt pulse pupils quality quantity race radiation rash
rate rating reaction reactions reading reason received receiving recipient recommendations record recorded recovery
reference referral referred referring refill refills refused regarding regular relation relationship release
religion remarks repeat report reported representative request requested required residence resident resp
respirations respiratory responder response responsible restraints restrictions result results retired return
reviewed rhythm risk rn role room route routine rr rubella rv rx sample sao2 sat scene schedule school screening
sealant secondary section seizures self sensory separated service services severe severely severity sex shallow
shellfish signature signs single sinus site skilled skin sleep smoker smoking social source specialty specimen
speech spo2 spouse ssn stable staff stat state statement status stmt strength stretcher stroke subjective subscriber
subscribers substance substitution suite sulfa summary supervised supplies support surgeon surgery surgical
swallowing swelling sx symptoms systolic td tdap tel telephone temp temperature test tested tests therapist therapy
thyroid time tingling title tobacco toileting total town trace tract transfer transfers transport transportation
trauma travel treatment triage tumor tx type ultrasound unable unconscious unit units unknown unlabored unremarkable
unresponsive unstable urgency urgent urinary urine vaccine vaccines varicella vehicle verbal verified veteran vision
visit vital vitals volume vomiting walker walking ward warm weakness weight wheelchair wheezing widowed witness
wound wrist wt yes zip zoster
"""
_SMALL: Final = word_set("of the to and or for in on by at no a if with from is per mm dd yyyy yy hh am pm nbr num")
"""What stands between a label's words; on its own it labels nothing."""
ROLES: Final = word_set(
    "patient pt client resident member insured subscriber guarantor child parent mother father spouse guardian "
    "caregiver informant nurse doctor physician provider clinician surgeon consultant prescriber attending rn md "
    "lpn cna emt pa np witness contact relation relationship representative driver therapist crew chief staff by "
    "signature name title"
)
"""Beside these a word that can be a name may well be one: "Nurse Walker"."""
HOUSES: Final = word_set(
    "hospital clinic center centre health medical medicine family group care home pharmacy lab laboratory imaging "
    "dental practice hospice surgery surgical pediatric rehab services service school agency office place street "
    "road city town county state heart cancer kidney women internal nursing general community emergency urgent "
    "treatment recovery"
)
"""Words that houses and places are named with: "Family Health Center" is one, though forms print each word."""
TELLING: Final = ROLES | HOUSES
TICKED: Final = word_set(
    "walker cane police trace brace ice severe clear heart kidney daily reading rash fall falls risk"
)
"""Things and states that stand beside boxes to tick and are names too."""
VACCINES: Final = word_set(
    "dtap tdap dt td mmr hib ipv opv hpv hepa hepb pcv13 pcv15 pcv20 ppsv23 rv varicella influenza"
)
KIN: Final = word_set(
    "son daughter wife husband mother father sister brother niece nephew aunt uncle cousin friend spouse partner self "
    "grandson granddaughter grandmother grandfather child parent guardian neighbor stepson stepdaughter"
)
RELATIONS: Final = frozenset(
    {"relation", "relationship", "relationtopatient", "relationshiptopatient", "relationtopt", "reltopatient", "rel"}
)
"""What asks for a kinship, folded and joined."""
LONGEST: Final = 7
_RARE: Final = 30_000
"""Surnames of this rank and beyond, in a list of 88,000, are borne by hardly anybody: a common word is no name then."""


LISTED: Final = tuple(_WORDINGS.replace("\n", "").split("|"))
WORDINGS: Final = frozenset(p.replace(" ", "") for p in LISTED if " " in p)
"""Joined as `folding.fold` joins them: "Pt. home phone" is "pthomephone"."""
SINGLE: Final = (
    frozenset(_SINGLE.split())
    | frozenset(w for p in LISTED for w in p.split())
    | frozenset(w for w in WORDS if len(w) > 1)
) - _SMALL


def is_wording(words: tuple[str, ...]) -> bool:
    """Whether several folded words are what a form prints, in this order."""
    if len(words) < 2:
        return False
    joined = "".join(words)
    # A table's wording may be one word and its number: "case no".
    return joined in WORDINGS or (exact_key(joined) is not None and any(map(is_plain, words)))


def is_small(word: str) -> bool:
    return word in _SMALL


@cache
def is_plain(word: str) -> bool:
    """A word of forms that is nobody's name: neither a given name nor a surname that anybody bears."""
    if word not in SINGLE or lexicon.is_given_name(word):
        return False
    rank = lexicon.surname_rank(word)
    return rank is None or (rank > _RARE and lexicon.is_common_word(word))


def may_be_name(word: str) -> bool:
    """A word of forms that is a name as well: "branch", "town", "walker"."""
    return word in SINGLE and not is_plain(word)
