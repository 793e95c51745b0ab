"""The path of a document: ingest, recognize, detect, mask, validate. Publishing is the caller's.

Whatever goes wrong ends in an exception with a reason code or in a verdict other than release: no branch here
hands a copy on that validation has not seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final

from detectors.detect import findings
from detectors.errors import Reason, RedoubtError
from detectors.findings import Finding, Kind, Layer, Span
from detectors.pages import LayerState, PageReading
from detectors.pictures.cine import on_every_frame
from detectors.subject import Subject
from detectors.visual.codes.encoded import identifiers, with_encoded
from detectors.visual.ink.accounting import InkReport
from detectors.words.doubt import doubtful
from policies import profile as profiles
from policies.attack.finished.structure import check_structure
from policies.attack.looks import Look, where_to_look
from policies.attack.readings.record import check_record
from policies.attack.report import ActsOn, Report, Residual, Verdict
from policies.attack.shapes.widths import standing
from policies.attack.verdict import conclude
from policies.decisions import Action, Decision
from policies.profile import Profile, Told
from policies.record import TokenizedRecord, tokenize
from policies.scope import authorization
from streams.clock import Deadline, StageClock
from streams.pipeline.attacking import Attacked, attack
from streams.pipeline.boxes import entries, still_shown
from streams.pipeline.chart import Chart, ReadPage
from streams.pipeline.document import Document, Outcome
from streams.pipeline.doubts import doubts, incomplete, misfiled, unsure
from streams.pipeline.false_alarms import is_false_alarm
from streams.pipeline.incoming import brought, hardened
from streams.pipeline.journal import Journal
from streams.pipeline.masking import Masked, mask
from streams.pipeline.parts import Parts
from streams.pipeline.readings import Readings
from streams.pipeline.sampling import at_depth, depth_of, read_again
from streams.pipeline.scope import scope
from streams.pipeline.secrecy import UnlessKept, burned, repeats
from streams.pipeline.settled import unsettled
from streams.store.intermediates import Spill

MAX_ROUNDS: Final = 4
"""How often residual findings are burned and the copy attacked again; what is found even then decides the verdict."""


def process(document: Document, parts: Parts, deadline: Deadline) -> Outcome:
    """Takes one document from bytes to a verdict.

    Raises RedoubtError: the caller looks its reason up in `streams.fates`.
    """
    clock = StageClock()
    profile = profiles.load(document.profile)
    authorization.check(profile, document.authorization, document.document_class, _today(), document.source_program)

    spill = Spill(parts.spill_folder)
    chart = clock.time("ingest", lambda: Chart(document, parts.decoder, spill, deadline))
    readings, ink = clock.time("recognize", lambda: recognize(chart, parts))
    found = clock.time("detect", lambda: detect(readings, ink, profile, document.subject, parts, chart.deadline))
    found += hardened(chart.seen, readings)
    within = scope(profile, document.authorization, document.subject, readings, found)
    on_found = [_decide(profile, finding, readings) for finding in found]
    decisions = [*on_found, *document.answers.decisions(readings), *within.decisions]
    masked, decisions, report, rounds = clock.time(
        "mask_and_validate",
        lambda: mask_until_clean(
            document,
            profile,
            chart,
            readings,
            decisions,
            (
                *incomplete(chart.flaws),
                *brought(chart.seen),
                *doubts(zip(readings, ink, strict=True), on_found),
                *misfiled(profile, decisions),
                *unsure(profile, decisions),
                *within.doubts,
            ),
            parts,
        ),
    )
    record: TokenizedRecord | None = None
    if report.verdict is Verdict.RELEASE:
        made = clock.time("tokenize", lambda: _record(readings, decisions, parts, document))
        acts_on = UnlessKept.of(profile, readings, decisions)
        report = _with_the_record(report, check_record(made.pages, made.marks, masked.claim.secrets, acts_on), document)
        record = made if report.verdict is Verdict.RELEASE else None

    acted = [d for d in decisions if d.action is not Action.KEEP]
    return Outcome(
        document_id=document.id,
        pages=chart.pages,
        verdict=report.verdict,
        reasons=report.reasons,
        depth=report.depth,
        profile=profile.name,
        profile_version=profile.version,
        engine=" ".join(sorted({reading.engine for reading in readings})),
        layers=Counter(reading.layer for reading in readings if reading.layer is not LayerState.NONE),
        copy=None if report.verdict is Verdict.WITHHOLD else masked.finished(),
        record=record,
        counts=Counter(d.finding.kind for d in acted),
        kept=Counter(d.finding.kind for d in still_shown(masked.claim.burned, decisions)),
        words=sum(len(reading.words) for reading in readings),
        words_burned=len({(d.finding.page, w) for d in acted for w in d.finding.words}),
        words_doubtful=sum(len(doubtful(reading)) for reading in readings),
        rounds=rounds,
        ink_unexplained=max((report.share for report in ink), default=0.0),
        seconds=clock.seconds,
        regions=[len(regions) for regions in masked.claim.burned],
        residuals=report.residuals,
        asked=(*within.asked, *(report.told if Reason.WIDTH_TELLS in report.reasons else ())),
        told=report.told,
        notice=masked.claim.notice,
        page_sizes=[(reading.width_px, reading.height_px, reading.dpi) for reading in readings],
        boxes=entries(masked.claim.burned, decisions, masked.claim.page_sizes),
    )


def recognize(chart: Chart, parts: Parts) -> tuple[Readings, list[InkReport]]:
    """The words of every page, and the ink that is none. Raises RedoubtError(READER_FAILED) where a page is missing."""
    readings, ink = Readings(chart.spill), list[InkReport]()
    pictures = False
    journal = Journal(chart.checkpoint, "read", ReadPage, "")
    for page in journal.entries():
        chart.recalled(page.seen)
        readings.append(page.reading)
        ink.append(page.ink)
        pictures |= page.reading.picture
    for reading, report in parts.pages.read(chart.rasters(), chart.deadline):
        if chart.checkpoint is not None:
            journal.add(ReadPage(chart.seen[len(readings)], reading.spelled_out(), report))
        readings.append(reading)
        ink.append(report)
        pictures |= reading.picture
    if len(readings) != chart.pages:
        raise RedoubtError(Reason.READER_FAILED)
    return readings, on_every_frame(readings, ink) if pictures else ink


def detect(
    readings: Sequence[PageReading],
    ink: Sequence[InkReport],
    profile: Profile,
    subject: Subject | None,
    parts: Parts,
    deadline: Deadline,
) -> list[Finding]:
    """Every identifier on every page, what codes say of them, the ink that no word explains, and for a strict profile
    every word that is on no list."""
    spans: Sequence[Sequence[Span]] = parts.pages.detect(readings, subject, deadline)
    if encoded := identifiers(mark.says for report in ink for mark in report.marks if mark.says):
        spans = [with_encoded(reading.text, own, encoded) for reading, own in zip(readings, spans, strict=True)]
    found = findings(readings, spans, subject, least=profile.thresholds.least, strict=profile.strict)
    for page, report in enumerate(ink):
        found += [Finding(page, Kind.INK, 1.0, Layer.VISUAL, (region,)) for region in report.regions]
        found += [Finding(page, mark.kind, 1.0, Layer.VISUAL, (mark.region,)) for mark in report.marks]
    return found


def mask_until_clean(
    document: Document,
    profile: Profile,
    chart: Chart,
    readings: Sequence[PageReading],
    decisions: list[Decision],
    doubts: Sequence[Reason],
    parts: Parts,
) -> tuple[Masked, list[Decision], Report, int]:
    """Masks, lets the attacker read the result, and burns what it still finds: a redaction that only grows."""
    read = read_again(profile, document.tenant, chart.seen, readings, parts.sample_key)
    notice = authorization.notice_due(profile, document.source_program)
    rounds, residuals, told = 0, list[Residual](), list[Residual]()
    masked: Masked | None = None
    while True:
        acts_on = UnlessKept.of(profile, readings, decisions)
        decisions = decisions + repeats(readings, decisions, acts_on)
        before, masked = masked, mask(chart, readings, decisions, masked, notice)
        looks = where_to_look(before.claim if before else None, masked.claim, residuals, profile.depth)
        looks = at_depth(looks, read, readings, masked.claim)
        journal = Journal(chart.checkpoint, f"attack-{rounds}", Attacked, profile.version)
        failed, found = _attacked(masked, looks, acts_on, document.subject, parts, journal, chart.deadline)
        told = standing([*told, *found], masked.claim)
        residuals = [residual for residual in found if residual.reason is not Reason.WIDTH_TELLS]
        residuals = [residual for residual in residuals if not is_false_alarm(residual, readings[residual.page])]
        residuals = unsettled(residuals, readings, decisions)
        if failed or not residuals or rounds == MAX_ROUNDS:
            # Of the copy that stays: what earlier ones were made of nobody is given.
            structure = _structure(masked) or failed
            more = [Reason.WIDTH_TELLS] if told and profile.widths is Told.REVIEW else []
            left = document.answers.unanswered(residuals, [*doubts, *more])
            depth = depth_of(profile.depth, chart.pages, read)
            return masked, decisions, conclude(depth, structure, *left, told), rounds
        decisions = decisions + [burned(residual, readings[residual.page]) for residual in residuals]
        rounds += 1


def _attacked(
    masked: Masked,
    looks: Sequence[Look],
    acts_on: ActsOn,
    subject: Subject | None,
    parts: Parts,
    journal: Journal[Attacked],
    deadline: Deadline,
) -> tuple[tuple[Reason, ...], list[Residual]]:
    """Why the attacker failed, if it did, and what it holds against the copy. One that fails withholds the document."""
    try:
        return (), attack(masked, looks, acts_on, subject, parts.pages, journal, deadline)
    except RedoubtError as error:
        return _withheld_for(error), []


def _structure(masked: Masked) -> tuple[Reason, ...]:
    """What of the finished copy's structure speaks against it."""
    try:
        return check_structure(masked.copy, masked.claim)
    except RedoubtError as error:
        return _withheld_for(error)


def _withheld_for(error: RedoubtError) -> tuple[Reason, ...]:
    """The reason to withhold a copy that could not be attacked. Raises what is no fault of the copy's."""
    if error.reason in {Reason.DEADLINE, Reason.READER_FAILED, Reason.STORE_UNAVAILABLE}:
        raise error
    return (Reason.ATTACKER_FAILED,)


def _decide(profile: Profile, finding: Finding, readings: Sequence[PageReading]) -> Decision:
    span = finding.span
    return profile.decide(finding, readings[finding.page].text[span.start : span.end] if span else "")


def _record(
    readings: Sequence[PageReading], decisions: Sequence[Decision], parts: Parts, document: Document
) -> TokenizedRecord:
    return tokenize(
        readings, decisions, parts.tokenizer, document.tenant, document.purpose, document.offset, document.subject
    )


def _with_the_record(report: Report, reasons: Sequence[Reason], document: Document) -> Report:
    """The report after the record was read too: a known value in it withholds the document, any other doubt holds it
    for a person who has not answered it yet."""
    sure = [reason for reason in reasons if reason is Reason.KNOWN_VALUE_READABLE]
    _, doubts = document.answers.unanswered((), [reason for reason in reasons if reason not in sure])
    return conclude(report.depth, sure, report.residuals, doubts, report.told) if sure or doubts else report


def _today() -> date:
    return datetime.now(UTC).date()
