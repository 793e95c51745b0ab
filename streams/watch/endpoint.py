"""The HTTP port of a long-running command: `/metrics`, `/live` and `/ready`. None of them holds content.

`/live` answers 200 while the process works or waits, and 503 where its loop hangs. `/ready` answers 200 where every
part it needs is there and 503 where one is not, with each part's state, reason code and since when, as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from prometheus_client import CollectorRegistry, make_wsgi_app, start_wsgi_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from streams.watch.health import Down, Health

PART_UP: Final = "redoubt_part_up"
_JSON: Final = ("Content-Type", "application/json")
_STATUS: Final = {True: "200 OK", False: "503 Service Unavailable"}


def serve(registry: CollectorRegistry, health: Health, port: int, address: str) -> int:
    """Serves from a thread; returns the port, which is a free one where 0 was asked for."""
    registry.register(Parts(health))
    server, _ = start_wsgi_server(port, address, registry=registry)
    server.set_app(_app(make_wsgi_app(registry), health))
    return int(server.server_port)


def _app(metrics: Callable[..., Iterable[bytes]], health: Health) -> Callable[..., Iterable[bytes]]:
    def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        match environ["PATH_INFO"]:
            case "/live":
                live = health.live
                start_response(_STATUS[live], [_JSON])
                return [json.dumps({"live": live}).encode() + b"\n"]
            case "/ready":
                parts = health.parts
                ready = not any(parts.values())
                start_response(_STATUS[ready], [_JSON])
                states = {part.value: _state(down) for part, down in parts.items()}
                return [json.dumps({"ready": ready, "parts": states}).encode() + b"\n"]
            case "/metrics":
                return metrics(environ, start_response)
            case _:
                start_response("404 Not Found", [_JSON])
                return [b"{}\n"]

    return app


def _state(down: Down | None) -> dict[str, str]:
    if down is None:
        return {"state": "up"}
    reason = down.reason.value if down.reason else "starting"
    return {"state": "down", "reason": reason, "since": down.since.isoformat(timespec="seconds")}


class Parts(Collector):
    """The gauge PART_UP with a label `part` for each part, read when it is scraped."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = GaugeMetricFamily(PART_UP, "Whether a part that the process needs is there", labels=["part"])
        for part, down in self._health.parts.items():
            family.add_metric([part.value], float(down is None))
        yield family
