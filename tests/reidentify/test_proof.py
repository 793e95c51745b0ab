"""Keys and people as a Vault tells them: a server says what Vault would, so that it can change its mind and fail."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import hvac
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from detectors.errors import Reason, RedoubtError
from streams.reidentify.people import Person, Standing
from streams.reidentify.proof import ASKED_AGAIN_S, BELIEVED_S, VAULT_KEYS, Credential, Proofs, VaultKeys

PUBLIC = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()


class Answering:
    """Answers `body` with `status`, and counts what it was asked."""

    def __init__(self) -> None:
        self.status, self.body, self.asked, self.now = 200, b"{}", list[str](), 0.0
        answering = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answering.asked.append(self.path)
                self.send_response(answering.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answering.body)))
                self.end_headers()
                self.wfile.write(answering.body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.client = hvac.Client(url=f"http://127.0.0.1:{self.server.server_port}")
        self.keys = VaultKeys(self.client, lambda: self.now)

    def shows(self, *names: str) -> None:
        x = base64.urlsafe_b64encode(PUBLIC).decode().rstrip("=")
        self.says({"keys": [{"kty": "OKP", "kid": name, "crv": "Ed25519", "x": x} for name in names]})

    def says(self, body: object) -> None:
        self.status, self.body = 200, json.dumps(body).encode()

    def fails(self) -> None:
        self.status, self.body = 503, b"{}"

    def known(self, *names: str) -> list[bool]:
        return [self.keys(name) is not None for name in names]

    def refusal(self, name: str) -> Reason:
        with pytest.raises(RedoubtError) as said:
            self.keys(name)
        return said.value.reason


@pytest.fixture
def vault() -> Iterator[Answering]:
    answering = Answering()
    thread = threading.Thread(target=answering.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield answering
    answering.server.shutdown()
    answering.server.server_close()
    thread.join()


def test_a_key_that_was_withdrawn_is_believed_for_minutes_alone(vault: Answering) -> None:
    vault.shows("one", "two")
    assert vault.known("one", "two") == [True, True]
    vault.shows("two")
    vault.now = BELIEVED_S
    assert vault.known("one", "two") == [True, True]
    assert vault.asked == [VAULT_KEYS]
    vault.now = BELIEVED_S + 1
    assert vault.known("one", "two") == [False, True]
    assert vault.asked == [VAULT_KEYS] * 2


def test_a_new_key_is_found_and_unknown_ones_do_not_ask_each_time(vault: Answering) -> None:
    vault.shows("one")
    assert vault.known("one", "two", "three") == [True, False, False]
    vault.shows("one", "two")
    vault.now = ASKED_AGAIN_S
    assert vault.known("two", "three") == [True, False]
    assert vault.asked == [VAULT_KEYS] * 2


def test_a_vault_that_does_not_answer_is_not_asked_for_every_token(vault: Answering) -> None:
    vault.shows("one")
    assert vault.known("one") == [True]
    vault.fails()
    vault.now = ASKED_AGAIN_S
    first = vault.refusal("two")
    asked = len(vault.asked)
    assert {first, vault.refusal("two"), vault.refusal("three")} == {Reason.VAULT_UNAVAILABLE}
    assert len(vault.asked) == asked
    assert vault.known("one") == [True], "what is known and fresh needs no Vault"
    vault.now = BELIEVED_S + 1
    assert vault.refusal("one") is Reason.VAULT_UNAVAILABLE, "what is old is not believed"
    vault.shows("one", "two")
    vault.now += ASKED_AGAIN_S
    assert vault.known("one", "two") == [True, True]


@pytest.mark.parametrize(
    "told", [{"data": {"entity_id": ""}}, {"data": {"entity_id": None}}, {"data": {}}, {"data": None}, {}]
)
def test_a_token_of_nobody_is_no_one_whom_vault_does_not_know(vault: Answering, told: dict[str, object]) -> None:
    """A root token has no entity, and neither has whoever proves it by an identity provider."""
    vault.says(told)
    for entity in (None, ""):
        person = Person("a.okafor", Standing.PRIVACY_OFFICER, ("north",), 10, "8f1c", entity)
        proofs = Proofs(lambda person=person: {person.name: person}, vault.client)  # type: ignore[misc]
        with pytest.raises(RedoubtError) as said:
            proofs.person(Credential(vault_token="hvs.root-token"))
        assert said.value.reason is Reason.NOT_SIGNED_IN


def test_whom_vault_knows_is_that_person(vault: Answering) -> None:
    vault.says({"data": {"entity_id": "5b1d6c7e-1"}})
    person = Person("a.okafor", Standing.PRIVACY_OFFICER, ("north",), 10, None, "5b1d6c7e-1")
    other = Person("j.lindt", Standing.CARE_TEAM, ("north",), 10)
    proofs = Proofs(lambda: {person.name: person, other.name: other}, vault.client)
    assert proofs.person(Credential(vault_token="hvs.somebody")) is person
