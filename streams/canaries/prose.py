# ruff: noqa: E501  a sentence stays on one line
"""Clinical sentences. `[one|other]` is a choice, `{slot}` an identifier or a word that agrees with the patient."""

from __future__ import annotations

from random import Random

HISTORY = (
    "{patient_full} is a {age}-year-old {woman} who [presented|was referred|came in] with [worsening shortness of breath|intermittent chest discomfort|progressive fatigue and weight loss|abdominal pain and nausea|a painful swollen knee] [over the past week|for the last three weeks|since the previous visit|for several months].",
    "[The patient|{title} {patient_last}] [denies|reports no] fever, chills, night sweats or recent travel, and [states|says] that [symptoms are worse at night|walking uphill makes it worse|rest brings some relief|over the counter medication did not help].",
    "{He} was [last seen|previously evaluated] at {facility2} on {past_date}, where [an echocardiogram showed mildly reduced function|imaging was unremarkable|laboratory studies were within normal limits|a trial of antibiotics was started].",
    "Past medical history is significant for [hypertension and hyperlipidemia|type 2 diabetes mellitus with neuropathy|chronic obstructive pulmonary disease|atrial fibrillation on anticoagulation|osteoarthritis of both knees], [well controlled on current therapy|with poor adherence in the past|followed by primary care].",
    "Surgical history includes [an appendectomy|a cholecystectomy|a left hip replacement|cataract extraction] in {partial_date} without complication.",
    "{He} lives with {his} {kin} {relative_full} in {city}, {state}, [does not smoke and drinks alcohol rarely|quit smoking many years ago|smokes half a pack per day].",
    "[Family history is notable for|There is a family history of] [early coronary disease|breast cancer|stroke|diabetes] in a first degree relative.",
    "Medications on arrival were [lisinopril 10 mg daily and metformin 500 mg twice daily|amlodipine 5 mg daily, atorvastatin 40 mg at bedtime and aspirin 81 mg|albuterol as needed and tiotropium once daily|warfarin dosed by protocol and metoprolol 25 mg twice daily].",
    "Allergies: [no known drug allergies|penicillin, which caused a rash|sulfa drugs with hives|latex, contact reaction only].",
    "{title} {patient_last} can be reached at {cell}; {his} {kin} {relative} may be contacted at {kin_phone} if there is no answer.",
    "Records from [the outside practice|an earlier admission] dated {past_date} were [reviewed|requested and reviewed in detail] and [did not change the assessment|confirm the history above].",
)
EXAM = (
    "On examination the patient was [alert and oriented|comfortable at rest|in mild distress], blood pressure [128/76|142/88|116/70|154/92], heart rate [72|88|96|104] and regular, respiratory rate [14|16|18|20], oxygen saturation [98|95|93] percent on room air.",
    "Lungs were [clear to auscultation bilaterally|diminished at both bases|notable for scattered wheezes]. The abdomen was soft, [not tender|tender in the right lower quadrant without guarding|mildly distended], with normal bowel sounds.",
    "Heart sounds were normal with [no murmur, rub or gallop|a soft systolic murmur at the apex]. There was [no|trace|moderate] peripheral edema and pulses were [full and equal|palpable in all extremities].",
    "Neurologic examination showed [intact cranial nerves and normal strength|mild weakness of the left arm|decreased sensation in a stocking distribution], with [steady|unsteady|slow] gait.",
    "Skin was warm and dry without rash, and there was no cervical or axillary adenopathy.",
    "Range of motion of the affected joint was [limited by pain|full and painless|reduced to ninety degrees of flexion], with [no effusion|a small effusion] and stable ligaments.",
)
COURSE = (
    "{He} was started on [intravenous fluids and broad spectrum antibiotics|diuretics with good response|a heparin infusion|nebulized bronchodilators and steroids] and [improved over the next two days|remained hemodynamically stable|was transferred to the step down unit].",
    "On {stay_date} [repeat imaging showed resolution of the infiltrate|the drain was removed|the patient was ambulating with assistance|the telemetry monitor showed no further arrhythmia].",
    "[Cardiology|Surgery|Infectious disease|Nephrology] was consulted, and Dr. {doctor1_last} recommended [continuing the current regimen|a short course of oral therapy|outpatient follow up with repeat testing|no intervention at this time].",
    "Laboratory values [normalized before discharge|trended toward baseline|were monitored every morning], including a [hemoglobin of 11.2|creatinine of 1.1|white cell count of 8.4|potassium of 4.0].",
    "Pain was controlled with [acetaminophen and limited opioid use|a regional block|scheduled ketorolac], and physical therapy [cleared the patient for home|recommended a short rehabilitation stay|worked on stairs and transfers].",
    "The plan was discussed with {title} {patient_last} and {his} {kin}, {relative_full}, who [understood and agreed|asked appropriate questions|expressed understanding of the risks].",
    "[There were no further events|The remainder of the stay was uneventful|No complications occurred] and the patient tolerated a regular diet.",
    "A family meeting was held on {stay_date} with {child_full} present by telephone; [goals of care were reviewed|home services were arranged|questions about the diagnosis were answered].",
    "Case management spoke with {nurse} regarding [durable medical equipment|home oxygen|visiting nurse services], and arrangements were [completed|confirmed] before departure.",
)
PLAN = (
    "[Continue|Resume] current medications, with [a low sodium diet|fluid restriction of two liters per day|daily weights at home|gradual return to normal activity].",
    "Follow up with Dr. {doctor1_last} in clinic on {follow_up}, or [sooner if symptoms return|earlier as needed|after the repeat study is complete].",
    "[Return to the emergency department|Call the office] for fever, increasing pain, bleeding, [new weakness|shortness of breath|inability to keep fluids down] or any other concern.",
    "Repeat [basic metabolic panel|complete blood count|chest radiograph|echocardiogram] in [two weeks|one month|three months].",
    "Questions may be directed to {office_phone}; [results will be posted at {url}|the nurse line is open on weekdays|messages are returned within one business day].",
    "The patient was counseled about [medication side effects|smoking cessation|exercise and weight management|fall prevention at home] and given written instructions.",
    "Refer to [physical therapy|nutrition services|the anticoagulation clinic|pulmonary rehabilitation] for [further management|evaluation and treatment].",
)
OPERATION = (
    "After informed consent was obtained, the patient was brought to the operating room and placed [supine|in the lateral position|in the lithotomy position] on the table. General anesthesia was induced [without difficulty|by the anesthesia team] and a time out was performed.",
    "The [abdomen|right knee|left hip|chest] was prepped and draped in the usual sterile fashion. A [midline|transverse|small curvilinear] incision was made and carried down through the subcutaneous tissue with electrocautery.",
    "The [fascia was incised|joint was entered|peritoneum was opened] under direct vision, and [dense adhesions were divided sharply|the anatomy was identified and preserved|no purulence was encountered].",
    "The specimen was sent to pathology under {specimen} and hemostasis was [confirmed|excellent throughout]. The wound was irrigated with warm saline.",
    "The implant, serial number {device}, was [seated without difficulty|tested and found to have good thresholds|locked into position], and [fluoroscopy confirmed placement|range of motion was full].",
    "The wound was closed in layers with absorbable suture and a sterile dressing was applied. Sponge and instrument counts were correct [twice|at the end of the case].",
    "Estimated blood loss was [minimal|fifty milliliters|one hundred milliliters]. The patient was extubated and taken to the recovery area in [stable|good] condition.",
    "Dr. {doctor1_last} was present and scrubbed for the [key portions|entire length] of the procedure, assisted by {nurse}, {nurse_credential}.",
)
NOTICES = (
    "This information has been disclosed from records protected by law. Any further release without written consent, or as otherwise permitted, is prohibited. A general authorization for the release of medical or other information is not sufficient for this purpose.",
    "I certify that the information given is correct to the best of my knowledge. I authorize the release of any medical information necessary to process this claim, and I request payment of benefits to the party who accepts assignment.",
    "I consent to examination and treatment by the medical staff. I understand that the practice of medicine is not an exact science and that no guarantee has been made as to the result of care. I am responsible for charges that are not covered by insurance.",
    "Please bring a list of all current medications, including vitamins and supplements, to every visit. If you cannot keep an appointment, let us know one day ahead so that another patient can be seen.",
    "The documents accompanying this transmission contain confidential health information intended only for the use of the recipient named above. If you have received this message in error, please notify the sender immediately and arrange for the return or destruction of these pages.",
    "Patients have the right to receive a copy of their records, to ask for corrections, and to know with whom information has been shared. Ask at the registration desk for a complete notice of privacy practices.",
)
PANELS = (
    ("Glucose", "mg/dL", 70, 99, 1), ("Sodium", "mmol/L", 136, 145, 1), ("Potassium", "mmol/L", 3.5, 5.1, 0.1),
    ("Chloride", "mmol/L", 98, 107, 1), ("Carbon dioxide", "mmol/L", 22, 29, 1), ("Urea nitrogen", "mg/dL", 7, 20, 1),
    ("Creatinine", "mg/dL", 0.6, 1.2, 0.1), ("Calcium", "mg/dL", 8.6, 10.3, 0.1), ("Total protein", "g/dL", 6.0, 8.3, 0.1),
    ("Albumin", "g/dL", 3.5, 5.0, 0.1), ("Bilirubin, total", "mg/dL", 0.2, 1.2, 0.1), ("Alkaline phosphatase", "U/L", 44, 121, 1),
    ("AST", "U/L", 10, 40, 1), ("ALT", "U/L", 7, 56, 1), ("White cell count", "thou/uL", 4.0, 11.0, 0.1),
    ("Hemoglobin", "g/dL", 12.0, 17.5, 0.1), ("Hematocrit", "%", 36, 50, 1), ("Platelet count", "thou/uL", 150, 400, 1),
    ("Hemoglobin A1c", "%", 4.0, 5.6, 0.1), ("Thyroid stimulating hormone", "mIU/L", 0.4, 4.0, 0.1), ("Ferritin", "ng/mL", 12, 300, 1),
    ("Cholesterol, total", "mg/dL", 125, 200, 1), ("Triglycerides", "mg/dL", 50, 150, 1), ("Vitamin D", "ng/mL", 30, 100, 1),
)  # fmt: skip
DRUGS = (
    "Lisinopril 10 mg tablet", "Metformin 500 mg tablet", "Atorvastatin 40 mg tablet", "Amoxicillin 875 mg tablet",
    "Sertraline 50 mg tablet", "Furosemide 20 mg tablet", "Levothyroxine 75 mcg tablet", "Gabapentin 300 mg capsule",
    "Omeprazole 20 mg capsule", "Prednisone 10 mg tablet", "Apixaban 5 mg tablet", "Albuterol inhaler 90 mcg",
)  # fmt: skip
DIRECTIONS = (
    "Take one by mouth every morning", "Take one by mouth twice daily with food", "Take two at bedtime as needed",
    "Take one by mouth three times daily until gone", "Inhale two puffs every six hours as needed for wheezing",
)  # fmt: skip
DIAGNOSES = (
    ("I10", "Essential hypertension"), ("E11.9", "Type 2 diabetes mellitus"), ("J44.1", "Chronic obstructive pulmonary disease"),
    ("M17.11", "Osteoarthritis, right knee"), ("K35.80", "Acute appendicitis"), ("I48.91", "Atrial fibrillation"),
    ("N39.0", "Urinary tract infection"), ("R07.9", "Chest pain, unspecified"), ("F32.1", "Depressive episode, moderate"),
)  # fmt: skip
PROCEDURES = (
    ("99213", "Office visit, established"), ("99284", "Emergency department visit"), ("71046", "Chest radiograph, two views"),
    ("93000", "Electrocardiogram, complete"), ("80053", "Comprehensive metabolic panel"), ("36415", "Venipuncture"),
    ("97110", "Therapeutic exercises"), ("70450", "Head computed tomography"),
)  # fmt: skip


def some(rng: Random, bank: tuple[str, ...], count: int) -> str:
    """A paragraph of that many different sentences in the bank's order."""
    chosen = sorted(rng.sample(range(len(bank)), min(count, len(bank))))
    return " ".join(bank[i] for i in chosen)
