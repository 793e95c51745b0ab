"""From what a page costs to cores, partitions and pods, and the page that shows it."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

VOLUMES: Final = (10_000, 1_000_000, 100_000_000)
"""Pages a day."""
PEAK: Final = 3.0
"""Documents come in the eight hours of a working day."""
USED: Final = 0.7
"""Of the cores at that peak: the rest is for a burst, and for the pod that is being replaced."""
POD_CORES: Final = 4
VAULT_CORES: Final = 8
"""Of the one active node: standbys do not share transit in OpenBao, nor in Vault without its enterprise edition."""
PARTITIONS_A_POD: Final = 2
"""More than one, so that a pod that has a chart at work and a pod that has none differ by half and not by all."""
DEFAULT_DEPTH: Final = "reread"
TRANSACTIONS_A_WORKER: Final = 60.0
"""Documents a second that one worker commits: a transaction takes about 15 ms, one after another (docs/protocol.md)."""


@dataclass(frozen=True)
class Need:
    """For one volume. `parts` is the use of each part at the peak, 1 for all that one instance of it, or those cores,
    can give."""

    pages_a_day: int
    peak_pages_s: float
    cores: int
    pods: int
    partitions: int
    parts: Mapping[str, float]

    @property
    def bottleneck(self) -> str:
        """Of what cannot simply be had twice."""
        return max(self.parts, key=lambda name: self.parts[name])


def mean(costs: Sequence[Mapping[str, Any]], name: str) -> float:
    """Over kinds, as many pages of each."""
    return sum(float(cost[name]) for cost in costs) / len(costs)


def need(found: Mapping[str, Any], pages_a_day: int) -> Need:
    costs = [cost for cost in found["costs"] if cost["depth"] == DEFAULT_DEPTH]
    documents_a_page = sum(cost["documents"] for cost in costs) / sum(cost["pages"] for cost in costs)
    pages_s = pages_a_day / 86_400 * PEAK
    documents_s = pages_s * documents_a_page
    cores = max(2, math.ceil(pages_s * mean(costs, "cpu_s") / USED))
    pods = max(2, math.ceil(cores / POD_CORES))
    return Need(
        pages_a_day=pages_a_day,
        peak_pages_s=pages_s,
        cores=cores,
        pods=pods,
        partitions=max(8, pods * PARTITIONS_A_POD),
        parts={
            f"the active Vault node, {VAULT_CORES} cores": pages_s * mean(costs, "vault_cpu_s") / VAULT_CORES,
            "the sequencer, one core": documents_s * float(found["sequencer_cpu_s_per_entry"]),
            "a worker's commits": documents_s / pods / TRANSACTIONS_A_WORKER,
            "the workers' cores": pages_s * mean(costs, "cpu_s") / cores,
        },
    )


def page(found: Mapping[str, Any]) -> str:
    return "\n".join([*_head(found), *_by_kind(found), *_by_volume(found), *_notes(found), ""])


def _head(found: Mapping[str, Any]) -> Iterator[str]:
    yield "# Sizing"
    yield ""
    yield f"Written by `{found['command']} --markdown docs/sizing.md`."
    yield ""
    yield from _wrapped(
        f"Synthetic documents, profile `{found['profile']}` (which makes the most tokens), a worker of "
        f"{found['processes']} reading processes with its attestor, OpenBao and the embedded broker on one machine. A "
        "core is one core of that machine; on another one measure again. Seconds are CPU seconds, so that they hold on "
        "a busy machine too."
    )
    yield ""


def _by_kind(found: Mapping[str, Any]) -> Iterator[str]:
    yield "## What a page costs"
    yield ""
    heads = [
        "kind", "depth", "pages", "pages a core-hour", "CPU s", "Vault CPU ms", "Vault calls", "PHI store KB",
        "masked store KB", "objects", "input topic KB", "other topics KB",
    ]  # fmt: skip
    yield from _table(heads, _rows(found["costs"]))
    memory = found["peak_mib"]
    yield from _wrapped(
        f"Memory at its most: a reading process {memory['own']:.0f} MiB of its own ({memory['resident']:.0f} MiB "
        "resident, with what it shares with the others); all of them, the decoder, the attestor, the servers and the "
        f"bench itself together {memory['all']:.0f} MiB, what they share counted once, as a container's limit does."
    )
    yield ""


def _rows(costs: Sequence[Mapping[str, Any]]) -> Iterator[list[str]]:
    for cost in costs:
        yield [
            cost["kind"],
            cost["depth"],
            str(cost["pages"]),
            f"{3_600 / cost['cpu_s']:,.0f}",
            f"{cost['cpu_s']:.2f}",
            f"{1_000 * cost['vault_cpu_s']:.0f}",
            f"{cost['vault_calls']:.1f}",
            *(f"{cost[name] / 1_000:,.0f}" for name in ("phi_bytes", "masked_bytes")),
            f"{cost['objects']:.1f}",
            *(f"{cost[name] / 1_000:,.1f}" for name in ("input_bytes", "output_bytes")),
        ]


def _by_volume(found: Mapping[str, Any]) -> Iterator[str]:
    yield "## What so many pages a day need"
    yield ""
    yield from _wrapped(
        f"As many pages of each kind, at depth `{DEFAULT_DEPTH}`; {PEAK:.0f} times the mean rate at the peak, cores "
        f"used to {USED:.0%} then, pods of {POD_CORES} cores, {PARTITIONS_A_POD} partitions a pod, never fewer than "
        "two pods and eight partitions."
    )
    yield ""
    heads = [
        "pages a day", "pages/s at the peak", "cores", "pods", "partitions", "Vault calls/s", "stored a day",
        "topics a day", "first bottleneck",
    ]  # fmt: skip
    yield from _table(heads, (_volume(found, need(found, volume)) for volume in VOLUMES))


def _volume(found: Mapping[str, Any], n: Need) -> list[str]:
    costs = [cost for cost in found["costs"] if cost["depth"] == DEFAULT_DEPTH]
    stored = n.pages_a_day * (mean(costs, "phi_bytes") + mean(costs, "masked_bytes"))
    topics = n.pages_a_day * (mean(costs, "input_bytes") + mean(costs, "output_bytes"))
    return [
        f"{n.pages_a_day:,}",
        f"{n.peak_pages_s:,.1f}",
        f"{n.cores:,}",
        f"{n.pods:,}",
        f"{n.partitions:,}",
        f"{n.peak_pages_s * mean(costs, 'vault_calls'):,.0f}",
        f"{stored / 1e9:,.1f} GB",
        f"{topics / 1e9:,.2f} GB",
        f"{n.bottleneck} ({n.parts[n.bottleneck]:.0%})",
    ]


def _notes(found: Mapping[str, Any]) -> Iterator[str]:
    last = need(found, VOLUMES[-1])
    used = "; ".join(f"{name} {use:.0%}" for name, use in last.parts.items())
    yield from _wrapped(
        "The percentage is the use of that part at the peak; over 100 % one instance of it does not suffice. At the "
        f"largest volume: {used}."
    )
    yield ""
    for note in _NOTES:
        yield from _wrapped(note, "- ")


_NOTES: Final = (
    "What exceeds one Vault node is shared by several gateways, each with tenants, topics and a Vault of its own: "
    "tokens are bound to their tenant, so nothing is lost by it. The same holds for the sequencer, of which a gateway "
    "has one.",
    "Thousands of members make each rebalance of a group slow: above some hundred pods take several gateways too.",
    "Kafka's own share was not measured here (the embedded broker is none): `make scaling` has the CPU that Apache "
    "Kafka, OpenBao and S3 take for a document.",
    "Bytes in topics are those of records, once: times the replication factor, without the log's own framing. Bytes in "
    "stores are there until retention ends them ([retention](retention.md)).",
)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (heads, ["---"] * len(heads), *rows):
        yield "| " + " | ".join(cells) + " |"
    yield ""


def _wrapped(text: str, mark: str = "") -> list[str]:
    return textwrap.wrap(text, 120, initial_indent=mark, subsequent_indent=" " * len(mark), break_on_hyphens=False)
