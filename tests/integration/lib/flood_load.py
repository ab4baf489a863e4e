# SPDX-License-Identifier: Apache-2.0
"""A running picket under a flood of packets, with and without a flood of requests: what it lost, and how long its ticks
took by its own histogram. For the test requests_under_flood, which judges the loss, and `scripts/bench requests`, which
judges the time too."""
import concurrent.futures
import os
import re
import subprocess
import threading
import time

import live

CONCURRENCY = 64
FLOOD = ["syn_flood:packets=200k,pps=100k,sources=200k", "mix:packets=100k,pps=50k", "port_scan:at=1"]
# What clients ask for: answered at once, by the store, by the engine; the dear ones more seldom.
PATHS = (["/api/v1/status", "/api/v1/sources", "/healthz", "/api/v1/incidents?limit=10"] * 4 +
         ["/metrics", "/api/v1/counters?counter={counter}", "/api/v1/findings?limit=100", "/api/v1/policies"])


def make_flood(build, folder):
    capture = folder / "flood.pcap"
    subprocess.run([str(build / "tests/make_traffic"), "-o", str(capture), *FLOOD], check=True, capture_output=True)
    return capture


def ask_many(path, counter, requests):
    """How many answers there were of each status; 0: none. Over CONCURRENCY connections that are kept."""
    os.nice(10)  # who asks is not what is measured
    counts, lock = {}, threading.Lock()

    def client(number):
        connection = live.UnixConnection(path)
        for i in range(number, requests, CONCURRENCY):
            try:
                connection.request("GET", PATHS[i % len(PATHS)].format(counter=counter))
                answer = connection.getresponse()
                answer.read()
                status = answer.status
            except OSError:
                connection.close()
                status = 0
            with lock:
                counts[status] = counts.get(status, 0) + 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CONCURRENCY)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return counts


def buckets(daemon):
    """Upper bound and number of ticks up to it, of picket's histogram."""
    found = re.findall(r'^picket_tick_duration_seconds_bucket\{le="([^"]+)"\} (\d+)', daemon.metrics(), re.MULTILINE)
    return [(float(bound), int(count)) for bound, count in found]


def quantile(before, after, share):
    """As Prometheus does it: the bucket's bounds, and straight between them."""
    grown = [(bound, late - early) for (bound, late), (_, early) in zip(after, before)]
    wanted, lower, below = share * grown[-1][1], 0.0, 0
    for bound, count in grown:
        if count >= wanted:
            return lower if bound == float("inf") else lower + (bound - lower) * (wanted - below) / max(count - below, 1)
        lower, below = bound, count
    return lower


def counts(daemon):
    """Packets handed on and lost; a status is a second old at most."""
    time.sleep(1.5)
    source = daemon.get("/api/v1/sources")["items"][0]
    return source["received"], source["dropped_kernel"]


def one_run(daemon, network, capture, pps, requests, seconds=0):
    """Floods until the requests are answered, or for so many seconds where there are none."""
    with concurrent.futures.ProcessPoolExecutor(1) as pool, \
            live.ended_at_exit(network.replay(capture, pps, "--loop=1000000", "--preload-pcap")):
        live.wait_for(30, lambda: daemon.get("/api/v1/incidents")["items"])
        (packets, lost), ticks, start = counts(daemon), buckets(daemon), time.monotonic()
        counter = daemon.get("/api/v1/counters")["items"][0]["name"]
        if requests:
            answers = pool.submit(ask_many, daemon.socket, counter, requests).result()
        else:
            answers = time.sleep(seconds) or {}
        took, ticks_after, (packets_after, lost_after) = time.monotonic() - start, buckets(daemon), counts(daemon)
    packets, lost = packets_after - packets, lost_after - lost
    return {"packets": packets, "lost": lost, "loss": lost / max(packets + lost, 1), "answers": answers, "seconds": took,
            "tick_p99_seconds": quantile(ticks, ticks_after, 0.99)}
