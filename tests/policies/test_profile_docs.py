"""docs/profiles.md says what the profiles do: its tables are written from them, and compared here.

After a change of a profile: `python tests/policies/test_profile_docs.py`.
"""

from __future__ import annotations

from pathlib import Path

from detectors.findings import Kind, Owner
from policies import profile
from policies.decisions import Action

PAGE = Path(__file__).parents[2] / "docs" / "profiles.md"
BEGIN, END = "<!-- tables: begin -->\n", "<!-- tables: end -->\n"


def tables() -> str:
    loaded = [profile.load(name) for name in profile.names()]
    parts = ["| kind | " + " | ".join(p.name for p in loaded) + " |\n", "|---" * (len(loaded) + 1) + "|\n"]
    for kind in Kind:
        parts.append(f"| {kind.value} | " + " | ".join(_cell(p, kind) for p in loaded) + " |\n")
    for p in loaded:
        parts += [f"\n### {p.name}\n{p.title}. Version `{p.version}`, validated at depth `{p.depth.value}`.\n\n"]
        parts += [f"{p.summary}\n\n"]
        if p.requires_authorization:
            wanted = f", which allows {', '.join(p.sensitive)}" if p.sensitive else ""
            parts.append(f"Needs an authorization{wanted}.\n\n")
        if p.notice:
            parts.append(f"Notice: *{p.notice}*\n\n")
        parts.append("| rule | action | reason | source |\n|---|---|---|---|\n")
        parts += [f"| {r.id} | {_action(r)} | {r.reason} | {r.source} |\n" for r in p.rules]
    return "".join(parts)


def _action(rule: profile.Rule) -> str:
    """With the type of token, and with what a moved date keeps."""
    if rule.action is Action.TOKENIZE:
        return f"tokenize ({rule.replacement.token.value}, {rule.replacement.matching.value})"
    return f"shift ({rule.replacement.shift.value})" if rule.action is Action.SHIFT else rule.action.value


def _cell(p: profile.Profile, kind: Kind) -> str:
    """One word where all owners fare alike; else what befalls the patient's, then the others' that differ."""
    actions = {owner: p.rule(kind, owner).action.value for owner in Owner}
    if len(set(actions.values())) == 1:
        return actions[Owner.PATIENT]
    kept = [owner.value for owner in Owner if actions[owner] == "keep"]
    return f"{'keep: ' + ', '.join(kept)}; else {next(a for a in actions.values() if a != 'keep')}"


def test_the_tables_are_those_of_the_profiles() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.split(BEGIN)[1].split(END)[0] == tables()


def test_each_switch_is_described() -> None:
    import yaml

    text = PAGE.read_text(encoding="utf-8")
    for name in profile.names():
        content = yaml.safe_load((PAGE.parents[1] / "policies" / "profiles" / f"{name}.yaml").read_text())
        assert all(f"`{switch}`" in text for switch in content.get("switches", {}))


if __name__ == "__main__":
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    PAGE.write_text(before + BEGIN + tables() + END + rest.split(END)[1], encoding="utf-8")
