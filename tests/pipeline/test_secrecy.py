"""What the attacker is told to hunt, and what it may read."""

from __future__ import annotations

from dataclasses import replace

from detectors.findings import Finding, Kind, Layer, Owner, Span
from detectors.geometry import Quad
from detectors.pages import PageReading, Word
from policies import profile as profiles
from policies.decisions import Action, Decision
from streams.pipeline.secrecy import UnlessKept, repeats, secrets_of


def page(*lines: str) -> PageReading:
    words: list[Word] = []
    text = ""
    for row, line in enumerate(lines):
        for column, word in enumerate(line.split()):
            text += ("\n" if column == 0 else " ") if text else ""
            left, top = 90 * column, 30 * row
            box = Quad(((left, top), (left + 80, top), (left + 80, top + 20), (left, top + 20)))
            words.append(Word(word, 90.0, box, row, len(text), len(text) + len(word)))
            text += word
    return PageReading(1_000, 1_000, 200.0, tuple(words), text, "double-1")


def decision(reading: PageReading, value: str, kind: Kind, action: Action = Action.BURN, rule: str = "r") -> Decision:
    start = reading.text.index(value)
    span = Span(start, start + len(value), kind, 1.0, Layer.PATTERN)
    words = reading.words_in(span.start, span.end)
    regions = tuple(reading.words[w].region for w in words)
    return Decision(Finding(0, kind, 1.0, Layer.PATTERN, regions, words, span), action, rule)


READING = page("Patient Ottilie Brannigan", "Contact Casimir Brannigan", "SSN 517-48-2931 age 91 Li", "in Portland")


def values(decisions: list[Decision]) -> set[str]:
    return {secret.value for secret in secrets_of([READING], decisions)}


def test_what_is_burned_is_secret_once() -> None:
    ssn = decision(READING, "517-48-2931", Kind.SSN)
    assert values([ssn, ssn]) == {"517-48-2931"}
    assert values([decision(READING, "517-48-2931", Kind.SSN, Action.TOKENIZE)]) == {"517-48-2931"}


def test_what_is_kept_too_short_or_of_no_telling_kind_is_not() -> None:
    assert values([decision(READING, "517-48-2931", Kind.SSN, Action.KEEP)]) == set()
    assert values([decision(READING, "Li", Kind.PERSON)]) == set()
    assert values([decision(READING, "91", Kind.AGE_OVER_89)]) == set()
    assert values([decision(READING, "Portland", Kind.CITY)]) == set()


def test_a_repetition_is_no_new_secret() -> None:
    assert values([decision(READING, "Brannigan", Kind.PERSON, rule="repeated")]) == set()


def test_an_attackers_guess_at_a_word_of_running_text_is_no_secret() -> None:
    def guess(value: str) -> Decision:
        found = decision(READING, value, Kind.PERSON)
        return replace(found, finding=replace(found.finding, layer=Layer.ATTACKER))

    assert values([guess("ontact")]) == set()
    assert values([guess("Casimir")]) == {"Casimir"}
    assert values([decision(READING, "ontact", Kind.PERSON)]) == {"ontact"}


def test_a_common_word_that_was_taken_for_a_name_is_no_secret() -> None:
    form = page("Results of Baker and Rose", "results should be read together")

    def hunted(layer: Layer) -> set[str]:
        found = [decision(form, word, Kind.PERSON) for word in ("Results", "Baker", "Rose")]
        found = [replace(each, finding=replace(each.finding, layer=layer)) for each in found]
        return {secret.value for secret in secrets_of([form], found)}

    assert hunted(Layer.NER) == hunted(Layer.DICTIONARY) == {"Baker", "Rose"}
    assert hunted(Layer.LABEL) == hunted(Layer.PATIENT) == {"Results", "Baker", "Rose"}


def test_common_words_beside_a_number_and_guesses_at_several_are_no_secrets() -> None:
    form = page(
        "(803) 493-1196 There was", "A family history of Baker Law", "Account no. 4417-20933", "clinic Keep@home"
    )

    def hunted(value: str, kind: Kind, layer: Layer) -> set[str]:
        found = decision(form, value, kind)
        found = replace(found, finding=replace(found.finding, layer=layer))
        return {secret.value for secret in secrets_of([form], [found])}

    assert hunted("There", Kind.PHONE, Layer.VISUAL) == hunted("A family", Kind.PERSON, Layer.ATTACKER) == set()
    assert hunted("clinic", Kind.STREET, Layer.ATTACKER) == set()
    assert hunted("493-1196", Kind.PHONE, Layer.VISUAL) == {"493-1196"}
    assert hunted("493-1196", Kind.PHONE, Layer.ATTACKER) == {"493-1196"}
    assert hunted("Baker Law", Kind.PERSON, Layer.NER) == {"Baker Law"}
    assert hunted("Keep@home", Kind.EMAIL, Layer.ATTACKER) == {"Keep@home"}
    assert hunted("There", Kind.PHONE, Layer.LABEL) == {"There"}


def test_secrets_do_not_print_themselves() -> None:
    assert "517" not in repr(secrets_of([READING], [decision(READING, "517-48-2931", Kind.SSN)]))


def test_a_value_that_stands_again_is_burned_there_too() -> None:
    first = page("SSN 517-48-2931")
    second = page("as said 517-48-2931 before")
    acts_on = UnlessKept(profiles.load("maximal"), frozenset())
    found = repeats([first, second], [decision(first, "517-48-2931", Kind.SSN)], acts_on)
    assert [(d.finding.page, d.finding.words, d.action) for d in found] == [(1, (2,), Action.BURN)]
    decisions = [decision(first, "517-48-2931", Kind.SSN), *found]
    assert repeats([first, second], decisions, acts_on) == []


def test_the_age_that_is_kept_is_kept_with_the_words_around_it() -> None:
    seen = page("a 100-year-old man of Unit 98")
    kept = [decision(seen, "100", Kind.AGE_OVER_89, Action.KEEP), decision(seen, "98", Kind.STREET, Action.KEEP)]
    acts_on = UnlessKept.of(profiles.load("roi-authorization"), [seen], kept)
    assert not acts_on(Kind.AGE_OVER_89, Owner.UNKNOWN, "100-year-old")
    assert acts_on(Kind.AGE_OVER_89, Owner.UNKNOWN, "98-year-old"), "no age was kept of that figure"
    assert acts_on(Kind.AGE_OVER_89, Owner.UNKNOWN, "100 and 101 years")
    assert acts_on(Kind.STREET, Owner.UNKNOWN, "100 Elm St")


def test_what_the_profile_keeps_is_not_burned_for_repeating_another() -> None:
    """The relative's surname is the patient's: the patient's own stays."""
    profile = profiles.load("roi-authorization")
    kept = decision(READING, "Ottilie Brannigan", Kind.PERSON, Action.KEEP)
    burned = decision(READING, "Casimir Brannigan", Kind.PERSON)
    acts_on = UnlessKept.of(profile, [READING], [kept, burned])
    assert repeats([READING], [kept, burned], acts_on) == []
    assert not acts_on(Kind.PERSON, Owner.UNKNOWN, "BRANNIGAN, Ottilie")
    assert acts_on(Kind.PERSON, Owner.UNKNOWN, "Casimir Brannigan")
    assert acts_on(Kind.PERSON, Owner.UNKNOWN, "...")
