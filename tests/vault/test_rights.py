"""The roles' rights on a real vault: a thief with the worker's credentials turns no token back."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hvac
import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from policies.tokens.form import Token, context, padded, read_token, unpadded
from policies.tokens.reversal import Reversal
from policies.tokens.tokenizer import TokenRequest, TokenType
from policies.tokens.transit import TransitTokenizer, ciphertext, split_ciphertext
from policies.tokens.vaulted import VaultedTokenizer, indexes
from streams.embedded.openbao import EmbeddedVault
from streams.settings import VaultSettings
from streams.vault.client import VaultSession
from streams.vault.connection import DENIED, attempt, connect
from streams.vault.setup import Role, set_up

CODE = TokenRequest("north", "analytics", Kind.PERSON, "maria kovacs", TokenType.RANDOM)
REQUESTS = [TokenRequest("north", "analytics", kind, f"{kind} {n}") for n in range(4) for kind in Kind]


@dataclass
class Bench:
    vault: EmbeddedVault
    settings: VaultSettings
    folder: Path

    def of(self, role: Role) -> VaultSettings:
        return self.settings.model_copy(
            update={
                "role_id_file": self.folder / f"{role.value}.role-id",
                "secret_id_file": self.folder / f"{role.value}.secret-id",
            }
        )

    def thief(self, role: Role) -> hvac.Client:
        """Speaks to Vault with a role's stolen credentials, past all code of ours."""
        client = connect(self.settings.address, self.settings.ca_file)
        files = self.of(role)
        assert files.role_id_file
        assert files.secret_id_file
        client.auth.approle.login(files.role_id_file.read_text(), files.secret_id_file.read_text())
        return client

    def root(self) -> hvac.Client:
        return connect(self.settings.address, self.settings.ca_file, self.vault.root_token)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("vault")
    with EmbeddedVault(folder / "server") as vault:
        settings = VaultSettings(address=vault.address, ca_file=vault.ca_file)
        set_up(settings, vault.root_token, folder / "roles")
        yield Bench(vault, settings, folder / "roles")


@pytest.fixture(scope="module")
def tokens(bench: Bench) -> list[str]:
    return TransitTokenizer(VaultSession(bench.of(Role.WORKER))).tokens(REQUESTS)


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _refused(client: hvac.Client, method: str, path: str, body: dict[str, Any] | None = None) -> bool:
    call = getattr(client.adapter, method)
    return isinstance(attempt(lambda: call(f"/v1/{path}", **({"json": body} if body is not None else {}))), DENIED)


def _item(request: TokenRequest, token: str) -> dict[str, str]:
    bound = context(request.tenant, request.purpose, request.kind)
    return {"ciphertext": ciphertext(read_token(token)), "context": _b64(bound)}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.REIDENTIFIER])
def test_no_role_but_one_reverses_a_token(bench: Bench, tokens: list[str], role: Role) -> None:
    thief = bench.thief(role)
    items = [_item(request, token) for request, token in zip(REQUESTS, tokens, strict=True)]
    assert _refused(thief, "post", "tokens/decrypt/convergent", {"batch_input": items})
    for item in items:
        assert _refused(thief, "post", "tokens/decrypt/convergent", item)
        # The other ring's decrypt is the worker's right, and of no use here.
        other = attempt(lambda item=item: thief.adapter.post("/v1/storage/decrypt/documents", json=item))  # type: ignore[misc]
        assert isinstance(other, Exception)


def test_the_right_holder_reverses_every_token(bench: Bench, tokens: list[str]) -> None:
    items = [_item(request, token) for request, token in zip(REQUESTS, tokens, strict=True)]
    answer = VaultSession(bench.of(Role.REIDENTIFIER)).write("tokens/decrypt/convergent", {"batch_input": items})
    results = answer["batch_results"]
    assert isinstance(results, list)
    values = [unpadded(base64.b64decode(result["plaintext"])) for result in results]
    assert values == [request.value for request in REQUESTS]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", "tokens/rewrap/convergent", {"ciphertext": "vault:v1:AAAA", "context": "AAAA"}),
        ("post", "tokens/datakey/plaintext/convergent", {"context": "AAAA"}),
        ("get", "tokens/keys/convergent", None),
        ("list", "tokens/keys", None),
        ("list", "storage/keys", None),
        ("get", "tokens/export/encryption-key/convergent", None),
        ("get", "tokens/export/hmac-key/date-offsets", None),
        ("get", "tokens/backup/convergent", None),
        ("get", "storage/keys/documents", None),
        ("get", "storage/export/encryption-key/documents", None),
        ("post", "tokens/keys/another", {"type": "aes256-gcm96"}),
        ("post", "tokens/keys/convergent/rotate", {}),
        ("post", "tokens/keys/convergent/config", {"exportable": True}),
        ("post", "tokens/encrypt/absent", {"plaintext": "AAAA", "context": "AAAA"}),
        ("post", "storage/encrypt/absent", {"plaintext": "AAAA", "context": "AAAA"}),
        ("post", "storage/encrypt/documents", {"plaintext": "AAAA", "context": "AAAA"}),
        ("post", "storage/rewrap/documents", {"ciphertext": "vault:v1:AAAA", "context": "AAAA"}),
        ("post", "storage/keys/documents/rotate", {}),
        ("post", "storage/keys/documents/config", {"min_decryption_version": 1}),
        ("post", "tokens/verify/date-offsets", {"input": "AAAA", "hmac": "vault:v1:AAAA"}),
        ("post", "tokens/hmac/date-offsets", {"input": "AAAA"}),
        ("post", "tokens/hmac/date-offsets/sha2-256", {"input": "AAAA"}),
        ("post", "tokens/hmac/date-offsets/sha2-512", {"input": "AAAA"}),
        ("post", "tokens/hmac/date-offsets/sha2-256", {"batch_input": [{"input": "AAAA"}]}),
        ("delete", "tokens/keys/convergent", None),
        ("post", "tokens/decrypt/codes", {"ciphertext": "vault:v1:AAAA", "context": "AAAA"}),
        ("post", "tokens/keys/code-index/rotate", {}),
        ("post", "tokens/hmac/code-index", {"input": "AAAA"}),
        ("list", "codes/metadata", None),
        ("list", "codes/metadata/values", None),
        ("list", "codes/metadata/tokens", None),
        ("get", "codes/metadata/values/0a", None),
        ("get", "codes/data/tokens/0a", None),
        ("delete", "codes/data/values/0a", None),
        ("delete", "codes/metadata/values/0a", None),
        ("post", "codes/destroy/values/0a", {"versions": [1]}),
        ("post", "codes/config", {"cas_required": False}),
        ("post", "codes/data/turned-back/0a", {"data": {}, "options": {"cas": 0}}),
        ("get", "sys/mounts", None),
        ("get", "sys/policies/acl/redoubt-worker", None),
        ("post", "sys/policies/acl/redoubt-worker", {"policy": ""}),
        ("post", "auth/approle/role/redoubt-reidentifier/secret-id", {}),
        ("post", "auth/token/create", {}),
        ("post", "sys/wrapping/wrap", {"a": "b"}),
        ("get", "cubbyhole/x", None),
    ],
)
def test_the_worker_cannot(bench: Bench, method: str, path: str, body: dict[str, Any] | None) -> None:
    assert _refused(bench.thief(Role.WORKER), method, path, body)


_EVERYBODY_ELSE: list[tuple[str, str, dict[str, Any] | None]] = [
    ("post", "storage/decrypt/documents", {"ciphertext": "vault:v1:AAAA", "context": "AAAA"}),
    ("post", "storage/datakey/wrapped/documents", {"context": "AAAA"}),
    ("post", "storage/encrypt/documents", {"plaintext": "AAAA", "context": "AAAA"}),
    ("post", "tokens/hmac/date-offsets", {"input": "AAAA"}),
    ("post", "tokens/encrypt/convergent", {"plaintext": "AAAA", "context": "AAAA"}),
    ("post", "tokens/encrypt/codes", {"plaintext": "AAAA", "context": "AAAA"}),
    ("list", "codes/metadata", None),
    ("list", "codes/metadata/values", None),
    ("list", "codes/metadata/tokens", None),
    ("get", "codes/data/values/0a", None),
    ("post", "codes/data/values/0a", {"data": {}, "options": {"cas": 0}}),
    ("post", "codes/data/tokens/0a", {"data": {}, "options": {"cas": 0}}),
    ("delete", "codes/data/tokens/0a", None),
    ("post", "codes/config", {"cas_required": False}),
    ("get", "storage/export/encryption-key/documents", None),
    ("get", "storage/backup/documents", None),
    ("post", "storage/keys/documents/config", {"min_decryption_version": 1}),
    ("post", "storage/keys/documents/config", {"exportable": True}),
    ("post", "storage/keys/documents/config", {"deletion_allowed": True}),
    ("post", "storage/keys/documents/trim", {"min_available_version": 1}),
    ("post", "tokens/keys/convergent/config", {"exportable": True}),
    ("delete", "storage/keys/documents", None),
    ("post", "sys/policies/acl/redoubt-rotator", {"policy": ""}),
    ("post", "auth/approle/role/redoubt-worker/secret-id", {}),
    ("post", "auth/token/create", {}),
    ("post", "sys/seal", {}),
]


@pytest.mark.parametrize("role", [Role.ROTATOR, Role.SUBMITTER, Role.REIDENTIFIER, Role.AUDITOR])
@pytest.mark.parametrize(("method", "path", "body"), _EVERYBODY_ELSE)
def test_no_other_role_can(bench: Bench, role: Role, method: str, path: str, body: dict[str, Any] | None) -> None:
    assert _refused(bench.thief(role), method, path, body)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ROTATOR])
def test_only_the_rotator_makes_versions_and_moves_keys(bench: Bench, role: Role) -> None:
    thief = bench.thief(role)
    for path in ("storage/keys/documents/rotate", "tokens/keys/convergent/rotate"):
        assert _refused(thief, "post", path, {})
    for path in ("storage/rewrap/documents", "tokens/rewrap/convergent"):
        assert _refused(thief, "post", path, {"ciphertext": "vault:v1:AAAA", "context": "AAAA"})


@pytest.mark.parametrize(("method", "path", "body"), _EVERYBODY_ELSE[1:])
def test_the_reviewer_opens_what_is_sealed_and_can_do_nothing_else(
    bench: Bench, method: str, path: str, body: dict[str, Any] | None
) -> None:
    assert not _refused(bench.thief(Role.REVIEWER), *_EVERYBODY_ELSE[0])
    assert _refused(bench.thief(Role.REVIEWER), method, path, body)


@pytest.mark.parametrize("role", [Role.ROTATOR, Role.REVIEWER, Role.REIDENTIFIER, Role.AUDITOR])
def test_only_worker_and_submitter_make_data_keys(bench: Bench, role: Role) -> None:
    assert _refused(bench.thief(role), "post", "storage/datakey/plaintext/documents", {"context": "AAAA"})


def test_nothing_that_was_refused_left_a_key_behind(bench: Bench) -> None:
    thief = bench.thief(Role.WORKER)
    assert _refused(thief, "post", "tokens/encrypt/brand-new", {"plaintext": "AAAA", "context": "AAAA"})
    for mount, names in (("tokens", ["code-index", "codes", "convergent", "date-offsets"]), ("storage", ["documents"])):
        keys = attempt(lambda mount=mount: bench.root().adapter.list(f"/v1/{mount}/keys"))  # type: ignore[misc]
        assert not isinstance(keys, Exception)
        assert sorted(keys["data"]["keys"]) == names


def test_the_submitter_seals_and_cannot_open(bench: Bench) -> None:
    session = VaultSession(bench.of(Role.SUBMITTER))
    made = session.write("storage/datakey/plaintext/documents", {"context": _b64(b"x")})
    with pytest.raises(RedoubtError) as said:
        session.write("storage/decrypt/documents", {"ciphertext": made["ciphertext"], "context": _b64(b"x")})
    assert said.value.reason is Reason.VAULT_REFUSED


def test_a_code_that_was_made_can_be_changed_and_listed_by_nobody(bench: Bench) -> None:
    """A thief with the worker's credentials, who knows where the entries lie."""
    worker = VaultSession(bench.of(Role.WORKER))
    [before] = VaultedTokenizer(worker).tokens([CODE])
    [value_at] = indexes(worker, "tokens", [(CODE, padded(CODE))])
    [token_at] = indexes(worker, "tokens", [(CODE, before.encode())])
    entry = {"data": {"token": "rdt:person:r1:AAAAAAAAAAAAAAAAAAAAAA"}, "options": {"cas": 1}}
    for role in Role:
        thief = bench.thief(role)
        for path in (f"codes/data/values/{value_at}", f"codes/data/tokens/{token_at}"):
            assert _refused(thief, "post", path, entry)
            assert _refused(thief, "delete", path)
        assert _refused(thief, "get", f"codes/data/values/{value_at}") == (role is not Role.WORKER)
        assert _refused(thief, "get", f"codes/data/tokens/{token_at}") == (role is not Role.REIDENTIFIER)
    assert VaultedTokenizer(worker).tokens([CODE]) == [before]


def test_the_rotator_rotates_and_pinned_tokens_stay(bench: Bench, tokens: list[str]) -> None:
    VaultSession(bench.of(Role.ROTATOR)).write("tokens/keys/convergent/rotate", {})
    worker = VaultSession(bench.of(Role.WORKER))
    assert TransitTokenizer(worker).tokens(REQUESTS) == tokens
    moved = TransitTokenizer(worker, key_version=2).tokens(REQUESTS)
    assert {read_token(token).version for token in moved} == {"v2"}
    assert not set(moved) & set(tokens)


def test_the_rotator_carries_tokens_over_and_old_and_new_ones_are_turned_back(bench: Bench, tokens: list[str]) -> None:
    """What a re-token run of exported records does: without the identifiers, to the very tokens of the new version."""
    rotator = VaultSession(bench.of(Role.ROTATOR))
    rotator.write("tokens/keys/convergent/rotate", {})
    found = rotator.read("tokens/keys/convergent")
    assert found
    newest = found["latest_version"]
    assert isinstance(newest, int)
    items = [_item(request, token) for request, token in zip(REQUESTS, tokens, strict=True)]
    results = rotator.write("tokens/rewrap/convergent", {"batch_input": items})["batch_results"]
    assert isinstance(results, list)
    carried = [
        str(Token(request.kind, f"v{newest}", split_ciphertext(result["ciphertext"])[1]))
        for request, result in zip(REQUESTS, results, strict=True)
    ]
    assert carried == TransitTokenizer(VaultSession(bench.of(Role.WORKER)), key_version=newest).tokens(REQUESTS)
    reversal = Reversal(VaultSession(bench.of(Role.REIDENTIFIER)))
    for request, old, new in zip(REQUESTS, tokens, carried, strict=True):
        answers = [reversal.turn_back(request.tenant, request.purpose, token).value for token in (old, new)]
        assert answers == [request.value] * 2


def test_the_auditor_reads_rights_and_guesses_no_token(bench: Bench) -> None:
    auditor = bench.thief(Role.AUDITOR)
    found = attempt(lambda: auditor.adapter.get("/v1/tokens/keys/convergent"))
    assert not isinstance(found, Exception)
    assert found["data"]["exportable"] is False
    assert _refused(auditor, "post", "tokens/encrypt/convergent", {"plaintext": "AAAA", "context": "AAAA"})
