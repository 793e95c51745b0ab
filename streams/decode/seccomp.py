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
from typing import Final

from streams.decode.system_calls import ALLOWED, ALLOWED_UNLESS_EXECUTABLE, FATAL, MACHINES

ALLOW: Final = 0x7FFF0000
REFUSE: Final = 0x00050000 | errno.EPERM
KILL: Final = 0x80000000

_AUDIT_ARCH: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_BIT: Final = 0x40000000
"""On x86_64 a second set of call numbers begins here, with calls of its own meaning."""
_PROT_EXEC: Final = 4

_SET_MODE_FILTER, _FLAG_TSYNC = 1, 1
_SECCOMP: Final = {"x86_64": 317, "aarch64": 277}

# struct seccomp_data: number at 0, architecture at 4, six arguments of eight bytes from 16 on; both are little-endian.
NUMBER_AT, ARCH_AT, THIRD_ARGUMENT_AT = 0, 4, 32
# BPF opcodes (linux/bpf_common.h), each on 32 bits and constants.
LOAD, IF_EQUAL, IF_AT_LEAST, IF_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06

Instruction = tuple[int, int, int, int]
"""Opcode; instructions to jump over if true, if false; constant: `struct sock_filter`."""

_libc: Final = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def confine_calls() -> None:
    """Binds every thread of this process, for good. Needs no-new-privs. Raises OSError, also on other machines."""
    machine = platform.machine()
    if machine not in MACHINES:
        raise OSError(errno.ENOSYS, "no list of system calls for this machine")
    install(decoding(machine))


def decoding(machine: str) -> list[Instruction]:
    """The program that answers as the lists of `system_calls` say."""
    column = MACHINES.index(machine)
    code = own_calls(machine)
    for numbers in ALLOWED_UNLESS_EXECUTABLE.values():
        # A call of another number goes on behind these five.
        code += [
            (IF_EQUAL, 0, 4, numbers[column]),
            load(THIRD_ARGUMENT_AT),
            (IF_ANY_BIT, 0, 1, _PROT_EXEC),
            give(REFUSE),
            give(ALLOW),
        ]
    for table, answer in ((ALLOWED, ALLOW), (FATAL, KILL)):
        for either in table.values():
            number = either[column]
            if number is not None:
                code += when(number, answer)
    return [*code, give(REFUSE)]


def own_calls(machine: str) -> list[Instruction]:
    """How every program begins: what is not a call of this machine's own kind is fatal. Leaves the number loaded."""
    code = [load(ARCH_AT), (IF_EQUAL, 1, 0, _AUDIT_ARCH[machine]), give(KILL), load(NUMBER_AT)]
    return [*code, (IF_AT_LEAST, 0, 1, _X32_BIT), give(KILL)] if machine == "x86_64" else code


def when(number: int, answer: int) -> list[Instruction]:
    """The answer to the call of this number; it stands behind its question, so that no jump has to be counted."""
    return [(IF_EQUAL, 0, 1, number), give(answer)]


def load(at: int) -> Instruction:
    """Fetches what the next questions are about."""
    return LOAD, 0, 0, at


def give(answer: int) -> Instruction:
    """Ends the program."""
    return RETURN, 0, 0, answer


def install(code: list[Instruction]) -> None:
    """Puts a program in force. Raises OSError."""
    program = _Program(len(code), b"".join(struct.pack("=HBBI", *instruction) for instruction in code))
    number = _SECCOMP[platform.machine()]
    done = _libc.syscall(number, _SET_MODE_FILTER, _FLAG_TSYNC, ctypes.byref(program))
    if done != 0:
        # A positive number is the thread that could not be bound.
        raise OSError(ctypes.get_errno() if done < 0 else errno.EBUSY, "seccomp")
