"""What every tokenizer does, against a real OpenBao and the local key ring alike."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from policies.tokens import vaulted
from policies.tokens.by_type import ByType, Remembering
from policies.tokens.form import read_token
from policies.tokens.local import LocalTokenizer
from policies.tokens.tokenizer import Tokenizer, TokenRequest, TokenType
from policies.tokens.transit import BATCH, TransitTokenizer
from policies.tokens.vaulted import VaultedTokenizer
from streams.embedded.openbao import EmbeddedVault
from streams.settings import VaultSettings
from streams.vault.client import VaultSession
from streams.vault.setup import Credentials, Role, set_up

CANARY = "Quillfeather-Ombudsdottir 0xC0FFEE"
PLAIN = TokenRequest("north", "analytics", Kind.PERSON, CANARY)
RANDOM = replace(PLAIN, type=TokenType.RANDOM)
SHAPED = replace(PLAIN, type=TokenType.SHAPED)


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


class Asking:
    """Asks for tokens of one type, whatever the test's requests say."""

    def __init__(self, tokenizer: Tokenizer, type_: TokenType) -> None:
        self._tokenizer, self._type = tokenizer, type_

    def tokens(self, requests: Sequence[TokenRequest]) -> list[str]:
        return self._tokenizer.tokens([replace(request, type=self._type) for request in requests])


@pytest.fixture(params=["transit", "local", "remembered", "random", "shaped"])
def tokenizer(request: pytest.FixtureRequest, bench: Bench) -> Tokenizer:
    if request.param == "local":
        return LocalTokenizer(production=False)
    session = bench.session(Role.WORKER)
    if request.param == "transit":
        return TransitTokenizer(session)
    if request.param == "remembered":
        return Remembering(TransitTokenizer(session), room=50)
    return Asking(VaultedTokenizer(session), TokenType(request.param))


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


def test_hundreds_at_once_keep_their_order(tokenizer: Tokenizer) -> None:
    requests = [replace(PLAIN, value=f"value {number % 180}") for number in range(300)]
    tokens = tokenizer.tokens(requests)
    assert len(tokens) == 300
    assert len(set(tokens)) == 180
    assert tokens[180:] == tokens[:120]
    for place in (0, BATCH - 1, BATCH, 179):
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
    session = bench.session(role)
    assert _refusal(lambda: TransitTokenizer(session).tokens([PLAIN])).reason is Reason.VAULT_REFUSED
    for drawn in (RANDOM, SHAPED):
        assert _refusal(lambda drawn=drawn: VaultedTokenizer(session).tokens([drawn])).reason is Reason.VAULT_REFUSED  # type: ignore[misc]


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


# Drawn tokens: created once, whoever is killed or races where.


class KilledBefore:
    """Ends the process, as far as the tokenizer can tell, before the n-th write to a path of that part."""

    def __init__(self, vault: VaultSession, part: str) -> None:
        self._vault, self._part = vault, part

    def read(self, path: str) -> Mapping[str, object] | None:
        return self._vault.read(path)

    def write(self, path: str, body: Mapping[str, object]) -> Mapping[str, object]:
        if self._part in path:
            raise KeyboardInterrupt
        return self._vault.write(path, body)


@pytest.mark.parametrize("type_", [TokenType.RANDOM, TokenType.SHAPED])
@pytest.mark.parametrize("part", ["data/tokens/", "data/values/"])
def test_a_kill_between_the_writes_costs_nothing(bench: Bench, type_: TokenType, part: str) -> None:
    session = bench.session(Role.WORKER)
    request = replace(PLAIN, value=f"{CANARY} {part}", type=type_)
    with pytest.raises(KeyboardInterrupt):
        VaultedTokenizer(KilledBefore(session, part)).tokens([request])
    [token] = VaultedTokenizer(session).tokens([request])
    assert VaultedTokenizer(bench.session(Role.WORKER)).tokens([request]) == [token]


@pytest.mark.parametrize("type_", [TokenType.RANDOM, TokenType.SHAPED])
def test_workers_that_race_give_one_token(bench: Bench, type_: TokenType) -> None:
    requests = [replace(PLAIN, value=f"raced {number}", type=type_) for number in range(12)]
    tokenizers = [VaultedTokenizer(bench.session(Role.WORKER)) for _ in range(4)]
    together = Barrier(len(tokenizers))

    def made(tokenizer: VaultedTokenizer) -> tuple[str, ...]:
        together.wait(30)
        return tuple(tokenizer.tokens(requests))

    with ThreadPoolExecutor(len(tokenizers)) as pool:
        assert len(set(pool.map(made, tokenizers))) == 1


def test_a_shape_that_was_handed_out_is_drawn_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["TKN000000000001", "TKN000000000001", "TKN000000000002"])
    monkeypatch.setattr(vaulted, "draw", lambda _kind: next(drawn))
    tokenizer = VaultedTokenizer(bench.session(Role.WORKER))
    one, two = tokenizer.tokens([replace(SHAPED, value="a first"), replace(SHAPED, value="a second")])
    assert (one, two) == ("rdt:person:s1:TKN000000000001", "rdt:person:s1:TKN000000000002")


def test_a_drawn_token_is_derived_from_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two gateways with the same draws give the same tokens to other values: only what was drawn is in them."""
    monkeypatch.setattr(vaulted.secrets, "token_bytes", lambda count: bytes(range(count)))
    [token] = VaultedTokenizer(bench.session(Role.WORKER)).tokens([replace(RANDOM, value="whatever")])
    assert read_token(token).body == bytes(range(16))


def test_each_type_is_made_by_its_own(bench: Bench) -> None:
    session = bench.session(Role.WORKER)
    drawn = VaultedTokenizer(session)
    convergent = TransitTokenizer(session)
    everything = ByType(
        {TokenType.CONVERGENT: convergent, TokenType.RANDOM: drawn, TokenType.SHAPED: drawn},
    )
    tokens = everything.tokens([SHAPED, PLAIN, RANDOM, PLAIN])
    assert [read_token(token).type for token in tokens] == [
        TokenType.SHAPED,
        TokenType.CONVERGENT,
        TokenType.RANDOM,
        TokenType.CONVERGENT,
    ]
    for wrong in (
        lambda: drawn.tokens([PLAIN]),
        lambda: convergent.tokens([RANDOM]),
        lambda: LocalTokenizer(production=False).tokens([SHAPED]),
        lambda: ByType({TokenType.RANDOM: drawn}).tokens([PLAIN]),
    ):
        assert _refusal(wrong).reason is Reason.MISCONFIGURED


class Counting:
    """Counts what reaches the tokenizer behind it."""

    def __init__(self) -> None:
        self.asked: list[TokenRequest] = []

    def tokens(self, requests: Sequence[TokenRequest]) -> list[str]:
        self.asked += requests
        return [f"token of {request.value}" for request in requests]


def test_what_is_remembered_is_bounded_asked_once_and_holds_no_value() -> None:
    behind = Counting()
    remembering = Remembering(behind, room=10)
    requests = [replace(PLAIN, value=f"{CANARY} {number}") for number in range(10)]
    first = remembering.tokens([*requests, *requests])
    assert remembering.tokens(requests) == first[:10]
    assert len(behind.asked) == 10
    remembering.tokens([replace(PLAIN, value="one more")])
    assert len(remembering) == 10
    assert remembering.tokens(requests) == first[:10]
    assert CANARY not in repr(list(remembering._known))
