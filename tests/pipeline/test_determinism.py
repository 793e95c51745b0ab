"""Guarantee 4: identical input, profile and version give identical output bytes and the same tokens."""

from __future__ import annotations

from pathlib import Path

from policies.tokens.local import LocalTokenizer
from streams.canaries.documents import Format, generate
from streams.clock import Deadline
from streams.decode.decoder import Decoder
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.pipeline.pool import PagePool

PROFILE = "analytics"


def test_the_same_bytes_whatever_was_read_before(tmp_path: Path) -> None:
    made = list(generate(1234, 2, [Format.SCANNED_PDF, Format.FAX_TIFF]))

    def run(order: list[int]) -> dict[str, Outcome]:
        """One reading process, so that every document is read after another one."""
        with Decoder() as decoder, PagePool(1) as pages:
            parts = Parts(decoder, pages, LocalTokenizer(tmp_path / "keyring", production=False))
            outcomes = {}
            for index in order:
                document = Document("t", made[index].id, made[index].content, PROFILE, subject=made[index].subject)
                outcomes[document.id] = process(document, parts, Deadline.after(240))
            return outcomes

    first, second = run([0, 1]), run([1, 0])
    for document, outcome in first.items():
        again = second[document]
        assert outcome.copy is not None
        assert outcome.copy == again.copy
        assert outcome.verdict is again.verdict
        if outcome.record is not None:
            assert again.record is not None
            assert outcome.record.pages == again.record.pages
            assert any("rdt:" in page for page in outcome.record.pages)
