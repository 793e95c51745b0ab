"""Whether a text denies what it mentions: only where nothing but a list stands between the denial and the mention.

A denial of something else says nothing of what follows it ("no known allergies and takes Suboxone", "not able to work
because of schizophrenia"), so a verb or any word that is not of such lists ends it. In doubt it is no denial.
"""

from __future__ import annotations

import re
from typing import Final

_REACH: Final = 100
_ITEM: Final = (
    r"(?:tobacco|alcohol|etoh|drugs?|substances?|illicit|recreational|street|intravenous|iv|ivdu|smoking|nicotine|vaping"
    r"|cigarettes?|marijuana|cannabis|thc|cocaine|heroin|opioids?|opiates?|narcotics?|methamphetamines?|meth"
    r"|amphetamines?|benzodiazepines?|use|abuse|misuse|dependence|addiction|overdoses?|suicidal|suicidality|suicide"
    r"|homicidal|ideations?|thoughts?|attempts?|plans?|intent|si|hi|self|harm|auditory|visual|hallucinations?|delusions?"
    r"|depression|depressed|mood|anxiety|anxious|mania|manic|psychosis|paranoia|panic|ptsd|bipolar|disorders?|schizophrenia"
    r"|drinks?|drinking|smokes?|smoking|insomnia|stress|hopelessness|anhedonia|pregnanc(?:y|ies)|miscarriages?|abortions?|stds?|stis?|hiv|hepatitis)"
)
_PLAIN: Final = (
    r"(?:a|an|any|the|prior|previous|past|known|personal|reported|family|history|hx|of|use|evidence|signs?|symptoms?|for"
    r"|to|on|used?|using|drink(?:s|ing)?|drank|smoked?|feeling|felt|been|having|had|ever)"
)
"""What may stand right behind the denial, or behind an "or" of its list."""
_LIST: Final = rf"(?:{_PLAIN}\s+)*(?:{_ITEM}(?:[\s/-]{{1,3}}{_ITEM}){{0,3}}(?P<join>"
_OR: Final = rf"\s*,?\s+(?:or|nor)\s+(?:{_PLAIN}\s+)*|\s*/\s*"
_ASKED: Final = re.compile(
    rf"(?<![^\W_])(?:denie[sd]|denying|negative for|neg for)\s+{_LIST}{_OR}|\s*,?\s+and\s+|\s*,\s*)){{0,8}}"
    rf"(?:{_ITEM}[\s/-]{{1,3}}){{0,3}}$",
    re.I,
)
"""What was asked for is a list to its end, commas and all."""
_NONE: Final = re.compile(
    rf"(?<![^\W_])(?:no|not|without|never|nor|absence of|rules? out|ruled out)\s+{_LIST}{_OR})){{0,8}}"
    rf"(?:{_ITEM}[\s/-]{{1,3}}){{0,3}}$",
    re.I,
)
"""Behind a bare "no" a comma may begin what is so."""
_BEHIND: Final = re.compile(
    r"(?:\s+(?:use|abuse|misuse|history|hx|review))?\s{0,2}[:\-–=]\s{0,2}"
    r"(?:patient |pt )?(?:denie[sd]|none|negative|neg|never|no|not present|normal)\s*(?=[.;|\n]|$)",
    re.I,
)
"""The answer to a label, and nothing behind it on the line."""
_HELD: Final = re.compile(
    rf"(?:(?:{_ITEM}|or|and)\s+){{0,4}}(?:ideations?|thoughts?|episodes?|use|abuse|misuse|intent|plans?|hallucinations?|delusions?"
    r"|depression|anxiety|mania|paranoia)\s+(?:(?:is|was|are|were)\s+)?denied\s*(?=[.;\n]|$)",
    re.I,
)
"""What is denied by whom it is told of; a drug or a treatment is denied by an insurer."""
_OPENS: Final = re.compile(
    rf"\s*(?:(?:any|current|active|prior|recent|past|all)\s+)?(?:{_ITEM}(?:\s*[/,]\s*|\s+)(?:(?:or|and)\s+)?){{0,4}}",
    re.I,
)


def denied(text: str, sentence: tuple[int, int], start: int, end: int) -> bool:
    """Whether the sentence, all half-open offsets, denies what stands at `start` to `end`."""
    before = text[max(sentence[0], start - _REACH) : start]
    if _OPENS.fullmatch(before) and _HELD.match(text, start, sentence[1]):
        return True
    return bool(_ASKED.search(before) or _NONE.search(before) or _BEHIND.match(text, end, sentence[1]))
