"""Profiles: what happens to each kind of identifier, as data with a reason and a source for every rule."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final

import jsonschema
import yaml

from detectors.errors import Reason, RedoubtError
from detectors.findings import Finding, Kind, Owner
from policies.attack.report import Depth
from policies.decisions import USUAL, Action, Decision, Replacement
from policies.thresholds import NONE_IS_LET_GO, Between, Thresholds, afforded
from policies.tokens.tokenizer import TokenType
from policies.values.generalise import is_general, over_89
from policies.values.normalise import Matching
from policies.values.shift import Shift

ALWAYS_BURNED: Final = (Kind.UNREADABLE, Kind.INK, Kind.REDACTION)
"""What cannot be read is not assumed clean, and what somebody hid stays hidden: no profile may keep or tokenize it."""

NO_IDENTIFIERS: Final = (Kind.SENSITIVE,)
"""Kept where a profile has no rule for them: what they tell, they tell of nobody."""


class Told(StrEnum):
    """What becomes of a copy on which a box is so wide that it gives a name away."""

    NOTE = "note"
    REVIEW = "review"


NEVER_SHIFTED: Final = tuple(kind for kind in Kind if kind is not Kind.DATE)


@dataclass(frozen=True, slots=True)
class Rule:
    """What happens to some kinds of identifier of some owners, why, and where that is written."""

    id: str
    kinds: tuple[Kind, ...]
    owners: tuple[Owner, ...]
    action: Action
    reason: str
    source: str
    replacement: Replacement = USUAL


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile, complete: each kind of each owner has exactly one rule, the first that names both.

    `version` is the profile's number and the start of its content's SHA-256, switches included. `sensitive` are the
    categories that an authorization must allow; passages of the categories `unless_allowed` are found, and fall under
    the rules for `sensitive`, unless the authorization allows them. `notice` is the text that must accompany each copy.
    `deidentified`: what it makes counts as de-identified under 45 CFR 164.514(b)(2), so that its codes are random
    and no date moves. `to_patient`: its copies go to the patient and nobody else. `strict`: every word that is not
    on the safe list of `detectors.words.safe` burns, too, so that no rule can keep one. `leak_budget` is the share
    of the identifiers that may stay, `thresholds` what it affords; findings that may be identifiers go by
    `between`. `hold_on_leak`: where a planted document of a tenant and class leaked, no document of them is
    released until somebody lifts the hold. `widths` is what becomes of a copy on which the width of a box tells a
    name. `sign_offs`: so many persons must release a copy that was held before it leaves.
    """

    name: str
    version: str
    title: str
    summary: str
    depth: Depth
    requires_authorization: bool
    sensitive: tuple[str, ...]
    notice: str | None
    switches: tuple[str, ...]
    rules: tuple[Rule, ...]
    _table: Mapping[tuple[Kind, Owner], Rule] = field(repr=False, compare=False)
    deidentified: bool = False
    to_patient: bool = False
    unless_allowed: tuple[str, ...] = ()
    strict: bool = False
    leak_budget: float = 0.0
    thresholds: Thresholds = NONE_IS_LET_GO
    between: Between = Between.BURN
    hold_on_leak: bool = False
    widths: Told = Told.NOTE
    sign_offs: int = 1

    def __post_init__(self) -> None:
        missing = [pair for pair in _pairs() if pair not in self._table]
        unused = {rule.id for rule in self.rules} - {rule.id for rule in self._table.values()}
        if missing or unused or len({rule.id for rule in self.rules}) != len(self.rules):
            raise ValueError("a profile says one thing of every kind and owner, and no rule in vain")
        if any(self._table[kind, owner].action is not Action.BURN for kind in ALWAYS_BURNED for owner in Owner):
            raise ValueError("what cannot be read is burned")
        if any(self._table[kind, owner].action is Action.SHIFT for kind in NEVER_SHIFTED for owner in Owner):
            raise ValueError("only dates move, and no birth date: with a true age it would tell the offset")
        if self.strict and any(rule.action is not Action.BURN for rule in self.rules):
            raise ValueError("what a strict profile shows is on the safe list and nowhere else")
        if self.deidentified and any(not _allowed_by_164_514(rule) for rule in self.rules):
            raise ValueError("a derived code or a moved date does not de-identify under Safe Harbor")

    @property
    def burns_all(self) -> bool:
        """Whether nothing that is found stays, in the record neither."""
        return all(rule.action is Action.BURN for rule in self.rules)

    def rule(self, kind: Kind, owner: Owner) -> Rule:
        return self._table[kind, owner]

    def decide(self, finding: Finding, text: str) -> Decision:
        """The decision on one finding; `text` is the finding's own text, empty where it has none."""
        rule, action = self._decided(finding.kind, finding.owner, text)
        return Decision(finding, action, rule.id, rule.replacement)

    def acts_on(self, kind: Kind, owner: Owner, text: str) -> bool:
        """Whether the profile does anything but keep an identifier with this text."""
        return self._decided(kind, owner, text)[1] is not Action.KEEP

    def _decided(self, kind: Kind, owner: Owner, text: str) -> tuple[Rule, Action]:
        if kind is Kind.AGE and over_89(text):
            kind = Kind.AGE_OVER_89
        rule = self._table[kind, owner]
        if rule.action is Action.GENERALISE and is_general(kind, text):
            return rule, Action.KEEP
        return rule, rule.action


_NO_IDENTIFIER: Final = Rule(
    "no-identifier",
    NO_IDENTIFIERS,
    tuple(Owner),
    Action.KEEP,
    "A condition is no identifier; which profile it is kept from is that profile's own rule.",
    "45 CFR 164.514(b)(2)(i)",
)


def names() -> tuple[str, ...]:
    """The profiles that there are, in alphabetical order."""
    return tuple(sorted(f.name.removesuffix(".yaml") for f in _folder().iterdir() if f.name.endswith(".yaml")))


@lru_cache(maxsize=64)
def load(name: str, switches: frozenset[str] = frozenset()) -> Profile:
    """The profile of that name, with the named switches turned.

    Raises RedoubtError(UNKNOWN_PROFILE) for a name that no file has, RedoubtError(MISCONFIGURED) for a switch that the
    profile lacks and for a file that breaks the schema or leaves a kind without a rule.
    """
    if name not in names():
        raise RedoubtError(Reason.UNKNOWN_PROFILE)
    content = yaml.safe_load((_folder() / f"{name}.yaml").read_text(encoding="utf-8"))
    return parse(name, content, switches)


def parse(name: str, content: Any, switches: frozenset[str] = frozenset()) -> Profile:
    """A profile from the content of its file. Raises RedoubtError(MISCONFIGURED)."""
    schema = json.loads((_folder() / "schema.json").read_text(encoding="utf-8"))
    try:
        jsonschema.Draft202012Validator(schema).validate(content)
        if content["name"] != name or not switches <= set(content.get("switches", {})):
            raise ValueError("not this profile's name or switches")
        return _built(content, switches)
    except (jsonschema.ValidationError, ValueError) as error:
        raise RedoubtError(Reason.MISCONFIGURED) from error


def _built(content: Mapping[str, Any], switches: frozenset[str]) -> Profile:
    rules = tuple(_rule(entry) for entry in content["rules"] if _applies(entry, switches))
    table: dict[tuple[Kind, Owner], Rule] = {}
    for rule in rules:
        for kind in rule.kinds:
            for owner in rule.owners:
                table.setdefault((kind, owner), rule)
    for kind in NO_IDENTIFIERS:
        for owner in Owner:
            table.setdefault((kind, owner), _NO_IDENTIFIER)
    thresholds = afforded(content["name"], content["leak_budget"])
    canonical = json.dumps(
        [content, sorted(switches), [thresholds.least, thresholds.sure]],
        sort_keys=True,
        ensure_ascii=True,
        separators=(",", ":"),
    )
    return Profile(
        name=content["name"],
        version=f"{content['number']}-{hashlib.sha256(canonical.encode()).hexdigest()[:12]}",
        title=content["title"],
        summary=" ".join(content["summary"].split()),
        depth=Depth(content["depth"]),
        requires_authorization=content["requires_authorization"],
        sensitive=tuple(content.get("sensitive", ())),
        notice=content.get("notice"),
        switches=tuple(sorted(switches)),
        rules=rules,
        _table=table,
        deidentified=content.get("deidentified", False),
        to_patient=content.get("to_patient", False),
        strict=content.get("strict", False),
        leak_budget=content["leak_budget"],
        thresholds=thresholds,
        between=Between(content.get("between", Between.BURN)),
        hold_on_leak=content.get("hold_on_leak", False),
        widths=Told(content.get("widths", Told.NOTE)),
        sign_offs=content.get("sign_offs", 1),
        unless_allowed=tuple(content.get("unless_allowed", ())),
    )


def _applies(entry: Mapping[str, Any], switches: frozenset[str]) -> bool:
    return "switch" not in entry or entry["switch"] in switches


def _rule(entry: Mapping[str, Any]) -> Rule:
    return Rule(
        id=entry["id"],
        kinds=_all_or(Kind, entry["kinds"]),
        owners=_all_or(Owner, entry["owners"]),
        action=Action(entry["action"]),
        reason=" ".join(entry["reason"].split()),
        source=entry["source"],
        replacement=Replacement(
            token=TokenType(entry.get("token", TokenType.CONVERGENT)),
            matching=Matching(entry.get("matching", Matching.STRICT)),
            shift=Shift(entry.get("shift", Shift.DAYS)),
        ),
    )


def _allowed_by_164_514(rule: Rule) -> bool:
    derived = rule.action is Action.TOKENIZE and rule.replacement.token is not TokenType.RANDOM
    return not derived and rule.action is not Action.SHIFT


def _all_or(enum: Any, named: str | Sequence[str]) -> tuple[Any, ...]:
    return tuple(enum) if named == "all" else tuple(enum(value) for value in named)


def _pairs() -> list[tuple[Kind, Owner]]:
    return [(kind, owner) for kind in Kind for owner in Owner]


def _folder() -> Traversable:
    return resources.files("policies") / "profiles"
