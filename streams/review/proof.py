"""That a task is one of the worker's: whoever may write decisions cannot make a task up, nor alter one.

A decision carries its task, and of all that the task says (whose document, which places were shown, what was in
doubt) the worker has nothing else. So a task bears a seal under its document's data key, which only a worker opens.
"""

from __future__ import annotations

import dataclasses
import hashlib

from detectors.errors import Reason, RedoubtError
from streams.events import ReviewRequested
from streams.events.sealing import from_text, to_text
from streams.store.sealed import DocumentSeal


def proven(task: ReviewRequested, seal: DocumentSeal) -> ReviewRequested:
    """The task with its proof; `seal` is its document's."""
    return dataclasses.replace(task, proof=to_text(seal.seal(_name(task), b"")))


def is_genuine(task: ReviewRequested, seal: DocumentSeal) -> bool:
    """Whether this very task was made under that seal."""
    try:
        return seal.unseal(_name(task), from_text(task.proof or "")) == b""
    except RedoubtError as error:
        if error.reason not in (Reason.HASH_MISMATCH, Reason.INVALID_EVENT):
            raise
        return False


def _name(task: ReviewRequested) -> str:
    _, _, value = dataclasses.replace(task, proof=None).to_message()
    return f"task-{hashlib.sha256(value).hexdigest()}"
