"""The gateway's settings: one frozen object, read and checked before the first connection is opened.

Every value comes from the environment as `REDOUBT_<PART>__<NAME>`, e.g. `REDOUBT_KAFKA__BOOTSTRAP`.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from detectors.errors import RedoubtError
from detectors.model.chosen import OWN, pipeline

PREFIX: Final = "REDOUBT_"
DELIMITER: Final = "__"


def variable(*steps: str) -> str:
    """The environment variable of a setting, e.g. of `kafka`, `bootstrap`."""
    return PREFIX + DELIMITER.join(steps).upper()


class Environment(StrEnum):
    DEMO = "demo"
    PRODUCTION = "production"


class SecurityProtocol(StrEnum):
    PLAINTEXT = "PLAINTEXT"
    SSL = "SSL"
    SASL_PLAINTEXT = "SASL_PLAINTEXT"
    SASL_SSL = "SASL_SSL"

    @property
    def encrypted(self) -> bool:
        return self in (SecurityProtocol.SSL, SecurityProtocol.SASL_SSL)

    @property
    def by_password(self) -> bool:
        return self in (SecurityProtocol.SASL_PLAINTEXT, SecurityProtocol.SASL_SSL)


METADATA_MS: Final = 5_000


class KafkaSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    bootstrap: str = "127.0.0.1:9092"
    security_protocol: SecurityProtocol = SecurityProtocol.PLAINTEXT
    allow_plaintext_over_network: bool = False
    """Production refuses a broker that is not on loopback and not encrypted, unless this says otherwise: documents
    travel sealed, but ids, counts and a password would not."""
    sasl_mechanism: str | None = None
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    ca_file: Path | None = None
    certificate_file: Path | None = None
    key_file: Path | None = None
    group: str = "redoubt-worker"
    instance: str = "worker-0"
    """Static membership and the transactional id: unique for each running worker, stable over its restarts."""
    session_timeout_ms: int = 45_000
    transaction_timeout_ms: int = 60_000

    def client(self) -> dict[str, str | int | float | bool]:
        """Connection properties shared by every librdkafka client."""
        found: dict[str, str | int | float | bool | None] = {
            "bootstrap.servers": self.bootstrap,
            "security.protocol": self.security_protocol,
            "sasl.mechanism": self.sasl_mechanism,
            "sasl.username": self.sasl_username,
            "sasl.password": self.sasl_password.get_secret_value() if self.sasl_password else None,
            "ssl.ca.location": str(self.ca_file) if self.ca_file else None,
            "ssl.certificate.location": str(self.certificate_file) if self.certificate_file else None,
            "ssl.key.location": str(self.key_file) if self.key_file else None,
            # A broker that starts again may say for a moment that a topic is unknown; the client believes it until it
            # asks next, after five minutes by default: a consumer stood still so long.
            "topic.metadata.refresh.interval.ms": METADATA_MS,
        }
        return {name: value for name, value in found.items() if value is not None}


class VaultSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    address: str = "https://127.0.0.1:8200"
    ca_file: Path | None = None
    role_id_file: Path | None = None
    secret_id_file: Path | None = None
    kubernetes_role: str | None = None
    """Instead of an AppRole: signs in with the pod's service account."""
    kubernetes_mount: str = "kubernetes"
    kubernetes_token_file: Path = Path("/var/run/secrets/kubernetes.io/serviceaccount/token")
    token_file: Path | None = None
    """Instead of both: a token that somebody else keeps fresh in this file, as Vault's agent does."""
    tokens_mount: str = "tokens"
    storage_mount: str = "storage"
    codes_mount: str = "codes"
    """Random and shaped tokens: a KV engine, version 2."""
    token_key_version: int = Field(default=1, ge=1)
    """Of convergent tokens. Pinned: a rotated key changes no token until this number moves, for all workers at once."""
    attest_mount: str = "attest"

    @property
    def signs_in(self) -> bool:
        """Whether a way to sign in is named."""
        return any((self.role_id_file, self.kubernetes_role, self.token_file))


class StoreSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    phi_url: str = "file:///var/lib/redoubt/phi"
    """Originals, sealed under their document's data key. `file://`, `s3://`, `gs://` or `az://`."""
    masked_url: str = "file:///var/lib/redoubt/masked"
    retention_file: Path | None = None
    """Retention classes, YAML; by default the gateway's own. The same for everyone who submits, discards or ends."""


class WorkerSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    processes: int = Field(default=2, ge=1, le=256)
    """Reading processes, one thread each: as many as cores."""
    in_flight: int = Field(default=4, ge=1, le=256)
    """Documents worked on at once."""
    deadline_s: float = Field(default=300.0, gt=0)
    """Wall time a document of one page may take, from fetch to verdict; every further page adds its own."""
    spill_folder: Path | None = None
    """A folder on a disk, with room for the copies of the charts in flight: a gigabyte for 2,000 pages each. What
    memory should not hold lies there sealed, in files without a name. None: the folder for temporary files."""
    attempts: int = Field(default=3, ge=1, le=10)
    ner_model: str = OWN
    """What reads text as a language: our own model, or an installed package or folder that holds a spaCy pipeline."""
    local_lists_file: Path | None = None
    """What the institution's own reviews taught: the `local-lists.json` of `redoubt learn`."""
    metrics_port: int = Field(default=9464, ge=0, le=65_535)
    metrics_address: str = "0.0.0.0"  # noqa: S104  a pod is scraped from outside; labels and values hold no content

    @field_validator("ner_model")
    @classmethod
    def _loads(cls, name: str) -> str:
        if name != OWN:
            try:
                pipeline(name)
            except RedoubtError:
                raise ValueError(f"neither {OWN} nor a spaCy pipeline that can be loaded") from None
        return name


WindowS = Annotated[int, Field(ge=1, le=86_400)]


class MonitorSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    windows_s: tuple[WindowS, ...] = Field(default=(60, 3_600, 86_400), min_length=1, max_length=5)
    """Lengths of the tumbling windows of the leakage figures, as a JSON list."""
    grace_s: float = Field(default=5.0, ge=0)
    """A window stays open this long after its end, for figures on their way."""
    tenants: tuple[Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9_.-]{0,62}[a-z0-9])?$")], ...] = Field(
        default=(), max_length=50
    )
    """Whose leaks `/metrics` shows by name, as a JSON list. No other tenant's name becomes a label."""
    exactly_once: bool = False
    """With Kafka transactions: Apache Kafka only. Without, a monitor that is killed may count documents twice."""
    metrics_port: int = Field(default=9465, ge=0, le=65_535)
    metrics_address: str = "0.0.0.0"  # noqa: S104  as for the worker


class AttestorSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    socket: str | None = None
    """Where the attestor listens, a Unix socket in a folder that only it and the worker may enter. The worker asks it
    for every release and does not start without."""


class ReidentifySettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    people_file: Path | None = None
    """Who may turn tokens back, YAML: see docs/tokens.md. Whoever may write it may turn back every token."""
    port: int = Field(default=8443, ge=0, le=65_535)
    address: str = "0.0.0.0"  # noqa: S104  people ask from outside; every request proves who
    certificate_file: Path | None = None
    key_file: Path | None = None
    issuer: str | None = None
    """Of the tokens that prove people (`iss`), and whom they must have been made for (`aud`)."""
    audience: str | None = None
    keys_file: Path | None = None
    """The issuer's public keys, a JWK set. None: the issuer is Vault itself, with its identity tokens."""
    metrics_port: int = Field(default=9467, ge=0, le=65_535)
    metrics_address: str = "0.0.0.0"  # noqa: S104  as for the worker
    service_url: str | None = None
    """Where a person's tool finds the service: `https://...`."""
    service_ca_file: Path | None = None
    vault_token_file: Path | None = None
    """What a person's tool proves the person with: the person's own Vault token, or the identity provider's token."""
    id_token_file: Path | None = None


Share = Annotated[float, Field(ge=0, le=1)]


class SamplerSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    key_file: Path | None = None
    """What lots are drawn by: a private file (mode 0600) of 32 random bytes, made beforehand. No worker may read it."""
    share: Share = 0.01
    """Of the released documents, looked at again by a person."""
    shares: dict[Annotated[str, Field(pattern=r"^[a-z0-9_.*-]{1,64}/[a-z_*]{1,32}$")], Share] = {}
    """The same by `tenant/class`, either of which may be `*`, as JSON."""
    metrics_port: int = Field(default=9468, ge=0, le=65_535)
    metrics_address: str = "0.0.0.0"  # noqa: S104  as for the worker


class SequencerSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    heads_every_s: float = Field(default=60.0, gt=0)
    """A signed head of the log is published so often, where there is more to sign than before."""
    heads_url: str | None = None
    """A place outside of the broker where each head is put as well, best one that keeps what it has (object lock)."""
    metrics_port: int = Field(default=9466, ge=0, le=65_535)
    metrics_address: str = "0.0.0.0"  # noqa: S104  as for the worker


class Settings(BaseSettings):
    """All of it. Raises pydantic.ValidationError, whose text the command line cuts to field names."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=DELIMITER, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    environment: Environment = Environment.PRODUCTION
    kafka: KafkaSettings = KafkaSettings()
    vault: VaultSettings = VaultSettings()
    store: StoreSettings = StoreSettings()
    worker: WorkerSettings = WorkerSettings()
    monitor: MonitorSettings = MonitorSettings()
    attestor: AttestorSettings = AttestorSettings()
    sequencer: SequencerSettings = SequencerSettings()
    sampler: SamplerSettings = SamplerSettings()
    reidentify: ReidentifySettings = ReidentifySettings()
