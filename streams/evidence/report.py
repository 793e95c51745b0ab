"""The archive as a person reads it: one HTML page, which is the PDF too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Final

from detectors.errors import RedoubtError
from streams.attest.envelope import payload
from streams.attest.statement import PAYLOAD, read
from streams.canaries.table import Bounded, LookedAt, looked_at
from streams.events import AuditSequenced
from streams.evidence import redteam
from streams.evidence.gathered import DECISIONS, Gathered, Scope, Story
from streams.evidence.hipaa import Control
from streams.evidence.markup import Cells, page, share, table
from streams.evidence.summary import in_short

SHOWN: Final = 200
"""Documents that the page shows one by one; `evidence.json` has all."""
PICTURE: Final = "<!-- data flow -->"


def html(
    scope: Scope, found: Gathered, told: Sequence[Story], bounds: Sequence[Bounded], map_: Sequence[Control]
) -> str:
    """The whole page; where the picture belongs stands PICTURE."""
    parts = [
        "<h1>Evidence of releases</h1>",
        f"<p>{escape(_scope(scope))}. Taken from the audit log under its signed head over {found.head.size} entries of "
        f"{found.head.time.isoformat(timespec='seconds')}; root <code>{escape(found.head.root)}</code>.</p>",
        "<p>This archive holds no content of any document: ids, counts, codes, names of accounts and signatures. Each "
        "statement below can be checked without us; the last section says how.</p>",
        "<h2>In short</h2>",
        in_short(scope, found, told, bounds),
        "<h2>What became of the documents</h2>",
        _outcomes(told),
        "<h2>Where they went</h2>",
        PICTURE,
        "<h2>Documents</h2>",
        *(_document(story, found.attestations.get(story.document_id)) for story in told[:SHOWN]),
    ]
    if len(told) > SHOWN:
        parts.append(f"<p>{len(told) - SHOWN} more are in <code>evidence.json</code>.</p>")
    parts += [
        _others(scope.others(found.log[: found.head.size])),
        bounds_section(bounds),
        second_section(looked_at(found.looked_at)),
        _red_team(found.results),
        _profiles(told),
        _map(map_),
        _checking(),
    ]
    return page("Evidence of releases", parts)


def bounds_page(bounds: Sequence[Bounded], seconds: Sequence[LookedAt]) -> str:
    """The two bounds alone, as a page of their own."""
    parts = ["<h1>How much may leak</h1>", bounds_section(bounds), second_section(seconds)]
    return page("How much may leak", parts)


def second_section(bounds: Sequence[LookedAt]) -> str:
    """The bound from real releases, in words that need no other page."""
    said = (
        "<h2>How much may leak: releases looked at again</h2>"
        "<p>Of the real documents that were released, some are drawn by lot, by a key that no part of the gateway has "
        "which works on documents. A person looks at every page of the released copy, without knowing who or what had "
        "released it, and says whether anything can be read that its profile takes out. The bounds are made as those "
        "above, from these documents alone, and hold for the releases that they were drawn from, as far as a person "
        "sees. A long copy is looked through like a short one, and is as likely to be drawn.</p>"
    )
    head = ("tenant", "class", "pages", "looked at", "leaked", "one look", "any moment")
    return said + table(head, [_of_documents(b) for b in bounds])


def bounds_section(bounds: Sequence[Bounded]) -> str:
    """How much may leak, in words that need no other page."""
    said = (
        "<h2>How much may leak: the canary bound</h2>"
        "<p>Synthetic patients' documents travel among the real ones; no part of the gateway can tell them apart until "
        "publishing. Of each that was released an independent reader looks for what was planted. A document leaks when "
        "one identifier that its profile takes out can still be read. The bounds say, at 95 % certainty, that no more "
        "than this share of documents like these leaks.</p>"
        "<p><b>One look</b> is the exact bound of Clopper and Pearson: right for who looks once, at a number of "
        "documents fixed beforehand. <b>Any moment</b> is a confidence sequence: right also for who looks every "
        "minute, and stops when it pleases. None in 299 bounds the share by 1 %. With few documents the bound is "
        "high: it says what is not yet known, and not that so much leaks. A bound from canaries holds for documents "
        "like the canaries; it is never pooled with that from re-reviewed releases.</p>"
    )
    head = (
        "tenant",
        "class",
        "scan",
        "released",
        "leaked",
        "one look",
        "any moment",
        "identifiers",
        "of these leaked",
        "bound",
    )
    rows = [(*_of_documents(b), b.identifiers, b.identifiers_leaked, share(b.identifiers_bound)) for b in bounds]
    return said + table(head, rows)


def _of_documents(b: LookedAt) -> Cells:
    return (b.tenant, b.document_class, b.quality, b.documents, b.leaked, share(b.exact_bound), share(b.anytime_bound))


def _scope(scope: Scope) -> str:
    if scope.document_id:
        return f"Document {scope.document_id}"
    return f"Every document with an entry from {scope.first} to {scope.last} (UTC)"


def _outcomes(told: Sequence[Story]) -> str:
    counts = Counter(story.outcome for story in told)
    kinds: Counter[str] = Counter()
    for story in told:
        if story.masked:
            kinds.update({kind.value: count for kind, count in story.masked.counts.items()})
    found = table(("outcome", "documents"), sorted(counts.items()))
    if not kinds:
        return found
    return found + "<h3>Identifiers acted upon, by kind</h3>" + table(("kind", "number"), sorted(kinds.items()))


def _document(story: Story, statement: bytes | None) -> str:
    entries = [
        (
            found.index,
            found.entry.time.isoformat(timespec="seconds"),
            found.entry.action.value,
            found.entry.actor,
            ", ".join(reason.value for reason in found.entry.reasons),
            " ".join(filter(None, (found.entry.why, found.entry.ticket))),
        )
        for found in story.entries
    ]
    parts = [
        f"<h3>{story.document_id}: {story.outcome}</h3>",
        table(("entry", "time", "action", "by", "reasons", "grounds, ticket"), entries),
    ]
    if story.masked:
        m = story.masked
        counts = ", ".join(f"{kind.value} {count}" for kind, count in sorted(m.counts.items())) or "none"
        kept = ", ".join(f"{kind.value} {count}" for kind, count in sorted(m.kept.items())) or "none"
        parts.append(
            f"<p>{m.pages} pages under profile {escape(m.profile)} {escape(m.profile_version)}, read by "
            f"{escape(m.engine)}. Acted upon: {escape(counts)}. Kept by rule: {escape(kept)}. Words: {m.words} read, "
            f"{m.words_burned} burned. Validated at depth {m.depth.value}, {m.rounds} further rounds; verdict "
            f"{m.verdict.value}.</p>"
        )
    elif story.released:
        entry = story.released
        parts.append(
            f"<p>Released under profile {escape(entry.profile or '')} {escape(entry.profile_version or '')}. Counts by "
            f"kind are no longer kept.{_stated(statement)}</p>"
        )
    if story.observed and story.observed.residuals:
        left = ", ".join(f"{kind.value} {count}" for kind, count in sorted(story.observed.residuals.items()))
        parts.append(f"<p>What the attacker still found in its last round: {escape(left)}.</p>")
    files = [f"proofs/{story.document_id}.json"]
    files += [f"attestations/{story.document_id}.json"] if story.attested else []
    decided = sum(found.entry.action in DECISIONS for found in story.entries)
    parts.append(f'<p class="small">{decided} decisions and views by people. Files: {", ".join(files)}.</p>')
    return "\n".join(parts)


def _stated(statement: bytes | None) -> str:
    """What a signed statement says of a release, without a check of its signature."""
    if statement is None:
        return ""
    try:
        said = read(payload(PAYLOAD, statement)).said
        reader, checked, pages = said["engines"]["reader"], said["validation"], len(said["output"]["pages"]["values"])
        return (
            f" Its statement: {pages} pages, read by {escape(str(reader))}, validated at depth "
            f"{escape(str(checked['depth']))}; verdict {escape(str(checked['verdict']))}."
        )
    except (RedoubtError, KeyError, TypeError):
        return " Its statement cannot be read."


def _others(acts: Sequence[AuditSequenced]) -> str:
    title = "<h2>What else was done on these days</h2>"
    if not acts:
        return ""
    said = (
        "<p>Acts on no document: tokens turned back, classes of documents held and let go, and the configuration under "
        "which each process began. What stands for the token, the document that leaked, or the configuration is in the "
        "third column: <code>redoubt audit configuration</code>, run as that process is, prints what it goes by. The "
        "archive has a proof of each entry.</p>"
    )
    rows = [
        (
            each.index,
            each.entry.time.isoformat(timespec="seconds"),
            each.entry.document_id,
            each.entry.action.value,
            each.entry.actor,
            ", ".join(reason.value for reason in each.entry.reasons),
            " ".join(filter(None, (each.entry.why, each.entry.purpose, each.entry.ticket))),
        )
        for each in acts[:SHOWN]
    ]
    more = f"<p>{len(acts) - SHOWN} more are in <code>evidence.json</code>.</p>" if len(acts) > SHOWN else ""
    return title + said + table(("entry", "time", "of", "action", "by", "reasons", "grounds, ticket"), rows) + more


def _red_team(content: bytes | None) -> str:
    title = "<h2>The red team</h2>"
    if content is None:
        return title + "<p>No results were given to this archive.</p>"
    results = redteam.read(content)
    merged = Counter((case.name, case.source, case.result, case.figure) for case in results.cases)
    said = (
        f"<p>Gateway {escape(results.gateway)}, tried on {escape(results.time)}: {escape(results.told)}. Each case "
        "plants what must not get out and hunts for it, or plants a leak that the attacker must find; <b>held</b> says "
        "that nothing got out, or that it was found.</p>"
    )
    rows = [(*case, times) for case, times in sorted(merged.items())]
    return title + said + table(("case", "source", "result", "figure", "times"), rows)


def _profiles(told: Sequence[Story]) -> str:
    entries = [story.released for story in told if story.released]
    used = Counter((entry.profile or "", entry.profile_version or "") for entry in entries)
    rows = [(*each, number, f"profiles/{each[0]}.yaml") for each, number in sorted(used.items())]
    said = (
        "<p>A version ends in a digest of the profile's text and switches: where it is not the one of the installed "
        "text, <code>evidence.json</code> says so.</p>"
    )
    return "<h2>Profiles</h2>" + said + table(("profile", "version", "releases", "text"), rows)


def _map(map_: Sequence[Control]) -> str:
    parts = [
        "<h2>The HIPAA Security and Privacy Rules, and what serves them</h2>",
        "<p>A map, not legal advice. Each control has tests that try to break it; what the software cannot do is left "
        "to who runs it.</p>",
    ]
    for c in map_:
        tests = "<br/>".join(f"<code>{escape(test)}</code>" for test in c.tests)
        left = f" <b>Left to you:</b> {escape(c.left)}" if c.left else ""
        parts.append(
            f"<h3>{escape(c.paragraph)}: {escape(c.title)}</h3><p>{escape(c.control)} <code>{escape(c.where)}</code>."
            f"{left}</p><p>{tests}</p>"
        )
    return "\n".join(parts)


def _checking() -> str:
    return (
        "<h2>How to check this without us</h2>"
        "<p><code>redoubt audit verify proofs/ID.json --public-key KEY</code> proves that a document's entries are in "
        "the log under the signed head. <code>redoubt verify COPY --attestation attestations/ID.json --public-key KEY"
        "</code> proves that a copy is the one that was signed, page by page. Both need nothing but the public keys, "
        "which you should have from elsewhere. <code>manifest.json</code> has the SHA-256 of every file here.</p>"
        '<p class="small">Bytes and pixels of a copy the attestor reads itself; validation, origin and the names of '
        "deciders are the worker's word, signed as such.</p>"
    )
