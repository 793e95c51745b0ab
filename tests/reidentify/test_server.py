"""The service over TLS with a real vault: who is believed, what is answered, and what no answer tells."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import hvac
import pytest
import requests
from prometheus_client import CollectorRegistry, generate_latest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from policies.tokens.by_type import ByType
from policies.tokens.reversal import Reversal
from policies.tokens.tokenizer import TokenRequest, TokenType
from policies.tokens.transit import TransitTokenizer
from policies.tokens.vaulted import VaultedTokenizer
from streams.embedded.certificates import loopback_certificate
from streams.embedded.openbao import EmbeddedVault
from streams.events import AuditAction, AuditEntry
from streams.reidentify.allowance import Allowance
from streams.reidentify.client import RemoteReidentification, Unreachable
from streams.reidentify.counts import Counts
from streams.reidentify.people import Ground, Person, Standing
from streams.reidentify.proof import Credential, Proofs, Provider, VaultKeys
from streams.reidentify.reidentification import Asked, Reidentification
from streams.reidentify.server import CALLS_A_MINUTE, MAX_BODY, TURN_BACK, Calls, Desk, serving
from streams.settings import VaultSettings
from streams.vault.client import VaultSession
from streams.vault.connection import connect
from streams.vault.setup import Role, set_up

CANARY = "Quillfeather-Ombudsdottir"
ASKED = Asked("north", "analytics", Ground.DATA_QUALITY, "OPS-17", ())


class Town:
    """A vault that knows people, tokens of all types, and the service on a port."""

    def __init__(self, vault: EmbeddedVault, folder: Path, opened: ExitStack) -> None:
        self.bare = VaultSettings(address=vault.address, ca_file=vault.ca_file)
        self._roles = set_up(self.bare, vault.root_token, folder / "roles", [Role.WORKER, Role.REIDENTIFIER])
        self.root = connect(vault.address, vault.ca_file, vault.root_token)
        self.vault, self.log, self.broken = vault, list[AuditEntry](), False
        worker, self._own = self.session(Role.WORKER), self.session(Role.REIDENTIFIER)
        drawn = VaultedTokenizer(worker)
        made_by = {TokenType.CONVERGENT: TransitTokenizer(worker), TokenType.RANDOM: drawn, TokenType.SHAPED: drawn}
        self._tokenizer = ByType(made_by)
        self.tokens = self.made("north", "analytics")
        self._sign_in_by_name()
        officer, second = self.sign_in("okafor"), self.sign_in("lindt")
        self.officer, self.second = (Credential(vault_token=login["client_token"]) for login in (officer, second))
        self.signed = Credential(bearer=self.id_token(officer["client_token"]))
        self.people = {
            "a.okafor": Person(
                "a.okafor", Standing.PRIVACY_OFFICER, ("north",), 100, officer["entity_id"], officer["entity_id"]
            ),
            "j.lindt": Person("j.lindt", Standing.PRIVACY_OFFICER, ("north",), 100, None, second["entity_id"]),
        }
        certificate = loopback_certificate()
        for name in ("ca", "chain", "key"):
            (folder / f"{name}.pem").write_bytes(getattr(certificate, name))
        self.ca_file, self.registry = folder / "ca.pem", CollectorRegistry()
        self.desk = self._desk()
        files = (folder / "chain.pem", folder / "key.pem")
        self.port = opened.enter_context(serving(self.desk, "127.0.0.1", 0, *files))
        self.url = f"https://127.0.0.1:{self.port}"

    def _desk(self) -> Desk:
        counts, bare = Counts(self.registry), connect(self.vault.address, self.vault.ca_file)
        issuer = f"{self.vault.address}/v1/identity/oidc"
        proofs = Proofs(lambda: self.people, bare, Provider(issuer, "redoubt", VaultKeys(bare)))
        parts = (Reversal(self._own), Allowance(self._own))
        service = Reidentification(lambda: self.people, *parts, self._append, unusual=counts.unusual)
        return Desk(proofs, service, counts)

    def _append(self, entry: AuditEntry) -> None:
        if self.broken:
            raise RedoubtError(Reason.BROKER_UNAVAILABLE)
        entry.to_message()
        self.log.append(entry)

    def session(self, role: Role) -> VaultSession:
        files = self._roles[role]
        named = {"role_id_file": files.role_id_file, "secret_id_file": files.secret_id_file}
        return VaultSession(self.bare.model_copy(update=named))

    def made(self, tenant: str, purpose: str) -> tuple[str, ...]:
        return tuple(
            self._tokenizer.tokens([TokenRequest(tenant, purpose, Kind.PERSON, CANARY, type_) for type_ in TokenType])
        )

    def _sign_in_by_name(self) -> None:
        post = self.root.adapter.post
        post("/v1/sys/auth/userpass", json={"type": "userpass"})
        rules = 'path "identity/oidc/token/redoubt" { capabilities = ["read"] }'
        post("/v1/sys/policies/acl/person", json={"policy": rules})
        post("/v1/identity/oidc/key/people", json={"algorithm": "ES256", "allowed_client_ids": ["*"]})
        for audience in ("redoubt", "elsewhere"):
            post(f"/v1/identity/oidc/role/{audience}", json={"key": "people", "client_id": audience, "ttl": "10m"})

    def sign_in(self, name: str) -> dict[str, str]:
        user = {"password": "correct-horse", "token_policies": ["person"]}
        self.root.adapter.post(f"/v1/auth/userpass/users/{name}", json=user)
        login = self.root.adapter.post(f"/v1/auth/userpass/login/{name}", json={"password": "correct-horse"})
        found: dict[str, str] = login["auth"]
        return found

    def id_token(self, token: str, role: str = "redoubt") -> str:
        as_person = hvac.Client(url=self.vault.address, token=token, verify=str(self.vault.ca_file))
        if role != "redoubt":
            as_person = self.root
        return str(as_person.adapter.get(f"/v1/identity/oidc/token/{role}")["data"]["token"])

    def client(self, credential: Credential) -> RemoteReidentification:
        return RemoteReidentification(self.url, self.ca_file, credential)

    def told(self, request: str) -> bytes:
        """What the service answers to these very bytes."""
        context = ssl.create_default_context(cafile=str(self.ca_file))
        bare = socket.create_connection(("127.0.0.1", self.port), timeout=90)
        with context.wrap_socket(bare, server_hostname="localhost") as connection:
            connection.sendall(request.encode())
            return b"".join(iter(lambda: connection.recv(4096), b""))

    def raw(self, headers: dict[str, str], body: bytes, path: str = TURN_BACK) -> requests.Response:
        return requests.post(self.url + path, data=body, headers=headers, verify=str(self.ca_file), timeout=90)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    with EmbeddedVault(folder / "server") as vault, ExitStack() as opened:
        yield Town(vault, folder, opened)


@pytest.fixture
def town(built: Town) -> Town:
    """The same, with nothing in the log and nobody counted in this minute."""
    built.log.clear()
    built.broken = False
    built.desk._calls = Calls()
    return built


def _refused(client: RemoteReidentification, *tokens: str) -> Reason:
    with pytest.raises(RedoubtError) as said:
        client.turn_back(replace(ASKED, tokens=tokens))
    return said.value.reason


@pytest.mark.parametrize("proof", ["officer", "signed"])
def test_whoever_is_proven_has_an_answer_and_stands_in_the_log(town: Town, proof: str) -> None:
    answers = town.client(getattr(town, proof)).turn_back(replace(ASKED, tokens=town.tokens))
    assert [answer.value for answer in answers] == [CANARY] * 3
    assert [(entry.actor, entry.action, entry.ticket) for entry in town.log] == [
        ("a.okafor", AuditAction.REIDENTIFIED, "OPS-17")
    ] * 3
    assert CANARY not in repr(town.log)


def test_nobody_else_is_believed(town: Town) -> None:
    """A root token, a role's token, a token that was ended, one for another audience: one answer for all."""
    stranger, ended = town.sign_in("stranger"), town.sign_in("okafor")["client_token"]
    town.root.adapter.post("/v1/auth/token/revoke", json={"token": ended})
    role = town.session(Role.WORKER)
    role.read("auth/token/lookup-self")
    credentials = [
        Credential(),
        Credential(vault_token=town.vault.root_token),
        Credential(vault_token=role._signed.token if role._signed else ""),
        Credential(vault_token=stranger["client_token"]),
        Credential(vault_token=ended),
        Credential(vault_token="a.okafor"),
        Credential(bearer=town.id_token(stranger["client_token"])),
        Credential(bearer="a.okafor"),
        Credential(bearer=town.signed.bearer, vault_token=town.officer.vault_token),
    ]
    assert {_refused(town.client(credential), *town.tokens) for credential in credentials} == {Reason.NOT_SIGNED_IN}
    assert town.log == []
    headers = [{}, {"X-Vault-Token": "x" * 40}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer a.b.c"}]
    bodies = {(town.raw(h, b"not even JSON").status_code, town.raw(h, b"{}").content) for h in headers}
    assert bodies == {(401, b'{"error": "not_signed_in"}')}


def test_who_was_taken_out_of_the_file_is_nobody(town: Town) -> None:
    kept = town.people.pop("j.lindt")
    try:
        assert _refused(town.client(town.second), *town.tokens) is Reason.NOT_SIGNED_IN
    finally:
        town.people["j.lindt"] = kept


def test_what_cannot_be_turned_back_is_told_alike_and_asked_for_alike(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token of another tenant, of another purpose, and one that never was: the same answer after the same calls to
    Vault, so that neither words nor time tell them apart."""
    calls: list[str] = []
    write, read = town._own.write, town._own.read
    monkeypatch.setattr(town._own, "write", lambda path, body: (calls.append(path), write(path, body))[1])
    monkeypatch.setattr(town._own, "read", lambda path: (calls.append(path[:12]), read(path))[1])
    convergent = next(token for token in town.tokens if ":v1:" in token)
    never = (convergent[:-6] + "AAAAAA", "rdt:person:r1:AAAAAAAAAAAAAAAAAAAAAA", "rdt:person:s1:TKN999999999999")
    seen = []
    for tokens in (town.made("south", "analytics"), town.made("north", "billing"), never):
        for token in tokens:
            calls.clear()
            [answer] = town.client(town.officer).turn_back(replace(ASKED, tokens=(token,)))
            assert (answer.value, answer.reason) == (None, Reason.TOKEN_UNKNOWN)
            seen.append((token.split(":")[2], *calls))
    assert len(set(seen)) == 3, "one way for each type of token"
    cut, newer = convergent[:-3], convergent.replace(":v1:", ":v900:")
    answers = town.client(town.officer).turn_back(replace(ASKED, tokens=(cut, newer)))
    assert [answer.reason for answer in answers] == [Reason.TOKEN_DAMAGED, Reason.TOKEN_VERSION]


def test_nothing_is_answered_before_the_broker_has_the_entry(town: Town) -> None:
    town.broken = True
    assert _refused(town.client(town.officer), *town.tokens) is Reason.BROKER_UNAVAILABLE
    assert _refused(town.client(town.officer), *["rdt:person:s1:AAAA"] * 3) is Reason.BROKER_UNAVAILABLE


def test_a_batch_and_the_calls_of_a_minute_are_bounded(town: Town) -> None:
    client = town.client(town.officer)
    assert _refused(client, *[f"rdt:person:s1:{n:05d}" for n in range(101)]) is Reason.TOO_MANY_TOKENS
    town.desk._calls = Calls()
    now = [0.0]
    calls = Calls(2, lambda: now[0])
    officer = town.people["a.okafor"]
    for _ in range(2):
        calls.count(officer)
    with pytest.raises(RedoubtError, match=Reason.TOO_MANY_TOKENS.value):
        calls.count(officer)
    calls.count(town.people["j.lindt"])
    now[0] = 60.0
    calls.count(officer)
    # Those that were malformed count too.
    header = {"X-Vault-Token": town.second.vault_token or ""}
    said = [town.raw(header, b"").status_code for _ in range(CALLS_A_MINUTE + 1)]
    assert said == [400] * CALLS_A_MINUTE + [429]


def test_an_emergency_is_confirmed_by_a_second_person(town: Town) -> None:
    asked = replace(ASKED, ground=Ground.EMERGENCY, tokens=town.tokens[:1])
    assert town.client(town.officer).turn_back(asked)[0].value == CANARY
    with pytest.raises(RedoubtError, match=Reason.NOT_ENTITLED.value):
        town.client(town.officer).confirm("a.okafor", "north", "OPS-18")
    second = town.client(town.second)
    assert [second.confirm("a.okafor", "north", "OPS-18") for _ in range(2)] == [True, False]
    assert (town.log[-1].action, town.log[-1].actor) == (AuditAction.EMERGENCY_CONFIRMED, "j.lindt")


def test_an_unusual_volume_is_counted_where_an_alert_sees_it(town: Town) -> None:
    town.people["j.lindt"] = replace(town.people["j.lindt"], hourly=4)
    try:
        town.client(town.second).turn_back(replace(ASKED, tokens=town.tokens))
    finally:
        town.people["j.lindt"] = replace(town.people["j.lindt"], hourly=100)
    assert AuditAction.REIDENTIFICATION_UNUSUAL in [entry.action for entry in town.log]
    shown = generate_latest(town.registry).decode()
    assert "redoubt_reidentify_unusual_total 1.0" in shown
    assert 'outcome="turned_back"' in shown
    for secret in (CANARY, "okafor", "lindt", *town.tokens):
        assert secret not in shown


def _body(**changed: object) -> bytes:
    whole = {"tenant": "north", "purpose": "analytics", "reason": "data-quality", "ticket": "OPS-17", "tokens": []}
    return json.dumps({**whole, **changed}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        _body(actor="a.okafor"),
        _body(tokens=CANARY),
        _body(tokens=[1]),
        _body(tenant=CANARY),
        _body(purpose="../x"),
        _body(ticket="Quillfeather asked"),
        _body(reason=CANARY),
    ],
)
def test_what_is_no_request_is_told_so_and_not_repeated(
    town: Town, body: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    header = {"X-Vault-Token": town.officer.vault_token or ""}
    answer = town.raw(header, body)
    assert (answer.status_code, answer.content) == (400, b'{"error": "bad_request"}')
    assert town.raw(header, _body(), path=f"/{CANARY}").status_code == 400
    assert town.log == []
    assert CANARY not in "".join(capfd.readouterr())


def test_only_bounded_requests_over_tls_are_read(town: Town, capfd: pytest.CaptureFixture[str]) -> None:
    head = f"POST {TURN_BACK} HTTP/1.1\r\nX-Vault-Token: {town.officer.vault_token}\r\n"
    assert b" 413 " in town.told(f"{head}Content-Length: {MAX_BODY + 1}\r\n\r\n")
    for wrong in (head, f"{head}Content-Length: -1\r\n", f"{head}Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"):
        assert b" 400 " in town.told(f"{wrong}\r\n")
    for odd in (f"GET /{CANARY} HTTP/1.1\r\n\r\n", f"{CANARY}\r\n\r\n", f"POST / HTTP/{CANARY}\r\n\r\n"):
        said = town.told(odd)
        assert b"bad_request" in said
        assert CANARY.encode() not in said
    with socket.create_connection(("127.0.0.1", town.port), timeout=90) as plain:
        plain.sendall(f"POST /{CANARY} HTTP/1.1\r\n\r\n".encode())
        with contextlib.suppress(ConnectionError):
            assert b"HTTP" not in plain.recv(4096)
    # Whoever says nothing holds nobody else up.
    with socket.create_connection(("127.0.0.1", town.port), timeout=90):
        assert town.client(town.officer).turn_back(replace(ASKED, tokens=town.tokens[:1]))[0].value == CANARY
    assert "".join(capfd.readouterr()) == ""


def test_a_client_takes_nothing_from_another_authority(town: Town, tmp_path: Path) -> None:
    (tmp_path / "other.pem").write_bytes(loopback_certificate().ca)
    client = RemoteReidentification(town.url, tmp_path / "other.pem", town.officer)
    with pytest.raises(Unreachable):
        client.turn_back(replace(ASKED, tokens=town.tokens))
    with pytest.raises(RedoubtError, match=Reason.MISCONFIGURED.value):
        RemoteReidentification("http://127.0.0.1:1", None, town.officer)


def test_a_sealed_vault_proves_nobody(town: Town) -> None:
    town.vault.seal()
    try:
        for credential in (town.officer, town.signed):
            assert _refused(town.client(credential), *town.tokens) is Reason.VAULT_UNAVAILABLE
    finally:
        town.vault.unseal()
