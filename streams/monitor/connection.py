"""faust's way to the broker: the same settings as every other client."""

from __future__ import annotations

import ssl

import faust
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from detectors.errors import Reason, RedoubtError
from streams.kafka import LOG
from streams.kafka.topics import CANARY_RESULTS, LEAKAGE_OBSERVATIONS, LEAKAGE_WINDOWS
from streams.monitor.topics import CHANGELOG, FIGURES
from streams.settings import KafkaSettings

_ANSWER_S = 30.0


def partitions(settings: KafkaSettings) -> int:
    """How many partitions every topic of the monitor has.

    Raises RedoubtError(BROKER_UNAVAILABLE) without an answer, RedoubtError(MISCONFIGURED) where a topic is missing or
    differs: faust would pair the wrong partitions.
    """
    admin = AdminClient({**settings.client(), "error_cb": lambda _error: None}, logger=LOG)
    try:
        found = admin.list_topics(timeout=_ANSWER_S).topics
    except KafkaException:
        raise RedoubtError(Reason.BROKER_UNAVAILABLE) from None
    wanted = (LEAKAGE_OBSERVATIONS, CANARY_RESULTS, LEAKAGE_WINDOWS, FIGURES, CHANGELOG)
    counts = {len(found[name].partitions) if name in found else 0 for name in wanted}
    if len(counts) != 1 or 0 in counts:
        raise RedoubtError(Reason.MISCONFIGURED)
    return counts.pop()


def credentials(settings: KafkaSettings) -> faust.Credentials | None:
    """None for plain text. Raises RedoubtError(MISCONFIGURED) for a protocol that there is not, or unreadable files."""
    protocol = settings.security_protocol.upper()
    if protocol == "PLAINTEXT":
        return None
    if protocol == "SSL":
        return faust.SSLCredentials(_context(settings))
    if protocol not in ("SASL_SSL", "SASL_PLAINTEXT"):
        raise RedoubtError(Reason.MISCONFIGURED)
    try:
        return faust.SASLCredentials(
            username=settings.sasl_username,
            password=settings.sasl_password.get_secret_value() if settings.sasl_password else None,
            ssl_context=_context(settings) if protocol == "SASL_SSL" else None,
            mechanism=settings.sasl_mechanism,
        )
    except ValueError:
        raise RedoubtError(Reason.MISCONFIGURED) from None


def _context(settings: KafkaSettings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=settings.ca_file)
        if settings.certificate_file:
            context.load_cert_chain(settings.certificate_file, settings.key_file)
    except (OSError, ssl.SSLError):
        raise RedoubtError(Reason.MISCONFIGURED) from None
    return context
