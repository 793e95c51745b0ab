"""Seccomp: the system calls that decoding one document needs, and no other (seccomp(2), linux/seccomp.h).

A filter is a program for the kernel's classic BPF machine that looks at the number and the arguments of each call.
Three answers:
- **allowed**: memory, the clock, locks, and bytes over a socket that is open already;
- **refused** with EPERM, the answer to every call that no list names: libraries look for fonts and plug-ins where
  there are none and go on without, and a newer C library may ask for something harmless that is not known here;
- **fatal**, the process is killed: calls that no decoder makes and every exploit wants. A second try is not given, and
  the kernel's audit log has a line of it (SIGSYS) where one is kept.
The allowed list is the lock; the fatal list only makes trying it expensive.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from collections.abc import Iterable
from typing import Final

_Numbers = dict[str, tuple[int | None, int | None]]

ALLOWED: Final[_Numbers] = {
    # name: (x86_64, aarch64), as in the kernel's unistd_64.h and asm-generic/unistd.h
    "recvfrom": (45, 207),
    "sendto": (44, 206),
    "close": (3, 57),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "brk": (12, 214),
    "madvise": (28, 233),
    "futex": (202, 98),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getrandom": (318, 278),
    "clock_gettime": (228, 113),
    "gettimeofday": (96, 169),
    "sched_yield": (24, 124),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "restart_syscall": (219, 128),
    "exit": (60, 93),
    "exit_group": (231, 94),
}

ALLOWED_UNLESS_EXECUTABLE: Final[_Numbers] = {"mmap": (9, 222), "mprotect": (10, 226)}
"""Memory, but none that code brought along could run in. Both take the protection as their third argument."""

FATAL: Final[_Numbers] = {
    # other programs and processes
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
    "clone": (56, 220),
    "clone3": (435, 435),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    # the network, and descriptors handed over
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "sendmsg": (46, 211),
    "recvmsg": (47, 212),
    "sendmmsg": (307, 269),
    "recvmmsg": (299, 243),
    # ways round a filter
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_setup": (206, 0),
    "io_submit": (209, 2),
    # another view of the file system
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    # the kernel itself
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "memfd_create": (319, 279),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
}

ALLOW: Final = 0x7FFF0000
REFUSE: Final = 0x00050000 | errno.EPERM
KILL: Final = 0x80000000

_COLUMN: Final = {"x86_64": 0, "aarch64": 1}
_AUDIT_ARCH: Final = (0xC000003E, 0xC00000B7)
_X32_BIT: Final = 0x40000000
"""On x86_64 a second set of call numbers begins here, with calls of its own meaning."""
_PROT_EXEC: Final = 4

_SET_MODE_FILTER, _FLAG_TSYNC = 1, 1
_SECCOMP: Final = (317, 277)

# struct seccomp_data: number at 0, architecture at 4, six arguments of eight bytes from 16 on; both are little-endian.
NUMBER_AT, _ARCH_AT, _THIRD_ARGUMENT_AT = 0, 4, 32
# BPF opcodes (linux/bpf_common.h), each on 32 bits and constants.
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06

Instruction = tuple[int, int, int, int]
"""Opcode; instructions to jump over if true, if false; constant: `struct sock_filter`."""

_column: Final = _COLUMN.get(platform.machine())
_libc: Final = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def confine_calls() -> None:
    """Binds every thread of this process, for good. Needs no-new-privs. Raises OSError, also on other machines."""
    column = _known_machine()
    always = [(numbers[column], ALLOW) for numbers in ALLOWED.values()]
    fatal = [(numbers[column], KILL) for numbers in FATAL.values()]
    code = [load(NUMBER_AT)]
    for numbers in ALLOWED_UNLESS_EXECUTABLE.values():
        # Five instructions from here a call of another number is looked at further.
        code += [
            (_IF_EQUAL, 0, 4, _existing(numbers[column])),
            load(_THIRD_ARGUMENT_AT),
            (_IF_ANY_BIT, 0, 1, _PROT_EXEC),
            give(REFUSE),
            give(ALLOW),
        ]
    code += answers((number, answer) for number, answer in always + fatal if number is not None)
    install([*code, give(REFUSE)])


def install(code: list[Instruction]) -> None:
    """Puts the program in force behind a check that the call is of this machine's own kind."""
    column = _known_machine()
    guard = [load(_ARCH_AT), (_IF_EQUAL, 1, 0, _AUDIT_ARCH[column]), give(KILL)]
    if column == _COLUMN["x86_64"]:
        guard += [load(NUMBER_AT), (_IF_AT_LEAST, 0, 1, _X32_BIT), give(KILL)]
    packed = b"".join(struct.pack("=HBBI", *instruction) for instruction in guard + code)
    program = _Program(len(guard) + len(code), packed)
    done = _libc.syscall(_SECCOMP[column], _SET_MODE_FILTER, _FLAG_TSYNC, ctypes.byref(program))
    if done != 0:
        # A positive number is the thread that could not be bound.
        raise OSError(ctypes.get_errno() if done < 0 else errno.EBUSY, "seccomp")


def _known_machine() -> int:
    if _column is None:
        raise OSError(errno.ENOSYS, "no list of system calls for this machine")
    return _column


def _existing(number: int | None) -> int:
    if number is None:
        raise OSError(errno.ENOSYS, "no such system call")
    return number


def answers(pairs: Iterable[tuple[int, int]]) -> list[Instruction]:
    """Answers by call number, once the number is loaded. Each stands behind its question: no jump is counted."""
    return [step for number, answer in pairs for step in ((_IF_EQUAL, 0, 1, number), give(answer))]


def load(at: int) -> Instruction:
    """Fetches what the next questions are about."""
    return _LOAD, 0, 0, at


def give(answer: int) -> Instruction:
    """Ends the program."""
    return _RETURN, 0, 0, answer
