"""All recognizers of the room, for whoever loads them: with them comes Presidio."""

from __future__ import annotations

from presidio_analyzer import EntityRecognizer

from detectors.places.abroad import WorldAddressRecognizer
from detectors.places.acronyms import HospitalLettersRecognizer
from detectors.places.cities import PlaceRecognizer
from detectors.places.facilities import FacilityRecognizer
from detectors.places.streets_abroad import StreetAbroadRecognizer
from detectors.places.whereabouts import WhereaboutsRecognizer


def recognizers() -> list[EntityRecognizer]:
    """One fresh instance of each, for Presidio's registry."""
    return [
        PlaceRecognizer(),
        WorldAddressRecognizer(),
        StreetAbroadRecognizer(),
        FacilityRecognizer(),
        HospitalLettersRecognizer(),
        WhereaboutsRecognizer(),
    ]
