"""All recognizers of the room, for whoever loads them: with them comes Presidio."""

from __future__ import annotations

from presidio_analyzer import EntityRecognizer

from detectors.dictionaries.abroad import WorldAddressRecognizer
from detectors.dictionaries.acronyms import HospitalLettersRecognizer
from detectors.dictionaries.acting import ActingNameRecognizer
from detectors.dictionaries.asked import AskedNameRecognizer
from detectors.dictionaries.bedside import BedsideNameRecognizer
from detectors.dictionaries.facilities import FacilityRecognizer
from detectors.dictionaries.framed import FramedNameRecognizer
from detectors.dictionaries.hasty import HastyNameRecognizer
from detectors.dictionaries.informed import InformedNameRecognizer
from detectors.dictionaries.initials import InitialsRecognizer
from detectors.dictionaries.lowercase import LowercaseNameRecognizer
from detectors.dictionaries.names import NameRecognizer
from detectors.dictionaries.ordinary import OrdinaryNameRecognizer
from detectors.dictionaries.places import PlaceRecognizer
from detectors.dictionaries.shaped import ShapedNameRecognizer
from detectors.dictionaries.spelled import SpelledNameRecognizer
from detectors.dictionaries.streets_abroad import StreetAbroadRecognizer
from detectors.dictionaries.terse import TerseNameRecognizer
from detectors.dictionaries.whereabouts import WhereaboutsRecognizer


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
        InformedNameRecognizer(),
        SpelledNameRecognizer(),
        TerseNameRecognizer(),
        PlaceRecognizer(),
        WorldAddressRecognizer(),
        StreetAbroadRecognizer(),
        FacilityRecognizer(),
        HospitalLettersRecognizer(),
        WhereaboutsRecognizer(),
    ]
