# SPDX-License-Identifier: Apache-2.0
"""A scene of traffic, packet by packet, written as a pcap file: headers only, as a capture with a short snapshot length
has them. Times are seconds from the start. Hosts are numbers: `ours(5)` is 10.0.0.5 or fd00::5, `theirs(5)` 198.18.0.5
or 2001:db8::5. Checksums stay zero. The same scene with the same seed gives the same bytes."""
import ipaddress
import json
import random
import struct
import subprocess
import sys

FIN, SYN, RST, PSH, ACK, URG, ECE, CWR = (1 << bit for bit in range(8))
TCP, UDP, ICMP = 6, 17, 1
ECHO_REPLY, UNREACHABLE, ECHO, TIME_EXCEEDED = 0, 3, 8, 11
ICMP6_TYPES = {ECHO_REPLY: 129, UNREACHABLE: 1, ECHO: 128, TIME_EXCEEDED: 3}
LOCALS = ("10.0.0.0/8", "fd00::/8")
OURS, THEIRS = 0x0A000000, 0xC6120000
ALARMING = ("medium", "high", "critical")
SNAPSHOT = 128
START = 1_700_000_000


def ours(number):
    return OURS | number


def theirs(number):
    return THEIRS | number


def is_ours(host):
    return host >> 24 == 10


def wild(dice):
    """A remote address from anywhere."""
    return dice.randrange(0x20000000, 0x60000000)


def bytes_v6(host):
    prefix = b"\xfd" + bytes(11) if is_ours(host) else b"\x20\x01\x0d\xb8" + bytes(8)
    return prefix + struct.pack("!I", host & 0xFFFFFF if is_ours(host) else host)


def text_of(family, host):
    return str(ipaddress.ip_address(host if family == 4 else bytes_v6(host)))


def alarms(picket, capture):
    """How many packets picket reads, and the findings of severity medium or above of all bundled policies."""
    command = [picket, "replay", "--json"] + [word for prefix in LOCALS for word in ("--local", prefix)]
    done = subprocess.run(command + [capture], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{picket} replay failed with code {done.returncode}: {done.stderr}")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    packets = next(event["packets"] for event in events if event["event"] == "summary")
    return packets, [event for event in events if event["event"] == "finding" and event["severity"] in ALARMING]


class Scene:
    def __init__(self, family, seed):
        self.family, self.dice = family, random.Random(seed)
        self.packets = []

    def ip(self, when, proto, src, dst, body, size):
        """A packet whose transport part begins with `body` and is `size` bytes long."""
        body = body[:size]
        if self.family == 4:
            head = struct.pack("!BBHHHBBHII", 0x45, 0, 20 + size, 0, 0x4000, 64, proto, 0, src, dst)
        else:
            head = struct.pack("!IHBB", 0x60000000, size, 58 if proto == ICMP else proto, 64) + bytes_v6(src) + bytes_v6(dst)
        self.put(when, src, dst, head, body, size)

    def put(self, when, src, dst, head, body, size):
        ethernet = bytes(12) + (b"\x08\x00" if self.family == 4 else b"\x86\xdd")
        kept = (ethernet + head + body)[:SNAPSHOT]
        whole = len(ethernet) + len(head) + size
        self.packets.append((when, len(self.packets), is_ours(src), is_ours(dst), whole, kept + bytes(min(whole, SNAPSHOT) - len(kept))))

    def tcp(self, when, src, dst, src_port, dst_port, flags, data=0):
        body = struct.pack("!HHIIBBHHH", src_port, dst_port, 1, 1 if flags & ACK else 0, 0x50, flags, 64240, 0, 0)
        self.ip(when, TCP, src, dst, body, 20 + data)

    def udp(self, when, src, dst, src_port, dst_port, data):
        self.ip(when, UDP, src, dst, struct.pack("!HHHH", src_port, dst_port, 8 + data, 0), 8 + data)

    def icmp(self, when, src, dst, kind, data=56):
        number = kind if self.family == 4 else ICMP6_TYPES[kind]
        self.ip(when, ICMP, src, dst, struct.pack("!BBHI", number, 0, 0, 0), 8 + data)

    def fragments(self, when, src, dst, src_port, dst_port, data):
        """A UDP datagram in pieces that fit 1500 bytes."""
        identity, offset, datagram = self.dice.randrange(1 << 16), 0, 8 + data
        while offset < datagram:
            size = min(1440, datagram - offset)
            more = offset + size < datagram
            body = struct.pack("!HHHH", src_port, dst_port, datagram, 0) if offset == 0 else b""
            if self.family == 4:
                head = struct.pack("!BBHHHBBHII", 0x45, 0, 20 + size, identity, (0x2000 if more else 0) | offset // 8, 64, UDP,
                                   0, src, dst)
            else:
                piece = struct.pack("!BBHI", UDP, 0, offset | (1 if more else 0), identity)
                head = struct.pack("!IHBB", 0x60000000, 8 + size, 44, 64) + bytes_v6(src) + bytes_v6(dst) + piece
            self.put(when, src, dst, head, body, size)
            offset += size

    def write(self, path, view=None):
        """`view`: None for all, or "inbound" or "outbound" for a capture of one direction."""
        keep = {None: lambda p: True, "inbound": lambda p: p[3], "outbound": lambda p: p[2]}[view]
        with open(path, "wb") as out:
            out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, SNAPSHOT, 1))
            for when, _, _, _, whole, kept in sorted(filter(keep, self.packets)):
                micros = round(when * 1e6)
                out.write(struct.pack("<IIII", START + micros // 1_000_000, micros % 1_000_000, len(kept), whole) + kept)

    # What hosts do

    def port(self):
        return self.dice.randrange(32768, 61000)

    def connect(self, when, client, server, port, *, rounds=1, ask=300, segments=2, pause=0.02, delay=0.02, from_port=None,
                close=True):
        """A whole connection: handshake, questions and answers of so many full segments, the end. Gives the time after."""
        own = from_port or self.port()
        self.tcp(when, client, server, own, port, SYN)
        self.tcp(when + delay, server, client, port, own, SYN | ACK)
        when += 2 * delay
        self.tcp(when, client, server, own, port, ACK)
        for _ in range(rounds):
            self.tcp(when, client, server, own, port, PSH | ACK, ask)
            for n in range(segments):
                self.tcp(when + delay + n * 1e-5, server, client, port, own, PSH | ACK, 1448)
                if n % 2 == 0:
                    self.tcp(when + delay + n * 1e-5 + 5e-6, client, server, own, port, ACK)
            when += pause + delay
        if close:
            self.tcp(when, client, server, own, port, FIN | ACK)
            self.tcp(when + delay, server, client, port, own, FIN | ACK)
            self.tcp(when + 2 * delay, client, server, own, port, ACK)
        return when + 2 * delay

    def attempt(self, when, client, server, port, outcome, repeats=3):
        """A SYN that is refused, told unreachable, or gets nothing and comes again."""
        own = self.port()
        self.tcp(when, client, server, own, port, SYN)
        if outcome == "refused":
            self.tcp(when + 0.03, server, client, port, own, RST | ACK)
        elif outcome == "unreachable":
            self.icmp(when + 0.03, server, client, UNREACHABLE, 32)
        else:
            for n in range(1, repeats):
                self.tcp(when + 2 ** n - 1, client, server, own, port, SYN)

    def ask(self, when, client, server, port, *, data=40, answer=120, answered=1.0, from_port=None, delay=0.02):
        """A question over UDP, and perhaps its answer."""
        own = from_port or self.port()
        self.udp(when, client, server, own, port, data)
        if self.dice.random() < answered:
            (self.fragments if answer > 1440 else self.udp)(when + delay, server, client, port, own, answer)
