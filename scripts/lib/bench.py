# SPDX-License-Identifier: Apache-2.0
"""The measurements of scripts/bench. CPU time is user and system time of one process, from wait4. Programs that are
compared run in turn, for several rounds, and each figure is the median of the rounds' ratios, so that a machine that is
busy for a while disturbs both sides."""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import bench_live
import bench_requests

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/release"
CACHE = ROOT / "build/bench"
LOCAL = ["--local", "10.0.0.0/8", "--local", "fd00::/8"]
MIB_KIB = 1024

# The captures: what is measured with them, and the words for make_traffic.
MIX = "mix:packets=10M,pps=500k,size=64,flows=20k,hosts=2000,family=both"
ALL_NEW = "all_new:packets=10M,pps=500k,size=64,family=both"
HIDDEN = ["syn_flood:packets=10M,pps=1M", "port_scan:at=4", "port_scan:at=6,direction=in"]
CAPTURES = {"mix": [MIX], "all_new": [ALL_NEW], "hidden_scan": HIDDEN}

# The bars of docs/design.md, chapter 14: at most this many times the yardstick.
REPLAY_BARS = {"mix": 2.5, "all_new": 6.0}
MEMORY_BAR_MIB = 256


def say(text):
    print(text, file=sys.stderr, flush=True)


def capture(name):
    """The capture's file, made where it is missing or was made from other words."""
    CACHE.mkdir(parents=True, exist_ok=True)
    path, recipe = CACHE / f"{name}.pcap", CACHE / f"{name}.words"
    words = " ".join(CAPTURES[name])
    if not path.exists() or not recipe.exists() or recipe.read_text() != words:
        subprocess.run([BUILD / "tests/make_traffic", "-o", path, *CAPTURES[name]], check=True)
        recipe.write_text(words)
    return path


def run(command, output=subprocess.DEVNULL):
    """Runs to the end; gives CPU seconds and peak resident KiB."""
    child = subprocess.Popen([str(word) for word in command], stdout=output, stderr=subprocess.PIPE)
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"bench: {command[0]} failed with code {child.returncode}: {errors.decode(errors='replace')}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def replay_command(path):
    return [BUILD / "bin/picket", "replay", "--json", *LOCAL, path]


def packet_count(path):
    done = subprocess.run([BUILD / "tests/bare_pcap_loop", path], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[0])


def in_turn(path, commands, rounds, yardstick):
    """The median of each command's CPU time over the yardstick's in the same round, and ns a packet."""
    packets = packet_count(path)
    seconds = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            seconds[name].append(run(command)[0])
    result = {}
    for name, times in seconds.items():
        ratios = [mine / base for mine, base in zip(times, seconds[yardstick])]
        result[name] = (statistics.median(times) / packets * 1e9, statistics.median(ratios))
    return result


def row(what, figure, unit, ratio=None, bar=None, good=None):
    return {"what": what, "figure": round(figure, 1), "unit": unit,
            "ratio": None if ratio is None else round(ratio, 2), "bar": bar,
            "verdict": None if good is None else "holds" if good else "MISSED"}


def measure_replay(rounds):
    for name, bar in REPLAY_BARS.items():
        say(f"replay of {name}, {rounds} rounds")
        path = capture(name)
        commands = {"bare pcap_loop": [BUILD / "tests/bare_pcap_loop", path], "picket replay": replay_command(path)}
        costs = in_turn(path, commands, rounds, "bare pcap_loop")
        yield row(f"{name}: bare pcap_loop", costs["bare pcap_loop"][0], "ns/packet")
        cost, ratio = costs["picket replay"]
        yield row(f"{name}: picket replay", cost, "ns/packet", ratio, f"<= {bar} x", ratio <= bar)


def measure_memory(_rounds):
    say("memory: 10 million sources in one flood, and two scans in it")
    path = capture("hidden_scan")
    with tempfile.TemporaryFile() as output:
        _, peak_kib = run(replay_command(path), output)
        output.seek(0)
        events = [json.loads(line) for line in output]
    peak_mib = peak_kib / MIB_KIB
    yield row("peak resident", peak_mib, "MiB", None, f"<= {MEMORY_BAR_MIB} MiB", peak_mib <= MEMORY_BAR_MIB)
    for what, subject in (("outbound", "10.0.0.66"), ("inbound", "198.18.0.66")):
        scans = sum(1 for event in events if event["event"] == "finding" and event["subject"] == subject
                    and event["type"].startswith("port_scan"))
        yield row(f"the {what} scan hidden in it", scans, "findings", None, ">= 1", scans >= 1)


def measure_files(rounds):
    for name in REPLAY_BARS:
        say(f"nfpcapd and softflowd on {name}, {rounds} rounds")
        path = capture(name)
        with tempfile.TemporaryDirectory() as flows:
            commands = {"picket replay": replay_command(path),
                        "nfpcapd": ["nfpcapd", "-r", path, "-l", flows],
                        "softflowd": ["softflowd", "-r", path, "-n", "127.0.0.1:9999", "-d"]}
            costs = in_turn(path, commands, rounds, "picket replay")
        for peer in ("nfpcapd", "softflowd"):
            cost, ratio = costs[peer]
            yield row(f"{name}: {peer}, over picket", cost, "ns/packet", ratio, "> 1 x", ratio > 1)


def measure_live(_rounds):
    yield from bench_live.measure(BUILD, capture, row, say)


def measure_requests(_rounds):
    yield from bench_requests.measure(BUILD, row, say)


PARTS = {"replay": measure_replay, "memory": measure_memory, "requests": measure_requests, "files": measure_files,
         "live": measure_live}
PEER_PARTS = ("files", "live")


def show(line):
    ratio = "" if line["ratio"] is None else f"{line['ratio']:.2f} x"
    print(f"{line['what']:<42}{line['figure']:>10.1f} {line['unit']:<10}{ratio:>9}  {line['bar'] or '':<12}"
          f"{line['verdict'] or ''}", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    parts = given.parts or [part for part in PARTS if given.peers or part not in PEER_PARTS]
    for part in parts:
        if part not in PARTS:
            parser.error(f"there is no part '{part}'; there are {', '.join(PARTS)}")
    verdicts = []
    for part in parts:
        for line in PARTS[part](given.rounds):
            verdicts.append(line["verdict"])
            if given.json:
                print(json.dumps(line), flush=True)
            else:
                show(line)
    return 1 if "MISSED" in verdicts else 0


if __name__ == "__main__":
    sys.exit(main())
