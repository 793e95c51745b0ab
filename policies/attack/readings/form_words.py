"""Words printed on forms and in charts that are nobody's name: beside a black box they look like what it hides.

A value that was burned leaves its label standing alone, in capitals, next to a box: recognizers of names then take
the label for the rest of the name. The list holds no word that is a surname or a given name in common use (a test
asks the census): those stay suspect wherever they stand. It excuses what rules and hunters suspect, never a value
that is known to have been taken out.
"""

from __future__ import annotations

import re
from typing import Final

from detectors.findings import Kind

FORM_WORDS: Final = frozenset(
    """
    abnormal abuse accession accident account acct activities acute address addressed addressee administered
    admission admit admitted adverse advised afebrile affected affix age alert alias allergies allergy alternate
    ambulatory amount analyte and apartment appears applicable appointment approved apt area arrival article as
    aspect assessment assigned assignment assistant at attached attachment attending attention attn authority
    authorization authorized auto available balance bed before benefit benefits bilateral billed billing birth
    birthdate bleeding body brief business by calculated calls cardiac cardiology care categories category caution
    cell certificate certified certify charge charges check chemistry chief chronic chronically city claim class
    classification clear clinic clinical clinically clinician closed code codes coinsurance coll collected
    collection comment comments comparison complaint complaints complete completed completion complications
    component condition conditions confidential confidentiality confirm consent consult consultant consultation
    contact continue continued control copay copied copies copy correct cosigned counseling count country county
    coverage creatinine credentials critical culture current customer data date dated dates days dea deceased
    deductible degree delivered delivery demographics denied denies department dependent dependents describe
    description destination details device diabetes diagnoses diagnosis diagnostic dictated diet disability
    disbursement discharge discharged disclosed disclosure discussed discussion disease disp dispense dispensed
    disposition distribution dob document documentation documented dos dosage dose drug due duplicate duration during
    education effective elective electronic electronically eligibility email emergency employed employer employment
    enclosed encounter end endocrine enrollee enrollment entered error estimated ethnicity etiology evaluated
    evaluation event evidence exam examination examined examiner exp expected expiration expires explanation
    extension facility facsimile failure family fasting father fax faxed federal female file filed final finding
    findings first fluid follow followed following followup for form frequency from full function gender general
    glucose group guarantor guardian guidelines he hemoglobin here hereby him his history hospital hospitalization
    hours household how hypertension id identification identifier identifiers identity if illness immediate
    immediately immunization impression in inches incident including incorrect indication indications info
    information informed initial initials injury inpatient inquiries instructions instrument insurance insured
    insurer intake intended internal international interpretation interpreted interval invoice is issue issued it
    item items kin lab laboratories laboratory language last left liability license licensed limits lipid local
    located location lot mail mailing male managed management manufacturer marital maternal me measured measurement
    med medicaid medical medicare medication medications medicine member message metabolic method middle mobile
    model modifier monitor monitored mother motor mr mrn mrs ms name names national nationality negative
    neurological never newborn next no non none normal not note noted notes notice notification notified notify npi
    number nursing observation observed occupation of office on onset operation operative operator or order ordered
    ordering orders organization original other our outcome outpatient over oxygen pager paid panel parents part
    participant past paternal pathology patient patients payable payer payment payor pcp pending per performed
    performing period permanent personal pharmacist pharmacy pharmd phone photocopy physical physician placed plan
    please pneumonia point policy portal position positive possible postal posterior postoperative potassium
    practice practitioner preferred pregnancy preliminary premium preoperative prep prepared prescribed prescriber
    prescription present presented presents pressure prev previous primary principal printed procedure procedures
    process processed product prognosis program progress prohibited protected protein provided provider providers
    provisional psychiatric pulse purpose qty qualifier quantity question questions radiology rate re reaction reasons
    recd receipt received recipient recommendation recommendations recommended recorded records recurrent
    redisclosure ref reference referral referred referring refill refills region registered registration related
    relation relationship release released religion remarks renal renew repeat reply report reported reporting
    reports represents request requested required requisition residence resident respiratory response responsible
    result resulted results return returned review reviewed revised right risk room route routine rx same scanned
    schedule scheduled screening secondary section seen sent separate serial serum service services sex she should
    sign signature signed significant since sodium source specialist specialty specimen spouse stable start state
    statement status stop student subject subjective submitted subscriber suffix suite summary supervising
    supervisor supplemental supplier support surgeon surgery surgical symptoms system systems telephone temperature
    temporary test tests than that the their therapy these they this those time title today total transcribed
    transcription transfer transferred transmission transmitted transport treated treating treatment type unable
    unauthorized under unit units unknown until upon urgent urine us usage use used using value values vehicle
    verbal verified version visit visits vital vitals void was we website weight were when whom why with within
    without witness worksheet written year yearly years you your yours zip
    """.split()  # noqa: SIM905  a table of words reads better as text
)
"""In lower case. Names of drugs, diseases and procedures are few: those stand in sentences, not beside boxes."""
_PIECE: Final = re.compile(r"[^\W_]+")
_BOX_NUMBER: Final = re.compile(r"\d{1,2}[a-z]?")
"""How claim forms number their boxes: 17b."""


def only_form_words(kind: Kind, text: str) -> bool:
    """Whether a suspected identifier is nothing but words of forms, or for a person such words and boxes' numbers."""
    pieces = _PIECE.findall(text.replace(".", "").replace("-", "").casefold())
    numbers = kind is Kind.PERSON
    return bool(pieces) and all(p in FORM_WORDS or (numbers and _BOX_NUMBER.fullmatch(p)) for p in pieces)
