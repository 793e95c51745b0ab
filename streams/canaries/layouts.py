# ruff: noqa: E501  a sentence stays on one line
"""The layouts: what a face sheet, a letter or a claim form looks like. Each varies its wording, order and furniture."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from random import Random

from streams.canaries import prose
from streams.canaries.furniture import box, pair, signature
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


def _face_sheet(s: Sheet, rng: Random) -> None:
    s.line(
        "[PATIENT REGISTRATION|FACE SHEET|ADMISSION RECORD|Inpatient Face Sheet]", bold=True, size=14, align="centre"
    )
    s.space(10)
    rows = [box("patient_filed", "mrn"), box("birth", "age", "sex", "ssn"), box("street"), box("city", "state", "zip"),
            box("phone", "cell"), box("email", "licence"), box("admitted", "account"), box("doctor_filed", "facility")]  # fmt: skip
    (s.boxes if rng.random() < 0.6 else _as_pairs(s))(rows)
    s.heading("[INSURANCE|Coverage|Payer Information]")
    s.boxes(
        [
            box("plan", "mbi"),
            box("card", "claim"),
            box("vin", "relative"),
            [("[Relationship|Relation]", "{kin}"), *box("kin_phone")],
        ]
    )
    s.heading("[Reason for Visit|CHIEF COMPLAINT]")
    s.paragraph(some(rng, prose.HISTORY, 2))
    s.heading("[CONSENT|Consent for Treatment]")
    for notice in rng.sample(prose.NOTICES, 3):
        s.paragraph(notice, size=max(8.5, s.style.size - 1))
        s.space(4)
    signature(s, "{patient_full}", "{admitted}", "[Patient or representative|Signed]")


def _as_pairs(s: Sheet) -> Callable[[list[list[tuple[str, str]]]], None]:
    return lambda rows: s.pairs([(f"{label}:", value) for row in rows for label, value in row])


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


def _claim_form(s: Sheet, rng: Random) -> None:
    s.line("[HEALTH INSURANCE CLAIM FORM|Statement of Claim|MEDICAL CLAIM]", bold=True, size=13, align="centre")
    s.space(8)
    s.boxes([
        [("1a. [INSURED'S I.D. NUMBER|MEMBER NUMBER]", "{plan}"), ("1b. CLAIM NUMBER", "{claim}")],
        [("2. PATIENT'S NAME", "{patient_caps}"), ("3. PATIENT'S BIRTH DATE", "{birth}"), ("SEX", "{sex}")],
        [("4. INSURED'S NAME", "{relative_caps}"), ("6. RELATIONSHIP", "{kin}"), ("9a. MEDICARE NUMBER", "{mbi}")],
        [("5. PATIENT'S ADDRESS", "{street}"), ("CITY", "{city}"), ("STATE", "{state}"), ("ZIP CODE", "{zip}")],
        [("TELEPHONE", "{phone}"), ("26. PATIENT'S ACCOUNT NO.", "{account}"), ("28. PATIENT'S SSN", "{ssn}")],
        [("14. DATE OF CURRENT ILLNESS", "{past_date}"), ("18. HOSPITALIZATION FROM", "{admitted}"), ("TO", "{discharged}")],
        [("17. REFERRING PROVIDER", "{doctor1_full}"), ("17b. NPI", "{npi2}"), ("10b. AUTO ACCIDENT VIN", "{vin}")],
    ])  # fmt: skip
    s.heading("[21. DIAGNOSIS OR NATURE OF ILLNESS|Diagnoses]")
    for code, name in rng.sample(prose.DIAGNOSES, 3):
        s.paragraph(f"{code}   {name}", indent=8)
    s.heading("24. [SERVICES|Services Rendered]")
    rows = [
        ("{stay_date}", code, name, f"{rng.randint(40, 900)}.00", "{npi}")
        for code, name in rng.sample(prose.PROCEDURES, rng.randint(3, 5))
    ]
    s.table(("Date of Service", "Code", "Description", "Charges", "Rendering NPI"), rows, (0.2, 0.1, 0.36, 0.14, 0.2))
    s.space(6)
    s.heading("[CERTIFICATION|12. Authorization]")
    for notice in (
        *rng.sample(prose.NOTICES, 2),
        "Charges remain subject to review, and payment is made only for services that are covered and medically necessary. Any person who knowingly files a false statement may be guilty of a criminal act under state and federal law.",
    ):
        s.paragraph(notice, size=8.5)
        s.space(3)
    s.paragraph(
        "[33. BILLING PROVIDER|Billing]: {facility}, {office_street}, {office_city}, {office_state} {office_zip}, {office_phone}"
    )
    signature(s, "{doctor_full}, {doctor_credential}", "{discharged}", "31. SIGNATURE OF PHYSICIAN OR SUPPLIER")


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


def _prescription(s: Sheet, rng: Random) -> None:
    s.line("{doctor_full}, {doctor_credential}", bold=True, size=13, align="centre")
    s.space(15)
    s.line("{facility}", align="centre")
    s.space(13)
    s.line("{office_street}, {office_city}, {office_state} {office_zip}", align="centre", size=9)
    s.space(13)
    s.line("[Tel|Phone] {office_phone}   Fax {fax}   DEA {dea}   NPI {npi}   Lic. {md_licence}", align="centre", size=8)
    s.space(10)
    s.boxes(
        [
            box("patient_filed", "birth"),
            [("ADDRESS", "{street}, {city}, {state} {zip}")],
            [("DATE", "{admitted}"), ("AGE", "{age}"), ("PLAN", "{plan}")],
        ]
    )
    s.space(14)
    s.line("Rx", bold=True, size=20, baseline=s.y + 12)
    s.space(22)
    for drug in rng.sample(prose.DRUGS, rng.randint(2, 4)):
        s.paragraph(drug, bold=True, size=s.style.size + 1)
        s.paragraph(
            f"Sig: {rng.choice(prose.DIRECTIONS)}. Dispense: {rng.choice((30, 60, 90))}. Refills: {rng.choice(('none', 'one', 'three'))}.",
            indent=14,
        )
        s.space(5)
    s.heading("[INSTRUCTIONS|Notes to Pharmacy]")
    s.paragraph(
        "[Substitution permitted unless marked|Dispense as written]. Keep this medicine out of the reach of children, store it at room temperature, and do not share it with others. Finish the whole course unless told otherwise, and report any rash, swelling or trouble breathing at once. "
        + some(rng, prose.PLAN, 4)
    )
    s.paragraph(
        "[Caregiver|Picked up by]: {relative_full}, {kin_phone}. Verify [coverage|benefits] with member {plan}."
    )
    s.space(4)
    s.paragraph(prose.NOTICES[3], size=s.style.size - 1)
    signature(s, "{doctor_full}", "{admitted}", "[Prescriber signature|Signature of prescriber]")


WRITERS: dict[Layout, Callable[[Sheet, Random], None]] = {
    Layout.FACE_SHEET: _face_sheet,
    Layout.REFERRAL_LETTER: _referral_letter,
    Layout.LAB_REPORT: _lab_report,
    Layout.DISCHARGE_SUMMARY: _discharge_summary,
    Layout.OPERATIVE_NOTE: _operative_note,
    Layout.CLAIM_FORM: _claim_form,
    Layout.FAX_COVER: _fax_cover,
    Layout.PRESCRIPTION: _prescription,
}
