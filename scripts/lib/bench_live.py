# SPDX-License-Identifier: Apache-2.0
"""Live capture over a veth pair between two network namespaces: CPU time per packet of `picket run` and of fastnetmon,
from /proc/PID/stat around a replay by tcpreplay, divided by the packets that arrived. Namespaces and processes of the
measurement end with it, also when it fails."""
import contextlib
import os
import pathlib
import signal
import subprocess
import tempfile
import time

INTERFACE = "veth0"
PACKETS = 1_500_000
RATE_PPS = 100_000  # what both keep up with, so that neither saves by losing packets
SETTLE_S = 5
# Room for all local hosts of the captures; fastnetmon allocates a record for every address of its networks at start.
NETWORKS = ["10.0.0.0/16", "fd00::/8"]
# Picket's share of fastnetmon's CPU time per packet, at most: docs/design.md, chapter 14.
BARS = {"mix": 0.5, "all_new": 0.25}
# fastnetmon's own configuration, changed as little as a measurement needs. It reports home unless told not to.
FASTNETMON = {"mirror_afpacket": "on", "interfaces": INTERFACE, "enable_ban": "off", "enable_ban_ipv6": "off",
              "enable_api": "off", "disable_usage_report": "on", "monitor_local_ip_addresses": "off"}


def quietly(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def namespaces():
    receiver, sender = f"picket-bench-in-{os.getpid()}", f"picket-bench-out-{os.getpid()}"
    try:
        for name in (receiver, sender):
            quietly("ip", "netns", "add", name)
        quietly("ip", "-n", receiver, "link", "add", INTERFACE, "type", "veth", "peer", "name", INTERFACE, "netns", sender)
        for name in (receiver, sender):
            quietly("ip", "-n", name, "link", "set", "lo", "up")
            quietly("ip", "-n", name, "link", "set", INTERFACE, "up")
        yield receiver, sender
    finally:
        for name in (receiver, sender):
            subprocess.run(["ip", "netns", "del", name], check=False, stderr=subprocess.DEVNULL)


@contextlib.contextmanager
def running(namespace, command, folder):
    with open(folder / "log", "wb") as log:
        child = subprocess.Popen(["ip", "netns", "exec", namespace, *map(str, command)], stdout=log, stderr=log)
    try:
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(30)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def cpu_seconds(pid):
    """User and system time of a process and its threads, proc_pid_stat(5)."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def received(namespace):
    done = subprocess.run(["ip", "netns", "exec", namespace, "cat", f"/sys/class/net/{INTERFACE}/statistics/rx_packets"],
                          capture_output=True, text=True, check=True)
    return int(done.stdout)


def wait_for_capture(namespace, child, folder):
    """Until a packet socket of the program is bound; both open theirs in a second or two."""
    for _ in range(300):
        done = subprocess.run(["ip", "netns", "exec", namespace, "cat", "/proc/net/packet"],
                              capture_output=True, text=True, check=True)
        if len(done.stdout.splitlines()) > 1:
            time.sleep(SETTLE_S)
            return
        if child.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"bench: {child.args} does not capture:\n{(folder / 'log').read_text(errors='replace')[-2000:]}")


def cost_ns(command, path, folder):
    """CPU nanoseconds per packet that arrived, of a program that watches INTERFACE."""
    with namespaces() as (receiver, sender), running(receiver, command, folder) as child:
        wait_for_capture(receiver, child, folder)
        packets, seconds = received(receiver), cpu_seconds(child.pid)
        quietly("ip", "netns", "exec", sender, "tcpreplay", "-q", "-i", INTERFACE, f"--pps={RATE_PPS}",
                f"--limit={PACKETS}", str(path))
        time.sleep(2)
        return (cpu_seconds(child.pid) - seconds) / (received(receiver) - packets) * 1e9


def fastnetmon_command(folder):
    networks, configuration = folder / "networks", folder / "fastnetmon.conf"
    networks.write_text("\n".join(NETWORKS) + "\n", encoding="ascii")
    changes = {**FASTNETMON, "networks_list_path": networks, "white_list_path": folder / "none",
               "pid_path": folder / "pid", "cli_stats_file_path": folder / "stats",
               "cli_stats_ipv6_file_path": folder / "stats6"}
    (folder / "none").write_text("", encoding="ascii")
    lines = []
    for line in pathlib.Path("/etc/fastnetmon.conf").read_text(encoding="utf-8").splitlines():
        key = line.split("=")[0].strip()
        if key not in changes:
            lines.append(line)
    lines += [f"{key} = {value}" for key, value in changes.items()]
    configuration.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return ["fastnetmon", f"--configuration_file={configuration}", f"--log_file={folder / 'fastnetmon.log'}"]


def measure(build, capture, row, say):
    if os.geteuid() != 0:
        raise SystemExit("bench: the live part needs root for network namespaces")
    for name, bar in BARS.items():
        path = capture(name)
        costs = {}
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            picket = [build / "bin/picket", "run", "--interface", INTERFACE]
            for network in NETWORKS:
                picket += ["--local", network]
            for program, command in (("fastnetmon", fastnetmon_command(folder)), ("picket run", picket)):
                say(f"live {name}: {program}")
                costs[program] = cost_ns(command, path, folder)
        yield row(f"live {name}: fastnetmon", costs["fastnetmon"], "ns/packet")
        ratio = costs["picket run"] / costs["fastnetmon"]
        yield row(f"live {name}: picket run", costs["picket run"], "ns/packet", ratio, f"<= {bar} x", ratio <= bar)
