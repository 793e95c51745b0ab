"""What every tokenizer does, against a real OpenBao and the local key ring alike."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from policies.tokens.form import read_token
from policies.tokens.local import LocalTokenizer
from policies.tokens.tokenizer import Tokenizer, TokenRequest
from policies.tokens.transit import BATCH, TransitTokenizer
from streams.embedded.openbao import EmbeddedVault
from streams.settings import VaultSettings
from streams.vault.client import VaultSession
from streams.vault.setup import Credentials, Role, set_up

CANARY = "Quillfeather-Ombudsdottir 0xC0FFEE"
PLAIN = TokenRequest("north", "analytics", Kind.PERSON, CANARY)


class Bench:
    """One vault with all roles, and sessions for them."""

    def __init__(self, vault: EmbeddedVault, settings: VaultSettings, roles: Mapping[Role, Credentials]) -> None:
        self.vault, self.settings, self.roles = vault, settings, roles

    def session(self, role: Role) -> VaultSession:
        files = self.roles[role]
        return VaultSession(
            self.settings.model_copy(
                update={"role_id_file": files.role_id_file, "secret_id_file": files.secret_id_file}
            )
        )


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("vault")
    with EmbeddedVault(folder / "server") as vault:
        settings = VaultSettings(address=vault.address, ca_file=vault.ca_file)
        yield Bench(vault, settings, set_up(settings, vault.root_token, folder / "roles"))


@pytest.fixture(params=["transit", "local"])
def tokenizer(request: pytest.FixtureRequest, bench: Bench) -> Tokenizer:
    if request.param == "transit":
        return TransitTokenizer(bench.session(Role.WORKER))
    return LocalTokenizer(production=False)


def test_the_same_request_gives_the_same_token(tokenizer: Tokenizer) -> None:
    first = tokenizer.tokens([PLAIN])
    assert tokenizer.tokens([PLAIN, PLAIN]) == first * 2


@pytest.mark.parametrize(
    "other",
    [
        replace(PLAIN, tenant="south"),
        replace(PLAIN, purpose="billing"),
        replace(PLAIN, kind=Kind.MRN),
        replace(PLAIN, value=CANARY + " "),
        TokenRequest("north", 'analytics","x', Kind.PERSON, CANARY),
        TokenRequest('north","analytics', "", Kind.PERSON, CANARY),
    ],
)
def test_another_request_gives_another_token(tokenizer: Tokenizer, other: TokenRequest) -> None:
    one, two = tokenizer.tokens([PLAIN, other])
    assert read_token(one).body != read_token(two).body


def test_a_thousand_at_once_keep_their_order(tokenizer: Tokenizer) -> None:
    requests = [replace(PLAIN, value=f"value {number % 700}") for number in range(1000)]
    tokens = tokenizer.tokens(requests)
    assert len(tokens) == 1000
    assert len(set(tokens)) == 700
    assert tokens[700:] == tokens[:300]
    for place in (0, BATCH - 1, BATCH, 699):
        assert tokenizer.tokens([requests[place]]) == [tokens[place]]


def test_nothing_gives_nothing(tokenizer: Tokenizer) -> None:
    assert tokenizer.tokens([]) == []


@pytest.mark.parametrize("value", ["", "é", "陳大文", "\ud800", "a\x80", "\x00", "x" * 5000])
def test_any_text_has_a_token(tokenizer: Tokenizer, value: str) -> None:
    request = replace(PLAIN, value=value)
    assert tokenizer.tokens([request]) == tokenizer.tokens([request])


def test_a_token_says_its_kind_and_not_its_value(tokenizer: Tokenizer) -> None:
    [token] = tokenizer.tokens([PLAIN])
    assert read_token(token).kind is Kind.PERSON
    assert str(read_token(token)) == token
    for part in CANARY.lower().replace("-", " ").split():
        assert part not in token.lower()


def test_length_tells_little(tokenizer: Tokenizer) -> None:
    short, longer = tokenizer.tokens([replace(PLAIN, value="Li Wu"), replace(PLAIN, value="Bartholomew Featherstone")])
    assert len(short) == len(longer)


def test_nothing_shows_a_value(tokenizer: Tokenizer) -> None:
    assert CANARY not in repr(PLAIN)
    assert CANARY not in repr(tokenizer)


# Faults: what only Vault can do wrong.


class OneBadItem:
    """Spoils one item on its way to the real vault."""

    def __init__(self, vault: VaultSession) -> None:
        self._vault = vault

    def write(self, path: str, body: Mapping[str, object]) -> Mapping[str, object]:
        items = body["batch_input"]
        assert isinstance(items, list)
        spoiled = [*items[:-1], {**items[-1], "plaintext": "not base64!"}]
        return self._vault.write(path, {**body, "batch_input": spoiled})


def _refusal(call: Callable[[], object]) -> RedoubtError:
    with pytest.raises(RedoubtError) as said:
        call()
    text = "".join(traceback.format_exception(said.value))
    assert CANARY not in text
    assert said.value.__cause__ is None
    assert said.value.__context__ is None
    return said.value


@pytest.mark.parametrize("count", [1, 2, BATCH + 3])
def test_one_bad_item_fails_all(bench: Bench, count: int) -> None:
    requests = [replace(PLAIN, value=f"{CANARY} {number}") for number in range(count)]
    tokenizer = TransitTokenizer(OneBadItem(bench.session(Role.WORKER)))
    assert _refusal(lambda: tokenizer.tokens(requests)).reason is Reason.VAULT_REFUSED


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.WORKER])
def test_another_role_is_refused(bench: Bench, role: Role) -> None:
    tokenizer = TransitTokenizer(bench.session(role))
    assert _refusal(lambda: tokenizer.tokens([PLAIN])).reason is Reason.VAULT_REFUSED


def test_vault_sealed(bench: Bench) -> None:
    tokenizer = TransitTokenizer(bench.session(Role.WORKER))
    before = tokenizer.tokens([PLAIN])
    fresh = TransitTokenizer(bench.session(Role.WORKER))
    bench.vault.seal()
    try:
        assert _refusal(lambda: tokenizer.tokens([PLAIN])).reason is Reason.VAULT_UNAVAILABLE
        assert _refusal(lambda: fresh.tokens([PLAIN])).reason is Reason.VAULT_UNAVAILABLE
    finally:
        bench.vault.unseal()
    assert tokenizer.tokens([PLAIN]) == before


class Garbage:
    """Answers, but not what was asked for."""

    def __init__(self, answer: Mapping[str, object]) -> None:
        self._answer = answer

    def write(self, path: str, body: Mapping[str, object]) -> Mapping[str, object]:
        return self._answer


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"batch_results": None},
        {"batch_results": []},
        {"batch_results": ["x"]},
        {"batch_results": [{}]},
        {"batch_results": [{"ciphertext": CANARY}]},
        {"batch_results": [{"ciphertext": "vault:v1:AAA"}]},
        {"batch_results": [{"ciphertext": "vault:v1:AAAA"}, {"ciphertext": "vault:v1:AAAA"}]},
    ],
)
def test_vault_answers_garbage(answer: Mapping[str, object]) -> None:
    assert _refusal(lambda: TransitTokenizer(Garbage(answer)).tokens([PLAIN])).reason is Reason.VAULT_UNAVAILABLE


def test_a_token_of_another_key_version_is_not_taken() -> None:
    other = Garbage({"batch_results": [{"ciphertext": "vault:v2:AAAA"}]})
    assert _refusal(lambda: TransitTokenizer(other).tokens([PLAIN])).reason is Reason.VAULT_REFUSED


def test_the_local_key_ring_refuses_production() -> None:
    assert _refusal(lambda: LocalTokenizer(production=True)).reason is Reason.MISCONFIGURED


def test_a_local_key_file_keeps_the_tokens(tmp_path: Path) -> None:
    file = tmp_path / "ring" / "tokens.key"
    first = LocalTokenizer(file, production=False).tokens([PLAIN])
    assert file.stat().st_mode & 0o777 == 0o600
    assert LocalTokenizer(file, production=False).tokens([PLAIN]) == first
    assert LocalTokenizer(tmp_path / "other.key", production=False).tokens([PLAIN]) != first
    assert LocalTokenizer(production=False).tokens([PLAIN]) != first
