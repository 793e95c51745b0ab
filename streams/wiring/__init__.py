"""From settings to running parts: the one place that knows which adapter stands behind which need.

`services` puts together what runs all day, `commands` and `keys` what a person's commands need, both with what
`stores` opens and `tokens` makes or turns back.
"""

from streams.wiring.commands import export, offset_secret, retention, settler, submitter, sweep_starts
from streams.wiring.keys import mapping, retoken, rewrap, rotation
from streams.wiring.services import attestor, judging, sampler, sequencer, worker
from streams.wiring.stores import class_holds, ledger, masked_store, probe_stores, sealed
from streams.wiring.tokens import reidentification, reidentifier

__all__ = [
    "attestor",
    "class_holds",
    "export",
    "judging",
    "ledger",
    "mapping",
    "masked_store",
    "offset_secret",
    "probe_stores",
    "reidentification",
    "reidentifier",
    "retention",
    "retoken",
    "rewrap",
    "rotation",
    "sampler",
    "sealed",
    "sequencer",
    "settler",
    "submitter",
    "sweep_starts",
    "worker",
]
