# SPDX-License-Identifier: Apache-2.0
"""What 10,000 requests at a concurrency of 64 cost a picket that is under a flood: packets lost and the tick's 99th
percentile by its own histogram, beside the same flood without requests."""
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests/integration/lib"))
import flood_load  # noqa: E402
import live  # noqa: E402

REQUESTS = 10_000
RATE_PPS = 50_000
TICK_P99_BAR_MS = 100


def measure(build, row, say):
    if os.geteuid() != 0:
        say("requests: left out, as it needs root for network namespaces")
        return
    with tempfile.TemporaryDirectory() as scratch, live.Network() as network:
        folder = pathlib.Path(scratch)
        capture = flood_load.make_flood(build, folder)
        with live.Daemon(build, folder, network) as daemon:
            if not daemon.start():
                raise SystemExit(f"bench: picket run does not start:\n{daemon.log_text()[-2000:]}")
            say(f"requests: {REQUESTS} under {RATE_PPS} packets/s, then as long without")
            asked = flood_load.one_run(daemon, network, capture, RATE_PPS, REQUESTS)
            alone = flood_load.one_run(daemon, network, capture, RATE_PPS, 0, max(asked["seconds"], 10))
    yield row("requests: answered", REQUESTS / asked["seconds"], "requests/s")
    for name, run in (("without", alone), ("under requests", asked)):
        yield row(f"packets {name}", run["packets"] / run["seconds"], "packets/s")
        yield row(f"lost {name}", run["loss"] * 100, "%", None, *(() if run is alone else (
            "<= without", asked["loss"] <= alone["loss"])))
        p99_ms = run["tick_p99_seconds"] * 1000
        yield row(f"tick {name}, p99", p99_ms, "ms", None, f"< {TICK_P99_BAR_MS} ms", p99_ms < TICK_P99_BAR_MS)
