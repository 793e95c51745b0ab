"""Commands that are imported once they are asked for: until then a table tells of them."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar, cast

import typer
from typer.core import TyperCommand, TyperGroup

from streams.cli.shared.whole import Whole


@dataclass(frozen=True, slots=True)
class Later:
    """A command, or a group of them, in a module of `streams.cli`, where it has the command's name, with an underscore
    for each hyphen and behind a word of Python's own; `says` is the first sentence of its help."""

    module: str
    says: str
    cls: type[TyperCommand] = TyperCommand


class Listed(Whole):
    """A group whose commands stand in `table`, by name. Its help and its parser need no module of theirs."""

    table: ClassVar[Mapping[str, Later]] = {}

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = cast("Any", _Commands(self.table))  # nobody adds one

    def list_commands(self, _ctx: Any) -> list[str]:
        return list(self.table)

    def sentences(self, _ctx: Any) -> list[tuple[str, str]]:
        return [(name, later.says) for name, later in self.table.items()]


class _Commands(Mapping[str, Any]):
    def __init__(self, table: Mapping[str, Later]) -> None:
        self._table, self._loaded = table, dict[str, Any]()

    def __getitem__(self, name: str) -> Any:
        if name not in self._loaded:
            self._loaded[name] = _command(name, self._table[name])
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)


def _command(name: str, later: Later) -> Any:
    module, attribute = import_module(f"streams.cli.{later.module}"), name.replace("-", "_")
    found = getattr(module, f"{attribute}_" if hasattr(builtins, attribute) else attribute)
    # The tables of rich would cut the names of long options, which nobody could then type.
    parent = typer.Typer(add_completion=False, rich_markup_mode=None)
    if isinstance(found, typer.Typer):
        parent.add_typer(found, name=name)
        return cast("TyperGroup", typer.main.get_command(parent)).commands[name]
    parent.command(name, cls=later.cls)(found)
    return typer.main.get_command(parent)
