"""A document that has taken over its decoder reaches nothing, and the gateway believes nothing that it sends."""

from __future__ import annotations

import errno
import functools
import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import system_calls

from detectors.errors import Reason, RedoubtError
from streams.decode import seccomp
from streams.decode.confine import ALL_LOCKS
from streams.decode.system_calls import ALLOWED, ALLOWED_UNLESS_EXECUTABLE, FATAL, MACHINES
from streams.kafka import EXIT_STOPPED
from streams.reasons import told
from tests.decode.decoding import busy_child, children, gone
from tests.decode.exploits import ANSWERS, ATTEMPTS, REFUSED, SECRET, Exploited, document, here, made, victim
from tests.decode.files import drawing, encoded, text_pdf

DEADLINE_S = 60.0
ROOT = str(Path(__file__).parents[2])
KILLED = Reason.DECODER_CRASHED


@pytest.fixture(scope="module")
def decoder() -> Iterator[Exploited]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SECRET, "hunter2")
        patch.setenv("PYTHONPATH", ROOT)
        with Exploited() as found:
            if found.locks != ALL_LOCKS:
                if "confinement" in os.environ.get("REDOUBT_REQUIRE", ""):
                    pytest.fail("this kernel has not all locks")
                pytest.skip("this kernel has not all locks")
            yield found
            assert len(found.decode(text_pdf(), DEADLINE_S)) == 1


def outcome(decoder: Exploited, name: str, deadline_s: float = DEADLINE_S) -> bytes | Reason:
    """What an exploit showed in the pixels of its page, or the code in which it ended."""
    try:
        return b"".join(page.pixels.tobytes() for page in decoder.decode(document(name), deadline_s))
    except RedoubtError as error:
        return error.reason


@pytest.mark.parametrize("name", sorted(here(REFUSED)))
def test_a_call_that_no_list_names_is_refused(decoder: Exploited, name: str) -> None:
    assert outcome(decoder, name) == bytes([errno.EPERM])


@pytest.mark.parametrize("name", sorted(here(FATAL)))
def test_a_call_that_only_an_exploit_makes_is_fatal(decoder: Exploited, name: str) -> None:
    assert outcome(decoder, name) is KILLED


REFUSALS = {
    "reads_a_file": bytes([errno.EPERM]),
    "writes_a_file": bytes([errno.EPERM]),
    "lists_a_folder": bytes([errno.EPERM]),
    "removes_a_file": bytes([errno.EPERM]),
    "writes_to_a_standard_stream": bytes([errno.EPERM]),
    "runs_its_own_code": bytes([errno.EPERM]),
    "makes_memory_executable": bytes([errno.EPERM]),
    "connects_to_loopback": KILLED,
    "connects_to_a_local_socket": KILLED,
    "runs_a_program": bytes([errno.EPERM]),  # already of the pipe to it
    "replaces_itself": KILLED,
    "signals_its_parent": KILLED,
    "signals_everybody": KILLED,
    "starts_a_thread": KILLED,
    "forks_without_end": KILLED,
    "crashes": KILLED,
    "exits": KILLED,
    "eats_memory": Reason.TOO_MANY_PIXELS,
}


@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_what_an_exploit_attempts_fails(decoder: Exploited, name: str) -> None:
    assert decoder._parent is not None
    parent = decoder._parent.pid
    assert outcome(decoder, name) == REFUSALS[name]
    assert decoder._parent.pid == parent


def test_every_attempt_is_tried() -> None:
    others = {"shows_its_environment", "remembers", "spins"}
    assert set(ATTEMPTS) == set(REFUSALS) | others


def test_no_file_is_written_or_removed(decoder: Exploited) -> None:
    there, absent = Path(victim(os.getpid())), Path(made(os.getpid()))
    there.touch()
    try:
        outcome(decoder, "removes_a_file")
        outcome(decoder, "writes_a_file")
        assert there.exists()
        assert not absent.exists()
    finally:
        there.unlink()


def test_a_document_finds_nothing_of_the_one_before(decoder: Exploited) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: outcome(decoder, "remembers"), range(12))) == {bytes([1])}


def test_the_gateways_passwords_are_not_in_the_decoder(decoder: Exploited) -> None:
    found = outcome(decoder, "shows_its_environment")
    assert isinstance(found, bytes)
    assert b"OPENBLAS_NUM_THREADS" in found
    assert SECRET.encode() not in found
    assert b"hunter2" not in found


def test_a_module_in_the_current_folder_is_not_imported(tmp_path: Path) -> None:
    """Documents are unpacked into folders in which people then work."""
    (tmp_path / "pymupdf.py").write_text("raise SystemExit(1)")
    script = "from streams.decode.decoder import Decoder\nDecoder().close()\nprint('started')"
    environment = {**os.environ, "PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == "started\n"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sends_garbage", {KILLED}),
        ("sends_pages_without_end", {KILLED}),
        ("sends_large_pages_without_end", {KILLED, Reason.TOO_MANY_PIXELS}),
        ("hands_over_a_descriptor", {KILLED}),
        ("sends_more_than_declared", {KILLED}),
        ("sends_less_than_declared", {KILLED}),
        ("refuses_by_a_code_that_is_none", {KILLED}),
        ("counts_wrong", {KILLED}),
        ("claims_pages_without_end", {Reason.TOO_MANY_PAGES}),
        ("ends_twice", {bytes([0])}),
        ("lingers", {bytes([0])}),
    ],
)
def test_an_answer_that_breaks_the_rules_ends_in_its_code(
    decoder: Exploited, name: str, expected: set[bytes | Reason]
) -> None:
    assert outcome(decoder, name) in expected


@pytest.mark.parametrize("name", ["waits", "spins", "sends_a_large_page_slowly"])
def test_what_does_not_end_is_ended_at_the_deadline(decoder: Exploited, name: str) -> None:
    started = time.monotonic()
    assert outcome(decoder, name, 1.0) is Reason.DEADLINE
    assert time.monotonic() - started < 10


def test_every_answer_is_tried() -> None:
    tried = re.findall(r'"(\w+)"', Path(__file__).read_text())
    assert set(ANSWERS) <= set(tried)


def test_no_child_outlives_its_document(decoder: Exploited) -> None:
    for name in ("lingers", "remembers", "sends_garbage"):
        outcome(decoder, name)
    for _ in range(500):
        if not children(decoder):
            return
        time.sleep(0.01)
    raise AssertionError("a child is still there")


def test_a_childs_limits_seen_from_outside(decoder: Exploited) -> None:
    with ThreadPoolExecutor() as pool:
        work = pool.submit(outcome, decoder, "waits", 60.0)
        child = busy_child(decoder)
        limits = Path(f"/proc/{child}/limits").read_text()
        status = Path(f"/proc/{child}/status").read_text()
        score = Path(f"/proc/{child}/oom_score_adj").read_text()
        os.kill(child, signal.SIGKILL)
        assert work.result() is KILLED
    soft_and_hard = {row[:26].strip(): row[26:].split()[:2] for row in limits.splitlines()[1:]}
    assert soft_and_hard["Max cpu time"] == ["61", "61"]
    assert soft_and_hard["Max processes"] == ["0", "0"]
    assert soft_and_hard["Max core file size"] == ["0", "0"]
    assert "NoNewPrivs:\t1" in status
    assert "Seccomp:\t2" in status
    assert int(score) == 1000
    assert gone(child)


def test_neighbours_of_an_exploit_keep_their_pages(decoder: Exploited) -> None:
    exploits = (
        "crashes",
        "forks_without_end",
        "signals_everybody",
        "sends_garbage",
        "eats_memory",
        "connects_to_loopback",
    )
    content = encoded(drawing(120, 160), "PNG")
    with ThreadPoolExecutor(4) as pool:
        attacks = [pool.submit(outcome, decoder, name) for name in exploits]
        found = [pool.submit(decoder.decode, content, DEADLINE_S) for _ in exploits]
        assert all(isinstance(attack.result(), Reason) for attack in attacks)
        first, *others = [work.result()[0].pixels for work in found]
        assert all(np.array_equal(first, other) for other in others)


@functools.cache
def on_a_kernel_without(*missing: str, part: str = "decoder") -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.decode.lesser_kernel", part, *missing],
        env={**os.environ, "PYTHONPATH": ROOT},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("missing", [("landlock",), ("seccomp",), ("landlock", "seccomp")])
def test_production_refuses_a_kernel_that_cannot_confine(missing: tuple[str, ...]) -> None:
    found = on_a_kernel_without(*missing)
    assert found["production"] == Reason.UNCONFINED.value
    assert found["locks"] == str(int(ALL_LOCKS) - sum({"landlock": 1, "seccomp": 2}[name] for name in missing))
    assert found["page"] == "decoded"


def test_a_worker_in_production_asks_the_kernel_before_it_asks_anybody_else() -> None:
    assert on_a_kernel_without("landlock", part="worker") == {"worker": Reason.UNCONFINED.value}
    assert on_a_kernel_without(part="worker") == {"worker": Reason.VAULT_UNAVAILABLE.value}


def test_the_operator_is_told_what_the_kernel_lacks() -> None:
    """The broker is left out: it is asked before, and is not what this is about."""
    script = textwrap.dedent("""
        from streams.cli.shared import service
        from streams.cli.shared.service import run_service
        from streams.decode.decoder import Decoder
        from tests.decode import lesser_kernel
        lesser_kernel.forget("landlock")
        service.told_refusal = lambda *_: None
        raise SystemExit(run_service(service.Role.WORKER, lambda *_: Decoder(must_confine=True), ()))
    """)
    command = [sys.executable, "-c", script]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("REDOUBT_")}
    environment["PYTHONPATH"] = ROOT
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == EXIT_STOPPED, done.stderr
    assert told(Reason.UNCONFINED) in done.stderr
    assert "Landlock" in done.stderr


def test_without_its_locks_the_same_exploit_succeeds() -> None:
    """What the tests above find closed is open where the locks are not: they do hold it shut."""
    assert on_a_kernel_without("landlock", "seccomp")["reads_a_file"].startswith("root:")
    assert not on_a_kernel_without("landlock")["reads_a_file"].startswith("root:")
    assert not on_a_kernel_without("seccomp")["reads_a_file"].startswith("root:")


ALL = ALLOWED | ALLOWED_UNLESS_EXECUTABLE | FATAL | REFUSED


@pytest.mark.parametrize(("column", "arch"), [(0, "x86_64"), (1, "arm64")])
def test_the_numbers_are_the_kernels_own(column: int, arch: str) -> None:
    known = system_calls.syscalls()
    for name, numbers in ALL.items():
        try:
            found = known.get(name, arch)
        except system_calls.NotSupportedSystemCall:
            found = None
        assert found == numbers[column], name


def answer_of(code: list[seccomp.Instruction], number: int, arch: int, third: int = 0) -> int:
    """What the kernel's machine makes of a call: enough of it for these programs."""
    data = {seccomp.NUMBER_AT: number, seccomp.ARCH_AT: arch, seccomp.THIRD_ARGUMENT_AT: third}
    at = loaded = 0
    while True:
        opcode, if_true, if_false, constant = code[at]
        at += 1
        if opcode == seccomp.RETURN:
            return constant
        if opcode == seccomp.LOAD:
            loaded = data[constant]
            continue
        holds = {
            seccomp.IF_EQUAL: loaded == constant,
            seccomp.IF_AT_LEAST: loaded >= constant,
            seccomp.IF_ANY_BIT: bool(loaded & constant),
        }[opcode]
        at += if_true if holds else if_false


@pytest.mark.parametrize(
    ("machine", "arch", "other"), [("x86_64", 0xC000003E, 0x40000003), ("aarch64", 0xC00000B7, 0x40000028)]
)
def test_each_machines_program_answers_as_the_lists_say(machine: str, arch: int, other: int) -> None:
    code = seccomp.decoding(machine)
    column = MACHINES.index(machine)
    answers = dict.fromkeys(range(600), seccomp.REFUSE)
    for table, expected in (
        (ALLOWED, seccomp.ALLOW),
        (ALLOWED_UNLESS_EXECUTABLE, seccomp.ALLOW),
        (FATAL, seccomp.KILL),
    ):
        answers |= {number: expected for numbers in table.values() if (number := numbers[column]) is not None}
    assert {number: answer_of(code, number, arch) for number in answers} == answers
    for numbers in ALLOWED_UNLESS_EXECUTABLE.values():
        assert answer_of(code, numbers[column], arch, third=7) == seccomp.REFUSE
    # 32-bit calls have numbers of their own: none is answered.
    assert {answer_of(code, number, other) for number in answers} == {seccomp.KILL}
    if machine == "x86_64":
        assert answer_of(code, 0x40000000 + 1, arch) == seccomp.KILL


def test_lists_do_not_overlap() -> None:
    assert len(ALL) == len(ALLOWED) + len(ALLOWED_UNLESS_EXECUTABLE) + len(FATAL) + len(REFUSED)
