"""`redoubt review`: copies that wait for a person, the gateway's or those of a folder."""

from __future__ import annotations

from typing import ClassVar

import typer

from streams.cli.shared.later import Later, Listed


class _Review(Listed):
    table: ClassVar = {
        "list": Later("review.tasks", "What waits for a person, the oldest first."),
        "show": Later("review.tasks", "One task: what is in doubt, and where."),
        "decide": Later("review.tasks", "Decide on a task."),
        "desk": Later(
            "review.desk",
            "Look at held copies in a browser of this machine, and decide there: one key to the next place in doubt, "
            "places to burn drawn with the mouse.",
        ),
        "draw": Later(
            "review.second_look",
            "Draw released documents by lot for a second look, and count what reviewers said of those that were drawn.",
        ),
        "folder": Later(
            "review.folder",
            "Copies that redoubt redact held back in a folder: looked at and decided upon without broker or vault.",
        ),
    }


review = typer.Typer(
    help="Copies that wait for a person: pages, places, kinds and reason codes, never text.",
    no_args_is_help=True,
    cls=_Review,
)


@review.callback()
def _group() -> None:
    """A group even where typer sees no command of it."""
