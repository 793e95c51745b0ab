"""What the pages call things: choices, grounds, kinds, doubts. Complete by test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from detectors.errors import Reason
from streams.events import Grounds, ReviewChoice
from streams.pipeline.answers import RULE
from streams.reasons import SENTENCES
from streams.review.desk.desks import BlackBox, Saw, What

CHOICES: Final[Mapping[ReviewChoice, tuple[str, str]]] = {
    ReviewChoice.RELEASE: ("Release", "as it is shown, or not at all"),
    ReviewChoice.BURN: ("Burn more", "what is marked below"),
    ReviewChoice.WITHHOLD: ("Withhold", "nothing of it leaves"),
}
GROUNDS: Final[Mapping[Grounds, str]] = {
    Grounds.FALSE_ALARM: "False alarm: what was found identifies nobody",
    Grounds.READ_BY_EYE: "Read by eye: what no engine could read identifies nobody",
    Grounds.PERMITTED: "Permitted: the authorization covers what stays",
    Grounds.MISSED_IDENTIFIER: "Missed identifier: something that identifies a person still shows",
    Grounds.PRECAUTION: "Precaution: it may identify a person",
    Grounds.NOT_REDACTABLE: "Not redactable: no black box makes this copy safe, or of use",
    Grounds.WRONG_RECORD: "Wrong record: it is another person's document",
    Grounds.NOT_AUTHORIZED: "Not authorized: the authorization does not cover it",
}
CAME: Final[Mapping[What, tuple[str, str]]] = {
    What.RELEASED: ("Released", "The copy left as it was shown, with a signed statement."),
    What.HELD_AGAIN: ("Held again", "The new copy was checked and waits for another look."),
    What.WITHHELD: ("Withheld", "Nothing of it leaves."),
    What.JUDGED: (
        "Judged",
        "It is counted: what second looks find bounds how much leaks. The copy is out already and stays as it is; a "
        "leak is on record, page by page.",
    ),
    What.SENT: (
        "Sent",
        "The workers mask and check it again. What is still in doubt then comes back to the list as the next round.",
    ),
}
SAW: Final[Mapping[Saw, tuple[str, str]]] = {
    Saw.CLEAN: ("Clean", "nothing can be read that the profile takes out"),
    Saw.LEAKS: ("It leaks", "where it is marked below"),
}
NOT_AS_SHOWN: Final = (
    "Made again, the copy is not the one that was shown (a rule or an engine changed since), so it was not released: "
    "look at it as it is now."
)
"""Of a release that did not come to be."""
SIGNED: Final = "You have signed it off. It leaves once a second person has looked at it and releases it, too."
"""Of a copy that is held for one more person."""
ENDED: Final = "The desk has ended. Close this page, and start the command again to go on."


def plain(code: str) -> str:
    """A code as words."""
    return code.replace("_", " ")


def sentence(reason: Reason) -> str:
    """A reason's sentence, as one that stands alone."""
    told = SENTENCES[reason]
    return f"{told[0].upper()}{told[1:]}."


def why(box: BlackBox) -> str:
    """The rule behind a box, in the profile's words where they are known."""
    if box.rule == RULE:
        return "a person had it burned"
    words = f": {' '.join(box.because.split())} ({box.source})" if box.because else ""
    return f"rule {box.rule}{words}"
