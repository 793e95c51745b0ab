"""What runs as one pod: it stays one, and the key by which releases are drawn is nobody else's."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from detectors.errors import RedoubtError
from policies.tokens.keyfile import read_or_make_key
from streams.review.second_looks.lots import KEY_BYTES
from tests.charts.conftest import CHART, FULL, KUBERNETES, ROOT, Objects, pod_specs, run, tool

pytestmark = pytest.mark.charts


def test_a_worker_keeps_its_name_and_singletons_stay_single(objects: Objects) -> None:
    kinds = {o["metadata"]["name"]: o for o in objects if o["kind"] in ("StatefulSet", "Deployment")}
    assert kinds["gateway-worker"]["kind"] == "StatefulSet"
    singletons = {f"gateway-{part}" for part in ("monitor", "sequencer", "judge", "sampler")}
    assert kinds.keys() - {"gateway-worker"} == singletons
    for name in singletons:
        assert kinds[name]["spec"]["replicas"] == 1
        assert kinds[name]["spec"]["strategy"] == {"type": "Recreate"}


def test_the_sampler_takes_the_key_as_its_pod_lays_it_out(objects: Objects, tmp_path: Path) -> None:
    """A Secret is mounted as links to files that the group may read, which the sampler refuses."""
    (pod,) = [found for found in pod_specs(objects) if found["containers"][0]["name"] == "sampler"]
    (init,), (sampler,) = pod["initContainers"], pod["containers"]
    assert {mount["name"] for mount in init["volumeMounts"]} & {m["name"] for m in sampler["volumeMounts"]} == {"key"}
    source, target = (tmp_path / mount["mountPath"].lstrip("/") for mount in init["volumeMounts"])
    (source / "..data").mkdir(parents=True)
    target.mkdir()
    key = bytes(range(KEY_BYTES))
    (source / "..data" / "key").write_bytes(key)
    (source / "..data" / "key").chmod(0o440)
    (source / "key").symlink_to("..data/key")
    with pytest.raises(RedoubtError, match=r"^misconfigured$"):
        read_or_make_key(source / "key", KEY_BYTES)
    (file,) = [v["value"] for v in sampler["env"] if v["name"] == "REDOUBT_SAMPLER__KEY_FILE"]
    for _ in range(2):  # as at the first start, and where the node has started again
        run(*(f"{tmp_path}{word}" if word.startswith("/") else word for word in init["command"]))
        assert read_or_make_key(tmp_path / file.lstrip("/"), KEY_BYTES) == key


def test_no_secret_of_the_worker_is_taken_for_the_sampler_s_key(
    template: Callable[[str], str], objects: Objects
) -> None:
    (worker,) = [pod for pod in pod_specs(objects) if pod["containers"][0]["name"] == "worker"]
    known = set(re.findall(r'"(?:secretName|secretRef|secretKeyRef)": (?:\{"name": )?"([^"]+)"', json.dumps(worker)))
    assert known >= {"kafka-credentials", "kafka-client", "store-credentials", "vault-approle", "vault-attestor"}
    for secret in known:
        values = yaml.safe_load(FULL)
        values["sampler"]["keySecret"] = secret
        with pytest.raises(AssertionError, match="a Secret that the worker has"):
            template(yaml.safe_dump(values))


def test_the_command_of_the_operations_page_starts_judge_and_sampler(tmp_path: Path) -> None:
    values = yaml.safe_load(FULL)
    del values["judge"], values["sampler"]
    (tmp_path / "values.yaml").write_text(yaml.safe_dump(values))
    page = (ROOT / "docs" / "operations.md").read_text().replace("\\\n", " ")
    (line,) = [line for line in page.splitlines() if line.startswith("helm upgrade --install")]
    release, _, *rest = shlex.split(line)[3:]
    given = [str(tmp_path / word) if word == "values.yaml" else word for word in rest]
    rendered = run(tool("helm"), "template", release, str(CHART), "--kube-version", KUBERNETES, *given)
    made = [found for found in yaml.safe_load_all(rendered) if found]
    secrets = {pod["containers"][0]["name"]: json.dumps(pod) for pod in pod_specs(made)}
    assert '"kafka-judge"' in secrets["judge"]
    assert '"store-judge"' in secrets["judge"]
    assert '"sampler-key"' in secrets["sampler"]
