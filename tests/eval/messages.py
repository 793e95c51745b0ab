# ruff: noqa: E501  a message stays on one line
"""What clinics send each other besides notes and questions: chat, orders, voicemail as a machine wrote it down, e-mail
threads, fax covers, lists, hand-offs. Held back as `tests.eval.templates` is, and written like it; `\\n` begins a line.

Rules were written in view of the misses of every second one (those of even number) alone.
"""

from __future__ import annotations

from typing import Final

MESSAGES: Final = (
    "hi its {lower_relative_first} calling about my [mom|dad] {lower_full} um [she|he] was born {spoken_date} and [her|his] number is {spoken_phone} [thanks bye|call me back please]",
    "Voicemail, 0:42: Hello, this is {full}, date of birth {spoken_date}. I need a refill of [my metoprolol|the lisinopril]. You can reach me at {spoken_phone}. Thank you.",
    "{lower_full} {birth} {cell} [needs refill|wants appt] [metformin|levothyroxine]",
    "rm [4|12] {lower_patient_last} [pain 8/10|nauseated], [can i give|ok to give] [dilaudid|zofran]? - {lower_nurse_first}",
    "@{lower_doctor1_last} [can you sign|pls cosign] the [dc|discharge] for {lower_patient_last} bed [9|22] before noon",
    "From: {doctor1_full}\nTo: {doctor2_full}\nSubject: [Fw|Re]: {patient_last}\n\n[Thanks|Hi], could you see {him_her} [next week|before the 4th]? Lives in {city}, cell {cell}.",
    "> On {stay_date}, {nurse_full} wrote:\n> {first} [fell again|is more confused] last night\n[Please get|Order] a [CT head|UA].",
    "FAX\nTO: {facility}\nATTN: {doctor2_last}\nFROM: {facility2}\nFAX: {fax}   PHONE: {office_phone}\nRE: {patient_caps}  DOB {birth}\nPAGES: [3|7]",
    "Handoff: {patient_last} [72M|58F] [CHF|COPD], lasix drip; {relative_last} [NPO|full code], OR at 0700; {child_last} [d/c today|awaiting SNF].",
    "1. {patient_full} - [BMP at 4|blood cx pending]\n2. {relative_full} - [dc home|echo today]\n3. {child_full} - [no issues|PT eval]",
    "[Order|ORDER]: [vancomycin 1 g IV q12h|heparin gtt per protocol] for {patient_filed}, MRN {mrn}, ordering [provider|MD] {doctor1_last}, read back [RN|by RN] {nurse_last}",
    "pt's [daughter|wife] {lower_relative_first} [here|at bedside], wants update, her cell is {kin_phone}",
    "{full} [no showed|cancelled] {month_day}, [rescheduled to|moved to] {follow_up} w/ {doctor1_last}",
    "Good [morning|afternoon], I'm {relative_full}, {first}'s [sister|mother]. [He|She] goes to {facility}. [Is it true|Do you know] [the clinic moved|visiting hours changed]?",
    "[Transport|EMS] for {patient_last} to {facility2} [at 1500|at 3pm], [wheelchair|stretcher], contact {relative_first} {kin_phone}",
    "URGENT [K 6.8|Hgb 5.9] {patient_filed} MRN {mrn} called to {nurse_last} RN at [0412|1655] on {stay_date} by lab",
    "the patient is {spoken_age} years old, name of {full}, lives on {street} in {city}",
    "wife {lower_relative_first} said [he|she] takes [eliquis|coumadin], pcp is dr {lower_doctor1_last} over at {lower_facility_nick}",
    "Dear {first},\n[Your mammogram was normal.|Your A1c is 8.2.] [See you|Please return] {follow_up}.\n{doctor1_full}\n{facility}",
    "[Warmly|Best|Regards],\n{nurse_first}\n{nurse_full}, [RN|BSN, RN]\n{facility}\n{office_phone} | {office_email}",
    "to {patient_first_last_initial}, [pls arrive|arrive] 15 min early {month_day}, bring [your card|meds], [q's|questions] call {office_phone}",
    "mychart msg from {full}: [my rash is back|still coughing], can dr {lower_doctor1_last} call me {cell}",
    "[Delete|Remove] the [duplicate|wrong] chart {mrn}, keep {account}; both are {patient_filed} {birth}",
    "{initials} [y/o|yo] [43|61] [f|m] [cp|sob] since [2am|yesterday], last seen {facility_nick} {month_year}",
    "who's covering {facility_nick} [icu|4W] tonight? {doctor2_last} [said|says] [he|she] swapped with {doctor1_last}",
    "interpreter [needed|booked] for {title} {patient_last} {stay_date} [0900|10:30], family contact {child_first} ([son|daughter]) {kin_phone}",
    "Pt ID verified: {full}, {birth}, {street}, {city} {state} {zip}. [Chief complaint|CC]: [migraine|low back pain].",
    "[Payer|Insurance] denied {claim} for {lower_full}, member {plan}, peer to peer {office_phone} before {month_day}",
    "{first} called, [crying|upset], says {doctor1_last} never [called back|sent the script], wants [a manager|her records] sent to {email}",
    "[Discharge|D/C] address: {street}\n{city}, {state} {zip}\nRide: {relative_first} {relative_last} ([nephew|friend]) {kin_phone}",
    "[Tumor board|M&M] list for {stay_date}: {patient_last}, {relative_last}, {child_last} and {doctor2_last}'s [sarcoma|melanoma] case",
    "seen w/ {doctor1_last}. agree. {nurse_last} to [teach|pull] [drain|foley]. {relative_first} updated by phone.",
    "The caller said: my social is {ssn}, my name is {full}, and I moved from {city} in {partial_date}.",
    "[ok|k] thx {lower_nurse_first}, tell {lower_relative_first} [visiting ends 8|he can come up]",
    "hey {lower_nurse_first} its {lower_doctor1_first} - [swap|cover] [sat|friday]? {lower_patient_last} in [6|14] needs [tele|a sitter]",
    "pharmacy cb {office_phone}, rx [norco|xanax] for {lower_patient_last} {lower_first} dob {birth} says [too soon|needs dea], dea {dea}",
    "{patient_turned}, {spoken_age}, [found down|unresponsive] at {street} by [neighbor|brother] {relative_first}, GCS [9|13]",
    "[Reminder|Text sent {stay_date}]: {first}, your [visit|scan] at {facility} is {month_day} at [9:40|2:15]. Reply [C|1] to confirm.",
    "Per {relative_first}, [patient|pt] worked at {facility} for 20 years and [retired|quit] in {partial_date}",
    "addendum {stay_date}: spoke w/ {relative_full} ([hcp|poa]) who [agrees|declines]; {doctor2_last} aware",
)
