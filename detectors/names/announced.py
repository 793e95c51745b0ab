"""Names that something announces: a title, a credential, a relation, a salutation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detectors.dictionaries.lexicon import is_city, is_clinical_word, word_set
from detectors.names.cues import CREDENTIALS, NAMED, NOT_SALUTED, STATE_LIKE, SUFFIXES, TITLES
from detectors.names.runs import LONGEST, SURE, announced_run, has_comma, in_lexicon, only_common, person, run_at
from detectors.names.tokens import PARTICLES, Word
from detectors.patterns.base import Match

_MARKS = frozenset(",:(-\"\u201c\u201d'")
"""What may stand between a relation and the name."""


_SITES = word_set(
    """
    skin scalp face cheek nose ear lip eyelid neck chest breast axilla arm forearm elbow wrist hand finger thumb back
    shoulder abdomen groin hip thigh knee leg ankle foot toe heel nail bone marrow muscle fat fascia tendon nerve artery
    vein node nodes sentinel colon cecum rectum sigmoid ileum jejunum duodenum stomach antrum fundus esophagus appendix
    gallbladder liver spleen pancreas kidney ureter bladder prostate testis penis uterus cervix ovary ovaries fallopian
    endometrium endocervix ectocervix vulva vagina placenta cord lung bronchus trachea pleura larynx tongue tonsil
    tonsils palate thyroid parathyroid adrenal pituitary brain meninges heart valve polyp mass lesion cyst tumor margin
    biopsy specimen tissue fluid urine sputum blood stool csf left right upper lower anterior posterior superior
    inferior lateral medial proximal distal deep part container cassette block slide jar bottle tube ascending
    descending transverse hepatic splenic flexure terminal random products hernia sac omentum peritoneum mesentery anus
    """
)
"""What a container is labelled with beside a name."""


def on_specimen(tokens: Sequence[Word], i: int) -> Iterator[Match]:
    """The name on a container: 'labeled "Marchetti, gallbladder"'. Parts and sites stand there alone as often."""
    if i + 2 >= len(tokens) or tokens[i + 1].text not in '"\u201c\u201d' or not tokens[i + 1].near:
        return
    first = tokens[i + 2]
    after = tokens[i + 3].text if i + 3 < len(tokens) else ""
    known = first.given is not None or first.surname is not None
    plain = first.common and not (known and after == ",")
    if first.capital and len(first.text) > 1 and first.low not in _SITES and not plain:
        run = announced_run(tokens, i + 2, across_comma=True) or [first]
        given = tokens[i + 4 : i + 5] if after == "," and len(run) == 1 else []
        if given and given[0].capital and given[0].given is not None and given[0].low not in _SITES:
            run = [first, *given]
        yield person(run, 0.8)


def titled(tokens: Sequence[Word], i: int) -> Iterator[Match]:
    after = i + 1
    # "Mr. and Mrs. Hall": the first title borrows the name of the second. "Dr" after a house number is a drive.
    if (
        tokens[i].low in ("dr", "st")
        and any(t.text[:1].isdigit() for t in tokens[max(0, i - 4) : i])
        and i
        and tokens[i].near
        and tokens[i - 1].capital
        and tokens[i - 1].low != "dear"
    ):
        return
    while after < min(len(tokens), i + LONGEST) and tokens[after].low in TITLES and tokens[after].capital:
        after += 1
    if after >= len(tokens) or not (tokens[after].near or (tokens[after].fresh_line and tokens[after - 1].dotted)):
        return
    first = tokens[after]
    run = announced_run(tokens, after)
    if (
        not run
        and first.capital
        and len(first.text) > 1
        and first.low not in NOT_SALUTED
        and (tokens[i].dotted or first.surname)
    ):
        # Whoever is titled is a person, even where the surname is an ordinary word.
        run = [first]
    if not run and (first.given or (first.surname or 1 << 30) < 20_000) and not first.common and tokens[i].dotted:
        run = [first]
    if len(run) == 1 and run[0].given and not run[0].dotted:
        # "Dr. Justin Beet": behind a given name an ordinary word is the surname.
        last = tokens[after + 1] if after + 1 < len(tokens) else None
        if (
            last is not None
            and last.near
            and last.shape == "Title"
            and not is_clinical_word(last.text)
            and last.surname
        ):
            run = [*run, last]
    if run and any(len(word.text) > 1 for word in run):
        doubtful = all(word.is_initial or word.weight == 0 or word.common for word in run)
        shouted = tokens[i].shape == "UPPER" and not tokens[i].dotted
        if doubtful and shouted and not any((word.surname or 1 << 30) <= 2000 for word in run):
            return
        yield person(run, 0.9)


def spelled_credential(tokens: Sequence[Word], i: int) -> bool:
    """M.D., R.N., D.O., Ph.D.: letters each with a full stop; seen at the first of them."""
    letters = "".join(t.text for t in tokens[i : i + 3] if len(t.text) == 1 and t.dotted).lower()
    return tokens[i].dotted and (letters in CREDENTIALS or letters[:2] in ("md", "rn", "do", "pa", "np"))


def credentialed(tokens: Sequence[Word], i: int) -> Iterator[Match]:
    low = tokens[i].low
    if (
        len(low) > 1
        and tokens[i].text != tokens[i].text.upper()
        and low not in ("pharmd", "phd", "psyd", "esq", "pa-c", "mbchb")
    ):
        return
    j = i - 1
    comma = j >= 0 and tokens[j].text == "," and tokens[i].near
    if comma:
        j -= 1
    elif not tokens[i].near:
        return
    run: list[Word] = []
    while j >= 0 and len(run) < LONGEST:
        token = tokens[j]
        stop = token.dotted and not token.is_initial and token.low not in SUFFIXES
        if (
            (
                token.text == ","
                and run
                and not has_comma(run)
                and j
                and tokens[j - 1].capital
                and tokens[j - 1].weight > 0
            )
            or (not stop and (token.is_initial or (token.capital and token.weight > 0)))
            or (run and token.low in PARTICLES)
        ):
            run.append(token)
        else:
            break
        if not token.near:
            break
        j -= 1
    run.reverse()
    while run and (run[0].text == "," or run[0].low in TITLES):
        run.pop(0)
    names = [word for word in run if len(word.text) > 1]
    if all(word.low in CREDENTIALS and word.shape == "UPPER" and word.surname is None for word in names):
        return  # none, or further credentials: "OT SLP consults"
    strong = max(word.weight for word in names) >= SURE
    lone_city = (
        len(names) == 1 and low in STATE_LIKE and is_city(names[0].text) and (names[0].surname or 1 << 30) > 3000
    )
    zip_follows = i + 1 < len(tokens) and tokens[i + 1].text.isdigit() and low in STATE_LIKE
    if lone_city or (zip_follows and comma) or (low in STATE_LIKE and not comma and not in_lexicon(run)):
        return
    if (
        strong
        or (comma and not only_common(names))
        or (comma and low in ("md", "rn", "phd", "dds", "crna") and any(w.surname for w in names))
    ):
        yield person(run, 0.9 if comma else 0.75)


def related(tokens: Sequence[Word], i: int) -> Iterator[Match]:
    j, loud = i + 1, tokens[i].shape == "UPPER"
    marked = False
    while j < len(tokens) and j - i <= 3 and (tokens[j].text in _MARKS or tokens[j].low in NAMED):
        marked = marked or tokens[j].text in _MARKS - {"-"} or tokens[j].low in ("named", "called")
        j += 1
    if j >= len(tokens) or tokens[j - 1].dotted or not (tokens[j].near or marked):
        return
    run = announced_run(tokens, j)
    plain = tokens[j]
    label = plain.common and j + 1 < len(tokens) and tokens[j + 1].text == ":"
    if not run and tokens[i].shape == "lower" and _odd_name(plain) and not label:
        # "her son Caspian": a capital in mid-sentence after a relation is a name, though a word of the dictionary.
        yield person([plain], 0.5)
        return
    if not run or max(word.weight for word in run) < SURE or len(run[0].text) == 1:
        return
    if loud or tokens[i].capital:
        # In capitals every word looks like a name: only the lexicon counts.
        if in_lexicon(run):
            yield person(run, 0.7)
        elif not loud and run[0].shape == "Title" and not (run[0].common or is_clinical_word(run[0].text)):
            yield person(run, 0.45)
        return
    yield person(run, 0.8 if in_lexicon(run) else 0.6)


def _odd_name(word: Word) -> bool:
    known = (word.given or word.surname) is not None
    return word.shape == "Title" and len(word.text) > 2 and (known or not is_clinical_word(word.text))


def saluted(tokens: Sequence[Word], i: int) -> Iterator[Match]:
    j = i + 1
    while j < len(tokens) and tokens[j].low in TITLES:
        j += 1
    if j < len(tokens) and tokens[j].near and tokens[j].capital and tokens[j].low not in NOT_SALUTED:
        run = run_at(tokens, j) or [tokens[j]]
        yield person(run, 0.85)
