"""Words that announce a name: titles, credentials, relations, roles and form labels."""

from __future__ import annotations

from detectors.dictionaries.lexicon import word_set

TITLES = word_set(
    """
    dr doctor mr mrs ms miss mx prof professor rev reverend fr sr sister rabbi imam judge hon capt sgt lt col sir
    mme
    """
)
"""Of these, `sister`, `miss`, `judge`, `fr`, `sr` and `col` count only capitalised."""
CREDENTIALS = word_set(
    """
    md do rn lpn lvn np pa pac pa-c crna cnm cna aprn arnp fnp fnp-c fnp-bc dnp dds dmd phd pharmd psyd dpm od dc
    dpt pt ot otr slp lcsw msw lmft lpc lmhc rph rd ldn rt rrt emt emt-p ma bsn msn mph mba esq facs facp facc faan
    frcp mbbs mbchb cma cpht jd acnp pmhnp ccc-slp
    """
)
STATE_LIKE = word_set(
    """
    md pa ma ms do de la in or me ct va od al id
    """
)
"""Credentials and short forms that are state codes or words too: they want a comma and a name before them."""
SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv"])
RELATIONS = word_set(
    """
    son daughter dtr gson gdtr wife husband mother father brother sister aunt uncle cousin partner spouse fiance fiancé
    fiancee fiancée boyfriend girlfriend friend neighbor neighbour caregiver caretaker guardian roommate niece nephew
    grandmother grandfather grandson granddaughter grandparent mom mum dad parent parents stepmother stepfather
    stepson stepdaughter sibling twin child baby son-in-law daughter-in-law mother-in-law father-in-law
    sister-in-law brother-in-law godmother godfather foster aide employer colleague kid boss coworker co-worker ex
    ex-wife ex-husband ex-boyfriend ex-girlfriend landlord landlady tenant nanny babysitter roomie housemate
    """
)
NAMED = frozenset(["named", "called", "is", "was", "by", "name"])
NOT_SALUTED = word_set(
    """
    sir sirs madam doctor doctors dr colleague colleagues patient patients parent parents family provider team
    member customer friend friends guardian insurance claims medical all or and to whom
    """
)
# Label phrases, lower case. After them comes a name, if what comes looks like one.
STRONG_LABELS = (
    "electronically signed by|e-signed by|digitally signed by|signed by|dictated by|transcribed by|authenticated by"
    "|reviewed by|verified by"
    "|cosigned by|co-signed by|ordered by|performed by|prepared by|collected by|interpreted by|examined by|seen by"
    "|referred by|approved by"
    "|entered by|administered by|assisted by|witnessed by|received by|completed by|submitted by|recorded by|read by"
    "|reported by|prescribed by"
    "|requested by|attested by|supervised by|treated by|evaluated by|discussed with|spoke with|spoke to|called"
    "|accompanied by|brought in by"
    "|my name is|i am|name is|patient is|known as|a/k/a|aka|n[ée]e|directed by|written by|under the care of|care of"
    "|c/o|followed by|per"
    "|p\\.?s\\.?|sincerely,|regards,|respectfully,|yours truly,|sincerely yours,|thank you,|thanks,"
    "|signed,|warmly,|best,|best regards,|respectfully submitted,|cheers,"
)
COLON_LABELS = (
    "attending|attending physician|attending provider|referring|referring physician|referring provider|referring md"
    "|primary care physician"
    "|primary care provider|pcp|primary provider|cc|surgeon|co-surgeon|assistant|assistant surgeon|first assistant"
    "|anesthesiologist|anesthetist"
    "|anesthesia|attn|attention|patient|patient name|pt|pt name|name|full name|legal name|last name|first name"
    "|middle name|maiden name|given name"
    "|family name|surname|nickname|alias|from|to|re|regarding|provider|provider name|physician|physician name"
    "|ordering physician|ordering provider"
    "|rendering provider|supervising physician|contact|contact person|contact name|emergency contact|guarantor"
    "|guarantor name|insured|insured name"
    "|insured's name|subscriber|subscriber name|member|member name|next of kin|nok|witness|guardian|legal guardian"
    "|spouse|spouse name|prescriber"
    "|prescriber name|author|sender|recipient|beneficiary|policy holder|policyholder|policyholder name"
    "|responsible party|parent|mother|father"
    "|mother's name|father's name|relative|nurse|pharmacist|technologist|technician|tech|radiologist|pathologist"
    "|consultant|resident|fellow|doctor"
    "|dr|cardiologist|oncologist|neurologist|therapist|case manager|social worker|care manager|coordinator"
    "|requested by|signature|signed|user"
    "|client|client name|customer|employee|employee name|caregiver|poa|power of attorney|health care proxy"
    "|healthcare proxy|proxy|interpreter"
    "|director|medical director|laboratory director|lab director|billing address|ship to|bill to|address|donor|baby"
    "|infant|dependent|claimant"
    "|clinician|crew chief|charge nurse|triage nurse|primary nurse|paramedic|hygienist|dentist|midwife"
    "|contact info|who|by|cosigner|scribe|dictator|transcriptionist|referred to|refer to|follow up with"
    "|follow-up with|appointment with|seen with"
)
EPONYM_HEADS = word_set(
    """
    sign signs test tests syndrome disease disorder score scale criteria catheter catheters maneuver manoeuvre
    fracture fractures tumor tumour lymphoma phenomenon reflex classification stain procedure method clamp forceps
    retractor retractors index drain tube position solution palsy chorea contracture esophagus diverticulum node
    nodes line lines procedure operation repair technique approach incision virus agar medium bacillus ligament
    tendon canal duct gland body bodies cell cells disease's ataxia dystrophy anemia nodules sarcoma formula
    equation law rule angle stage staging grade grading system point triangle space pouch loop valve stent graft
    needle blade laryngoscope airway mask nail screw plate wire pin rod traction splint collar brace brush scan
    dressing bandage pump port line protocol questionnaire inventory assessment examination hernia ulcer ulcers
    lines ring rings block arrhythmia wave waves pressure effect hormone factor thyroiditis arteritis granulomatosis
    encephalopathy aphasia area nucleus tract cortex lobe cyst abscess spots sarcoidosis
    """
)
