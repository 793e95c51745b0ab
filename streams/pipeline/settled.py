"""What the attacker holds against a word that our own reading settles: the patient's own, or a label of the form.

On a noisy form the attacker reads at another scale, takes one letter of the patient's own street for another, and the
street for a stranger's. The first reading had it exactly as the patient's data have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from detectors.errors import Reason
from detectors.findings import Layer, Owner
from detectors.geometry import Box
from detectors.pages import PageReading
from policies.attack.readings.form_words import only_form_words
from policies.attack.readings.owned import EXACT
from policies.attack.report import Residual
from policies.decisions import Action, Decision
from streams.pipeline.false_alarms import SURE_FROM

RIM: Final = 0.3
"""Of a word's height: how far two readings' boxes of one word differ. A letter that we missed beside it is wider."""


def unsettled(
    residuals: Iterable[Residual], readings: Sequence[PageReading], decisions: Sequence[Decision]
) -> list[Residual]:
    """The residuals that count. None of a known value is let go, and none that lies on more than one sure word: on
    another word, on ink or a mark, or beyond the word's own place."""
    return [residual for residual in residuals if not _is_settled(residual, readings[residual.page], decisions)]


def _is_settled(residual: Residual, reading: PageReading, decisions: Sequence[Decision]) -> bool:
    if residual.reason is not Reason.RESIDUAL_FINDING:
        return False
    place = residual.region.bounds
    under = [i for i, word in enumerate(reading.words) if word.region.bounds.overlap(place) > 0]
    on = [i for i in under if _lies_on(place, reading.words[i].region.bounds)]
    if len(on) != 1 or any(not _is_rim(place, reading.words[i].region.bounds) for i in under if i not in on):
        return False
    word = reading.words[on[0]]
    if word.confidence < SURE_FROM:
        return False
    here = [d for d in decisions if d.finding.page == residual.page]
    if any(d.action is not Action.KEEP and _touches(d, word.region.bounds) for d in here):
        return False
    return only_form_words(residual.kind, word.text) or any(_keeps_own(d, on[0]) for d in here)


def _keeps_own(decision: Decision, word: int) -> bool:
    """Whether it keeps the word as a piece of a whole value of the patient's, read without a slip."""
    finding = decision.finding
    listed = finding.layer is Layer.PATIENT and finding.owner is Owner.PATIENT and finding.score >= EXACT
    return decision.action is Action.KEEP and listed and word in finding.words


def _lies_on(place: Box, word: Box) -> bool:
    rim = RIM * word.height
    across = word.left - rim <= place.left and place.right <= word.right + rim
    return across and word.top - rim <= place.top and place.bottom <= word.bottom + rim


def _is_rim(place: Box, word: Box) -> bool:
    """Whether only the rims of the two boxes meet, as those of neighbours do."""
    across = min(place.right, word.right) - max(place.left, word.left)
    down = min(place.bottom, word.bottom) - max(place.top, word.top)
    return min(across, down) <= RIM * min(place.height, word.height)


def _touches(decision: Decision, word: Box) -> bool:
    return any(not _is_rim(region.bounds, word) for region in decision.finding.regions if region.bounds.overlap(word))
