"""All recognizers of the room, for whoever loads them: with them comes Presidio."""

from __future__ import annotations

from presidio_analyzer import EntityRecognizer

from detectors.patterns.addresses import CityLineRecognizer, StreetRecognizer
from detectors.patterns.ages import AgeRecognizer
from detectors.patterns.brief import BriefRecognizer
from detectors.patterns.charted import ChartedDayRecognizer
from detectors.patterns.codes import CodeRecognizer
from detectors.patterns.dates import NamedDateRecognizer, NumericDateRecognizer
from detectors.patterns.days import DayRecognizer
from detectors.patterns.elders import BirthYearRecognizer, ElderRecognizer
from detectors.patterns.handles import HandleRecognizer
from detectors.patterns.labelled import LabelledIdRecognizer
from detectors.patterns.network import MailAddressRecognizer, NetworkAddressRecognizer, WebAddressRecognizer
from detectors.patterns.numbers import (
    CardRecognizer,
    DeaRecognizer,
    MbiRecognizer,
    NpiRecognizer,
    SsnRecognizer,
    VinRecognizer,
)
from detectors.patterns.phones import PhoneNumberRecognizer
from detectors.patterns.plates import PlateRecognizer
from detectors.patterns.roads import RoadRecognizer
from detectors.patterns.serials import SerialRecognizer
from detectors.patterns.spanish_days import SpanishDayRecognizer
from detectors.patterns.spoken import SpokenRecognizer
from detectors.patterns.wallets import WalletRecognizer


def recognizers() -> list[EntityRecognizer]:
    """One fresh instance of each, for Presidio's registry."""
    return [
        SsnRecognizer(),
        MbiRecognizer(),
        NpiRecognizer(),
        DeaRecognizer(),
        CardRecognizer(),
        VinRecognizer(),
        PhoneNumberRecognizer(),
        MailAddressRecognizer(),
        WebAddressRecognizer(),
        NetworkAddressRecognizer(),
        HandleRecognizer(),
        NumericDateRecognizer(),
        NamedDateRecognizer(),
        DayRecognizer(),
        ChartedDayRecognizer(),
        SpanishDayRecognizer(),
        AgeRecognizer(),
        ElderRecognizer(),
        BirthYearRecognizer(),
        StreetRecognizer(),
        RoadRecognizer(),
        CityLineRecognizer(),
        LabelledIdRecognizer(),
        PlateRecognizer(),
        SerialRecognizer(),
        CodeRecognizer(),
        SpokenRecognizer(),
        WalletRecognizer(),
        BriefRecognizer(),
    ]
