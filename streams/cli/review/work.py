"""What a decision on a held copy of a folder sets going: a decoder, a reading process, the task's files and keys."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from detectors.errors import Reason, RedoubtError
from detectors.subject import Subject
from streams.attest.attestor import Attestor
from streams.attest.keys import LocalSigner
from streams.cli.shared.inputs import patient_from
from streams.cli.shared.local_keys import tokenizer_from
from streams.clock import Deadline
from streams.decode.decoder import Decoder
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.pipeline.pool import PagePool
from streams.review.folder.held import LocalDesk
from streams.review.folder.task import TENANT, LocalTask, content_of
from streams.review.reviewer import Decision


class Work:
    """Masks and validates again. Its processes start with the first decision and end with the block."""

    def __init__(self, signer: LocalSigner, deadline_s: float) -> None:
        self._attests, self._deadline_s = Attestor(signer), deadline_s
        self._stack = ExitStack()
        self._started: tuple[Decoder, PagePool] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def decide(self, desk: LocalDesk, task: LocalTask, decision: Decision) -> str:
        """What came of it, in `LocalDesk.decide`'s words. Raises as that does; wrong usage where the task's key ring or
        the patient's file is none any more."""
        tokenizer, document = tokenizer_from(task.keyring), _document(task)
        decoder, pages = self._processes()
        parts = Parts(decoder, pages, tokenizer)

        def handle(document: Document) -> Outcome:
            return process(document, parts, Deadline.after(self._deadline_s))

        return desk.decide(task, decision, document, handle, self._attests)

    def _processes(self) -> tuple[Decoder, PagePool]:
        if self._started is None:
            self._started = self._stack.enter_context(Decoder()), self._stack.enter_context(PagePool(1))
        return self._started


def _document(task: LocalTask) -> Document:
    return Document(
        tenant=TENANT,
        id=f"document-{task.position}",
        content=content_of(task.file),
        profile=task.event.profile,
        document_class=task.document_class,
        subject=_patient(task.patient),
        authorization=task.authorization,
        source_program=task.source_program,
    )


def _patient(file: Path | None) -> Subject | None:
    if file is not None and not file.is_file():
        raise RedoubtError(Reason.CONTENT_MISSING)
    return patient_from(file)
