"""Keys of one person at a terminal: which files they lie in, and when they may be used."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Final

import typer

from detectors.errors import RedoubtError
from policies.tokens.local import LocalTokenizer
from streams.attest.keys import LocalSigner
from streams.settings import Environment

KEY: Final = Path("~/.redoubt/releases.key")
Key = Annotated[Path, typer.Option(help="Signs what is said of a release; made if missing.")]


def in_production() -> bool:
    return os.environ.get("REDOUBT_ENVIRONMENT") == Environment.PRODUCTION.value


def tokenizer_from(keyring: Path | None) -> LocalTokenizer:
    """Wrong usage where the key file is not private or not a key, and in production, where keys stay in a vault."""
    try:
        return LocalTokenizer(keyring, production=in_production())
    except RedoubtError:
        problem = "no local key ring in production" if in_production() else "not a private key file of this program"
        raise typer.BadParameter(problem, param_hint="--keyring") from None


def signer_from(key: Path) -> LocalSigner | None:
    """None, and said so, where no key can be made at the usual place; wrong usage where there is none at another."""
    try:
        return LocalSigner(key.expanduser(), production=in_production())
    except (RedoubtError, RuntimeError):  # a user without a home folder is a RuntimeError
        if key != KEY:
            raise typer.BadParameter("not a private key file of this program", param_hint="--key") from None
    typer.echo(f"redoubt: no key can be read or made at {KEY}, so nothing is signed: name one with --key", err=True)
    return None
