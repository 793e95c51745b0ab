"""How a list of commands is printed."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup


class Whole(TyperGroup):
    """A list of commands in which the first sentence of each stands whole, on as many lines as it takes."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(self.sentences(ctx))

    def sentences(self, ctx: Any) -> list[tuple[str, str]]:
        """Each command with what it does, in a sentence."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        return [(name, c.get_short_help_str(limit=1000)) for name, c in commands if c is not None]
