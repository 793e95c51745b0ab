# ruff: noqa: E501  a sentence stays on one line
"""What the layouts share: labels, form boxes, signature lines, and the header and footer of each page."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from streams.canaries.sheet import Sheet, Stroke

LABELS: dict[str, str] = {
    "patient_filed": "[Patient Name|Name|Patient|Last, First, MI]", "birth": "[DOB|Date of Birth|Birth Date|D.O.B.]",
    "mrn": "[MRN|Medical Record No.|Med Rec #|Chart No.]", "sex": "[Sex|Gender]", "age": "[Age|Age (yrs)]",
    "street": "[Address|Street Address|Mailing Address]", "city": "[City|Town]", "state": "State", "zip": "[ZIP|Zip Code]",
    "phone": "[Home Phone|Telephone|Phone]", "cell": "[Cell|Mobile Phone|Alt. Phone]", "email": "[E-mail|Email Address]",
    "ssn": "[SSN|Social Security No.|Soc. Sec. #]", "account": "[Account No.|Acct #|Visit Account]",
    "admitted": "[Admitted|Admit Date|Date of Admission]", "discharged": "[Discharged|Discharge Date]",
    "plan": "[Member ID|Policy No.|Subscriber ID|Plan ID]", "mbi": "[Medicare No.|MBI|Medicare Number]",
    "licence": "[Driver's License|License No.]", "relative": "[Emergency Contact|Next of Kin|Guarantor]",
    "kin_phone": "[Contact Phone|Relative Phone]", "doctor_filed": "[Attending|Attending Physician|Provider]",
    "facility": "[Facility|Site|Service Location]", "npi": "[NPI|Provider NPI]", "accession": "[Accession No.|Accession #]",
    "specimen": "[Specimen ID|Specimen No.]", "claim": "[Claim No.|Claim Number]", "card": "[Card on File|Credit Card No.]",
    "vin": "[Vehicle VIN|VIN]", "device": "[Device Serial No.|Implant Serial #]", "dea": "[DEA No.|DEA #]",
    "md_licence": "[State License|Lic. No.]", "office_phone": "[Tel|Phone|Office Phone]", "fax": "[Fax|Fax No.]",
    "ip": "[Submitted from IP|Workstation IP]", "url": "[Portal|Web]",
}  # fmt: skip


def box(*names: str) -> list[tuple[str, str]]:
    return [(LABELS[name], f"{{{name}}}") for name in names]


def pair(*names: str) -> list[tuple[str, str]]:
    return [(LABELS[name] + ":", f"{{{name}}}") for name in names]


def signature(s: Sheet, name: str, day: str, caption: str) -> None:
    s.need(60)
    s.space(26)
    s.line(name)
    s.line(day, x=s.left + 330)
    s.strokes += [
        Stroke(s.page, (s.left, s.y + 4, s.left + 290, s.y + 4)),
        Stroke(s.page, (s.left + 330, s.y + 4, s.right, s.y + 4)),
    ]
    s.space(13)
    s.line(caption, size=7.5)
    s.space(8)


def letterhead(rng: Random) -> Callable[[Sheet], None]:
    """The header that each page repeats: of the facility on the first page, of the patient on the later ones."""
    shape = rng.randrange(3)

    def top(s: Sheet) -> None:
        if s.page > 0:
            s.line("[Patient|Name]: {patient_filed}", size=8.5)
            s.line("MRN {mrn}", x=s.left + 240, size=8.5)
            s.line(f"Page {s.page + 1}", size=8.5, align="right")
            s.space(12)
            s.strokes.append(Stroke(s.page, (s.left, s.y - 7, s.right, s.y - 7)))
            return
        if shape < 2:
            align = ("left", "centre")[shape]
            s.line("{facility_caps}" if shape else "{facility}", bold=True, size=13, align=align)
            s.space(13)
            s.line("{office_street}, {office_city}, {office_state} {office_zip}", size=8.5, align=align)
            s.space(11)
            s.line("[Tel|Phone:|T] {office_phone}   [Fax|F|Fax:] {fax}", size=8.5, align=align)
            s.space(24)
        else:
            s.line("{facility}", bold=True, size=11)
            s.line("{url}", size=8.5, align="right")
            s.space(24)

    return top


def footer(rng: Random) -> Callable[[Sheet], None]:
    """The footer that each page repeats."""
    template = rng.choice((
        "Confidential medical record   {mrn}   [Printed|Generated] {discharged}", "{patient_caps}   DOB {birth}",
        "{facility}   [Do not copy without permission|Confidential]", "Form 40-12 (rev. 3)   Account {account}",
    ))  # fmt: skip

    def bottom(s: Sheet) -> None:
        s.line(template, size=7.5, align="centre")

    return bottom


def fax_banner(banner: str) -> Callable[[Sheet], None]:
    """The line that a sending fax machine prints above each page, in its own words."""

    def top(s: Sheet) -> None:
        s.line(banner + f" P.{s.page + 1:02}", x=30, size=8, baseline=22)

    return top
