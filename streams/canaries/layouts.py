# ruff: noqa: E501  a sentence stays on one line
"""The layouts: what a face sheet, a letter or a claim form looks like. Each varies its wording, order and furniture."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from random import Random

from streams.canaries import forms, prose
from streams.canaries.furniture import pair, signature
from streams.canaries.prose import some
from streams.canaries.sheet import Sheet, Stroke


class Layout(StrEnum):
    FACE_SHEET = "face_sheet"
    REFERRAL_LETTER = "referral_letter"
    LAB_REPORT = "lab_report"
    DISCHARGE_SUMMARY = "discharge_summary"
    OPERATIVE_NOTE = "operative_note"
    CLAIM_FORM = "claim_form"
    FAX_COVER = "fax_cover"
    PRESCRIPTION = "prescription"


def _referral_letter(s: Sheet, rng: Random) -> None:
    s.paragraph("{admitted}")
    s.space(10)
    for line in (
        "{doctor1_full}, {doctor1_credential}",
        "{facility2}",
        "{office_street}",
        "{office_city}, {office_state} {office_zip}",
    ):
        s.paragraph(line)
    s.space(8)
    s.paragraph(
        "[RE:|Re:|Regarding:] {patient}   [DOB|Date of birth] {birth}   [MRN|Record no.] {mrn}", bold=rng.random() < 0.5
    )
    s.space(8)
    s.paragraph("Dear Dr. {doctor1_last}:")
    s.space(6)
    s.paragraph(
        "[Thank you for seeing|I would be grateful if you would see|I am referring] [this pleasant|my] patient, {title} {patient_last}, [in consultation|for your opinion|for evaluation and management]. "
        + some(rng, prose.HISTORY, 5)
    )
    s.space(6)
    s.paragraph(some(rng, prose.EXAM, 4))
    s.space(6)
    s.paragraph(
        some(rng, prose.PLAN, 4) + " [I look forward to your recommendations.|Thank you for your help with this case.]"
    )
    s.space(12)
    s.paragraph("[Sincerely,|With kind regards,|Yours truly,]")
    signature(
        s, "{doctor_full}, {doctor_credential}", "{office_phone}", "[Internal Medicine|Family Medicine|Cardiology]"
    )
    s.paragraph("[NPI|NPI:] {npi}   [E-mail|email:] {office_email}", size=s.style.size - 1)
    s.paragraph(
        "[cc:|CC:|Copies to:] {doctor2_full}, {doctor2_credential}; {relative_full} ({kin}); [medical records|chart]",
        size=s.style.size - 1,
    )


def _lab_report(s: Sheet, rng: Random) -> None:
    s.line("[LABORATORY REPORT|FINAL REPORT|Clinical Laboratory Results]", bold=True, size=13)
    s.space(4)
    s.pairs([
        *pair("patient_filed", "accession", "birth", "specimen", "mrn", "doctor_filed", "sex", "npi"),
        ("[Collected|Coll. Date]:", "{stay_date} [07:15|08:40|13:05]"), ("[Reported|Report Date]:", "{discharged} [16:20|18:02]"),
    ])  # fmt: skip
    s.space(8)
    for title in rng.sample(("CHEMISTRY", "HEMATOLOGY", "Comprehensive Panel", "Endocrine", "Routine Profile"), 2):
        s.heading(title)
        rows = [_result(rng, *test) for test in rng.sample(prose.PANELS, rng.randint(7, 11))]
        s.table(("Test", "Result", "Flag", "Units", "Reference Range"), rows, (0.36, 0.14, 0.1, 0.16, 0.24))
        s.space(6)
    s.heading("[COMMENT|Interpretation]")
    s.paragraph(
        "Results were [called to|discussed with] {nurse}, {nurse_credential} on {stay_date}. [Specimen was slightly hemolyzed.|The specimen was adequate for all tests.] Reference ranges apply to adults and may differ between methods; results should be read together with the clinical findings. "
        + some(rng, prose.PLAN, 2)
    )
    s.paragraph(
        "[Tests performed at|Performing site:] {facility2}, {office_street}, {office_city}, {office_state} {office_zip}. [Laboratory director|Director]: {doctor2_full}, {doctor2_credential}.",
        size=s.style.size - 1,
    )


def _result(rng: Random, name: str, unit: str, low: float, high: float, step: float) -> tuple[str, str, str, str, str]:
    value = rng.uniform(low - (high - low) * 0.3, high + (high - low) * 0.3)
    flag = "L" if value < low else "H" if value > high else ""
    form = "{:.0f}" if step == 1 else "{:.1f}"
    return name, form.format(max(value, step)), flag, unit, f"{form.format(low)} - {form.format(high)}"


def _discharge_summary(s: Sheet, rng: Random) -> None:
    s.line(
        "[DISCHARGE SUMMARY|Discharge Summary|HOSPITAL DISCHARGE SUMMARY]",
        bold=True,
        size=14,
        align=rng.choice(("left", "centre")),
    )
    s.space(6)
    s.pairs(pair("patient_filed", "mrn", "birth", "age", "admitted", "discharged", "doctor_filed", "account"))
    s.heading("[HISTORY OF PRESENT ILLNESS|History]")
    s.paragraph(some(rng, prose.HISTORY, 7))
    s.heading("[PHYSICAL EXAMINATION|Examination on Admission]")
    s.paragraph(some(rng, prose.EXAM, 5))
    s.heading("[HOSPITAL COURSE|Course in Hospital]")
    s.paragraph(some(rng, prose.COURSE, 7))
    s.heading("[DISCHARGE MEDICATIONS|Medications]")
    for number, drug in enumerate(rng.sample(prose.DRUGS, rng.randint(4, 6)), 1):
        s.paragraph(f"{number}. {drug}: {rng.choice(prose.DIRECTIONS).lower()}.", indent=10)
    s.heading("[FOLLOW UP|Disposition and Plan]")
    s.paragraph(
        "[Discharged to home|Discharged to a rehabilitation facility|Discharged home with services] at {street}, {city}, {state} {zip}. "
        + some(rng, prose.PLAN, 6)
    )
    s.paragraph("The [portal|patient portal] at {url} was opened from {ip}; [summary sent to|copy mailed to] {email}.")
    signature(
        s,
        "{doctor_full}, {doctor_credential}",
        "{discharged}",
        "[Electronically signed by the attending|Dictated and reviewed]",
    )
    s.paragraph(
        "[Dictated by|D:] {nurse}, {nurse_credential}. [Transcribed|T:] {discharged}. [cc|CC]: {doctor1_full}, {facility2}",
        size=s.style.size - 1,
    )


def _operative_note(s: Sheet, rng: Random) -> None:
    s.line("[OPERATIVE REPORT|Operative Note|PROCEDURE NOTE]", bold=True, size=13)
    s.space(4)
    s.pairs([
        *pair("patient_filed", "mrn", "birth", "admitted"),
        ("[Surgeon|Primary Surgeon]:", "{doctor_full}, {doctor_credential}"), ("[Assistant|First Assistant]:", "{nurse}"),
        ("[Anesthesia|Anesthesiologist]:", "{doctor2_full}"), *pair("device", "specimen", "accession"),
    ])  # fmt: skip
    for title, (code, name) in zip(
        ("Preoperative Diagnosis", "Postoperative Diagnosis"), rng.sample(prose.DIAGNOSES, 2), strict=True
    ):
        s.heading(title.upper() if rng.random() < 0.5 else title)
        s.paragraph(f"{name} ({code}).")
    s.heading("[INDICATIONS|Indications]")
    s.paragraph(some(rng, prose.HISTORY, 4))
    s.heading("[DESCRIPTION OF PROCEDURE|Procedure in Detail]")
    s.paragraph(some(rng, prose.OPERATION, 8))
    s.heading("[IMPLANTS|Implant Log]")
    s.table(
        ("Item", "Serial", "Lot", "Site"),
        [("[Pulse generator|Femoral stem|Lead]", "{device}", "[sterile|primary]", "[left|right]")],
        (0.3, 0.3, 0.2, 0.2),
    )
    s.space(6)
    s.paragraph(some(rng, prose.COURSE, 3) + " " + some(rng, prose.PLAN, 2))
    signature(s, "{doctor_full}, {doctor_credential}", "{stay_date}", "[Surgeon of record|Attending surgeon]")


def _fax_cover(s: Sheet, rng: Random) -> None:
    s.line("[FAX|FACSIMILE TRANSMITTAL|Fax Cover Sheet]", bold=True, size=20)
    s.space(16)
    s.pairs([
        ("TO:", "{doctor1_full}, {doctor1_credential}"), ("FROM:", "{nurse}, {nurse_credential}"), ("FACILITY:", "{facility2}"),
        ("DEPT:", "[Medical Records|Release of Information|Admissions]"), ("FAX:", "{fax2}"), ("PHONE:", "{office_phone}"),
        ("DATE:", "{discharged}"), ("PAGES:", "[two|three|four] including cover"), ("RE:", "{patient_initial}"), ("REF:", "{mrn}"),
    ], columns=rng.choice((1, 2)))  # fmt: skip
    s.strokes.append(Stroke(s.page, (s.left, s.y + 8, s.right, s.y + 8), 1.5))
    s.space(24)
    s.line("[X] Urgent   [ ] For review   [ ] Please reply".replace("[X]", "(X)").replace("[ ]", "( )"))
    s.space(12)
    s.heading("[MESSAGE|Comments]")
    s.paragraph(
        "[Please find attached|Enclosed are] the records [you requested|we discussed] for {patient}, born {birth}. "
        + some(rng, prose.PLAN, 3)
    )
    s.paragraph(
        "[Reply to|Send questions to] {office_email} [or|, or] call {office_phone}. Device transmissions, serial {device}, are at {url}. [Sent from|Workstation] {ip}."
    )
    s.space(6)
    s.paragraph(prose.NOTICES[4], size=s.style.size - 1)
    s.space(5)
    s.paragraph(prose.NOTICES[0], size=s.style.size - 1)
    progress_note(s, rng)


def progress_note(s: Sheet, rng: Random) -> None:
    """A further page that goes with any document."""
    s.new_page()
    s.heading("[PROGRESS NOTE|Clinic Note|Visit Note]")
    s.paragraph("[Patient|Name]: {patient_filed}   [DOB|Born]: {birth}   [Seen|Visit]: {admitted}")
    s.paragraph(some(rng, prose.HISTORY, 6))
    s.space(6)
    s.paragraph(some(rng, prose.EXAM, 5))
    s.heading("[ASSESSMENT AND PLAN|Plan]")
    s.paragraph(some(rng, prose.COURSE, 5) + " " + some(rng, prose.PLAN, 5))
    signature(s, "{doctor_full}, {doctor_credential}", "{admitted}", "[Signed electronically|Reviewed and signed]")


WRITERS: dict[Layout, Callable[[Sheet, Random], None]] = {
    Layout.FACE_SHEET: forms.face_sheet,
    Layout.REFERRAL_LETTER: _referral_letter,
    Layout.LAB_REPORT: _lab_report,
    Layout.DISCHARGE_SUMMARY: _discharge_summary,
    Layout.OPERATIVE_NOTE: _operative_note,
    Layout.CLAIM_FORM: forms.claim_form,
    Layout.FAX_COVER: _fax_cover,
    Layout.PRESCRIPTION: forms.prescription,
}
