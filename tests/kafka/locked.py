"""Apache Kafka as a hospital runs it: TLS, SCRAM or a client's certificate, and a right for every single thing."""

from __future__ import annotations

import os
import time
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import (
    AdminClient,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from typer.testing import CliRunner

from streams.cli import app
from streams.demo.stage import environment_of
from streams.embedded.certificates import LoopbackAuthority, LoopbackCertificate
from streams.embedded.process import free_port
from streams.kafka.access import Role
from streams.settings import Environment, KafkaSettings, Settings
from tests.kafka.apache import ApacheKafka

ADMIN = "admin"
SIGN_IN_S = 60.0

# ANONYMOUS is the controller's own listener, in plain text on loopback.
_LISTENERS = """
listeners=SASL_SSL://127.0.0.1:{port},SSL://127.0.0.1:{ssl_port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=SASL_SSL://localhost:{port},SSL://localhost:{ssl_port}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL
inter.broker.listener.name=SASL_SSL
ssl.keystore.type=PEM
ssl.keystore.location={folder}/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/ca.crt
listener.name.ssl.ssl.client.auth=required
ssl.principal.mapping.rules=RULE:^CN=([^,]+).*$/$1/,DEFAULT
sasl.enabled.mechanisms=SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule \
required username="admin" password="{password}";
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:admin;User:ANONYMOUS
allow.everyone.if.no.acl.found=false
"""


def password(name: str) -> str:
    return f"{name}-correct-horse"


def prepare(broker: LockedKafka) -> None:
    """As an operator does, with the operator's commands. Twice: the second time changes nothing."""
    admin = environment(broker.scram(ADMIN))
    acls = [word for role in Role for word in (f"--{role.value}", f"User:{role.value}")]
    for _ in range(2):
        for command in (["create-topics", "--partitions", "3", "--replication", "1"], ["create-acls", *acls]):
            done = CliRunner().invoke(app, command, env=admin)
            if done.exit_code:
                raise RuntimeError(done.output)


def environment(kafka: KafkaSettings, **other: str) -> dict[str, str | None]:
    """The variables of a command that signs in like this, in production; every other setting of this process is
    taken away."""
    unset: dict[str, str | None] = {name: None for name in os.environ if name.startswith("REDOUBT_")}
    given = environment_of(Settings(environment=Environment.PRODUCTION, kafka=kafka))
    mine = {name: value for name, value in given.items() if name == "REDOUBT_ENVIRONMENT" or "KAFKA__" in name}
    return unset | mine | other


class LockedKafka(ApacheKafka):
    """`scram` and `certified` are how a principal comes in; it has no right before somebody gives it one."""

    def __init__(self, libs: Path, folder: Path) -> None:
        super().__init__(libs, folder)
        self._format = ("--add-scram", f"SCRAM-SHA-512=[name={ADMIN},password={password(ADMIN)}]")
        self._authority = LoopbackAuthority()
        self._known: set[str] = {ADMIN}
        self._ssl_port = free_port()
        self.ca_file = folder / "ca.crt"

    def _listeners(self, port: int, controller: int) -> str:
        server = self._authority.server()
        self._write("broker.pem", server.key + server.chain)
        self._write("ca.crt", server.ca)
        return _LISTENERS.format(
            port=port, ssl_port=self._ssl_port, controller=controller, folder=self._folder, password=password(ADMIN)
        )

    def scram(self, name: str, **other: object) -> KafkaSettings:
        """Settings that sign in by name and password; `other` replaces some of them."""
        if name not in self._known:
            credential = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
            change = UserScramCredentialUpsertion(name, credential, password(name).encode())
            admin = self.admin()  # held: its end would be the end of what it waits for
            for future in admin.alter_user_scram_credentials([change]).values():
                future.result(timeout=30)
            self._known.add(name)
            self._await_sign_in(name)
        return KafkaSettings.model_validate(
            {
                "bootstrap": f"localhost:{self.bootstrap.rpartition(':')[2]}",
                "security_protocol": "SASL_SSL",
                "sasl_mechanism": "SCRAM-SHA-512",
                "sasl_username": name,
                "sasl_password": password(name),
                "ca_file": self.ca_file,
                "session_timeout_ms": 6000,
                "transaction_timeout_ms": 10_000,
                **other,
            }
        )

    def _await_sign_in(self, name: str) -> None:
        """A new name is known to the controller before it is known to the broker."""
        until = time.monotonic() + SIGN_IN_S
        while True:
            try:
                AdminClient({**self.scram(name).client(), "error_cb": lambda _error: None}).list_topics(timeout=5)
            except KafkaException:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
            else:
                return

    def certified(self, name: str, **other: object) -> KafkaSettings:
        """Settings that sign in by a certificate of the broker's own authority."""
        issued = self._authority.client(name)
        return KafkaSettings.model_validate(
            {
                "bootstrap": f"localhost:{self._ssl_port}",
                "security_protocol": "SSL",
                "ca_file": self.ca_file,
                "certificate_file": self._write(f"{name}.crt", issued.chain),
                "key_file": self._write(f"{name}.key", issued.key),
                "session_timeout_ms": 6000,
                "transaction_timeout_ms": 10_000,
                **other,
            }
        )

    def admin(self) -> AdminClient:
        return AdminClient(self.scram(ADMIN).client())

    def stranger(self) -> LoopbackCertificate:
        """A certificate of an authority that the broker does not know."""
        return LoopbackAuthority().client("worker")

    def _write(self, name: str, content: bytes) -> Path:
        path = self._folder / name
        path.write_bytes(content)
        return path
