"""The manifests: valid Kubernetes, as locked down as the worker needs, and settings that the product reads."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from streams.settings import Environment, Settings
from tests.charts.conftest import CHART, FULL, KUBERNETES, LEAST, Objects, missing, pod_specs, run, tool

pytestmark = pytest.mark.charts
CUSTOM = "ServiceMonitor,PrometheusRule"


@pytest.fixture(scope="session")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kubernetes' own schemas, with references that kubeconform resolves without a network."""
    given = os.environ.get("REDOUBT_TEST_SCHEMAS", str(CHART.parents[1] / ".testbed" / "schemas"))
    version = f"v{KUBERNETES}-local-strict"
    source = Path(given) / "kubernetes_validate" / "kubernetes-json-schema" / version
    if not source.is_dir():
        missing(f"REDOUBT_TEST_SCHEMAS with {version}")
    folder = tmp_path_factory.mktemp("schemas")
    for file in source.glob("*.json"):
        schema = json.loads(file.read_text())
        schema.pop("$id", None)
        text = json.dumps(schema).replace('"/api/_definitions.json#', '"_definitions.json#')
        (folder / file.name).write_text(text)
    return folder


@pytest.mark.parametrize("values", [FULL, LEAST], ids=["full", "least"])
def test_manifests_fit_the_schemas_of_kubernetes(
    template: Callable[[str], str], schemas: Path, tmp_path: Path, values: str
) -> None:
    file = tmp_path / "manifests.yaml"
    file.write_text(template(values))
    location = str(schemas) + "/{{.ResourceKind}}{{.KindSuffix}}.json"
    check = [tool("kubeconform"), "-strict", "-summary", "-output", "json", "-skip", CUSTOM]
    summary = json.loads(run(*check, "-schema-location", location, str(file)))["summary"]
    assert summary["valid"] >= 9
    assert summary["skipped"] == (2 if values is FULL else 0)


def test_helm_lint(tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text(FULL)
    run(tool("helm"), "lint", "--strict", str(CHART), "--values", str(tmp_path / "values.yaml"))


@pytest.mark.parametrize(
    "change",
    [
        {"image": {"repository": ""}},
        {"image": {"repository": "r", "tag": "latest"}},
        {"vault": {"address": "http://vault:8200"}},
        {"vault": {"appRoleSecret": ""}},
        {"store": {"phiUrl": "file:///tmp/phi"}},
        {"kafka": {"bootstrap": "kafka"}},
        {"kafka": {"securityProtocol": "PLAINTEXT"}},
        {"kafka": {"sasl_password": "secret"}},
        {"worker": {"processes": 0}},
        {"worker": {"terminationGracePeriodSeconds": 5}},
        {"monitor": {"window": 60}},
        {"sampler": {"keySecret": ""}},
        {"sampler": {"share": 1.5}},
        {"sampler": {"shares": {"clinic-a": 0.05}}},
        {"judge": {"replicas": 2}},
        {"planting": {"appRoleSecret": ""}},
        {"planting": {"among": []}},
    ],
    ids=str,
)
def test_wrong_values_are_refused(template: Callable[[str], str], change: dict[str, Any]) -> None:
    values = yaml.safe_load(FULL)
    for part, fields in change.items():
        values[part] = {**values.get(part, {}), **fields}
    with pytest.raises(AssertionError, match="values don't meet the specifications"):
        template(yaml.safe_dump(values))


def test_the_product_reads_the_settings(objects: Objects, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every variable is one that Settings knows: it refuses unknown ones."""
    data = next(o for o in objects if o["kind"] == "ConfigMap" and "REDOUBT_ENVIRONMENT" in o["data"])["data"]
    for name, value in data.items():
        monkeypatch.setenv(name, value)
    for pod in pod_specs(objects):
        for variable in pod["containers"][0]["env"]:
            if variable["name"].startswith("REDOUBT_"):
                monkeypatch.setenv(variable["name"], variable.get("value", "gateway-worker-0"))
    settings = Settings()
    assert settings.environment is Environment.PRODUCTION
    assert settings.kafka.instance == "gateway-worker-0"
    assert settings.kafka.security_protocol == "SASL_SSL"
    assert settings.monitor.exactly_once
    assert (settings.worker.metrics_port, settings.monitor.metrics_port) == (9464, 9465)
    assert settings.sequencer.metrics_port == 9466
    assert settings.monitor.windows_s == (60, 3_600, 86_400)
    assert settings.monitor.tenants == ("clinic-a",)
    assert (settings.sampler.share, settings.sampler.shares) == (0.01, {"clinic-a/*": 0.05})


def test_an_unknown_setting_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDOUBT_WORKER__NO_SUCH_SETTING", "1")
    with pytest.raises(ValueError, match="no_such_setting"):
        Settings()


def test_pods_are_locked_down(objects: Objects) -> None:
    pods = list(pod_specs(objects))
    assert len(pods) == 8
    for pod in pods:
        assert pod["automountServiceAccountToken"] is False
        assert pod["enableServiceLinks"] is False, "service links would set REDOUBT_* variables"
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for volume in pod["volumes"]:
            in_memory = "emptyDir" not in volume or volume["emptyDir"].get("medium") == "Memory"
            assert in_memory or volume["name"] in ("spill", "spill-attestor"), "PHI on a disk"
            assert "hostPath" not in volume
        for container in [*pod["containers"], *pod.get("initContainers", [])]:
            context = container["securityContext"]
            assert context["readOnlyRootFilesystem"] is True
            assert context["allowPrivilegeEscalation"] is False
            assert context["capabilities"] == {"drop": ["ALL"]}
            assert "memory" in container["resources"]["limits"]


def test_every_path_that_a_setting_names_is_mounted(objects: Objects) -> None:
    """A part refuses to start for a file that it was told of and does not have."""
    shared = next(o for o in objects if o["kind"] == "ConfigMap" and "REDOUBT_ENVIRONMENT" in o["data"])["data"]
    for pod in pod_specs(objects):
        for container in pod["containers"]:
            own = {variable["name"]: variable.get("value", "") for variable in container["env"]}
            paths = [value for value in {**shared, **own}.values() if value.startswith("/")]
            mounts = [mount["mountPath"] for mount in container["volumeMounts"]]
            assert paths
            assert [path for path in paths if not any(f"{path}/".startswith(f"{m}/") for m in mounts)] == []


def test_the_worker_cannot_sign_and_the_attestor_sees_no_document(objects: Objects) -> None:
    (pod,) = [found for found in pod_specs(objects) if len(found["containers"]) > 1]
    worker, attestor = pod["containers"]
    assert (worker["args"], attestor["args"]) == (["worker"], ["attestor"])
    secrets = {volume["name"]: volume["secret"]["secretName"] for volume in pod["volumes"] if "secret" in volume}
    held = [{secrets.get(mount["name"]) for mount in c["volumeMounts"]} for c in (worker, attestor)]
    assert "vault-attestor" in held[1] - held[0]
    assert "vault-approle" in held[0] - held[1]
    assert "store-credentials" not in json.dumps(attestor)
    assert attestor["securityContext"]["runAsUser"] != pod["securityContext"]["runAsUser"]


def test_secrets_come_by_reference_only(template: Callable[[str], str], objects: Objects) -> None:
    assert not [o for o in objects if o["kind"] == "Secret"]
    for pod in pod_specs(objects):
        for variable in pod["containers"][0]["env"]:
            if "PASSWORD" in variable["name"] or "USERNAME" in variable["name"]:
                assert "secretKeyRef" in variable["valueFrom"]


def test_only_the_worker_gets_the_keys_to_vault_and_store(objects: Objects) -> None:
    for pod in pod_specs(objects):
        text = json.dumps(pod)
        args = pod["containers"][0]["args"]
        plants = args[:2] == ["canaries", "plant"]
        assert ("store-submitter" in text) is ("vault-submitter" in text) is plants
        assert ("vault-approle" in text) is (args == ["worker"])
        assert ("store-credentials" in text) is (args == ["worker"])
        assert ("store-retention" in text) is (args == ["retention", "run"])
        assert ("store-judge" in text) is (args == ["canaries", "judge"])
        assert ("sampler-key" in text) is (args == ["review", "draw"])
        assert ("/run/redoubt/vault" in text) is (plants or args in (["worker"], ["sequencer"]))


def test_each_part_may_sign_in_to_kafka_as_itself(objects: Objects) -> None:
    signed_in = {
        pod["containers"][0]["name"]: variable["valueFrom"]["secretKeyRef"]["name"]
        for pod in pod_specs(objects)
        for variable in pod["containers"][0]["env"]
        if variable["name"] == "REDOUBT_KAFKA__SASL_USERNAME"
    }
    assert signed_in == {
        "worker": "kafka-credentials",
        "sequencer": "kafka-credentials",
        "monitor": "kafka-monitor",
        "judge": "kafka-judge",
        "sampler": "kafka-sampler",
        "planting": "kafka-submitter",
        "retention": "kafka-operator",
    }


def test_probes_ask_what_they_are_for(objects: Objects) -> None:
    """A part that waits for a vault must not be ended for it."""
    probed = [pod["containers"][0] for pod in pod_specs(objects) if "readinessProbe" in pod["containers"][0]]
    assert sorted(container["name"] for container in probed) == ["monitor", "sampler", "sequencer", "worker"]
    for container in probed:
        assert container["readinessProbe"]["httpGet"]["path"] == "/ready"
        assert container["livenessProbe"]["httpGet"]["path"] == "/live"
        assert [port["name"] for port in container["ports"]] == [container["livenessProbe"]["httpGet"]["port"]]


def test_the_network_is_closed_but_for_what_is_named(template: Callable[[str], str], objects: Objects) -> None:
    (policy,) = [o["spec"] for o in objects if o["kind"] == "NetworkPolicy"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert len(policy["egress"]) == 2
    bare = yaml.safe_load(FULL) | {"networkPolicy": {}}
    (policy,) = [o["spec"] for o in yaml.safe_load_all(template(yaml.safe_dump(bare))) if o["kind"] == "NetworkPolicy"]
    assert policy["ingress"] == []
    assert [port["port"] for rule in policy["egress"] for port in rule["ports"]] == [53, 53]


def test_prometheus_finds_the_ports(objects: Objects) -> None:
    (monitor,) = [o["spec"] for o in objects if o["kind"] == "ServiceMonitor"]
    services = [o for o in objects if o["kind"] == "Service"]
    for service in services:
        assert monitor["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
        assert [p["name"] for p in service["spec"]["ports"]] == [e["port"] for e in monitor["endpoints"]]
    selected = [service["spec"]["selector"]["app.kubernetes.io/component"] for service in services]
    assert sorted(selected) == ["monitor", "sampler", "sequencer", "worker"]


def test_the_commands_exist(objects: Objects) -> None:
    from streams.cli import app

    for pod in pod_specs(objects):
        command: Any = get_command(app)
        words = list(pod["containers"][0]["args"])
        while hasattr(command, "commands"):
            command = command.commands[words.pop(0)]
        command.make_context("as in the pod", words)


def test_the_worker_may_sign_in_to_vault_with_its_service_account(template: Callable[[str], str]) -> None:
    values = LEAST.replace("appRoleSecret: vault-approle", "kubernetesRole: redoubt-worker")
    pods = pod_specs([found for found in yaml.safe_load_all(template(values)) if found])
    (pod,) = [found for found in pods if found["containers"][0]["args"] == ["worker"]]
    worker, attestor = ({v["name"]: v.get("value") for v in c["env"]} for c in pod["containers"])
    assert worker["REDOUBT_VAULT__KUBERNETES_ROLE"] == "redoubt-worker"
    assert not {"REDOUBT_VAULT__ROLE_ID_FILE", "REDOUBT_VAULT__SECRET_ID_FILE"} & worker.keys()
    (volume,) = [volume for volume in pod["volumes"] if volume["name"] == "vault-approle"]
    (source,) = volume["projected"]["sources"]
    assert (
        worker["REDOUBT_VAULT__KUBERNETES_TOKEN_FILE"] == f"/run/redoubt/vault/{source['serviceAccountToken']['path']}"
    )
    # A service account is all of a pod's: what signs keeps a role that the worker has not.
    assert "REDOUBT_VAULT__ROLE_ID_FILE" in attestor
    assert "REDOUBT_VAULT__KUBERNETES_ROLE" not in attestor


def test_the_reidentifier_alone_has_its_role_and_is_asked_by_whom_it_names(
    template: Callable[[str], str], schemas: Path, tmp_path: Path
) -> None:
    values = yaml.safe_load(FULL) | {"reidentifier": REIDENTIFIER}
    file = tmp_path / "manifests.yaml"
    file.write_text(template(yaml.safe_dump(values)))
    location = str(schemas) + "/{{.ResourceKind}}{{.KindSuffix}}.json"
    run(tool("kubeconform"), "-strict", "-skip", CUSTOM, "-schema-location", location, str(file))
    objects = [found for found in yaml.safe_load_all(file.read_text()) if found]
    test_every_path_that_a_setting_names_is_mounted(objects)
    test_the_commands_exist(objects)
    pods = {pod["containers"][0]["args"][0]: pod for pod in pod_specs(objects)}
    assert [name for name, pod in pods.items() if "vault-reidentifier" in json.dumps(pod)] == ["reidentifier"]
    own = pods["reidentifier"]
    assert own["automountServiceAccountToken"] is False
    (container,) = own["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert not {"vault-approle", "store-credentials"} & set(json.dumps(own).split('"'))
    names = {variable["name"].lower().removeprefix("redoubt_") for variable in container["env"]}
    assert {"reidentify__issuer", "reidentify__audience", "reidentify__people_file"} <= names
    known = set(type(Settings().reidentify).model_fields)
    assert {name.partition("__")[2] for name in names if name.startswith("reidentify__")} <= known
    (policy,) = [o["spec"] for o in objects if o["kind"] == "NetworkPolicy" and "reidentifier" in o["metadata"]["name"]]
    assert policy["ingress"][0]["from"] == REIDENTIFIER["askedFrom"]


REIDENTIFIER = {
    "enabled": True,
    "appRoleSecret": "vault-reidentifier",
    "certificateSecret": "reidentifier-tls",
    "peopleConfigMap": "people",
    "issuer": "https://id.example.org",
    "audience": "redoubt",
    "keysConfigMap": "provider-keys",
    "askedFrom": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "desks"}}}],
}
