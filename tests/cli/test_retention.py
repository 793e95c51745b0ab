"""`redoubt retention` and `redoubt keys` as an operator types them: real broker, vault and store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import Result
from typer.testing import CliRunner

from streams.cli import app
from streams.embedded.openbao import EmbeddedVault
from streams.embedded.process import free_port
from streams.embedded.tansu import EmbeddedBroker
from streams.events import AuditEntry
from streams.kafka.topics import AUDIT_PENDING, create_topics
from streams.settings import Environment, KafkaSettings, VaultSettings
from streams.store.claims import ObjectClaims, open_claims
from streams.store.records import document_name
from streams.store.sealed import SealedStore, key_of
from streams.vault.client import VaultSession
from streams.vault.keyring import LocalDataKeys, VaultDataKeys
from streams.vault.setup import Role, set_up
from tests.kafka.transport import read

DOCUMENT = "0123456789abcdef0123456789abcdef"
WHOSE = ["--tenant", "north"]
MATTER = ["--reason", "litigation", "--ticket", "LEGAL-17", "--actor", "counsel-2"]
CANARY = b"Quillfeather, Ombudsdottir MRN 7731-C0FFEE"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with EmbeddedBroker(tmp_path_factory.mktemp("tansu")) as broker:
        create_topics(KafkaSettings(bootstrap=broker.bootstrap), partitions=1)
        yield broker.bootstrap


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ObjectClaims:
    monkeypatch.setenv("REDOUBT_ENVIRONMENT", "demo")
    for name in ("phi", "masked"):
        monkeypatch.setenv(f"REDOUBT_STORE__{name.upper()}_URL", (tmp_path / name).as_uri())
    return open_claims((tmp_path / "phi").as_uri())


@pytest.fixture
def sealed(store: ObjectClaims, broker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SealedStore:
    """With one document: an original, and an output of it."""
    monkeypatch.setenv("REDOUBT_KAFKA__BOOTSTRAP", broker)
    sealed = SealedStore(store, LocalDataKeys(environment=Environment.DEMO))
    seal = sealed.create("north", DOCUMENT)
    seal.put(CANARY)
    seal.put_output(open_claims((tmp_path / "masked").as_uri()), b"%PDF masked")
    return sealed


def redoubt(*arguments: str, code: int = 0) -> str:
    result: Result = CliRunner().invoke(app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Puts a policy in force under which every clock has run out."""
    entry = {"title": "t", "keep_days": 0, "sealed_days": 0, "outputs_days": 0, "reason": "r", "source": "s"}
    (tmp_path / "policy.yaml").write_text(yaml.safe_dump({"number": 1, "default": "x", "classes": {"x": entry}}))
    return lambda: monkeypatch.setenv("REDOUBT_STORE__RETENTION_FILE", str(tmp_path / "policy.yaml"))


def _there(tmp_path: Path) -> tuple[bool, bool, bool]:
    """Whether there is a data key, a sealed object, an output."""
    found = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()]
    return tuple(any(name.startswith(start) for name in found) for start in ("phi/keys/", "phi/sealed/", "masked/sha"))  # type: ignore[return-value]


def _log(broker: str) -> list[tuple[str, str | None, str | None]]:
    entries = [e for _, e, _ in read(broker, [AUDIT_PENDING], expect=10_000, timeout_s=3) if isinstance(e, AuditEntry)]
    return [(entry.action.value, entry.why, entry.ticket) for entry in entries]


def test_from_a_hold_to_the_end(sealed: SealedStore, broker: str, tmp_path: Path, at_once: Callable[[], None]) -> None:
    assert "2 running" in redoubt("retention", "run")
    assert redoubt("retention", "hold", DOCUMENT, *WHOSE, *MATTER) == "held\n"
    shown = redoubt("retention", "show", DOCUMENT, *WHOSE)
    assert "sealed  running" in shown
    assert "hold LEGAL-17  litigation  by counsel-2" in shown
    at_once()
    assert "2 held" in redoubt("retention", "run")
    assert _there(tmp_path) == (True, True, True)

    assert redoubt("retention", "release-hold", DOCUMENT, *WHOSE, *MATTER) == "released\n"
    redoubt("retention", "release-hold", DOCUMENT, *WHOSE, *MATTER, code=1)
    dry = redoubt("retention", "run", "--dry-run")
    assert "2 due" in dry
    assert _there(tmp_path) == (True, True, True)
    ended = redoubt("retention", "run")
    assert "2 ended now" in ended
    assert _there(tmp_path) == (False, False, False)
    assert redoubt("retention", "run") == "nothing is kept\n"
    assert "sealed  ended" in redoubt("retention", "show", DOCUMENT, *WHOSE)
    assert _log(broker) == [
        ("hold.placed", "litigation", "LEGAL-17"),
        ("hold.released", "litigation", "LEGAL-17"),
        ("document.destroying", "x", None),
        ("document.destroyed", "x", None),
        ("document.destroying", "x", None),
        ("document.destroyed", "x", None),
    ]
    redoubt("retention", "hold", DOCUMENT, *WHOSE, *MATTER, code=3)


def test_without_a_broker_nothing_ends(
    sealed: SealedStore, tmp_path: Path, at_once: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDOUBT_KAFKA__BOOTSTRAP", f"127.0.0.1:{free_port()}")
    at_once()
    monkeypatch.setattr("streams.kafka.acknowledged.ACKNOWLEDGED_S", 1.0)
    monkeypatch.setattr("streams.cli.shared.acting._ANSWER_S", 1.0)
    for acts in (["run"], ["release-hold", DOCUMENT, *WHOSE, *MATTER]):
        assert "check REDOUBT_KAFKA__BOOTSTRAP" in redoubt("retention", *acts, code=1)
    assert _there(tmp_path) == (True, True, True)
    # A hold is in force although it could not be told.
    redoubt("retention", "hold", DOCUMENT, *WHOSE, *MATTER, code=1)
    assert "hold LEGAL-17" in redoubt("retention", "show", DOCUMENT, *WHOSE)


def test_what_no_clock_can_end_is_told(sealed: SealedStore, store: ObjectClaims, at_once: Callable[[], None]) -> None:
    at_once()
    store.put("keys/" + "e" * 64, b"of nobody")
    assert "1 damaged" in redoubt("retention", "run", "--dry-run", code=3)


@pytest.mark.parametrize(
    "wrong",
    [
        ["--tenant", "North Clinic", *MATTER],
        [*WHOSE, "--reason", "because", "--ticket", "LEGAL-17", "--actor", "counsel-2"],
        [*WHOSE, "--reason", "audit", "--ticket", "about Mrs Jones", "--actor", "counsel-2"],
        [*WHOSE, "--reason", "audit", "--ticket", "LEGAL-17", "--actor", "Jane Jones"],
        [*WHOSE, "--reason", "audit", "--ticket", "LEGAL-17"],
    ],
)
def test_free_text_is_refused(sealed: SealedStore, wrong: list[str]) -> None:
    redoubt("retention", "hold", DOCUMENT, *wrong, code=2)
    redoubt("retention", "release-hold", DOCUMENT, *wrong, code=2)


def test_an_unknown_document_and_a_broken_policy(
    sealed: SealedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    redoubt("retention", "show", "9" * 32, *WHOSE, code=1)
    redoubt("retention", "hold", "9" * 32, *WHOSE, *MATTER, code=1)
    (tmp_path / "broken.yaml").write_text("number: one")
    monkeypatch.setenv("REDOUBT_STORE__RETENTION_FILE", str(tmp_path / "broken.yaml"))
    redoubt("retention", "run", code=2)


def test_keys_are_rotated_and_carried_over(
    store: ObjectClaims, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with EmbeddedVault(tmp_path / "vault") as vault:
        bare = VaultSettings(address=vault.address, ca_file=vault.ca_file)
        roles = set_up(bare, vault.root_token, tmp_path / "roles")
        monkeypatch.setenv("REDOUBT_VAULT__ADDRESS", vault.address)
        monkeypatch.setenv("REDOUBT_VAULT__CA_FILE", str(vault.ca_file))

        def act_as(role: Role) -> VaultSettings:
            files = {"role_id_file": roles[role].role_id_file, "secret_id_file": roles[role].secret_id_file}
            for name, file in files.items():
                monkeypatch.setenv(f"REDOUBT_VAULT__{name.upper()}", str(file))
            return bare.model_copy(update=files)

        worker = SealedStore(store, VaultDataKeys(VaultSession(act_as(Role.WORKER))))
        references = {f"doc-{n}": worker.create("north", f"doc-{n}").put(CANARY) for n in range(3)}
        # The worker's credentials are of no use here.
        assert "vault_refused" in redoubt("keys", "rotate", code=1)
        assert "vault_refused" in redoubt("keys", "rewrap", code=1)

        act_as(Role.ROTATOR)
        assert "3 seen, 0 carried over, 3 current" in redoubt("keys", "rewrap")
        redoubt("keys", "rotate")
        assert "3 seen, 3 carried over, 0 current" in redoubt("keys", "rewrap", "--per-second", "1000")
        for document, reference in references.items():
            assert store.get(key_of(document_name("north", document))).startswith(b"vault:v2:")
            assert worker.open("north", document).get(reference) == CANARY
        store.put("keys/" + "e" * 64, b"of nobody")
        assert "1 that do not open" in redoubt("keys", "rewrap", code=3)
        vault.seal()
        assert "vault_unavailable" in redoubt("keys", "rewrap", code=1)
