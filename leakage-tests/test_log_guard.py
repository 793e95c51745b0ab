"""Exceptions from every adapter, with canaries in what it is given, through the guard of the logs: nothing gets out."""

from __future__ import annotations

import base64
import io
import json
import logging
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from hunt import hunt

from detectors.errors import Reason, RedoubtError
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from policies import profile as profiles
from policies import retention
from policies.attack.finished.pdf import held, parse
from policies.tokens.form import read_token
from streams.attest import statement
from streams.attest.envelope import verified
from streams.audit import proofs
from streams.audit.tree import Tree
from streams.check.finding import from_json
from streams.decode.formats import opened
from streams.events import EVENTS
from streams.events.sealing import Private, from_text
from streams.settings import Environment, Settings
from streams.store.claims import open_claims
from streams.store.seal import unseal
from streams.subjects import subject_from_json
from streams.vault.keyring import LocalDataKeys
from streams.watch import logs

CANARY = "Zanthe Quilliver-517"
RAW = CANARY.encode()
WAYS: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: text.encode(),
    "utf-16": lambda text: text.encode("utf-16-be"),
    "base64": lambda text: base64.b64encode(text.encode()),
    "hex": lambda text: text.encode().hex().encode(),
    "percent": lambda text: quote(text, safe="").encode(),
    "json escapes": lambda text: "".join(f"\\u{ord(c):04x}" for c in text).encode(),
    "reversed": lambda text: text[::-1].encode(),
    "split over lines": lambda text: text[:8].encode() + b"\n" + text[8:].encode(),
}
CONTENT = st.builds(
    lambda way, before, after: before + WAYS[way](CANARY) + after,
    st.sampled_from(sorted(WAYS)),
    st.sampled_from([b"", b"{", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b'{"names": ["', b"rdt:v1:person:", b"II*\x00"]),
    st.sampled_from([b"", b"}", b'"]}', b"\n%%EOF", b"\x00\xff"]),
)


def text_of(content: bytes) -> str:
    return content.decode("latin-1")


def _event(content: bytes) -> None:
    for kind in EVENTS.values():
        try:
            kind.from_message(content, [("ce_type", kind.TYPE.encode()), ("ce_id", content)], content)
        except RedoubtError as error:
            shown(error)
    raise RedoubtError(Reason.INVALID_EVENT)


@cache
def _engine() -> TesserocrEngine:
    return TesserocrEngine()


def _loaded(content: bytes) -> object:
    return json.loads(content)


ADAPTERS: dict[str, Callable[[bytes], object]] = {
    "decoder": lambda content: list(opened(content).pages),
    "engine": lambda content: _engine().words(np.frombuffer(content, np.uint8).reshape(1, -1, 1), 200),
    "events": _event,
    "sealed part": lambda content: from_text(text_of(content)),
    "private part": Private.from_json,
    "subject": lambda content: subject_from_json({"names": text_of(content), text_of(content): 1}),
    "profile": lambda content: profiles.load(text_of(content)),
    "profile file": lambda content: profiles.parse("maximal", {"name": text_of(content)}),
    "retention file": lambda content: retention.load(Path(text_of(content).replace("\x00", ""))),
    "store": lambda content: open_claims("memory:///").get(text_of(content)),
    "store address": lambda content: open_claims(text_of(content)),
    "seal": lambda content: unseal(b"k" * 32, b"a", content),
    "key": lambda content: LocalDataKeys(environment=Environment.DEMO).open("clinic-a", "a" * 32, text_of(content)),
    "token": lambda content: read_token(text_of(content)),
    "finished copy": lambda content: parse(held(content)),
    "envelope": lambda content: verified(text_of(content), content, []),
    "statement": statement.read,
    "release": statement.Release.from_json,
    "proof": lambda content: proofs.verify(content, []),
    "state of the log": lambda content: Tree.from_metadata(text_of(content)),
    "answer of a check": from_json,
    "settings": lambda content: Settings.model_validate({"kafka": {"bootstrap": [text_of(content)]}}),
    "json": _loaded,
}


def shown(error: BaseException) -> bytes:
    """What the log has of an exception, by every way that it may take."""
    out = io.StringIO()
    logs.configure(out)
    log = logs.get("worker")
    log.error("part failed", error=error, document=str(error), reason=repr(error), text=error.args)
    try:
        raise error
    except BaseException:
        log.exception(f"failed {error}")
        logging.getLogger("somebody.elses").exception("could not %s", error)
    sys.excepthook(type(error), error, error.__traceback__)
    said = out.getvalue().encode()
    assert said.count(b"\n") == 4
    return said


def thrown(adapter: str, content: bytes) -> BaseException | None:
    """What the adapter lets out; none where it takes the content for good."""
    try:
        ADAPTERS[adapter](content)
    except Exception as error:  # noqa: BLE001  whatever it lets out is what is looked at
        return error
    return None


@pytest.mark.parametrize("adapter", sorted(ADAPTERS))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=CONTENT)
def test_no_exception_carries_content_into_the_log(adapter: str, content: bytes) -> None:
    error = thrown(adapter, content)
    if error is None:
        return
    if isinstance(error, RedoubtError):
        assert hunt([CANARY], {"the exception itself": f"{error} {error!r} {error.args}".encode()}) == []
    assert hunt([CANARY], {"log": shown(error)}) == []


def test_every_adapter_throws_something() -> None:
    """One that takes everything would show nothing."""
    tried = {name: [thrown(name, way(CANARY)) for way in WAYS.values()] for name in ADAPTERS}
    assert [name for name, errors in tried.items() if not any(errors)] == []


@pytest.mark.parametrize("way", sorted(WAYS))
def test_a_canary_in_each_way_is_hunted_and_kept_out(way: str) -> None:
    """The hunt would find it: what passes has not passed for want of eyes."""
    content = WAYS[way](CANARY)
    assert hunt([CANARY], {"content": content})
    error = ValueError(text_of(content))
    error.add_note(text_of(content))
    error.__cause__ = KeyError(content)
    assert hunt([CANARY], {"log": shown(error)}) == []
