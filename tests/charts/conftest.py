"""The tools that check the chart. In CI a missing one is a failure; elsewhere its tests are skipped."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CHART = ROOT / "charts" / "redoubt"
KUBERNETES = "1.36.0"

FULL = """
image: {repository: registry.example.org/redoubt}
imagePullSecrets: [{name: registry}]
kafka:
  bootstrap: kafka-0.example.org:9093,kafka-1.example.org:9093
  credentialsSecret: kafka-credentials
  ca: {kind: ConfigMap, name: authorities, key: kafka.crt}
  clientCertificateSecret: kafka-client
vault:
  address: https://vault.example.org:8200
  appRoleSecret: vault-approle
  attestorAppRoleSecret: vault-attestor
  sequencerAppRoleSecret: vault-sequencer
  ca: {kind: Secret, name: authorities, key: vault.crt}
store: {phiUrl: "s3://redoubt-phi", maskedUrl: "s3://redoubt-masked", credentialsSecret: store-credentials}
worker:
  nodeSelector: {zone: phi}
  tolerations: [{key: phi, operator: Exists}]
  podAnnotations: {note: worker}
monitor: {kafkaCredentialsSecret: kafka-monitor, tenants: [clinic-a]}
judge: {enabled: true, kafkaCredentialsSecret: kafka-judge, storeCredentialsSecret: store-judge}
sampler: {enabled: true, kafkaCredentialsSecret: kafka-sampler, keySecret: sampler-key, shares: {"clinic-a/*": 0.05}}
planting:
  enabled: true
  among: [{tenant: clinic-a, profile: hipaa-safe-harbor, count: 3}, {tenant: clinic-b, profile: strict, count: 1}]
  appRoleSecret: vault-submitter
  kafkaCredentialsSecret: kafka-submitter
  storeCredentialsSecret: store-submitter
retention:
  enabled: true
  kafkaCredentialsSecret: kafka-operator
  storeCredentialsSecret: store-retention
  policyConfigMap: retention
networkPolicy:
  egress:
    - to: [{ipBlock: {cidr: 10.0.0.0/8}}]
      ports: [{port: 9093, protocol: TCP}, {port: 8200, protocol: TCP}, {port: 443, protocol: TCP}]
  metricsFrom: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]
prometheus:
  serviceMonitor: {enabled: true, labels: {release: prometheus}}
  rules: {enabled: true, labels: {release: prometheus}}
grafana: {dashboard: {enabled: true}}
"""

LEAST = """
image: {repository: registry.example.org/redoubt}
kafka: {bootstrap: "kafka:9093", securityProtocol: SSL, clientCertificateSecret: kafka-client}
vault: {address: "https://vault:8200", appRoleSecret: vault-approle, attestorAppRoleSecret: vault-attestor}
store: {phiUrl: "gs://redoubt-phi", maskedUrl: "gs://redoubt-masked"}
podDisruptionBudget: {enabled: false}
networkPolicy: {enabled: false}
"""

Objects = list[dict[str, Any]]


def missing(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing")
    pytest.skip(f"needs {what}")


def tool(name: str) -> str:
    """Where a tool is: on PATH, or where .ci/run puts it."""
    found = shutil.which(name) or shutil.which(name, path=str(ROOT / ".testbed" / "bin"))
    if found is None:
        missing(name)
    assert found is not None
    return found


def run(*command: str) -> str:
    """The output of a command that must succeed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The chart's manifests under the given values."""
    helm, folder = tool("helm"), tmp_path_factory.mktemp("values")

    def render(values: str) -> str:
        file = folder / f"{abs(hash(values))}.yaml"
        file.write_text(values)
        return run(helm, "template", "gateway", str(CHART), "--kube-version", KUBERNETES, "--values", str(file))

    return render


@pytest.fixture(scope="session")
def objects(template: Callable[[str], str]) -> Objects:
    return [found for found in yaml.safe_load_all(template(FULL)) if found]


@pytest.fixture(scope="session")
def rules(objects: Objects) -> dict[str, Any]:
    found: dict[str, Any] = next(o for o in objects if o["kind"] == "PrometheusRule")["spec"]
    return found


def pod_specs(objects: Objects) -> Iterator[dict[str, Any]]:
    """Of whatever kind they are of."""
    for found in objects:
        if found["kind"] in ("StatefulSet", "Deployment"):
            yield found["spec"]["template"]["spec"]
        if found["kind"] == "CronJob":
            yield found["spec"]["jobTemplate"]["spec"]["template"]["spec"]
