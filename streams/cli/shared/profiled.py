"""The help of a command that takes a profile."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand


class Profiled(TyperCommand):
    """Ends with the profiles, in each one's own words."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        from policies import profile  # no other command's help needs a schema

        super().format_epilog(ctx, formatter)
        with formatter.section("Profiles"):
            formatter.write_dl([(name, profile.load(name).title) for name in profile.names()])
            formatter.write_paragraph()
            formatter.write_text("What each does with which identifier, and why, is in docs/profiles.md.")
