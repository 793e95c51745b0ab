"""The settings of a command, or a line for each that is missing or wrong. Names are told, never values."""

from __future__ import annotations

import difflib
import os
import re
import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Final

import typer
from pydantic import BaseModel, ValidationError
from pydantic_settings import SettingsError

from streams.settings import DELIMITER, PREFIX, Environment, Settings, variable

EXIT_CONFIGURATION: Final = 2
BROKER: Final = ("kafka.bootstrap",)
SIGN_IN: Final = "vault.sign_in"
VAULT: Final = ("vault.address", SIGN_IN)
"""What has no default that could be right outside of a trial."""


def configured(*needed: str) -> Settings:
    """The settings; `needed` are those that must have been given, as `part.name`. Ends with code 2 where one is not."""
    try:
        settings = Settings()
    except ValidationError as error:
        problems = [*_unknown()] + [
            f"{variable(*map(str, problem['loc']))}: {problem['msg']}"
            for problem in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise _ended(problems) from None
    except SettingsError:
        raise _ended(["a variable that holds a whole part, e.g. REDOUBT_KAFKA, is not JSON"]) from None
    problems = [*_unknown(), *_missing(settings, needed), *_unreadable(settings)]
    # What is said of a file that cannot be read is not said twice.
    problems = problems or [*_contradicting(settings), *_unusable(settings)]
    if problems:
        raise _ended(problems)
    return settings


def _unknown() -> Iterator[str]:
    """Variables that are no setting and look as if they were meant to be one. The settings' own check sees those
    inside of a part only."""
    known = [variable(part) for part in Settings.model_fields]
    for part, field in Settings.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            known += [variable(part, name) for name in inner.model_fields]
    parts = {variable(part) for part in Settings.model_fields}
    for name in sorted(os.environ):
        given = name.upper()
        if not given.startswith(PREFIX) or given in known or given.split(DELIMITER)[0] in parts:
            continue
        similar = difflib.get_close_matches(given, known, n=1, cutoff=0.85)
        if similar or DELIMITER in given:
            yield f"{name}: there is no such setting" + (f"; did you mean {similar[0]}?" if similar else "")


def _missing(settings: Settings, needed: tuple[str, ...]) -> Iterator[str]:
    for setting in needed:
        if setting == SIGN_IN:
            # An AppRole unless another way is named.
            if not settings.vault.kubernetes_role and not settings.vault.token_file:
                yield from _missing(settings, ("vault.role_id_file", "vault.secret_id_file"))
            continue
        part, _, name = setting.partition(".")
        if name not in getattr(settings, part).model_fields_set:
            yield f"{variable(part, name)} is not set"


def _unreadable(settings: Settings) -> Iterator[str]:
    """Files that settings name and that cannot be opened: said here, before a library says it in its own words."""
    for part in type(settings).model_fields:
        found = getattr(settings, part)
        for name in type(found).model_fields if isinstance(found, BaseModel) else ():
            value = getattr(found, name)
            if not isinstance(value, Path) or name not in found.model_fields_set:
                continue
            if name.endswith("_folder"):
                if not (value.is_dir() and os.access(value, os.R_OK | os.W_OK | os.X_OK)):
                    yield f"{variable(part, name)}: there is no such folder, or it may not be written"
            elif not _opens(value):
                yield f"{variable(part, name)}: there is no such file, or it may not be read"


def _contradicting(settings: Settings) -> Iterator[str]:
    """Settings that are each right and do not go together."""
    kafka, protocol = settings.kafka, settings.kafka.security_protocol
    if not all(_ADDRESS.fullmatch(address.strip()) for address in kafka.bootstrap.split(",")):
        yield f"{variable('kafka', 'bootstrap')}: not of the form host:port,host:port"
    elif settings.environment is Environment.PRODUCTION and not (
        protocol.encrypted or kafka.allow_plaintext_over_network or all(map(_loopback, kafka.bootstrap.split(",")))
    ):
        yield (
            f"{variable('kafka', 'security_protocol')}: {protocol.value} is not encrypted, and the broker is not on "
            f"loopback; production takes it only with {variable('kafka', 'allow_plaintext_over_network')}=true"
        )
    if protocol.by_password:
        for name in ("sasl_mechanism", "sasl_username", "sasl_password"):
            if not getattr(kafka, name):
                yield f"{variable('kafka', name)} is not set, and {protocol.value} needs it"
    elif kafka.sasl_username or kafka.sasl_password:
        yield f"{variable('kafka', 'security_protocol')}: {protocol.value} signs nobody in by name and password"
    if bool(kafka.certificate_file) != bool(kafka.key_file):
        yield f"{variable('kafka', 'certificate_file')} and {variable('kafka', 'key_file')} go together"
    if not protocol.encrypted and (kafka.ca_file or kafka.certificate_file):
        yield f"{variable('kafka', 'security_protocol')}: {protocol.value} uses no certificate, and one is set"
    ways = [name for name in ("role_id_file", "kubernetes_role", "token_file") if getattr(settings.vault, name)]
    if len(ways) > 1:
        yield f"{' and '.join(variable('vault', name) for name in ways)}: one way to sign in, not several"
    if not settings.vault.address.startswith("https://"):
        yield f"{variable('vault', 'address')}: not https"


_ADDRESS: Final = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}")


def _loopback(address: str) -> bool:
    host = address.strip().rpartition(":")[0].strip("[]").lower()
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _unusable(settings: Settings) -> Iterator[str]:
    """Files that can be read and do not hold what they should."""
    for part in ("kafka", "vault"):
        ca_file = getattr(settings, part).ca_file
        if ca_file and not _loads(ca_file):
            yield f"{variable(part, 'ca_file')}: holds no certificate in PEM form"
    certificate, key = settings.kafka.certificate_file, settings.kafka.key_file
    if certificate and key and not _loads(certificate, key):
        yield (
            f"{variable('kafka', 'certificate_file')} and {variable('kafka', 'key_file')}: no certificate and the "
            "key that belongs to it, in PEM form and without a passphrase"
        )
    for name in ("role_id_file", "secret_id_file", "token_file"):
        file = getattr(settings.vault, name)
        if file and not file.read_bytes().strip():
            yield f"{variable('vault', name)}: the file is empty"


def _loads(certificates: Path, key: Path | None = None) -> bool:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        if key:
            context.load_cert_chain(certificates, key, password="")  # else it would ask at the terminal
        else:
            context.load_verify_locations(certificates)
    except (ssl.SSLError, OSError, ValueError):
        return False
    return True


def _opens(file: Path) -> bool:
    try:
        with file.open("rb"):
            return True
    except (OSError, ValueError):
        return False


def _ended(problems: list[str]) -> typer.Exit:
    for problem in problems:
        typer.echo(f"redoubt: configuration: {problem}", err=True)
    typer.echo("redoubt: see docs/operations.md, 'Settings'", err=True)
    return typer.Exit(EXIT_CONFIGURATION)
