# SPDX-License-Identifier: Apache-2.0
"""What the integration tests in Python share: checks, two network namespaces joined by veth, a running picket and
questions to it. The same as harness.sh and live.sh, for tests that ask in many ways at once. All that a test makes
ends with it: names end in the process's id."""
import contextlib
import ctypes
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

INTERFACE = "veth0"
OUR_ADDRESS = "10.99.0.1"
TALK_POLICY = """return detector {
  name = "talk",
  summary = "Anybody who sends packets",
  counters = function(p)
    return { sent = counter { by = { "src" }, window = "10s", measure = { packets = packets() } } }
  end,
  detect = function(p, c)
    for row in c.sent:over { packets = 5 } do
      finding { type = "talk", subject = row.src, row = row, reason = ("%d packets"):format(row.packets) }
    end
  end,
}
"""
failures = 0


def check(what, good, shown=""):
    global failures
    print(f"{'ok' if good else 'not ok'} - {what}{'' if good else f': {shown}'}", flush=True)
    failures += not good
    return good


def skip(why):
    print(f"SKIP: {why}", flush=True)
    sys.exit(77)


def need(*tools):
    for tool in tools:
        if shutil.which(tool) is None:
            skip(f"{tool} is not installed (scripts/setup test)")


def build_dir():
    if len(sys.argv) != 2 or not os.path.isdir(sys.argv[1]):
        sys.exit(f"usage: {os.path.basename(sys.argv[0])} BUILD_DIR")
    return pathlib.Path(sys.argv[1]).resolve()


def wait_for(seconds, holds):
    """Until holds() is true; whether it became so in time."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        if time.monotonic() >= end:
            return False
        time.sleep(0.1)
    return found


@contextlib.contextmanager
def scratch_folder():
    # So that a time limit, too, leaves nothing behind.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory() as folder:
        yield pathlib.Path(folder)


class Network:
    """Our namespace, in which picket runs, and theirs; INTERFACE on both sides."""

    def __init__(self):
        self.ours, self.theirs = f"picket-ours-{os.getpid()}", f"picket-theirs-{os.getpid()}"

    def __enter__(self):
        need("ip")
        if os.geteuid() != 0:
            skip("needs root for network namespaces")
        try:
            for name in (self.ours, self.theirs):
                self._ip("netns", "add", name)
            self._ip("-n", self.ours, "link", "add", INTERFACE, "type", "veth", "peer", "name", INTERFACE, "netns",
                     self.theirs)
            for number, name in enumerate((self.ours, self.theirs), 1):
                self._ip("-n", name, "link", "set", "lo", "up")
                self._ip("-n", name, "addr", "add", f"10.99.0.{number}/24", "dev", INTERFACE)
                self._ip("-n", name, "link", "set", INTERFACE, "up")
        except subprocess.CalledProcessError as error:
            self.__exit__()
            skip(f"network namespaces or veth pairs cannot be made here: {error.stderr.decode().strip()}")
        return self

    def __exit__(self, *_):
        for name in (self.ours, self.theirs):
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)

    @staticmethod
    def _ip(*words):
        subprocess.run(["ip", *words], check=True, capture_output=True)

    @staticmethod
    @contextlib.contextmanager
    def inside(name):
        """This thread's sockets are made in that namespace meanwhile."""
        libc = ctypes.CDLL(None, use_errno=True)
        with open("/proc/thread-self/ns/net", "rb") as before, open(f"/run/netns/{name}", "rb") as wanted:
            def enter(namespace):
                if libc.setns(namespace.fileno(), 0x40000000) != 0:  # CLONE_NEWNET
                    raise OSError(ctypes.get_errno(), "setns")
            enter(wanted)
            try:
                yield
            finally:
                enter(before)

    def replay(self, capture, pps, *more):
        """tcpreplay from their side, in the background."""
        return subprocess.Popen(["ip", "netns", "exec", self.theirs, "tcpreplay", "-q", "-i", INTERFACE,
                                 f"--pps={pps}", *more, str(capture)],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextlib.contextmanager
def ended_at_exit(child):
    try:
        yield child
    finally:
        child.kill()
        child.wait()


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=20)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Daemon:
    """`picket run` in our namespace; it can be started again on the same store."""

    def __init__(self, build, folder, network, config="", listen="", policies=None):
        self.socket, self.log = folder / "picket.sock", folder / "log"
        (folder / "picket.toml").write_text(config, encoding="utf-8")
        self.command = ["ip", "netns", "exec", network.ours, str(build / "bin/picket"), "run", "--interface", INTERFACE,
                        "--local", OUR_ADDRESS, "--local", "10.0.0.0/8", "--config", str(folder / "picket.toml"),
                        "--state-dir", str(folder / "state"), "--socket", str(self.socket), "--listen", listen]
        if policies:
            self.command += ["--policies", str(policies)]
        self.child = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def spawn(self):
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=log)

    def start(self):
        """Until it answers, which is after it began to capture; false where it ended instead."""
        self.spawn()
        return self.answers(60)

    def answers(self, seconds):
        def answered():
            with contextlib.suppress(OSError, http.client.HTTPException):
                return self.ask("GET", "/healthz")[0] in (200, 503)
            return self.child.poll() is not None
        return bool(wait_for(seconds, answered)) and self.child.poll() is None

    def lives(self):
        return self.child.poll() is None

    def kill(self):
        if self.child:
            self.child.kill()
            self.child.wait()

    def stop(self):
        """The exit code after SIGTERM."""
        self.child.terminate()
        try:
            return self.child.wait(60)
        except subprocess.TimeoutExpired:
            return None

    def ask(self, method, path, body=None):
        """Status and body of an answer, over a connection of its own."""
        with contextlib.closing(UnixConnection(self.socket)) as connection:
            headers = {} if body is None else {"Content-Type": "application/json"}
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def get(self, path):
        status, text = self.ask("GET", path)
        if status != 200:
            raise RuntimeError(f"GET {path}: {status} {text}")
        return json.loads(text)

    def events(self):
        """(name, data) of the stream, until its end or the daemon's."""
        with contextlib.closing(UnixConnection(self.socket)) as connection:
            connection.request("GET", "/api/v1/stream")
            name = ""
            for line in connection.getresponse():
                if line.startswith(b"event: "):
                    name = line[7:-1].decode()
                elif line.startswith(b"data: ") and line.endswith(b"\n"):
                    yield name, json.loads(line[6:])

    def metrics(self):
        return self.ask("GET", "/metrics")[1]

    def log_text(self):
        return self.log.read_text(encoding="utf-8", errors="replace")


def talk_policy(folder):
    """A policy folder whose one detector calls everybody who sends more than 5 packets an incident."""
    detectors = folder / "policies" / "detectors"
    detectors.mkdir(parents=True)
    (detectors / "talk.lua").write_text(TALK_POLICY, encoding="utf-8")
    return folder / "policies"


PACKETS_EACH = 8  # of a talker: more than the policy allows


def write_talkers(path, sources):
    """A capture in which each source sends a few small packets, one source after the other."""
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for source in range(1, sources + 1):
            frame = talk_frame(socket.inet_ntoa(struct.pack(">I", (198 << 24 | 18 << 16) + source)))
            out.write((struct.pack("<IIII", 1_700_000_000, 0, len(frame), len(frame)) + frame) * PACKETS_EACH)


def talk_frame(source):
    """A small UDP packet from there to us."""
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 32, 0, 0, 64, 17, 0, socket.inet_aton(source), socket.inet_aton(OUR_ADDRESS))
    return bytes(12) + b"\x08\x00" + ip + struct.pack(">HHHH", 40000, 9, 12, 0) + bytes(4)


def finish():
    sys.exit(1 if failures else 0)
