"""`redoubt verify`: whether a copy is what was signed, on any machine, with the public key alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from detectors.errors import Reason, RedoubtError
from streams.attest.envelope import public_keys
from streams.attest.statement import GATEWAY, LOCAL
from streams.attest.verify import Found, opens
from streams.attest.verify import verify as check
from streams.cli.shared import exit_codes
from streams.cli.shared.counting import counted
from streams.cli.shared.usage import WrongUsage

EXIT_DIFFERS: Final = 1
_SHOWN: Final = 10
"""Pages named before the rest is only counted."""

File = Annotated[Path, typer.Argument(help="The copy.", exists=True, dir_okay=False)]
Attestation = Annotated[Path, typer.Option(help="What was signed of it, JSON.", exists=True, dir_okay=False)]
PublicKey = Annotated[
    list[Path], typer.Option(help="Ed25519 key in PEM form; may be given again.", exists=True, dir_okay=False)
]
Original = Annotated[
    Path | None, typer.Option("--input", help="The document that was redacted, for an auditor.", exists=True)
]
InputKey = Annotated[
    Path | None, typer.Option(help="The document's own key, which opens the commitment to it.", exists=True)
]


def verify(
    file: File,
    attestation: Attestation,
    public_key: PublicKey,
    original: Original = None,
    input_key: InputKey = None,
    as_json: Annotated[bool, typer.Option("--json", help="What was signed, as JSON on standard output.")] = False,
) -> None:
    """Check a released copy against its attestation, without broker, vault or network.

    Any changed byte fails, and the pages that show something else are named. With --input and --input-key also
    whether that document is the one that the worker named as the copy's origin.
    Names of deciders, ids and the origin are the worker's word, signed as such.
    Exit codes: 0 it is what was signed; 1 it is not, or nobody of these keys signed it; 2 wrong usage.
    """
    if (original is None) != (input_key is None):
        raise WrongUsage(
            "--input and --input-key go together: the key of a document's commitment lies beside its attestation, "
            "as NAME.input-key"
        )
    try:
        keys = public_keys(public_key)
    except RedoubtError:
        raise typer.BadParameter(
            "no Ed25519 public key in PEM form; beside a key of redoubt redact lies its public half, .pub",
            param_hint="--public-key",
        ) from None
    try:
        found = check(file.read_bytes(), attestation.read_bytes(), keys)
    except RedoubtError as error:
        if error.reason is not Reason.HASH_MISMATCH:
            raise
        typer.echo("redoubt: none of these keys signed this attestation, or the file is none", err=True)
        raise typer.Exit(EXIT_DIFFERS) from None
    except OSError:
        typer.echo("redoubt: a file cannot be read", err=True)
        raise typer.Exit(exit_codes.USAGE) from None
    if as_json:
        typer.echo(json.dumps(found.attested.said, indent=2, sort_keys=True))
    problems = list(_problems(found))
    if original and input_key and not opens(found.attested, original.read_bytes(), _key(input_key)):
        problems.append("the copy was made from another document, or the key is another's")
    for problem in problems:
        typer.echo(f"redoubt: {problem}", err=True)
    if problems:
        raise typer.Exit(EXIT_DIFFERS)
    for line in _told(found, made_from=original is not None):
        typer.echo(line, err=as_json)


def _told(found: Found, made_from: bool) -> Iterator[str]:
    """What was signed; what of it is only the word of whose key it is stands last."""
    said, alone = found.attested.said, found.attested.said["tenant"] == LOCAL
    named = "" if alone else f"document {said['document']}, "
    yield (
        f"as signed: {named}{counted(len(found.attested.pixels), 'page')}, profile {said['profile']['name']} "
        f"{said['profile']['version']}, {said['validation']['verdict']} at depth {said['validation']['depth']}, "
        f"decided by {_deciders(said)}"
    )
    if made_from:
        yield "made from that input"
    if alone:
        yield "signed by a person's own key, no gateway's: validation and deciders are that person's word"
    else:
        yield "document, validation and deciders are the gateway's word"


def _deciders(said: Mapping[str, Any]) -> str:
    """Persons by their names; of a person's own run nobody is named, and no gateway was there."""
    alone = "the profile's rules alone" if said["tenant"] == LOCAL else GATEWAY
    return ", ".join(alone if one["name"] == GATEWAY else one["name"] for one in said["deciders"])


def _problems(found: Found) -> list[str]:
    if found.holds:
        return []
    if found.pages is None:
        return ["not the copy that was signed: it is none that Redoubt finished, or bytes were added"]
    if not found.pages:
        return ["not the copy that was signed: it shows the same, in other bytes"]
    named = ", ".join(str(page + 1) for page in found.pages[:_SHOWN])
    more = f" and {len(found.pages) - _SHOWN} more" if len(found.pages) > _SHOWN else ""
    return [f"not the copy that was signed: other pixels on page {named}{more}"]


def _key(file: Path) -> bytes:
    try:
        return bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        raise typer.BadParameter("not a key in hexadecimal digits", param_hint="--input-key") from None
