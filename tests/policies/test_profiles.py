"""Every profile says one thing of every kind and owner, and says it with a reason; decided by example."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import pytest
import yaml

from detectors.errors import Reason, RedoubtError
from detectors.findings import Finding, Kind, Layer, Owner
from detectors.geometry import Box, Quad
from policies import profile
from policies.decisions import Action
from policies.tokens.tokenizer import TokenType
from policies.values import dates
from policies.values.generalise import ZERO_PREFIXES
from policies.values.shift import Shift

ROOT = Path(__file__).parents[2]
NAMES = (
    "analytics",
    "hipaa-safe-harbor",
    "hipaa-safe-harbor-coded",
    "limited-data-set",
    "maximal",
    "part2-sud",
    "research",
    "roi-authorization",
    "roi-patient-access",
    "strict",
)


def finding(kind: Kind, owner: Owner) -> Finding:
    return Finding(0, kind, 1.0, Layer.PATTERN, (Quad.of(Box(0, 0, 10, 10)),), (), None, owner)


def content(name: str) -> Any:
    return yaml.safe_load((ROOT / "policies" / "profiles" / f"{name}.yaml").read_text(encoding="utf-8"))


def test_the_profiles_that_there_are() -> None:
    assert profile.names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_kind_and_owner_has_a_rule_with_reason_and_source(name: str) -> None:
    loaded = profile.load(name)
    for kind in Kind:
        for owner in Owner:
            rule = loaded.rule(kind, owner)
            assert rule.reason
            assert "CFR" in rule.source
            decision = loaded.decide(finding(kind, owner), "Xy")
            assert decision.rule
            assert (decision.action is not Action.KEEP) == loaded.acts_on(kind, owner, "Xy")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", [Kind.UNREADABLE, Kind.INK, Kind.REDACTION])
def test_what_cannot_be_read_is_burned(name: str, kind: Kind) -> None:
    assert all(profile.load(name).decide(finding(kind, o), "").action is Action.BURN for o in Owner)


K, B, T, G = Action.KEEP, Action.BURN, Action.TOKENIZE, Action.GENERALISE
P, R, D, U = Owner.PATIENT, Owner.RELATIVE, Owner.PROVIDER, Owner.UNKNOWN


@pytest.mark.parametrize(
    ("name", "kind", "owner", "text", "action"),
    [
        ("roi-authorization", Kind.PERSON, P, "Maria Kovacs", K),
        ("roi-authorization", Kind.MRN, P, "00123", K),
        ("roi-authorization", Kind.STREET, P, "1 Elm St", K),
        ("roi-authorization", Kind.PERSON, R, "Ana Kovacs", B),
        ("roi-authorization", Kind.DATE, R, "3/4/1950", B),
        ("roi-authorization", Kind.PERSON, U, "Joe Doe", B),
        ("roi-authorization", Kind.PHONE, U, "555-0100", B),
        ("roi-authorization", Kind.MRN, U, "99", B),
        ("roi-authorization", Kind.PERSON, D, "Dr Hu", K),
        ("roi-authorization", Kind.DEA, D, "AB1234563", B),
        ("roi-authorization", Kind.DATE, U, "3/4/2021", K),
        ("roi-authorization", Kind.BIRTH_DATE, P, "3/4/1961", K),
        ("roi-authorization", Kind.BIRTH_DATE, U, "3/4/1961", B),
        ("roi-authorization", Kind.BIRTH_DATE, D, "3/4/1961", B),
        ("roi-authorization", Kind.AGE, U, "45", K),
        ("roi-authorization", Kind.AGE, R, "45", B),
        ("roi-authorization", Kind.AGE_OVER_89, P, "93", K),
        ("roi-authorization", Kind.AGE_OVER_89, U, "93", B),
        ("roi-authorization", Kind.AGE, U, "93", B),
        ("roi-patient-access", Kind.BIRTH_DATE, U, "3/4/1961", B),
        ("roi-patient-access", Kind.AGE_OVER_89, U, "93", B),
        ("part2-sud", Kind.BIRTH_DATE, U, "3/4/1961", B),
        ("hipaa-safe-harbor", Kind.BIRTH_DATE, P, "3/4/1961", G),
        ("hipaa-safe-harbor", Kind.BIRTH_DATE, U, "1961", K),
        ("hipaa-safe-harbor", Kind.BIRTH_DATE, U, "1931", G),
        ("limited-data-set", Kind.BIRTH_DATE, P, "3/4/1961", K),
        ("analytics", Kind.BIRTH_DATE, P, "3/4/1961", G),
        ("roi-authorization", Kind.FACILITY, U, "St Elsewhere", K),
        ("roi-patient-access", Kind.PERSON, R, "Ana Kovacs", K),
        ("roi-patient-access", Kind.PERSON, U, "Joe Doe", B),
        ("roi-patient-access", Kind.SSN, U, "1", B),
        ("part2-sud", Kind.PERSON, U, "Joe Doe", B),
        ("part2-sud", Kind.PERSON, P, "Maria Kovacs", K),
        ("hipaa-safe-harbor", Kind.PERSON, D, "Dr Hu", B),
        ("hipaa-safe-harbor", Kind.FACILITY, U, "St Elsewhere", B),
        ("hipaa-safe-harbor", Kind.DATE, U, "3/4/2021", G),
        ("hipaa-safe-harbor", Kind.DATE, U, "2021", K),
        ("hipaa-safe-harbor", Kind.DATE, U, "1931", G),
        ("hipaa-safe-harbor", Kind.AGE, U, "45", K),
        ("hipaa-safe-harbor", Kind.AGE, U, "93-year-old", G),
        ("hipaa-safe-harbor", Kind.AGE_OVER_89, U, "93", G),
        ("hipaa-safe-harbor", Kind.ZIP, U, "94110", G),
        ("hipaa-safe-harbor", Kind.STATE, U, "CA", K),
        ("hipaa-safe-harbor", Kind.CITY, U, "Reno", B),
        ("limited-data-set", Kind.DATE, U, "3/4/2021", K),
        ("limited-data-set", Kind.AGE, U, "93", K),
        ("limited-data-set", Kind.ZIP, U, "94110", K),
        ("limited-data-set", Kind.CITY, U, "Reno", K),
        ("limited-data-set", Kind.STREET, U, "1 Elm St", B),
        ("analytics", Kind.PERSON, P, "Maria Kovacs", T),
        ("analytics", Kind.MRN, U, "00123", T),
        ("analytics", Kind.DATE, U, "3/4/2021", G),
        ("analytics", Kind.BIOMETRIC, U, "fingerprint", B),
        ("maximal", Kind.STATE, P, "CA", B),
        ("maximal", Kind.AGE, P, "45", B),
        ("maximal", Kind.DATE, P, "2021", B),
    ],
)
def test_decided_by_example(name: str, kind: Kind, owner: Owner, text: str, action: Action) -> None:
    assert profile.load(name).decide(finding(kind, owner), text).action is action


def test_safe_harbor_removes_all_but_states_ages_and_years_and_makes_no_token() -> None:
    loaded = profile.load("hipaa-safe-harbor")
    kept = {kind for kind in Kind for owner in Owner if not loaded.acts_on(kind, owner, "Xy")}
    assert kept == {Kind.STATE, Kind.AGE, Kind.SENSITIVE}
    assert all(rule.action is not Action.TOKENIZE for rule in loaded.rules)
    assert "2000 census" in loaded.summary
    assert "164.514(c)" in loaded.summary
    listed = "036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893"
    assert set(listed.split()) <= ZERO_PREFIXES


@pytest.mark.parametrize("name", NAMES)
def test_what_counts_as_deidentified_has_no_derived_code(name: str) -> None:
    loaded = profile.load(name)
    made = {rule.replacement.token for rule in loaded.rules if rule.action is Action.TOKENIZE}
    assert loaded.deidentified == (name.startswith("hipaa-safe-harbor") or name == "strict")
    if loaded.deidentified:
        assert made <= {TokenType.RANDOM}
    if name == "hipaa-safe-harbor-coded":
        assert made


@pytest.mark.parametrize("change", [{"action": "keep"}, {"action": "generalise"}])
def test_a_strict_profile_only_burns(change: dict[str, str]) -> None:
    changed = content("strict")
    assert profile.parse("strict", changed).strict
    changed["rules"].insert(0, {**changed["rules"][0], "id": "exception", "kinds": ["date"], **change})
    with pytest.raises(RedoubtError) as refused:
        profile.parse("strict", changed)
    assert refused.value.reason is Reason.MISCONFIGURED
    assert profile.parse("strict", {**changed, "strict": False})


def test_safe_harbor_with_codes_keeps_no_more_than_without() -> None:
    plain, coded = profile.load("hipaa-safe-harbor"), profile.load("hipaa-safe-harbor-coded")
    for kind in Kind:
        for owner in Owner:
            wanted = plain.rule(kind, owner).action
            found = coded.rule(kind, owner).action
            assert found is wanted or (wanted, found) == (Action.BURN, Action.TOKENIZE)


@pytest.mark.parametrize(
    ("name", "rule", "change"),
    [
        ("hipaa-safe-harbor-coded", "names", {"token": "convergent"}),
        ("hipaa-safe-harbor-coded", "names", {"token": "shaped"}),
        ("hipaa-safe-harbor-coded", "names", {"token": "vaulted"}),
        ("hipaa-safe-harbor", "names", {"token": "random"}),
        ("hipaa-safe-harbor-coded", "dates", {"action": "shift", "shift": "days"}),
        ("research", "birth-dates", {"action": "shift", "shift": "days"}),
        ("research", "dates", {"action": "shift", "shift": "hours"}),
        ("research", "dates", {"action": "generalise"}),
        ("analytics", "names-and-places", {"matching": "loose"}),
    ],
)
def test_a_token_or_a_shift_that_may_not_be_is_refused(name: str, rule: str, change: dict[str, str]) -> None:
    changed = content(name)
    [entry] = [entry for entry in changed["rules"] if entry["id"] == rule]
    entry.update(change)
    with pytest.raises(RedoubtError, match=Reason.MISCONFIGURED.value):
        profile.parse(name, changed)


def test_a_decision_says_how_to_replace() -> None:
    loaded = profile.load("research")
    assert loaded.decide(finding(Kind.SSN, P), "1").replacement.token is TokenType.RANDOM
    assert loaded.decide(finding(Kind.MRN, P), "1").replacement.token is TokenType.SHAPED
    assert loaded.decide(finding(Kind.PERSON, P), "Ann").replacement.token is TokenType.CONVERGENT
    assert loaded.decide(finding(Kind.DATE, P), "3/4/2021").replacement.shift is Shift.WEEKS


def test_maximal_acts_on_everything() -> None:
    loaded = profile.load("maximal")
    assert all(loaded.acts_on(k, o, text) for k in Kind for o in Owner for text in ("", "2021", "45", "90+"))


def test_switches_keep_providers_and_facilities() -> None:
    turned = profile.load("hipaa-safe-harbor", frozenset({"keep-providers", "keep-facilities"}))
    assert not turned.acts_on(Kind.PERSON, Owner.PROVIDER, "Dr Hu")
    assert turned.acts_on(Kind.PERSON, Owner.UNKNOWN, "Dr Hu")
    assert not turned.acts_on(Kind.FACILITY, Owner.UNKNOWN, "St Elsewhere")
    assert turned.version != profile.load("hipaa-safe-harbor").version
    with pytest.raises(RedoubtError, match=Reason.MISCONFIGURED.value):
        profile.load("maximal", frozenset({"keep-providers"}))


def test_texts_that_profiles_must_carry() -> None:
    assert "prohibits unauthorized use or disclosure" in (profile.load("part2-sud").notice or "")
    assert "convergent" in profile.load("analytics").summary
    assert "not de-identified" in profile.load("analytics").summary


@pytest.mark.parametrize("name", ["", "none", "../profiles/maximal", "schema", "MAXIMAL"])
def test_unknown_profiles(name: str) -> None:
    with pytest.raises(RedoubtError, match=Reason.UNKNOWN_PROFILE.value):
        profile.load(name)


def _without_a_kind(c: Any) -> None:
    c["rules"] = [r for r in c["rules"] if r["id"] != "states"]


def _unknown_key(c: Any) -> None:
    c["extra"] = 1


def _no_reason(c: Any) -> None:
    del c["rules"][0]["reason"]


def _unknown_kind(c: Any) -> None:
    c["rules"][0]["kinds"] = ["shoe_size"]


def _vain_rule(c: Any) -> None:
    c["rules"].append({**c["rules"][-1], "id": "never-reached"})


def _same_id(c: Any) -> None:
    c["rules"][3]["id"] = c["rules"][4]["id"]


def _keeps_ink(c: Any) -> None:
    next(r for r in c["rules"] if r["id"] == "unreadable")["action"] = "keep"


def _other_name(c: Any) -> None:
    c["name"] = "maximal"


@pytest.mark.parametrize(
    "broken",
    [_without_a_kind, _unknown_key, _no_reason, _unknown_kind, _vain_rule, _same_id, _keeps_ink, _other_name],
)
def test_broken_profiles_are_refused(broken: Any) -> None:
    good = content("hipaa-safe-harbor")
    profile.parse("hipaa-safe-harbor", copy.deepcopy(good))
    broken(good)
    with pytest.raises(RedoubtError, match=Reason.MISCONFIGURED.value):
        profile.parse("hipaa-safe-harbor", good)


def test_versions_follow_the_content() -> None:
    changed = content("maximal")
    changed["rules"][0]["reason"] += " And more."
    assert profile.parse("maximal", changed).version != profile.load("maximal").version
    assert profile.parse("maximal", content("maximal")).version == profile.load("maximal").version
    assert len({profile.load(n).version for n in NAMES}) == len(NAMES)


def test_profiles_and_their_bound_methods_pickle() -> None:
    loaded = profile.load("roi-authorization")
    assert pickle.loads(pickle.dumps(loaded)) == loaded  # noqa: S301
    acts_on = pickle.loads(pickle.dumps(loaded.acts_on))  # noqa: S301
    assert acts_on(Kind.PERSON, Owner.UNKNOWN, "Joe Doe")
    assert not acts_on(Kind.PERSON, Owner.PATIENT, "Joe Doe")


def test_the_oldest_year_shown_still_hides_ages_over_89() -> None:
    from datetime import date

    assert date.today().year - dates.OLDEST_YEAR <= 89, "raise OLDEST_YEAR: it now tells ages over 89"


def test_the_schema_knows_every_kind_and_owner() -> None:
    import json

    schema = json.loads((ROOT / "policies" / "profiles" / "schema.json").read_text())
    assert set(schema["$defs"]["kind"]["enum"]) == {k.value for k in Kind}
    owners = schema["$defs"]["rule"]["properties"]["owners"]["oneOf"][1]["items"]["enum"]
    assert set(owners) == {o.value for o in Owner}
    assert set(schema["$defs"]["rule"]["properties"]["action"]["enum"]) == {a.value for a in Action}
