"""What is written into pictures and tells nobody, and what only looks like it."""

from __future__ import annotations

import pytest

from detectors.words.on_pictures import is_thread, tells_nobody


@pytest.mark.parametrize(
    "line",
    ["L", "R", "AP", "AP ERECT", "SUPINE PORTABLE", "MI 1.1", "MI: 1.1 TIS <0.4", "120 kV", "120kVp 5mAs", "5 cm",
     "WL: 40 WW: 400", "Gn 60", "3.5MHz", "Z: 1.2", "7", "WW 400", "16 cm 48 Hz", "R LAT",
     "RT 48 Hz", "48Hz RT", "RT: 32 Hz", "Hz 48", "mA 250", "250 mA", "120 kVp 250 mA", "kVp: 120 mA: 250",
     "RT 120 kVp", "Depth 16.0 cm", "SID 180 cm", "MI 1.2 TIS 0.4 RT 48Hz", "0.12 mGy", "Frq 3.5 MHz",
     "WW: 2048 WL: 40", "TR 3000 TE 90", "EI 1450 120 kV",
     "TR 6500 TE 90", "WL 40 WW 4095", "120 kV, 5 mAs", "MI 1.1, TIS 0.4", "120 kVp. 16 cm."],
)  # fmt: skip
def test_markers_and_settings(line: str) -> None:
    assert tells_nobody(line.split())


@pytest.mark.parametrize(
    "line",
    ["LO", "LR Jones", "AP 12", "R 4521", "MI 19610304", "45Y M", "045Y", "12 05 61", "1961", "61", "Gn Lo",
     "L. Moe", "120 kV Banks", "03/04/61", "14:32", "14:32:07", "WL 40400", "Head J", "ANT Ng", "C1-5 Bo", "1.1 MI Lo",
     "Z1234567", "DEP 4471923", "1.2.840",
     "LONG, R", "L. Long", "HEAD, L.", "POST, LONG", "Dr. Ma", "Dr. Z. Ma", "MA, TI", "W 71", "TI 12 03 71",
     "MA 03.12 71", "DR 12:03:71", "TE 217 555", "C 123 456 789",
     "RT 45", "RT: JM", "RT JM", "RT(R) Moe", "RT 48 Hz Moe", "RT. Moe 48 Hz", "Sid 45", "Power 45", "MA RT 45", "45M",
     "TR 1961", "WW 2001", "WW 40400", "MI 4471", "EI 1450 1961", "RT 4471", "Hz", "RT mA", "Angle, RT",
     "WL 7731 WW 40", "EI 8842 120 kV", "WW 5001 WL 40", "TR 0461 TE 90", "RT. 48 Hz", "Sid, 180 cm",
     "RT, Sid 48 Hz", "Dr. 48 mm", "Left, Hr 48 Hz", "Ma, 48 mm", "Gill. 48 mm", "TI. 12", "48 mm Dr.", "MA, TI 48 mm",
     "(Dr). 48 mm", "RT ,Sid 48 Hz", "RT , Sid 48 Hz"],
)  # fmt: skip
def test_what_may_tell_somebody(line: str) -> None:
    assert not tells_nobody(line.split())


@pytest.mark.parametrize(
    ("words", "is_one"),
    [(["mmm"], True), (["mn", "uu"], True), (["m"], False), (["Mum"], False), (["Nu", "mm4"], False)],
)
def test_threads_of_screws(words: list[str], is_one: bool) -> None:
    assert is_thread(words) == is_one
