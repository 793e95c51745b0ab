"""The settings of a command, or a line for each that is missing or wrong. Names are told, never values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import typer
from pydantic import BaseModel, ValidationError
from pydantic_settings import SettingsError

from streams.settings import Settings, variable

EXIT_CONFIGURATION: Final = 2
BROKER: Final = ("kafka.bootstrap",)
VAULT: Final = ("vault.address", "vault.role_id_file", "vault.secret_id_file")
"""What has no default that could be right outside of a trial."""


def configured(*needed: str) -> Settings:
    """The settings; `needed` are those that must have been given, as `part.name`. Ends with code 2 where one is not."""
    try:
        settings = Settings()
    except ValidationError as error:
        problems = [
            f"{variable(*map(str, problem['loc']))}: {problem['msg']}"
            for problem in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise _ended(problems) from None
    except SettingsError:
        raise _ended(["a variable that holds a whole part, e.g. REDOUBT_KAFKA, is not JSON"]) from None
    problems = [*_missing(settings, needed), *_unreadable(settings)]
    if problems:
        raise _ended(problems)
    return settings


def _missing(settings: Settings, needed: tuple[str, ...]) -> Iterator[str]:
    for setting in needed:
        part, _, name = setting.partition(".")
        if name not in getattr(settings, part).model_fields_set:
            yield f"{variable(part, name)} is not set"


def _unreadable(settings: Settings) -> Iterator[str]:
    """Files that settings name and that cannot be opened: said here, before a library says it in its own words."""
    for part in type(settings).model_fields:
        found = getattr(settings, part)
        for name in type(found).model_fields if isinstance(found, BaseModel) else ():
            value = getattr(found, name)
            if isinstance(value, Path) and not _opens(value):
                yield f"{variable(part, name)}: there is no such file, or it may not be read"


def _opens(file: Path) -> bool:
    try:
        with file.open("rb"):
            return True
    except (OSError, ValueError):
        return False


def _ended(problems: list[str]) -> typer.Exit:
    for problem in problems:
        typer.echo(f"redoubt: configuration: {problem}", err=True)
    typer.echo("redoubt: see README, 'Point it at your Kafka and Vault'", err=True)
    return typer.Exit(EXIT_CONFIGURATION)
