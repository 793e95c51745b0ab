"""What a process makes sure of at the broker before its first record, and the words for what is wrong.

The client library tells why it cannot sign in only to a callback, while every call just times out. Here the callback
is listened to, so that the operator reads which setting is wrong and what the broker said about it. These lines are
about settings, names of topics and the broker's own words: there is no document yet whose content they could hold.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient

from streams.kafka import EXIT_BROKER, EXIT_STOPPED, LOG
from streams.kafka.access import Operation, Resource, Right, Role, group, rights
from streams.kafka.probe import why_not_transactional
from streams.settings import Environment, KafkaSettings, Settings, variable

ANSWER_S: Final = 30.0
"""A broker that restarts is back within it; a process that nobody watches tries again after its end."""
_LOOK_S: Final = 0.5

_SIGN_IN: Final = ("sasl_mechanism", "sasl_username", "sasl_password")
_CERTIFICATE: Final = ("certificate_file", "key_file")
_ADDRESS: Final = ("bootstrap", "security_protocol")
_ALERT: Final = re.compile(r"alert [a-z ]*certificate|SSL alert number (?:4[0-9]|116)\b")
"""What a broker answers to a client whose certificate is missing, or not to its liking (RFC 8446, section 6.2)."""
_NOISE: Final = re.compile(r" \(after .*?\)|error:[0-9A-F]{8}:|, verify that ssl\.ca\.location .*")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the process ends before it starts: its exit code, and a line for each thing to mend."""

    code: int
    lines: tuple[str, ...]


def refusal(settings: Settings, role: Role | None, within_s: float = ANSWER_S) -> Refusal | None:
    """None where the broker lets this process in, with all rights of its role, and is fit for it. Without a role
    only signing in counts."""
    heard: list[KafkaError] = []
    # Without the pause a broker that refuses is asked, and the refusal logged, thirty times a second.
    client = {**settings.kafka.client(), "reconnect.backoff.ms": 500, "error_cb": heard.append}
    try:
        admin = AdminClient(client, logger=LOG)
        if not _answers(admin, heard, within_s):
            return Refusal(EXIT_BROKER, tuple(dict.fromkeys(_told(heard, settings.kafka))))
        if role is None:
            return None
        missing = _missing(admin, settings.kafka, role)
        if missing:
            return _without(missing, role)
        if settings.environment is Environment.PRODUCTION:
            return _unfit(settings.kafka, role)
    except KafkaException as error:
        return Refusal(
            EXIT_BROKER, (f"the broker or its client refused; it said: {_said(error.args[0], settings.kafka)}",)
        )
    return None


def _answers(admin: AdminClient, heard: list[KafkaError], within_s: float) -> bool:
    """Whether the broker answers in time; gives up early on what waiting cannot heal."""
    until = time.monotonic() + within_s
    while True:
        try:
            admin.list_topics(timeout=_LOOK_S)
            return True
        except KafkaException:
            admin.poll(0)  # serves the callback
        if time.monotonic() >= until or any(_about(error) is not _ADDRESS for error in heard):
            return False


def _about(error: KafkaError) -> tuple[str, ...]:
    """The settings that an error is about."""
    if error.code() == KafkaError._AUTHENTICATION:
        return _SIGN_IN
    if error.code() == KafkaError._SSL or "certificate verify failed" in error.str():
        return ("ca_file",)
    if _ALERT.search(error.str()):
        return _CERTIFICATE
    return _ADDRESS


def _told(heard: list[KafkaError], settings: KafkaSettings) -> Iterator[str]:
    hopeless = [error for error in heard if _about(error) is not _ADDRESS]
    words = [e for e in hopeless or heard if e.code() != KafkaError._ALL_BROKERS_DOWN]
    for error in words:
        names = ", ".join(variable("kafka", name) for name in _about(error))
        yield f"{_WHAT[_about(error)]}; check {names}; it said: {_said(error, settings)}"
    if not words:
        names = ", ".join(variable("kafka", name) for name in _ADDRESS)
        yield f"{_WHAT[_ADDRESS]}, or speaks another protocol; check {names}"


_WHAT: Final = {
    _SIGN_IN: "the broker refused to sign this process in",
    ("ca_file",): "the broker's certificate is not of the authority that this process trusts",
    _CERTIFICATE: "the broker refused this process's certificate, or wants one and got none",
    _ADDRESS: "the broker does not answer",
}


def _said(error: KafkaError, settings: KafkaSettings) -> str:
    """The broker's or the client's words, without the settings' secrets should they ever hold one."""
    text = _NOISE.sub("", error.str())
    secret = settings.sasl_password.get_secret_value() if settings.sasl_password else ""
    return f"{error.name()}: {text.replace(secret, '***') if secret else text}"


def _missing(admin: AdminClient, settings: KafkaSettings, role: Role) -> list[str]:
    """A line for each topic that is not there, and each right of the table that the broker says this process has not.

    A broker that cannot tell (the embedded one) is taken to allow everything. Transactional ids cannot be asked for:
    the first transaction tells.
    """
    wanted = rights(role, settings.group)
    topics = sorted({right.name for right in wanted if right.resource is Resource.TOPIC})
    groups = sorted({right.name for right in wanted if right.resource is Resource.GROUP})
    asked: dict[tuple[Resource, str], Any] = {
        (Resource.TOPIC, name): future
        for name, future in admin.describe_topics(
            TopicCollection(topics), include_authorized_operations=True, request_timeout=ANSWER_S
        ).items()
    }
    if groups:
        found = admin.describe_consumer_groups(groups, include_authorized_operations=True, request_timeout=ANSWER_S)
        asked |= {(Resource.GROUP, name): future for name, future in found.items()}
    allowed: dict[tuple[Resource, str], set[Operation]] = {}
    lines: list[str] = []
    for place, future in asked.items():
        try:
            found = future.result(timeout=ANSWER_S).authorized_operations
        except KafkaException as error:
            match error.args[0].code():
                case KafkaError.UNKNOWN_TOPIC_OR_PART:
                    lines.append(f"the topic {place[1]} is not there")
                case KafkaError.TOPIC_AUTHORIZATION_FAILED | KafkaError.GROUP_AUTHORIZATION_FAILED:
                    allowed[place] = set()
                case _:
                    raise
        else:
            if found is not None:
                allowed[place] = {Operation(o.name) for o in found if o.name in Operation.__members__}
    for right in wanted:
        if right.operation not in allowed.get((right.resource, right.name), {right.operation}):
            lines.append(_told_missing(right))
    return lines


def _told_missing(right: Right) -> str:
    return f"the right to {right} is missing"


def _without(missing: Iterable[str], role: Role) -> Refusal:
    hint = f"`redoubt create-topics` and `redoubt create-acls --{role.value} User:NAME` make what is missing"
    return Refusal(EXIT_STOPPED, (*missing, hint))


def _unfit(settings: KafkaSettings, role: Role) -> Refusal | None:
    """Tries transactions out, where the role makes any."""
    for right in rights(role, settings.group):
        if right.resource is not Resource.TRANSACTIONAL_ID:
            continue
        try:
            why = why_not_transactional(
                settings, f"{right.name}-probe-{settings.instance}", group(role, settings.group)
            )
        except KafkaException as error:
            if error.args[0].code() == KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
                return _without([_told_missing(right)], role)
            raise
        if why is not None:
            return Refusal(
                EXIT_STOPPED, (why, f"production needs Apache Kafka; check {variable('kafka', 'bootstrap')}")
            )
    return None
