"""What each reason code says to a person, and what to do next: one table, complete by test."""

from __future__ import annotations

from typing import Final

from detectors.errors import Reason

SENTENCES: Final[dict[Reason, str]] = {
    Reason.EMPTY: "the file holds no bytes: send it again",
    Reason.UNKNOWN_FORMAT: "the content is not PDF, TIFF, PNG, JPEG or DICOM, whatever the name says, or is coded in a "
    "way that is not read (DICOM films, JPEG of 12 bits); Office files are not taken: print or convert it to PDF and "
    "send that",
    Reason.DAMAGED: "the file is cut off or damaged: fetch it again from where it came, or scan again",
    Reason.ENCRYPTED: "the file is locked: remove the password and send it again",
    Reason.NO_PAGES: "the file has no page (a DICOM report, plan or curve has none): print it to PDF and send that",
    Reason.TOO_MANY_BYTES: "the file is too large: split it and send the parts",
    Reason.TOO_MANY_PAGES: "the file has too many pages: split it and send the parts",
    Reason.TOO_MANY_PIXELS: "a page is too large: scan it again at 300 dpi or less",
    Reason.DEADLINE: "the work took longer than a document may take: allow more time (--deadline), or split the file",
    Reason.DECODING_TOO_SLOW: "the pages took far longer to draw than any document's should: print or scan it to a new "
    "file and send that",
    Reason.DECODER_CRASHED: "the file could not be opened: print or scan it to a new file and send that",
    Reason.INVALID_EVENT: "the message around the document is not as the gateway expects it",
    Reason.CONTENT_MISSING: "the file is gone or may not be read: check that it is still there, and its permissions",
    Reason.HASH_MISMATCH: "the stored content is not what was sent: send the document again",
    Reason.UNKNOWN_PROFILE: "there is no profile of this name",
    Reason.AUTHORIZATION_MISSING: "the profile needs an authorization: give --authorization-id and "
    "--authorization-expires",
    Reason.AUTHORIZATION_EXPIRED: "the authorization's last valid day has passed: ask the patient for a new one",
    Reason.AUTHORIZATION_REVOKED: "the authorization was revoked: nothing may be released under it",
    Reason.AUTHORIZATION_CLASS: "the authorization does not cover this class of document (unknown, unless "
    "--document-class says which): name the class, or send what the authorization covers",
    Reason.AUTHORIZATION_SCOPE: "the authorization does not allow a sensitive category that the profile releases: "
    "where it does allow it, say so with --authorization-allows, or choose another profile",
    Reason.AUTHORIZATION_PART_2: "the record is of a programme under 42 CFR Part 2, and the patient's consent to "
    "disclose it is missing: ask for one, and where there is one, say --authorization-allows sud",
    Reason.AUTHORIZATION_DATES: "every page is of a day outside the range that the authorization covers: check the "
    "range, or send the pages that it covers",
    Reason.LEGAL_HOLD: "the document is under a legal hold: nothing of it is destroyed until every hold is released",
    Reason.RETENTION_RUNNING: "the document's retention has not run out yet: it may not be destroyed before",
    Reason.UNREADABLE_PAGE: "too much of a page could not be read: look at the copy, or scan again more sharply",
    Reason.POSSIBLY_INCOMPLETE: "the file is broken and was mended to open it, so that pages or parts of them may be "
    "missing: hold the copy against the original, or fetch the file again from where it came",
    Reason.INCOMING_REDACTION: "the file came with redactions that do not hold (boxes over live text, mosaics, "
    "blur, marker to see through, marks never carried out), which are black now: see whether the same stands elsewhere "
    "in the copy",
    Reason.HIDDEN_TEXT: "the file tells text that a page does not show, or shows otherwise: look at the copy closely, "
    "above all at dark and coloured grounds, for print that only a person makes out",
    Reason.UNEXPLAINED_INK: "much of a page is no print that could be read (a photograph, an X-ray or ultrasound "
    "picture, handwriting, a stamp, the noise of a scan), and is black now, for a name may stand in it: see whether "
    "the copy is still of use; a noisy scan may be made again",
    Reason.PICTURE_OF_A_BODY: "a page is a picture of a body (an X-ray, an ultrasound, a photograph): what was found "
    "to be written into it is black; look whether faint writing is left on it, and whether it shows a face",
    Reason.PATIENT_NOT_FOUND: "no name and no record, social security or plan number in the document is known to be "
    "the patient's: look whether it is another person's record, and whether what was said of the patient (--patient) "
    "is right and enough",
    Reason.WRONG_PATIENT: "a page names another patient, by name, birth date or record number: look whether it was "
    "misfiled, and withhold the document if it was",
    Reason.UNDATED_PAGE: "the authorization covers a range of days, and a page tells no day of its own: look whether "
    "the page may go out",
    Reason.UNREAD_DATE: "the authorization covers a range of days, and a date of a page could not be read: look which "
    "day it is, and whether the page may go out",
    Reason.MIXED_DATES: "the authorization covers a range of days, and a page tells days inside and outside of it: "
    "look which of them is its own, and whether the page may go out",
    Reason.UNSURE_FINDING: "something was burned that may be no identifier, and the profile wants such places seen: "
    "look at the boxes of the copy",
    Reason.RESIDUAL_FINDING: "the last check still read something like an identifier: look at the copy before it goes "
    "out",
    Reason.WIDTH_TELLS: "a black box is as wide as the name it hides, and few other names are: look whether the line "
    "beside it should go, too",
    Reason.SECOND_SIGN_OFF: "the profile asks for two persons before a copy leaves review, and one of them is missing: "
    "look at the copy, and decide; who has signed it off already cannot be the second one",
    Reason.KNOWN_VALUE_READABLE: "something that had to go could still be read in the copy, so no copy was kept: "
    "redact this document by hand",
    Reason.REGION_NOT_SOLID: "a black box of the copy was not solid, so no copy was kept: please report it",
    Reason.FORBIDDEN_OBJECT: "the copy held more than pictures of pages, so no copy was kept: please report it",
    Reason.PAGE_COUNT_CHANGED: "the copy had not as many pages as the original, so no copy was kept: please report it",
    Reason.WITHHELD_BY_REVIEWER: "a person looked at the copy and decided that it may not go out",
    Reason.ALREADY_DECIDED: "somebody has decided on this before: the first decision stands",
    Reason.CLASS_HELD: "a planted document of this class leaked, so none of it goes out until an operator lifts the "
    "hold: mend the cause, lift it (redoubt canaries lift), and replay what was withheld (redoubt rejected replay)",
    Reason.TOKEN_DAMAGED: "this is not one whole token: copy it from its first letter to its last",
    Reason.TOKEN_UNKNOWN: "this tenant and purpose have no such token: check which tenant and purpose its record names",
    Reason.TOKEN_VERSION: "the key version of this token is not in Vault, or no longer allowed there: ask who rotates "
    "the keys",
    Reason.TOO_MANY_TOKENS: "more tokens than one person may turn back at once or in an hour: wait, or ask for less",
    Reason.NOT_ENTITLED: "this person may not do that for this tenant and reason: ask the privacy officer",
    Reason.NOT_SIGNED_IN: "nobody that the service knows has proven to be there: sign in to Vault or to the identity "
    "provider again, and check that the people file names your entity or subject",
    Reason.UNCONFIRMED: "an earlier emergency access of this person waits for a second person: have it confirmed first",
    Reason.READER_FAILED: "reading the page failed: try again, with fewer --processes if memory is short",
    Reason.DETECTOR_FAILED: "the search for identifiers failed: try again, with fewer --processes if memory is short",
    Reason.MASKER_FAILED: "the black boxes could not be made: please report it",
    Reason.ATTACKER_FAILED: "the last check could not be made, so no copy was kept: try again",
    Reason.WORKER_DIED: "the worker's process died each time it had this document, with nothing else at work: look at "
    "the worker's memory limit, or print or scan the document to a new file",
    Reason.VAULT_UNAVAILABLE: "Vault does not answer or is sealed: try again when it is back",
    Reason.VAULT_REFUSED: "Vault refused: check this role's credentials, its policy and the CA file",
    Reason.STORE_UNAVAILABLE: "the place for the copies cannot be written: check that it is there, its room and its "
    "permissions",
    Reason.STORE_UNMARKED: "the folder of a store holds no store: mount its volume, or, for a new store, run: redoubt "
    "create-stores",
    Reason.BROKER_UNAVAILABLE: "Kafka does not answer or refuses: check its address, its sign-in and its topics",
    Reason.MISCONFIGURED: "a setting or a part is not as it must be: see the README on Kafka and Vault",
    Reason.UNCONFINED: "the kernel cannot confine the process that opens documents, which production demands: run on "
    "a 64-bit Intel or ARM machine with Linux 5.13 or newer and Landlock switched on, under a container profile that "
    "allows Landlock and seccomp",
    Reason.INTERNAL: "something went wrong that nobody foresaw: try again, and report it if it stays",
}


def told(reason: Reason) -> str:
    """The code and its sentence, one line."""
    return f"{reason.value}: {SENTENCES[reason]}"
