"""Names in terse messages, told by a deed, a bed or a relation; tubes, tests and helpers in the same places."""

from __future__ import annotations

import time

import pytest

from detectors.names.messages.asked import LONGEST_CHARS
from detectors.names.messages.terse import TerseNameRecognizer
from tests.detectors.patterns.tables import SLOWEST_S, marked, slowest

RECOGNIZER = TerseNameRecognizer()
FOUND = (
    "miss ⟦day⟧ is late",
    "ms ⟦hope⟧ asking for you",
    "baby boy ⟦harrington⟧ apgars 8 9",
    "bg ⟦castellano⟧ bili 12",
    "to obs, attending ⟦Lamb⟧",
    "⟦Crystal Hand⟧/812.629.8008 wants a refill",
    "⟦Daisy Field⟧/4437781209/knee pain",
    "⟦norma stitt⟧/917-555-0148 re copay",
    "is ⟦do thi mai⟧ npo",
    "⟦Do Thi Mai⟧ bp 88/50",
    "pt ⟦An Le⟧ lab draw",
    "in the thread about ⟦French, Crystal⟧",
    "⟦Wright⟧ 07/23/1961 last tetanus",
    "⟦abbott⟧ 2a ⟦burke⟧ 2b ⟦cole⟧ 3a",
    "did ⟦rusty⟧ eat",
    "⟦justice⟧ needs labs",
    "mom ⟦zor⟧ in rm 3",
    "⟦jayden⟧ wants water",
    "⟦max⟧ n ⟦zoe⟧ both coughing",
    "ask if ⟦baker⟧ called back",
    "find out whether ⟦cooper⟧ has eaten",
    "⟦norris⟧ spiking 39.4",
    "⟦jack⟧ drinks daily",
    "⟦miles⟧ ran 3 miles then collapsed",
    "⟦summer⟧ gave birth at noon",
    "⟦Foley⟧ refused his foley",
    "⟦carter⟧ a1c 9.4 up from 8",
    "⟦wade⟧ broke his hip",
    "⟦Ng⟧ to cath lab",
    "can ⟦hayes⟧ shower with the drain",
    "ask ⟦baker⟧ to call back",
    "hold ⟦suttons⟧ heparin",
    "⟦bud⟧'s a1c was 11",
    "her niece ⟦dot⟧, from upstate",
    "i'm ⟦trish⟧ from billing",
    "did they tell ⟦Grace⟧ yet",
    "bed 9 ⟦schwartz⟧ bed 10 empty",
    "⟦Al⟧ and ⟦Ed⟧ share a room",
    "swap ⟦ortega⟧ and ⟦finch⟧ in the am",
    "1. ⟦patel⟧ 2. ⟦grant⟧ 3. ⟦kim⟧",
    "CONSULT GI FOR ⟦PERALTA⟧",
    "is ⟦thompson⟧ back from xray",
    "move ⟦burke⟧ to 22",
    "⟦Pham⟧ CHF exac, diurese",
    "⟦Hwang⟧/cellulitis/vanc",
    "overnight: ⟦Quinn⟧ fever",
    "wheres ⟦thompson⟧s chart",
    "⟦Murphy⟧ signs the form",
    "OR at 0700; ⟦Zorbano⟧ d/c today.",
    "rm 12 ⟦zorbmann⟧ nauseated, can i give zofran?",
    "too young for flonase, mom ⟦zorba⟧ worried",
    "note. ⟦Serge⟧'s landlord called",
    "spoke to the lab re INR, repeat Monday. ⟦Zorbav⟧",
    "⟦cook⟧ cant swallow",
    "⟦banks⟧ hasnt had a bm",
    "⟦bishop⟧ passed a stone",
    "⟦summer⟧ has strep again",
    "⟦june⟧ cancelled for the 4th",
    "⟦faith⟧ in rm 3 is vomiting",
    "⟦zorbanna⟧ 7yo asthma",
    "⟦o'dowd⟧ bp recheck",
    "⟦d'angelo⟧'s wife is here",
    "⟦Eun-ji⟧ w/ ⟦Hyun-woo⟧ for consult",
    "ok, ill tell ⟦marcus⟧",
    "thx ⟦lonnie⟧",
    "dad ⟦curt⟧ no phone",
    "move ⟦vink⟧ to the window bed and ⟦tate⟧ to 14",
    "⟦Banjeet⟧ and her husband are here",
    "Finn, formerly ⟦Gray⟧, changed the name",
    "⟦penny⟧ and ⟦rose⟧ are both here",
    "⟦pope⟧ is here for his shot",
    "⟦Uma⟧ bp 190/100",
    "⟦Zed⟧ refused his meds",
    "⟦stone⟧ has kidney pain",
    "who is on w ⟦quintero⟧",
    "⟦ekaterina⟧ in 4b is lonely",
    "⟦Bo⟧ is here",
)
LEFT = (
    "ask if insurance called back",
    "ask if transport is here",
    "foley needs changing",
    "foley pulled at noon",
    "walker needs a new tip",
    "patient fell in bathroom",
    "mom called about the rash",
    "son is here",
    "lunch refused",
    "diet stable",
    "may refuse",
    "will call",
    "can can get",
    "hold parkinsons meds",
    "hodgkins lymphoma",
    "baker's cyst",
    "wife may call",
    "son will be here",
    "may have Grace period",
    "gave her Tylenol",
    "went by Ambulance",
    "pain and nausea are worse",
    "bed 10 empty bed 11 clean",
    "1. cbc 2. bmp 3. mag",
    "1 tab 2 times",
    "CONSULT GI FOR BLEEDING",
    "NG to suction",
    "miss day shift",
    "bg high this am",
    "miss dose is late",
    "MS pain is worse",
    "ms drip is off",
    "baby boy born at 0300",
    "baby girl to nicu",
    "attending Rounds at 7",
    "resident Call room is full",
    "will call/443-778-1209",
    "pain score/12/04/2021",
    "pt Is Up in chair",
    "pt Not In room",
    "stool for Occult, Blood",
    "Flu 10/12/2023 given",
    "Labs 10/12/2023 reviewed",
    "grade 2b stage 3a",
    "group 2b level 4a",
    "does young age matter",
    "can june visits move",
    "pain n swelling",
    "room needs a bed",
    "mom is in rm 3",
    "nausea n vomiting today",
    "Do to cath lab",
    "serum k 4.1",
    "i'm sick again",
    "it's in the chart",
    "is foley still in",
    "is baker back on the shelf",
    "move bed to 22",
    "send tray to 4 west",
    "Possible CHF exac",
    "Fever/chills/cough",
    "doctors note",
    "parents room is full",
    "kids labs look fine",
    "Murphy signs negative",
    "foley d/c today",
    "rm 12 patient is asking",
    "mom very worried",
    "Patient's wife called",
    "Resident's daughter visited",
    "Take with food. Thanks",
    "Repeat the INR. Warfarin",
    "baby cant swallow",
    "patient hasnt had a bm",
    "clinic cancelled for snow",
    "pump in rm 3 is beeping",
    "unit has covid",
    "male 45yo here",
    "copd 67yo with cough",
    "ten o'clock meds given",
    "breathing is so-so",
    "page ortho",
    "thanks team",
    "tell dad",
    "drain to bulb and foley to bed bag",
    "Patient and her husband came",
    "formerly Smoker",
    "salt and water are both low",
    "Rep called about the pump",
    "the form is here for her",
    "Cat bit his hand",
    "pt in 4b is lonely",
    "knee has no pain",
    "who is on w vanc",
)


@pytest.mark.parametrize("example", FOUND)
def test_finds(example: str) -> None:
    text, spans = marked(example)
    covered = {i for m in RECOGNIZER.find(text) for i in range(m.start, m.end)}
    assert all(
        i in covered for a, b in spans for i in range(a, b) if text[i].isalpha() and i < b - text[a:b].endswith("s")
    )


@pytest.mark.parametrize("text", LEFT)
def test_leaves_look_alikes(text: str) -> None:
    assert [text[m.start : m.end] for m in RECOGNIZER.find(text)] == []


def test_a_page_is_no_message() -> None:
    message = "ask if baker called back"
    assert [*RECOGNIZER.find(message)]
    assert not [*RECOGNIZER.find(message + "\n" + "word " * (LONGEST_CHARS // 5))]


def test_hostile_text_takes_bounded_time() -> None:
    seconds, seed = slowest(RECOGNIZER)
    assert seconds < SLOWEST_S, seed


def test_the_longest_message_takes_bounded_time() -> None:
    for seed in ("if a ", "a'", "a-a ", "a's ", "1 a ", "bed 1 a ", "and a "):
        text = (seed * LONGEST_CHARS)[:LONGEST_CHARS]
        started = time.process_time()
        [*RECOGNIZER.find(text)]
        assert time.process_time() - started < SLOWEST_S, seed
