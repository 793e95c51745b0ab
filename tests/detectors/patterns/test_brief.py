"""Numbers, days and addresses of terse messages, wallets, account names; doses, results and counts beside them."""

from __future__ import annotations

import time

import pytest

from detectors.patterns.base import TextRecognizer
from detectors.patterns.brief import LONGEST_CHARS, BriefRecognizer
from detectors.patterns.dates import NamedDateRecognizer
from detectors.patterns.handles import HandleRecognizer
from detectors.patterns.network import MailAddressRecognizer, NetworkAddressRecognizer
from detectors.patterns.phones import PhoneNumberRecognizer
from detectors.patterns.wallets import WalletRecognizer
from tests.detectors.patterns.tables import SLOWEST_S, marked, slowest

BRIEF = BriefRecognizer()
FOUND: tuple[tuple[TextRecognizer, str], ...] = (
    *(
        (BRIEF, example)
        for example in (
            "policy ⟦W2291 88301⟧ lapsed",
            "bcbs card grp ⟦70021⟧",
            "ref ⟦4471PK⟧",
            "Trevor/⟦02/06/1998/95474385⟧ needs a sitter",
            "Hand/⟦4437781209⟧/knee pain",
            "pt⟦5519207⟧ needs a consult",
            "sends from ⟦b.k.lund at proton dot me⟧",
            "ins id ⟦xyz 882 119 004⟧",
            "⟦36776⟧ which lab is closest",
            "closest clinic to ⟦97203⟧?",
            "pacer ⟦PVX438221⟧ recalled",
            "ssn ending ⟦9981⟧, call back",
            "card on file ends ⟦4242⟧",
            "x⟦4471⟧ ask for the clerk",
            "mail is ⟦big_ron77 at gmail dot com⟧",
            "blue ford ⟦BXR 4471⟧ blocking ems",
            "dnr signed ⟦2-11⟧",
            "court date ⟦1.16⟧",
            "card 12, expiring ⟦01/34⟧.",
            "⟦07.XII.2021⟧ tetanus",
            "not to come in ⟦the 23rd⟧",
            "missed clinic ⟦tues 14th⟧",
            "fell last ⟦xmas eve⟧",
            "teams me ⟦dkowalski2⟧",
            "logs in as ⟦mgarcia7⟧",
            "bethel ak ⟦99559⟧",
            "hes ⟦94⟧ and wont use the walker",
            "she will be ⟦101⟧ next week",
        )
    ),
    (NamedDateRecognizer(), "since the accident on the ⟦12th of may⟧"),
    (WalletRecognizer(), "wallet ⟦bc1q7s3fhham4h5ztqrhkkteqawdtjc58g86wwzecy⟧."),
    (WalletRecognizer(), "to ⟦0x20747f6f5d6422f677adb1af12efab41f446d14b⟧"),
    (WalletRecognizer(), "pay ⟦1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2⟧ today"),
    (HandleRecognizer(), "My username is ⟦jkelly⟧ and I can't log in."),
    (NetworkAddressRecognizer(), "Server ⟦78.145.45.138⟧ holds the images"),
    (MailAddressRecognizer(), "Portal address ⟦lindgren _o@inbox.co⟧ or"),
    (MailAddressRecognizer(), "mail ⟦lindgren_ o@inbox.co⟧ or"),
    (PhoneNumberRecognizer(), "his wife, ⟦(0114) 4960412⟧."),
    (PhoneNumberRecognizer(), "or extension ⟦4471⟧."),
    (PhoneNumberRecognizer(), "the desk is ext. ⟦212⟧."),
    (PhoneNumberRecognizer(), "extension ⟦180⟧ for the ward clerk"),
    (BRIEF, "mail ⟦bertil dot tate at harbor dot org⟧ please"),
    (BRIEF, "mail ⟦b dot j dot tate at harbor dot org⟧ please"),
    (MailAddressRecognizer(), "write ⟦folasade (dot) w (at) example (dot) net⟧ or call"),
    (MailAddressRecognizer(), "write ⟦f [dot] w[dot]b [at] mail [dot] example [dot] net⟧ or call"),
)
LEFT: tuple[tuple[TextRecognizer, str], ...] = (
    *(
        (BRIEF, text)
        for text in (
            "policy 2021 changed",
            "heparin IU/1000000 units",
            "RNA/1200000 copies",
            "CBC/BMP/12 labs",
            "pt12.5 inr 1.1",
            "pt120 ml out",
            "labs/200000 plts",
            "look at the dot me and him",
            "member no. of the 1200 team",
            "20000 steps which is good",
            "labs in 10000 patients",
            "group of 12 patients",
            "group therapy at 10",
            "claim denied 3 times",
            "ref range 3.5 to 5.0",
            "order 4 units of blood",
            "order 20000 units heparin",
            "serial 12 lead ecg",
            "ssn on file",
            "ends 2200 shift",
            "x10 reps",
            "x2000 mg sodium diet",
            "x1000 units",
            "at gmail we",
            "ford maneuver 90",
            "due 2-3 weeks",
            "last 3-4 days of cough",
            "exp wheeze 3/6",
            "seen 2-3 times",
            "started 5-10 mg",
            "stopped 1-2 days ago",
            "on the 2nd dose",
            "fracture of the 5th metatarsal",
            "in the 1st",
            "sat 2nd in line",
            "cpt 99213 or 99214",
            "follow me up 2",
            "message b12",
            "she is 99.1 today",
            "hes 94 on room air",
            "sat is 94 and stable",
            "i'm 94 kg now",
        )
    ),
    (NamedDateRecognizer(), "the 2nd may need repair"),
    (WalletRecognizer(), "0x20747f6f5d6422f677"),
    (MailAddressRecognizer(), "a _ b and @ rest"),
    (WalletRecognizer(), "1234567891234567891234567891"),
    (WalletRecognizer(), "LACTOBACILLUSACIDOPHILUSDDS1PLUS"),
    (HandleRecognizer(), "My username is not working."),
    (HandleRecognizer(), "the login is locked."),
    (HandleRecognizer(), "user id is required."),
    (NetworkAddressRecognizer(), "ver 7.14.4.1 of the pump"),
    (PhoneNumberRecognizer(), "flexion 20, extension 170 degrees"),
    (PhoneNumberRecognizer(), "knee extension 175°."),
    (PhoneNumberRecognizer(), "hip flexion 120, extension 150."),
    (PhoneNumberRecognizer(), "wrist extension: 120."),
    (PhoneNumberRecognizer(), "extension 4471.5"),
    (PhoneNumberRecognizer(), "ext 120/80"),
    (BRIEF, "a dot plot at baseline dot by dot"),
    (MailAddressRecognizer(), "press (dot) to end (at) the desk"),
)


@pytest.mark.parametrize(("recognizer", "example"), FOUND)
def test_finds(recognizer: TextRecognizer, example: str) -> None:
    text, spans = marked(example)
    covered = {i for m in recognizer.find(text) for i in range(m.start, m.end)}
    assert all(i in covered for a, b in spans for i in range(a, b) if text[i].isalnum())


@pytest.mark.parametrize(("recognizer", "text"), LEFT)
def test_leaves_look_alikes(recognizer: TextRecognizer, text: str) -> None:
    assert [text[m.start : m.end] for m in recognizer.find(text)] == []


def test_a_page_is_no_message() -> None:
    message = "ssn ending 9981"
    assert [*BRIEF.find(message)]
    assert not [*BRIEF.find(message + "\n" + "word " * (LONGEST_CHARS // 5))]


@pytest.mark.parametrize("recognizer", [BRIEF, WalletRecognizer()])
def test_hostile_text_takes_bounded_time(recognizer: TextRecognizer) -> None:
    seconds, seed = slowest(recognizer)
    assert seconds < SLOWEST_S, seed


def test_the_longest_message_takes_bounded_time() -> None:
    for seed in ("card a ", "x1", "a at ", "ref 1-", "a dot ", "policy 11 ", "1 111 "):
        text = (seed * LONGEST_CHARS)[:LONGEST_CHARS]
        started = time.process_time()
        [*BRIEF.find(text)]
        assert time.process_time() - started < SLOWEST_S, seed
