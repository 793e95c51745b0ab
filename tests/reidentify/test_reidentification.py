"""Turning tokens back against a real vault: who may, what is on record before, and what an error tells."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from policies.tokens.by_type import ByType
from policies.tokens.reversal import Reversal
from policies.tokens.tokenizer import TokenRequest, TokenType
from policies.tokens.transit import TransitTokenizer
from policies.tokens.vaulted import VaultedTokenizer
from streams.embedded.openbao import EmbeddedVault
from streams.events import AuditAction, AuditEntry
from streams.reidentify.allowance import Allowance
from streams.reidentify.people import Ground, Person, Standing, people
from streams.reidentify.reidentification import BATCH, Asked, Reidentification, record_id
from streams.settings import VaultSettings
from streams.vault.client import VaultSession
from streams.vault.setup import Role, set_up

CANARY = "Quillfeather-Ombudsdottir"
OFFICER = Person("a.okafor", Standing.PRIVACY_OFFICER, ("north",), 10)
CARE = Person("j.lindt", Standing.CARE_TEAM, ("north",), 10)


class Hall:
    """A vault with a worker's tokens of all types, and the service before it."""

    def __init__(self, vault: EmbeddedVault, folder: Path) -> None:
        self.vault, self._bare = vault, VaultSettings(address=vault.address, ca_file=vault.ca_file)
        self._roles = set_up(self._bare, vault.root_token, folder / "roles")
        worker = self.session(Role.WORKER)
        drawn = VaultedTokenizer(worker)
        self.tokenizer = ByType(
            {TokenType.CONVERGENT: TransitTokenizer(worker), TokenType.RANDOM: drawn, TokenType.SHAPED: drawn}
        )
        self.reidentifier = self.session(Role.REIDENTIFIER)

    def session(self, role: Role) -> VaultSession:
        files = self._roles[role]
        return VaultSession(
            self._bare.model_copy(update={"role_id_file": files.role_id_file, "secret_id_file": files.secret_id_file})
        )

    def tokens(self, value: str = CANARY, tenant: str = "north", purpose: str = "analytics") -> list[str]:
        return self.tokenizer.tokens([TokenRequest(tenant, purpose, Kind.PERSON, value, type_) for type_ in TokenType])


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    folder = tmp_path_factory.mktemp("vault")
    with EmbeddedVault(folder / "server") as vault:
        yield Hall(vault, folder)


class Service:
    """The service with people of this test's own, a clock that stands, and a log that can fail."""

    def __init__(self, hall: Hall, name: str) -> None:
        self.now = datetime(2026, 3, 1, 12, 5, tzinfo=UTC)
        self.log: list[AuditEntry] = []
        self.broken = False
        self.officer, self.care, self.second = (
            replace(person, name=f"{name}.{person.name}") for person in (OFFICER, CARE, replace(OFFICER, name="second"))
        )
        self.south = replace(OFFICER, name=f"{name}.south", tenants=("south",))
        known = {person.name: person for person in (self.officer, self.care, self.second, self.south)}
        reversal, allowance = Reversal(hall.reidentifier), Allowance(hall.reidentifier)
        self.service = Reidentification(lambda: known, reversal, allowance, self._append, lambda: self.now)

    def _append(self, entry: AuditEntry) -> None:
        if self.broken:
            raise RedoubtError(Reason.BROKER_UNAVAILABLE)
        entry.to_message()
        self.log.append(entry)

    def ask(self, *tokens: str, who: Person | None = None, ground: Ground = Ground.DATA_QUALITY, **other: str) -> Asked:
        return Asked(other.get("tenant", "north"), other.get("purpose", "analytics"), ground, "OPS-17", tokens)

    def values(self, *tokens: str, ground: Ground = Ground.DATA_QUALITY, **other: str) -> list[str | Reason | None]:
        answers = self.service.turn_back(self.officer.name, self.ask(*tokens, ground=ground, **other))
        return [answer.value if answer.reason is None else answer.reason for answer in answers]

    def actions(self) -> list[AuditAction]:
        return [entry.action for entry in self.log]


@pytest.fixture
def service(hall: Hall, request: pytest.FixtureRequest) -> Service:
    return Service(hall, hashlib.sha256(request.node.name.encode()).hexdigest()[:16])


def _refused(call: Callable[[], object]) -> Reason:
    with pytest.raises(RedoubtError) as said:
        call()
    assert said.value.__cause__ is None
    return said.value.reason


def test_every_type_is_turned_back_and_on_record_before(hall: Hall, service: Service) -> None:
    tokens = hall.tokens()
    assert service.values(*tokens, tokens[0]) == [CANARY] * 4
    assert service.actions() == [AuditAction.REIDENTIFIED] * 3
    assert [entry.document_id for entry in service.log] == [record_id(token) for token in tokens]
    entry = service.log[0]
    assert (entry.actor, entry.standing, entry.purpose, entry.why, entry.ticket) == (
        service.officer.name,
        "privacy-officer",
        "analytics",
        "data-quality",
        "OPS-17",
    )
    assert CANARY not in repr(service.log)


def test_nothing_is_opened_before_the_broker_has_the_entry(hall: Hall, service: Service) -> None:
    tokens = hall.tokens()
    service.broken = True
    assert _refused(lambda: service.values(*tokens)) is Reason.BROKER_UNAVAILABLE
    # Not even counted: the vault was not asked.
    assert Allowance(hall.reidentifier).take(service.officer, 1, service.now) == 1


def test_no_answer_leaves_where_a_later_entry_fails(hall: Hall, service: Service) -> None:
    """The entry that says that one token was none: the values of the others stay with the service."""
    good, *_ = hall.tokens()

    def append(entry: AuditEntry) -> None:
        if entry.reasons:
            raise RedoubtError(Reason.BROKER_UNAVAILABLE)

    service.service._append = append
    assert _refused(lambda: service.values(good, "rdt:person:r1:AAAAAAAAAAAAAAAAAAAAAA")) is Reason.BROKER_UNAVAILABLE


@pytest.mark.parametrize("other", [{"tenant": "south"}, {"purpose": "billing"}])
def test_a_token_of_another_tenant_or_purpose_is_unknown(hall: Hall, service: Service, other: dict[str, str]) -> None:
    """As one that never was: nothing tells the two apart."""
    foreign = hall.tokens(**other)
    never = [token[:-4] + ("AAAA" if not token.endswith("AAAA") else "QQQQ") for token in hall.tokens()]
    assert set(service.values(*foreign)) == {Reason.TOKEN_UNKNOWN}
    never = [token for token in never if token.split(":")[2] != "s1"] + ["rdt:person:s1:TKN999999999999"]
    assert set(service.values(*never)) == {Reason.TOKEN_UNKNOWN}
    assert service.actions().count(AuditAction.REIDENTIFICATION_REFUSED) == 6


class Counted:
    """The session of the re-identifier, with the calls that it made: which, and not of what."""

    def __init__(self, vault: VaultSession) -> None:
        self._vault, self.calls = vault, list[tuple[str, ...]]()

    def write(self, path: str, body: Mapping[str, object]) -> Mapping[str, object]:
        self.calls.append(("write", path, *sorted(body)))
        return self._vault.write(path, body)

    def read(self, path: str) -> Mapping[str, object] | None:
        self.calls.append(("read", path.removesuffix(path.split("/")[-1]) if "/tokens/" in path else path))
        return self._vault.read(path)


@pytest.mark.parametrize("place", range(3))
def test_nothing_that_takes_time_tells_why_a_token_is_unknown(hall: Hall, place: int) -> None:
    """Another tenant's, another purpose's, one that somebody changed and one that never was: after the same calls."""
    own = hall.tokens()[place]
    last = "AAAA" if not own.endswith("AAAA") else "QQQQ"
    never = "rdt:person:s1:TKN999999999999" if ":s1:" in own else own[:-4] + last
    others = hall.tokens(tenant="south")[place], hall.tokens(purpose="billing")[place], own.replace(":person:", ":mrn:")
    made = []
    for token in (never, *others):
        vault = Counted(hall.reidentifier)
        answer = Reversal(vault).turn_back("north", "analytics", token)
        assert (answer.value, answer.reason) == (None, Reason.TOKEN_UNKNOWN)
        made.append(vault.calls)
    assert made[0]
    assert made == [made[0]] * 4


def test_another_kind_is_another_token(hall: Hall, service: Service) -> None:
    changed = [token.replace(":person:", ":mrn:") for token in hall.tokens()]
    assert service.values(*changed) == [Reason.TOKEN_UNKNOWN] * 3


def test_a_truncated_token_is_damaged(hall: Hall, service: Service) -> None:
    convergent, random = (next(t for t in hall.tokens() if f":{v}:" in t) for v in ("v1", "r1"))
    cut = [convergent[:-1], convergent[: len(convergent) // 2], random[:-1], random[4:], ""]
    assert service.values(*cut) == [Reason.TOKEN_DAMAGED] * 5


def test_an_unknown_key_version_is_said_to_be_one(hall: Hall, service: Service) -> None:
    [convergent] = [token for token in hall.tokens() if ":v1:" in token]
    assert service.values(convergent.replace(":v1:", ":v900:")) == [Reason.TOKEN_VERSION]


def test_a_token_of_a_local_key_ring_is_unknown(service: Service) -> None:
    assert service.values("rdt:person:l1:AAAA") == [Reason.TOKEN_UNKNOWN]


def test_who_may_not_is_refused_and_on_record(hall: Hall, service: Service) -> None:
    token, *_ = hall.tokens()
    asked = service.ask(token)
    assert _refused(lambda: service.service.turn_back("nobody", asked)) is Reason.NOT_ENTITLED
    assert _refused(lambda: service.service.turn_back(service.care.name, asked)) is Reason.NOT_ENTITLED
    elsewhere = service.ask(token, tenant="south")
    assert _refused(lambda: service.service.turn_back(service.officer.name, elsewhere)) is Reason.NOT_ENTITLED
    assert [entry.reasons for entry in service.log] == [(Reason.NOT_ENTITLED,)] * 3


def test_the_hourly_bound_holds_and_an_unusual_volume_is_told(hall: Hall, service: Service) -> None:
    tokens = hall.tokens()
    for _ in range(3):
        service.values(*tokens)
    assert service.actions().count(AuditAction.REIDENTIFICATION_UNUSUAL) == 1
    assert _refused(lambda: service.values(*tokens)) is Reason.TOO_MANY_TOKENS
    assert service.actions()[-1] is AuditAction.REIDENTIFICATION_REFUSED
    assert service.values(tokens[0]) == [CANARY]
    service.now += timedelta(hours=1)
    assert service.values(*tokens) == [CANARY] * 3


@pytest.mark.parametrize("count", [0, BATCH + 1])
def test_a_batch_is_bounded(service: Service, count: int) -> None:
    tokens = [f"rdt:person:s1:{number:05d}" for number in range(count)]
    assert _refused(lambda: service.values(*tokens)) is Reason.TOO_MANY_TOKENS
    assert len(service.log) <= BATCH


def test_an_emergency_passes_the_bound_and_is_confirmed_by_another(hall: Hall, service: Service) -> None:
    tokens = hall.tokens()
    for _ in range(4):
        assert service.values(*tokens, ground=Ground.EMERGENCY) == [CANARY] * 3
    service.now += timedelta(hours=25)
    assert _refused(lambda: service.values(*tokens)) is Reason.UNCONFIRMED
    assert _refused(lambda: service.values(*tokens, ground=Ground.EMERGENCY)) is Reason.UNCONFIRMED
    me, care, second = service.officer.name, service.care.name, service.second.name
    for wrong in (me, care, "nobody"):
        assert (
            _refused(lambda wrong=wrong: service.service.confirm(wrong, me, "north", "OPS-18")) is Reason.NOT_ENTITLED
        )  # type: ignore[misc]
    assert service.service.confirm(second, me, "north", "OPS-18")
    assert service.log[-1].action is AuditAction.EMERGENCY_CONFIRMED
    assert (service.log[-1].actor, service.log[-1].purpose) == (second, me)
    assert not service.service.confirm(second, me, "north", "OPS-18")
    assert service.values(*tokens) == [CANARY] * 3


def test_an_emergency_is_confirmed_in_its_own_tenant_only(hall: Hall, service: Service) -> None:
    token, *_ = hall.tokens()
    me, care, south = service.officer.name, service.care.name, service.south.name
    service.service.turn_back(care, service.ask(token, ground=Ground.EMERGENCY))
    before = list(service.log)
    assert not service.service.confirm(south, care, "south", "OPS-18")
    assert _refused(lambda: service.service.confirm(south, care, "north", "OPS-18")) is Reason.NOT_ENTITLED
    assert service.log == before, "nothing was confirmed, and the log says nothing else"
    assert service.service.confirm(me, care, "north", "OPS-18")
    assert (service.log[-1].action, service.log[-1].tenant) == (AuditAction.EMERGENCY_CONFIRMED, "north")


def test_emergencies_in_two_tenants_are_confirmed_each(hall: Hall, service: Service) -> None:
    allowance, name = Allowance(hall.reidentifier), service.care.name
    for hours, tenant in enumerate(("north", "south", "north")):
        allowance.begin_emergency(name, tenant, service.now + timedelta(hours=hours))
    assert allowance.unconfirmed(name) == {"north": service.now, "south": service.now + timedelta(hours=1)}
    assert [allowance.end_emergency(name, "north") for _ in range(2)] == [True, False]
    assert list(allowance.unconfirmed(name)) == ["south"]


def test_an_emergency_of_unusual_volume_is_told(hall: Hall, service: Service) -> None:
    tokens = hall.tokens()
    for _ in range(4):
        assert service.values(*tokens, ground=Ground.EMERGENCY) == [CANARY] * 3
    [told] = [entry for entry in service.log if entry.action is AuditAction.REIDENTIFICATION_UNUSUAL]
    assert (told.actor, told.why) == (service.officer.name, "emergency")


def test_a_sealed_vault_answers_nothing(hall: Hall, service: Service) -> None:
    tokens = hall.tokens()
    hall.vault.seal()
    try:
        assert _refused(lambda: service.values(*tokens)) is Reason.VAULT_UNAVAILABLE
    finally:
        hall.vault.unseal()


def test_who_may_stands_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "people.yaml"
    file.write_text("people:\n  a.okafor: {role: privacy-officer, tenants: [north], hourly: 10}\n")
    assert people(file) == {"a.okafor": OFFICER}
    for wrong in ("", "people: {A B: {role: care-team, tenants: [x], hourly: 1}}", "people: {a: {role: boss}}", ":\n-"):
        file.write_text(wrong)
        assert _refused(lambda: people(file)) is Reason.MISCONFIGURED
    assert _refused(lambda: people(tmp_path / "absent")) is Reason.MISCONFIGURED


@pytest.mark.parametrize("known_by", ["subject", "entity"])
def test_two_people_of_one_proof_are_refused(tmp_path: Path, known_by: str) -> None:
    file = tmp_path / "people.yaml"
    line = "  {name}: {{role: care-team, tenants: [north], hourly: 1, {known_by}: {id}}}\n"

    def with_ids(*ids: str) -> Path:
        entries = [line.format(name=f"p{number}", known_by=known_by, id=id) for number, id in enumerate(ids)]
        file.write_text("people:\n" + "".join(entries))
        return file

    assert [getattr(p, known_by) for p in people(with_ids("5b1d6c7e-1", "5b1d6c7e-2")).values()] == [
        "5b1d6c7e-1",
        "5b1d6c7e-2",
    ]
    assert _refused(lambda: people(with_ids("5b1d6c7e-1", "5b1d6c7e-1"))) is Reason.MISCONFIGURED
