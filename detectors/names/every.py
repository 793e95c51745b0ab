"""All recognizers of the room, for whoever loads them: with them comes Presidio."""

from __future__ import annotations

from presidio_analyzer import EntityRecognizer

from detectors.names.initials import InitialsRecognizer
from detectors.names.lowercase import LowercaseNameRecognizer
from detectors.names.messages.acting import ActingNameRecognizer
from detectors.names.messages.asked import AskedNameRecognizer
from detectors.names.messages.bedside import BedsideNameRecognizer
from detectors.names.messages.framed import FramedNameRecognizer
from detectors.names.messages.hasty import HastyNameRecognizer
from detectors.names.messages.terse import TerseNameRecognizer
from detectors.names.ordinary import OrdinaryNameRecognizer
from detectors.names.recognizer import NameRecognizer
from detectors.names.shaped import ShapedNameRecognizer
from detectors.names.spelled import SpelledNameRecognizer


def recognizers() -> list[EntityRecognizer]:
    """One fresh instance of each, for Presidio's registry."""
    return [
        NameRecognizer(),
        ShapedNameRecognizer(),
        LowercaseNameRecognizer(),
        HastyNameRecognizer(),
        FramedNameRecognizer(),
        InitialsRecognizer(),
        AskedNameRecognizer(),
        BedsideNameRecognizer(),
        OrdinaryNameRecognizer(),
        ActingNameRecognizer(),
        SpelledNameRecognizer(),
        TerseNameRecognizer(),
    ]
