"""Options of a closed list of values, and what is said where options are wrong. What was typed is never repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, TypeVar

import typer

Code = TypeVar("Code", bound=StrEnum)


class WrongUsage(typer.BadParameter):
    """Options that do not go together, or not with this profile. The message stands alone: none of them is invalid."""

    def format_message(self) -> str:
        return self.message


def one_of(*names: str, among: Iterable[Code], help: str, metavar: str = "CODE") -> Any:
    """An option that takes these values of an enumeration; its help names these and no other, where a line can be
    broken: no terminal holds a list of twenty."""
    known = sorted(among)
    told = help if all(code in help for code in known) else f"{help} One of {', '.join(known)}."
    return typer.Option(*names, parser=parser(known), metavar=metavar, help=told)


def parser(among: Iterable[Code]) -> Callable[[str], Code]:
    """Reads one of these values of an enumeration."""
    known = {code.value: code for code in among}

    def parsed(text: str) -> Code:
        if text not in known:
            raise typer.BadParameter(f"one of {', '.join(known)}")
        return known[text]

    return parsed
