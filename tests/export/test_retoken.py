"""An export's tokens carried over to a new version of their key, with a real vault and with kills in between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from policies.tokens.renewal import Renewal
from policies.tokens.reversal import Reversal
from policies.tokens.tokenizer import TokenRequest
from policies.tokens.transit import TransitTokenizer
from streams.cli import app
from streams.embedded.openbao import EmbeddedVault
from streams.events import AuditAction, AuditEntry, RecordTokenized
from streams.export import mapping as mappings
from streams.export.folder import ExportFolder, Source, open_folder
from streams.export.mapping import Asked, Mapped, write_mapping
from streams.export.retoken import retoken
from streams.export.tables import Record
from streams.settings import VaultSettings
from streams.vault.client import VaultSession
from streams.vault.rotation import VaultRotation
from streams.vault.setup import TOKEN_KEY, Role, set_up

DAY = date(2026, 3, 1)
FORGED = "rdt:person:v1:AAAA"
"""Reads like a mark and is no token: it stood in the document."""
PATIENTS = ("Quillfeather", "Ombudsdottir", "Featherstonehaugh")


class Hall:
    """A vault whose tokens' key has a second version, and roles that use it."""

    def __init__(self, vault: EmbeddedVault, folder: Path) -> None:
        self.bare = VaultSettings(address=vault.address, ca_file=vault.ca_file)
        self._roles = set_up(self.bare, vault.root_token, folder, [Role.WORKER, Role.ROTATOR, Role.REIDENTIFIER])
        self.rotator = self.session(Role.ROTATOR)
        self._worker = self.session(Role.WORKER)
        VaultRotation(self.rotator, "tokens", TOKEN_KEY).rotate()

    def session(self, role: Role) -> VaultSession:
        return VaultSession(self.settings(role))

    def settings(self, role: Role) -> VaultSettings:
        files = self._roles[role]
        named = {"role_id_file": files.role_id_file, "secret_id_file": files.secret_id_file}
        return self.bare.model_copy(update=named)

    def token(self, value: str, version: int, purpose: str = "analytics", tenant: str = "north") -> str:
        tokenizer = TransitTokenizer(self._worker, key_version=version)
        return tokenizer.tokens([TokenRequest(tenant, purpose, Kind.PERSON, value)])[0]

    def renewal(self, *purposes: str) -> Renewal:
        return Renewal(self.rotator, purposes or ("analytics",), 2)

    def variables(self) -> dict[str, str]:
        settings = self.settings(Role.ROTATOR)
        return {
            "REDOUBT_VAULT__ADDRESS": settings.address,
            "REDOUBT_VAULT__CA_FILE": str(settings.ca_file),
            "REDOUBT_VAULT__ROLE_ID_FILE": str(settings.role_id_file),
            "REDOUBT_VAULT__SECRET_ID_FILE": str(settings.secret_id_file),
            "REDOUBT_VAULT__TOKEN_KEY_VERSION": "2",
        }


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    folder = tmp_path_factory.mktemp("vault")
    with EmbeddedVault(folder / "server") as vault:
        yield Hall(vault, folder / "roles")


def add(folder: ExportFolder, first: int, tokens: Sequence[str], tenant: str = "north") -> None:
    """A document a token, two of them a batch; each page holds brackets of other kinds too."""
    records = []
    for number, token in enumerate(tokens, first):
        text = (f"Seen: [PERSON:{token}], [DATE:1971-03-02] [PERSON:{FORGED}] [SSN]", "no token here")
        event = RecordTokenized(tenant, f"{number:032x}", "other", "analytics", "2-a", 2, 90.0, text)
        records.append(Record(event, text, DAY, 0, number))
    for start in range(0, len(records), 2):
        folder.add(Source("cluster", "topic"), 0, first + start + 2, records[start : start + 2])


def tokens_of(root: Path) -> dict[int, set[str]]:
    """The tokens of each document, which both tables tell alike."""
    from_tokens = duckdb.sql(f"SELECT document_id, token FROM read_parquet('{root}/tokens/**/*.parquet')").fetchall()  # noqa: S608
    found: dict[int, set[str]] = {}
    for document, token in from_tokens:
        if token == FORGED:
            continue
        found.setdefault(int(document, 16), set()).add(token)
    pages = duckdb.sql(f"SELECT document_id, text FROM read_parquet('{root}/pages/**/*.parquet') WHERE page = 1")  # noqa: S608
    for document, text in pages.fetchall():
        assert all(f"[PERSON:{token}]" in text for token in found[int(document, 16)])
        assert "[DATE:1971-03-02]" in text
        assert text.endswith(f"[PERSON:{FORGED}] [SSN]")
    return found


def test_old_tokens_become_those_that_workers_make_now(hall: Hall, tmp_path: Path) -> None:
    old = [hall.token(name, 1) for name in (*PATIENTS, *PATIENTS)]
    with open_folder(tmp_path) as folder:
        add(folder, 0, old)
        add(folder, 6, [hall.token(name, 2) for name in PATIENTS])
        before = tokens_of(tmp_path)
        assert before[0] == before[3] != before[6]
        found = retoken(folder, hall.renewal(), threading.Event())
        assert (found.whole, found.files, found.left) == (True, 6, 0)
        made = [{hall.token(name, 2)} for name in PATIENTS]
        assert tokens_of(tmp_path) == dict(enumerate(made * 3))
        again = retoken(folder, hall.renewal(), threading.Event())
        assert (again.whole, again.files, again.tokens) == (True, 0, 0)
    assert not (tmp_path / "_replacing").exists()
    # In other hands old tokens are turned back as before.
    reversal = Reversal(hall.session(Role.REIDENTIFIER))
    assert reversal.turn_back("north", "analytics", old[0]).value == PATIENTS[0]


def test_tokens_of_another_purpose_stay_and_are_told(hall: Hall, tmp_path: Path) -> None:
    mixed = [hall.token(PATIENTS[0], 1), hall.token(PATIENTS[0], 1, "billing")]
    with open_folder(tmp_path) as folder:
        add(folder, 0, mixed)
        assert retoken(folder, hall.renewal(), threading.Event()).left == 2
        assert mixed[1] in tokens_of(tmp_path)[1]
        assert retoken(folder, hall.renewal("analytics", "billing"), threading.Event()).left == 0
        assert hall.token(PATIENTS[0], 2, "billing") in tokens_of(tmp_path)[1]


@pytest.mark.parametrize(("step", "count"), [("put", 2), ("rename", 2)])
def test_a_run_that_is_killed_leaves_joins_and_is_gone_on_with(
    hall: Hall, tmp_path: Path, step: str, count: int
) -> None:
    """Killed while files are made, and while they take their places."""
    with open_folder(tmp_path) as folder:
        add(folder, 0, [hall.token(name, 1) for name in (*PATIENTS, *PATIENTS)])
    before = tokens_of(tmp_path)
    command = [sys.executable, "-m", "tests.export.retoken_process", str(tmp_path), step, str(count)]
    process = subprocess.run(command, env={**os.environ, **hall.variables()}, timeout=240, check=False)
    assert process.returncode == -signal.SIGKILL
    if step != "rename":
        assert tokens_of(tmp_path) == before, "until all are made, nothing has changed"
    with open_folder(tmp_path) as folder:
        if step == "rename":
            assert tokens_of(tmp_path)[0] == {hall.token(PATIENTS[0], 2)}, "opening the folder went on with it"
        made = len(list((tmp_path / "_replacing").rglob("*.parquet")))
        assert made == {"put": 2, "rename": 0}[step]
        found = retoken(folder, hall.renewal(), threading.Event())
        assert found.whole
    after = tokens_of(tmp_path)
    assert after == {n: {hall.token(name, 2)} for n, name in enumerate((*PATIENTS, *PATIENTS))}


def test_a_run_that_is_stopped_changes_nothing(hall: Hall, tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    with open_folder(tmp_path) as folder:
        add(folder, 0, [hall.token(PATIENTS[0], 1)])
        assert not retoken(folder, hall.renewal(), stop).whole
        assert tokens_of(tmp_path)[0] == {hall.token(PATIENTS[0], 1)}


def test_a_version_that_the_key_has_not_is_said_to_be_one(hall: Hall, tmp_path: Path) -> None:
    old = hall.token(PATIENTS[0], 1)
    with open_folder(tmp_path) as folder:
        add(folder, 0, [old])
        for unknown in (3, 900):
            with pytest.raises(RedoubtError, match=Reason.TOKEN_VERSION.value):
                retoken(folder, Renewal(hall.rotator, ("analytics",), unknown), threading.Event())
        assert tokens_of(tmp_path)[0] == {old}
    with pytest.raises(RedoubtError, match=Reason.VAULT_REFUSED.value):
        Renewal(hall.session(Role.WORKER), ("analytics",), 2).renewed("north", [old])


def test_the_command_tells_what_it_did(hall: Hall, tmp_path: Path) -> None:
    with open_folder(tmp_path) as folder:
        add(folder, 0, [hall.token(PATIENTS[0], 1)])
    unset = {name: None for name in os.environ if name.startswith("REDOUBT_")}
    command = ["keys", "retoken", str(tmp_path), "--purpose", "analytics"]
    done = CliRunner().invoke(app, command, env={**unset, **hall.variables()})
    assert (done.exit_code, done.stdout) == (0, "2 files made anew, 2 tokens carried over in them, 0 left\n")


class Desk:
    """Maps an extract's tokens in a folder of its own, and keeps what the audit log was given."""

    def __init__(self, folder: Path, tokens: Sequence[str]) -> None:
        self.extract, self.out, self.log = folder / "tokens.txt", folder / "mapping.csv", list[AuditEntry]()
        self.extract.write_text("".join(f"{token}\n" for token in tokens))

    def run(self, renewal: Renewal, stop: threading.Event | None = None) -> Mapped:
        asked = Asked("north", "analytics", "j.lindt", "OPS-17")
        return write_mapping(self.extract, self.out, asked, renewal, self._append, stop or threading.Event())

    def _append(self, entry: AuditEntry) -> None:
        entry.to_message()
        assert entry.action is AuditAction.TOKENS_MAPPED
        self.log.append(entry)

    def rows(self) -> dict[str, str]:
        header, *lines = self.out.read_text().splitlines()
        assert header == "old,new"
        assert len({line.split(",")[0] for line in lines}) == len(lines), "each once"
        return dict(line.split(",") for line in lines)


def test_an_old_extract_is_carried_over_by_a_mapping(hall: Hall, tmp_path: Path) -> None:
    old = [hall.token(name, 1) for name in PATIENTS]
    stays = [hall.token(PATIENTS[0], 2), "rdt:person:r1:AAAAAAAAAAAAAAAAAAAAAA", "rdt:ssn:s1:000531942"]
    foreign = [hall.token(PATIENTS[0], 1, "billing"), hall.token(PATIENTS[0], 1, tenant="south")]
    desk = Desk(tmp_path, [*old, *old, *stays, *foreign, old[0][:-1], FORGED, "", "Ms Quillfeather"])
    found = desk.run(hall.renewal())
    assert (found.tokens, found.unchanged, found.left, found.whole) == (3, 3, 5, True)
    assert desk.rows() == {token: hall.token(name, 2) for token, name in zip(old, PATIENTS, strict=True)}
    assert desk.out.stat().st_mode & 0o777 == 0o600
    [entry] = desk.log
    assert (entry.actor, entry.tenant, entry.purpose, entry.ticket) == ("j.lindt", "north", "analytics", "OPS-17")
    reversal = Reversal(hall.session(Role.REIDENTIFIER))
    for name, (before, after) in zip(PATIENTS, desk.rows().items(), strict=True):
        assert reversal.turn_back("north", "analytics", before).value == name
        assert reversal.turn_back("north", "analytics", after).value == name


class Watched(Renewal):
    """Notes what it is asked, and dies at a given call, as a kill does: nothing catches it."""

    def __init__(self, hall: Hall, dies_at: int = 0) -> None:
        super().__init__(hall.rotator, ["analytics"], 2)
        self.asked, self._dies_at = list[list[str]](), dies_at

    def renewed(self, tenant: str, tokens: Iterable[str]) -> Mapping[str, str | None]:
        self.asked.append(list(tokens))
        if len(self.asked) == self._dies_at:
            raise KeyboardInterrupt
        return super().renewed(tenant, self.asked[-1])


def test_a_mapping_that_is_killed_goes_on_where_it_was(
    hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mappings, "CHUNK", 2)
    old = [hall.token(f"{name} {number}", 1) for name in PATIENTS for number in range(2)]
    desk, part = Desk(tmp_path, old), tmp_path / "mapping.csv.part"
    with pytest.raises(KeyboardInterrupt):
        desk.run(Watched(hall, dies_at=3))
    assert not desk.out.exists()
    whole = part.read_bytes()
    assert whole.count(b"\n") == 5
    part.write_bytes(whole[:-30])
    again = Watched(hall)
    assert desk.run(again).tokens == 6
    assert again.asked == [[], [old[3]], old[4:]], "and what was cut anew"
    assert desk.rows() == {t: hall.token(f"{PATIENTS[n // 2]} {n % 2}", 2) for n, t in enumerate(old)}
    assert not part.exists()
    stop = threading.Event()
    stop.set()
    desk.out.unlink()
    assert not desk.run(hall.renewal(), stop).whole
    assert not desk.out.exists()
    part.write_text("old,new\nrdt:person:v1:AAAA,rdt:person:v3:AAAA\n")
    with pytest.raises(RedoubtError, match=Reason.MISCONFIGURED.value):
        desk.run(hall.renewal())


def test_no_token_is_mapped_that_the_audit_log_has_not(hall: Hall, tmp_path: Path) -> None:
    desk, watched = Desk(tmp_path, [hall.token(PATIENTS[0], 1)]), Watched(hall)

    def away(_entry: AuditEntry) -> None:
        raise RedoubtError(Reason.BROKER_UNAVAILABLE)

    desk._append = away  # type: ignore[method-assign]
    with pytest.raises(RedoubtError, match=Reason.BROKER_UNAVAILABLE.value):
        desk.run(watched)
    assert watched.asked == []
    assert list(tmp_path.iterdir()) == [desk.extract]


def test_a_mapping_that_is_whole_is_not_written_over(hall: Hall, tmp_path: Path) -> None:
    desk = Desk(tmp_path, [])
    desk.out.write_text("whole")
    named = ["--tenant", "north", "--purpose", "analytics", "--ticket", "OPS-17", "--actor", "j.lindt"]
    done = CliRunner().invoke(app, ["keys", "mapping", str(desk.extract), str(desk.out), *named], env=hall.variables())
    assert done.exit_code == 2
    assert "name a new file" in done.stderr
    assert desk.out.read_text() == "whole"
