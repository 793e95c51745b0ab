"""The embedded broker and vault: real servers, private, and gone with their parent."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition

from detectors.errors import Reason, RedoubtError
from streams.embedded.openbao import EmbeddedVault
from streams.embedded.process import ChildProcess
from streams.embedded.tansu import EmbeddedBroker
from streams.settings import Environment
from streams.vault.connection import attempt, connect


def _gone(pid: int, within_s: float = 10.0) -> bool:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_broker_carries_a_record_and_ends(tmp_path: Path) -> None:
    with EmbeddedBroker(tmp_path / "broker") as broker:
        assert broker.bootstrap.startswith("127.0.0.1:")
        producer = Producer({"bootstrap.servers": broker.bootstrap})
        producer.produce("t", partition=0, value=b"v", headers=[("h", b"1")])
        assert producer.flush(20) == 0
        consumer = Consumer({"bootstrap.servers": broker.bootstrap, "group.id": "g"})
        consumer.assign([TopicPartition("t", 0, OFFSET_BEGINNING)])
        message = consumer.poll(20)
        assert message is not None
        assert message.value() == b"v"
        consumer.close()
        pid = broker.pid
    assert pid is not None
    assert _gone(pid)


def test_two_brokers_live_side_by_side(tmp_path: Path) -> None:
    with EmbeddedBroker(tmp_path / "a") as one, EmbeddedBroker(tmp_path / "b") as other:
        assert one.bootstrap != other.bootstrap


def test_vault_serves_over_its_own_authority_and_ends(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    with EmbeddedVault(folder) as vault:
        root = vault.root_token
        found = attempt(lambda: connect(vault.address, vault.ca_file, root).adapter.get("/v1/auth/token/lookup-self"))
        assert not isinstance(found, Exception)
        assert vault.address.startswith("https://127.0.0.1:")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
        assert set(modes.values()) == {0o600}, modes
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert all(root.encode() not in path.read_bytes() for path in folder.iterdir())
        pid = vault.pid
    assert pid is not None
    assert _gone(pid)
    assert vault.root_token == ""
    assert not (folder / "server.key").exists()


def test_vault_is_sealed_and_opened_again(tmp_path: Path) -> None:
    with EmbeddedVault(tmp_path) as vault:
        look_up = connect(vault.address, vault.ca_file, vault.root_token).auth.token.lookup_self
        vault.seal()
        assert isinstance(attempt(look_up), Exception)
        vault.unseal()
        assert not isinstance(attempt(look_up), Exception)


@pytest.mark.parametrize("server", [EmbeddedBroker, EmbeddedVault])
def test_refuses_production(
    server: type[EmbeddedBroker | EmbeddedVault], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RedoubtError) as said:
        server(tmp_path, Environment.PRODUCTION)
    assert said.value.reason is Reason.MISCONFIGURED
    monkeypatch.setenv("REDOUBT_ENVIRONMENT", "Production")
    with pytest.raises(RedoubtError) as declared:
        server(tmp_path)
    assert declared.value.reason is Reason.MISCONFIGURED
    assert not any(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
def test_servers_die_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from streams.embedded.openbao import EmbeddedVault\n"
        "from streams.embedded.tansu import EmbeddedBroker\n"
        f"with EmbeddedVault(Path({str(tmp_path / 'v')!r})) as v, EmbeddedBroker(Path({str(tmp_path / 'b')!r})) as b:\n"
        "    print(v.pid, b.pid, flush=True)\n"
        "    time.sleep(120)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pids = [int(part) for part in parent.stdout.readline().split()]
    assert len(pids) == 2
    try:
        for pid in pids:
            os.kill(pid, 0)
        parent.send_signal(signal.SIGKILL)
        parent.wait(10)
        assert all(_gone(pid) for pid in pids)
    finally:
        parent.kill()
        parent.stdout.close()


def test_a_child_sees_nothing_of_our_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDOUBT_VAULT__TOKEN", "canary-7731")
    child = ChildProcess("env", ["/usr/bin/env"], tmp_path, {"GIVEN": "yes"})
    assert not child.wait_until(lambda: False, 10)
    log = (tmp_path / "env.log").read_text()
    assert "GIVEN=yes" in log
    assert "canary-7731" not in log
    assert stat.S_IMODE((tmp_path / "env.log").stat().st_mode) == 0o600


def test_stop_ends_a_whole_session_that_ignores_the_polite_signal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.embedded.process.STOP_S", 0.3)
    script = "trap '' TERM; sleep 100 & echo $! > pid; while true; do sleep 0.1; done"
    child = ChildProcess("stubborn", ["/bin/sh", "-c", script], tmp_path, {})
    assert child.wait_until((tmp_path / "pid").exists, 10)
    child.stop()
    child.stop()
    assert _gone(child.pid)
    assert _gone(int((tmp_path / "pid").read_text()))


def test_a_server_that_cannot_start_is_reported_at_once(tmp_path: Path) -> None:
    started = time.monotonic()
    child = ChildProcess("false", ["/bin/false"], tmp_path, {})
    assert not child.wait_until(lambda: False, 30)
    assert time.monotonic() - started < 10
