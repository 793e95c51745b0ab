# ruff: noqa: E501  a sentence stays on one line
"""Clinical text that serves evaluation alone: no detector may import it.

Rules were written in view of what was missed in every second line of `NOTES` and `QUERIES` (those of even number),
with people of another seed; of the others, in view of the misses' kinds, and of one rule for devices.

`[one|other]` is a choice, `{slot}` an identifier or a word that agrees with the patient, as in the canaries' prose.
Nothing outside a slot is an identifier.
"""

from __future__ import annotations

from typing import Final

NOTE_HEADS: Final = (
    "[PATIENT|Patient Name|Name]: {patient_filed}    [DOB|Date of Birth]: {birth}    [MRN|Med Rec #|Chart no.]: {mrn}",
    "{patient_caps}  |  {birth}  |  {sex}  |  Acct {account}",
    "[Visit date|Date of service|DOS]: {admitted}   [Provider|Attending]: {doctor}   [Facility|Location]: {facility}",
    "[Encounter note|Progress note|Clinic note] {admitted} [by|-] {doctor1_full}, {doctor1_credential}",
    "[Insurance|Coverage]: [Medicare|Medicare Part B] {mbi}; [secondary|supplement] [policy|member ID] {plan}",
    "[Address on file|Home address]: {street}, {city}, {state} {zip}   [Home|Cell|Tel]: {phone}",
)
NOTES: Final = (
    "{title} {patient_last} is a [pleasant|retired|healthy-appearing] {age} year old {woman} [here for|presenting with|seen today for] [a two day history of dizziness|follow-up of atrial fibrillation|recurrent epistaxis|right flank pain].",
    "[History was obtained from|The history is provided by|Collateral came from] {his} {kin} {relative_full}, [reached at|whose number is|phone] {kin_phone}.",
    "{He} was discharged from {facility2} on {past_date} [after|following] [a laparoscopic colectomy|treatment for pneumonia|a syncopal event|an uncomplicated delivery].",
    "Pt {patient_initial} [declined|requests|tolerated] [the influenza vaccine|an interpreter|the stress test] [this morning|again today|without issue].",
    "{first} [says|reports|told us] that [the rash itches less|sleep is poor|the new inhaler helps|she ran out of warfarin], and [his|her] [mother|father|aunt] {child_first} [agrees|confirms this].",
    "Cardiac catheterization in {partial_date} [showed|demonstrated] [nonobstructive disease|a patent stent|moderate stenosis of the LAD].",
    "[Spoke with|Discussed with|Paged] Dr. {doctor2_last} [of nephrology|from hematology|on call] [at 14:20|at 0930|this evening], who [agrees with the plan|will see the patient|recommends holding apixaban].",
    "[Consult appreciated.|Thank you for the referral.] [Signed|Dictated|Electronically authenticated] by {doctor_full}, {doctor_credential} on {discharged} at [08:14|17:52].",
    "NPI {npi}, DEA {dea}, [state license|license no.] {md_licence}.",
    "[Specimen|Accession] [number|no.] {accession} [received|collected] {stay_date} [0615|at 11:40]: [Na 139, K 4.4, Cl 101, CO2 26|WBC 7.2, Hgb 13.1, Plt 244|INR 2.3|troponin < 0.01].",
    "[Pacemaker|Insulin pump|Neurostimulator] [S/N|serial number] {device} [interrogated|checked] {stay_date}: [battery good|no events|leads intact].",
    "[Lives with|Shares a flat with|Cares for] {his} {kin} [in|near] {city}, {state}; [drives a|parks a] [sedan|pickup], VIN {vin}.",
    "[Works at|Was employed by|Retired from] {facility} [as a cook|as a bus driver|in billing] [until|through] {partial_date}.",
    "[Mail|Send|Forward] [the results|a copy|records] to {patient_full}, {street}, {city}, {state} {zip}.",
    "[Results go to|Reach the family at|Portal address] {email} or [call|text] {cell}.",
    "[Referring office|Fax results to|Records request]: {office_email}, fax {fax}, [main line|front desk] {office_phone}.",
    "[SSN|Social Security no.] {ssn} [verified|on file]; [card|Visa] {card} [charged for the copay|declined].",
    "[Prior auth|Claim] {claim} [approved|denied|pending] for [infliximab|an MRI of the lumbar spine|home oxygen].",
    "[Next appointment|RTC|Follow-up visit] {follow_up} with {doctor1_full}[, or sooner as needed| in the Tuesday clinic|].",
    "[Portal login|Last login] from {ip}; [message|instructions] at {url}.",
    "{relative} ([health care proxy|emergency contact|next of kin]) [was updated|is aware|asked about hospice] [on|as of] {stay_date}.",
    "[RN|Nursing]: {nurse} [changed the dressing|reviewed the insulin teaching|removed the Foley catheter] at [0600|2115].",
    "{patient_last} [has been followed|is known] here since {partial_date} for [Crohn disease|Parkinson disease|Graves disease|hypertension].",
    "[Witnessed by|Consent witnessed:] {nurse_full}[, RN| and {child_full}|].",
    "CC: {doctor2_full}, {doctor2_credential}; {facility2}; {relative_full}.",
)
QUERIES: Final = (
    "[Is it safe|Is it OK] to [start|restart] [apixaban|methotrexate|lithium] in {patient_full}, a {age}-year-old {woman} with [stage 3 CKD|cirrhosis|a recent GI bleed], MRN {mrn}?",
    "Summarize the [visit|admission] of {patient_full} on {admitted} at {facility}.",
    "My patient {patient_full} (DOB {birth}) has [a potassium of 5.9|new proteinuria|a QTc of 510]. What [should I do next|is the workup]?",
    "Draft a [referral|letter] to Dr. {doctor2_full} at {facility2} about {title} {patient_last}'s [thyroid nodule|refractory migraine|abnormal mammogram].",
    "{patient_full} of {street}, {city}, {state} {zip} [asks about|wants to know] [side effects of sertraline|the shingles vaccine|travel after a DVT].",
    "What is the [next step|differential] for {first}, {age}, admitted {stay_date} with [fever and neutropenia|acute pancreatitis|a new murmur]?",
    "Please call {patient_full} at {cell} [about the biopsy|with the INR|regarding the refill] and [email|send] the summary to {email}.",
    "Does [Medicare|the plan] cover [CGM|cardiac rehab] for member {plan}, {patient_full}?",
    "[Compare|Interpret] the [echo|CT] from {past_date} with the one from {stay_date} for record {mrn}.",
    "Patient {patient_initial}, seen by {doctor1_full} in {city}, [takes|is on] [tacrolimus|clozapine]; which [antibiotic|antifungal] is safest?",
    "{He} moved from {city} to {office_city} in {partial_date}; [which vaccines are due|does this change malaria prophylaxis]?",
    "SSN {ssn}, name {patient_filed}: [verify|check] [eligibility|benefits] for [outpatient dialysis|a sleep study].",
    "For {patient_full}, born {birth}, [dose|adjust] [vancomycin|gentamicin] with a creatinine of [1.8|2.4].",
    "Can {his} {kin} {relative_full} ([tel|phone] {kin_phone}) [consent|sign] for [the procedure|a lumbar puncture]?",
    "The [pharmacy|lab] at {office_street}, {office_city} faxed from {fax} about [her|his] [clonazepam|ferritin], NPI {npi}.",
    "Write [discharge instructions|a sick note] for {patient_full} after [hernia repair|tonsillectomy] on {admitted} by Dr. {doctor1_last}.",
    "{patient_full}, account {account}, [disputes|asks about] the [facility fee|copay] of {stay_date}.",
    "[Device|ICD] {device} was [recalled|flagged]; is {patient_full} [affected|at risk]?",
    "Her [employer|school], {facility}, needs a [work|return] note dated {follow_up} for {patient_full}.",
    "i saw {lower_full} on {stay_date} for [chest pain|asthma], what [labs|imaging] should i order?",
)
HARMLESS: Final = (
    "[Is it safe|Is it OK] to [start|restart] [apixaban|methotrexate|lithium] in a {plain_age}-year-old [woman|man] with [stage 3 CKD|cirrhosis|a recent GI bleed]?",
    "What is the [recommended|maximum] dose of [metformin|amoxicillin|Synthroid|gabapentin] for [an adult|a child of 20 kg|someone with an eGFR of 28]?",
    "[Compare|Contrast] [warfarin|Eliquis] and [rivaroxaban|Xarelto] for [stroke prevention|VTE treatment].",
    "How [often|soon] should [a colonoscopy|an A1c|a lipid panel] be repeated after [a normal result|a value of 7.9|three months]?",
    "[Which|What] [antibiotic|antiviral] covers [Pseudomonas|MRSA|Bartonella] in [penicillin allergy|pregnancy]?",
    "Patient is a {plain_age} yo [male|female] with [COPD|CHF|T2DM], [BP 142/88|HR 104|SpO2 91%], on [2 L oxygen|furosemide 40 mg BID].",
    "[Explain|Describe] the [Glasgow Coma Scale|Apgar score|CHA2DS2-VASc score|Wells criteria] [to a student|briefly].",
    "Does [Parkinson disease|Wilson disease|Graves disease|Hodgkin lymphoma|Down syndrome] [affect|alter] [swallowing|anesthesia]?",
    "ICD-10 [code|codes] for [type 2 diabetes with neuropathy, E11.40|unspecified asthma, J45.909|essential hypertension, I10]?",
    "CPT [99214|93306|45378] [requires|needs] [which|what] documentation?",
    "Labs: Na [138|131], K [4.1|5.6], Cl 102, BUN [18|44], Cr [0.9|2.1], glucose [104|312] mg/dL.",
    "[Take|Give] [one|two] tablets by mouth [every 6 hours|twice daily|at bedtime] for [10|14] days.",
    "A [Foley|Swan-Ganz|Jackson-Pratt|Hickman] [catheter|line|drain] was [placed|removed] without difficulty.",
    "[Negative|Positive] [Murphy|Babinski|Romberg|Lachman|McBurney] sign on [exam|repeat exam].",
    "Heart [regular|irregular], no murmur; lungs clear; abdomen soft; [no|trace] edema.",
    "[The MRI|The CT] [showed|shows] [a 4 mm nodule|no acute infarct|degenerative change at L4-L5|Chiari malformation].",
    "[Should|Can] [ibuprofen|Tylenol|naproxen] be [combined|taken] with [lisinopril|sertraline] [in the elderly|after surgery]?",
    "The [Framingham|NICE|ACC/AHA|USPSTF] [guideline|recommendation] [suggests|advises] [a statin|screening every two years].",
    "Pain [7/10|4/10], [worse|better] [at night|with movement], [radiating to the left arm|relieved by rest] for [three|five] days.",
    "[Vital signs stable|VSS], afebrile, [ambulating|tolerating diet], [plan discharge|continue IV fluids].",
    "What are the [contraindications|side effects] of [Humira|Lantus|Keppra|Coumadin|Lasix]?",
    "[Mean|Median] age was {plain_age} years, [n = 240|p < 0.05|95% CI 1.2 to 3.4].",
    "[Gram stain|Giemsa stain|Pap smear|Western blot] [negative|pending|was reviewed].",
    "HPI: [two|four] weeks of [cough|fatigue|night sweats], [no travel|no sick contacts], [smokes 1 ppd|never smoker].",
    "Continue [lisinopril 20 mg|atorvastatin 80 mg|insulin glargine 22 units] [daily|nightly]; [recheck BMP|repeat CBC] in [one week|2 weeks].",
    "Write a [patient handout|short explanation] about [gout|Lyme disease|hay fever] at a [sixth grade|fifth grade] reading level.",
)
