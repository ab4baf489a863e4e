# SPDX-License-Identifier: Apache-2.0
"""Honest traffic that looks like abuse, one function a kind: a client of ours or a server of ours, or both. What tells
each from the attack that it resembles stands in its line."""
from scene import (ACK, ECHO, ECHO_REPLY, PSH, RST, SYN, TIME_EXCEEDED, UNREACHABLE, ours, theirs, wild)

ALL = {}


def look_alike(scene):
    ALL[scene.__name__] = scene
    return scene


def over(dice, count, seconds):
    """Moments in order, spread at random."""
    return sorted(dice.uniform(0, seconds) for _ in range(count))


def drawn(dice, weights):
    return dice.choices(list(weights), weights.values())[0]


def exchange(s, begin, seconds, a, b, port_a, port_b, pps, size, back=None, back_size=80):
    """Datagrams from a to b at a rate, and `back` of them a second the other way."""
    for n in range(int(pps * seconds)):
        s.udp(begin + n / pps, a, b, port_a, port_b, size)
    for n in range(int((back or 0) * seconds)):
        s.udp(begin + n / back, b, a, port_b, port_a, back_size)


# Peers

@look_alike
def gnutella(s):
    """Hundreds of SYNs, most of them to peers that are gone; on ports of all kinds."""
    me = ours(5)
    for n, when in enumerate(over(s.dice, 600, 60)):
        when = when if n > 250 else s.dice.uniform(0, 6)
        peer, port = wild(s.dice), 6346 if s.dice.random() < 0.6 else s.dice.randrange(1025, 65000)
        outcome = drawn(s.dice, {"open": 8, "refused": 17, "unreachable": 5, "nothing": 70})
        if outcome == "open":
            s.connect(when, me, peer, port, rounds=4)
        else:
            s.attempt(when, me, peer, port, outcome)
    for when in over(s.dice, 1500, 60):
        s.ask(when, me, wild(s.dice), s.dice.randrange(1025, 65000), from_port=6346, data=23, answer=60, answered=0.2)
    for when in over(s.dice, 60, 60):
        s.connect(when, wild(s.dice), me, 6346, rounds=2)


@look_alike
def bittorrent(s):
    """DHT questions to a thousand nodes, SYNs to peers that are gone, and fast transfers with some."""
    me = ours(5)
    for when in over(s.dice, 4000, 40):
        s.ask(when, me, wild(s.dice), s.dice.randrange(1025, 65000), from_port=6881, data=105, answer=300, answered=0.35)
    for when in over(s.dice, 700, 40):
        peer, port = wild(s.dice), s.dice.choice([6881, 51413, s.dice.randrange(1025, 65000)])
        outcome = drawn(s.dice, {"open": 25, "refused": 15, "nothing": 60})
        if outcome == "open":
            s.connect(when, me, peer, port, rounds=10, segments=10)
        else:
            s.attempt(when, me, peer, port, outcome)
    for n in range(40):
        exchange(s, s.dice.uniform(0, 5), 5, wild(s.dice), me, 20000 + n, 6881, 120, 1400, back=30, back_size=20)
        exchange(s, s.dice.uniform(5, 9), 5, me, wild(s.dice), 6881, 20000 + n, 120, 1400, back=30, back_size=20)


@look_alike
def coin_nodes(s):
    """Peers of Bitcoin, Ethereum and Monero: many tries, few answers, on ports that no pool uses."""
    for host, port, tries, seconds in ((5, 8333, 220, 60), (6, 30303, 150, 30), (7, 18080, 60, 60)):
        for when in over(s.dice, tries, seconds):
            peer, outcome = wild(s.dice), drawn(s.dice, {"open": 30, "refused": 10, "nothing": 60})
            if outcome == "open":
                s.connect(when, ours(host), peer, port, rounds=6)
            else:
                s.attempt(when, ours(host), peer, port, outcome)
        for when in over(s.dice, 40, seconds):
            s.connect(when, wild(s.dice), ours(host), port, rounds=4)
    for when in over(s.dice, 1200, 60):
        s.ask(when, ours(6), wild(s.dice), 30303 if s.dice.random() < 0.8 else 30304, from_port=30303, data=130, answer=180,
              answered=0.4)


@look_alike
def tor(s):
    """A client with a few long connections, and a relay with very many."""
    for guard, port in ((1, 9001), (2, 443), (3, 9001)):
        s.connect(guard, ours(5), theirs(guard), port, rounds=200, ask=543, segments=1)
    for when in over(s.dice, 2500, 20):
        s.connect(when, ours(6), wild(s.dice), s.dice.choice([9001, 443, 9001, 8443, 9030]), rounds=2)
    for when in over(s.dice, 400, 20):
        s.attempt(when, ours(6), wild(s.dice), 9001, "nothing")
    for when in over(s.dice, 1500, 20):
        s.connect(when, wild(s.dice), ours(6), 9001, rounds=2)


# Servers and their clients

@look_alike
def busy_echo(s):
    """25,000 packets a second, each of them sent back: over UDP from a few clients, over TCP, and out of one of ours."""
    for n in range(25000):
        when, client = n / 25000, theirs(1 + n % 20)
        s.udp(when, client, ours(5), 40000 + n % 20, 7, 64)
        s.udp(when + 0.001, ours(5), client, 7, 40000 + n % 20, 64)
        s.tcp(1.5 + when, client, ours(6), 40000 + n % 20, 7, PSH | ACK, 64)
        s.tcp(1.5 + when + 0.001, ours(6), client, 7, 40000 + n % 20, PSH | ACK, 64)
        s.udp(3 + when, ours(7), theirs(99), 40000, 7, 64)
        s.udp(3 + when + 0.001, theirs(99), ours(7), 7, 40000, 64)


@look_alike
def busy_web(s):
    """3,000 connections a second from 2,000 clients, and a load test from one."""
    for when in over(s.dice, 9000, 3):
        s.connect(when, wild(s.dice) & 0x7F0007FF, ours(5), 443, segments=3, rounds=s.dice.randrange(1, 3))
    for when in over(s.dice, 9000, 3):
        s.connect(when, theirs(9), ours(6), 80, segments=1, from_port=s.dice.randrange(1024, 65000))
    for when in over(s.dice, 6000, 3):
        s.connect(when, ours(7), theirs(10), 80, segments=1, from_port=s.dice.randrange(1024, 65000))


@look_alike
def browser(s):
    """60 connections to 20 hosts at once, QUIC beside them."""
    for n, when in enumerate(over(s.dice, 60, 1)):
        s.connect(when, ours(5), theirs(n % 20), 443 if n % 6 else 80, rounds=3, segments=20)
        s.connect(when, theirs(77), ours(6), 443, rounds=3, segments=20)
    for n in range(8):
        exchange(s, n / 10, 3, theirs(n), ours(5), 443, 50000 + n, 800, 1350, back=90)


@look_alike
def administrator(s):
    """40 sessions of SSH: to one host at a stroke, one after another, to many hosts, and out of ours to others."""
    for n in range(40):
        work = {"ask": 60, "segments": 1, "delay": 0.005}
        s.connect(s.dice.uniform(0, 3), theirs(5), ours(5), 22, rounds=s.dice.randrange(30, 200), **work)
        s.connect(n * 1.2, theirs(6), ours(6), 22, rounds=s.dice.randrange(18, 30), **work)
        s.connect(s.dice.uniform(0, 5), theirs(7), ours(0x100 + n), 22, rounds=s.dice.randrange(12, 20), **work)
        s.connect(s.dice.uniform(0, 5), ours(8), theirs(0x100 + n), 22, rounds=s.dice.randrange(12, 20), **work)


@look_alike
def mail(s):
    """Mail out to 1,500 servers, of whom some are gone; mail in; clients that fetch and log in, on ports of mail."""
    for when in over(s.dice, 1500, 20):
        if s.dice.random() < 0.8:
            s.connect(when, ours(5), wild(s.dice), 25, rounds=6, segments=1)
        else:
            s.attempt(when, ours(5), wild(s.dice), 25, "nothing")
    for when in over(s.dice, 1500, 20):
        s.connect(when, theirs(s.dice.randrange(300)), ours(5), s.dice.choice([25, 465, 587, 993, 143, 110]), rounds=5, segments=1)
    for when in over(s.dice, 300, 20):
        s.connect(when, theirs(400), ours(5), 993, rounds=4, segments=1)


@look_alike
def crawler(s):
    """500 sites a second, most of which answer; and a crawler of somebody else in our network."""
    for when in over(s.dice, 4000, 8):
        if s.dice.random() < 0.85:
            s.connect(when, ours(5), wild(s.dice), s.dice.choice([80, 443]), rounds=1, segments=6)
        else:
            s.attempt(when, ours(5), wild(s.dice), s.dice.choice([80, 443]), s.dice.choice(["refused", "nothing"]))
    for when in over(s.dice, 1200, 8):
        s.connect(when, theirs(9), ours(0x1000 + s.dice.randrange(400)), 443, segments=6)


@look_alike
def ftp(s):
    """A client that fetches 300 files, each over a port of its own, passive and active."""
    for n in range(300):
        s.connect(n / 15, theirs(5), ours(5), 20000 + n, segments=12)
        s.connect(n / 15, ours(6), theirs(6), 20000 + n, segments=12)
        s.connect(n / 15, theirs(7), ours(7), 10000 + n, segments=12, from_port=20)


@look_alike
def game_server(s):
    """200 players, 60 packets a second each way; browsers that ask a thousand servers; a server that is asked."""
    for n in range(200):
        exchange(s, s.dice.uniform(0, 0.5), 3, theirs(n), ours(5), 27005 + n, 27015, 60, 70, back=60, back_size=300)
    for when in over(s.dice, 1200, 10):
        s.ask(when, ours(6), wild(s.dice), s.dice.randrange(27015, 27030), from_port=50123, data=25, answer=250, answered=0.6)
    for when in over(s.dice, 6000, 10):
        s.ask(when, wild(s.dice), ours(5), 27015, data=25, answer=1200)


# Names, time, management

@look_alike
def resolver_load(s):
    """Thousands of questions a second: a load test out of ours and into ours, and a resolver that asks the world."""
    for when in over(s.dice, 40000, 2):
        s.ask(when, ours(5), theirs(53), 53, answered=0.97, delay=0.003)
        s.ask(when, theirs(9), ours(53), 53, answered=0.97, delay=0.003)
    for when in over(s.dice, 12000, 4):
        s.ask(when, ours(54), wild(s.dice) & 0x7F0003FF, 53, answered=0.75, answer=s.dice.choice([90, 300, 512]), delay=0.04)
    for when in over(s.dice, 12000, 4):
        s.ask(when, wild(s.dice), ours(53), 53, answer=150)


@look_alike
def dnssec(s):
    """Signed answers in two and three fragments: to a resolver of ours that asked, and from a name server of ours."""
    for when in over(s.dice, 6000, 3):
        s.ask(when, ours(53), wild(s.dice) & 0x7F0000FF, 53, answered=0.95, answer=s.dice.choice([300, 1700, 2900, 3600]))
    for when in over(s.dice, 6000, 3):
        s.ask(when, wild(s.dice) & 0x7F0003FF, ours(54), 53, answer=s.dice.choice([300, 1700, 2900, 3600]))


@look_alike
def snmp(s):
    """A walk as fast as it goes, both ways; and a poller of four hosts, of which one is dead."""
    for n in range(5000):
        s.ask(n / 5000, theirs(5), ours(5), 161, data=50, answer=90, from_port=45000, delay=0.0001)
        s.ask(n / 5000, ours(6), theirs(6), 161, data=50, answer=1200, from_port=45000, delay=0.0001)
    for n in range(2000):
        s.ask(n / 200, ours(7), theirs(0x10 + n % 4), 161, data=60, answer=400, answered=0 if n % 4 == 0 else 1)
        s.ask(n / 200, theirs(7), ours(0x10 + n % 4), 161, data=60, answer=400, answered=0 if n % 4 == 0 else 1)


@look_alike
def time_server(s):
    """Questions of 6,000 clients to a time server of ours; and a client of ours with a pool."""
    for when in over(s.dice, 9000, 3):
        s.ask(when, wild(s.dice), ours(5), 123, data=48, answer=48, from_port=s.dice.choice([123, 40000]))
    for n in range(60):
        s.ask(n / 10, ours(6), theirs(n % 20), 123, data=48, answer=48, from_port=123)


@look_alike
def monitor(s):
    """It asks 120 hosts by echo and eight services of each, every few seconds; in our network, and out of it."""
    for client, host in ((theirs(5), lambda n: ours(0x200 + n)), (ours(5), lambda n: theirs(0x200 + n))):
        for n in range(360):
            at = n / 40
            if n % 20:
                s.icmp(at, client, host(n % 120), ECHO)
                s.icmp(at + 0.01, host(n % 120), client, ECHO_REPLY)
            for port in (21, 22, 25, 80, 443, 993, 3306, 5432):
                if port > 25 or n % 3:
                    s.connect(at + 0.1, client, host(n % 120), port, segments=1, pause=0.01)
                else:
                    s.attempt(at + 0.1, client, host(n % 120), port, "refused")


@look_alike
def dead_host(s):
    """A client that goes on trying: one that is gone, and a port that is closed."""
    for n in range(600):
        s.attempt(n / 10, ours(5), theirs(5), 5432, "nothing", repeats=2)
        s.attempt(n / 10, theirs(6), ours(6), 5432, "nothing", repeats=2)
        s.attempt(n / 60, ours(7), theirs(7), 8080, "refused")
        s.attempt(n / 60, theirs(8), ours(8), 8080, "refused")
        s.icmp(n / 10, ours(9), theirs(9), ECHO)
    for n in range(8000):
        s.udp(n / 2000, ours(10), theirs(10), 40001, 514, 200)
        if n % 500 == 0:
            s.icmp(n / 2000 + 0.02, theirs(10), ours(10), UNREACHABLE, 228)


# Streams and tunnels

@look_alike
def voice(s):
    """Voice one way and both, a trunk of a hundred calls, video to one and to a group."""
    exchange(s, 0, 10, ours(5), theirs(5), 16384, 20000, 50, 172)
    exchange(s, 0, 10, theirs(6), ours(6), 16384, 20000, 50, 172)
    exchange(s, 0, 4, theirs(8), ours(8), 16390, 20000, 1800, 1328)
    exchange(s, 0, 4, ours(9), theirs(9), 16390, 20000, 1800, 1328)
    exchange(s, 0, 4, ours(9), 0xEF010101, 16392, 1234, 1800, 1328)
    for call in range(100):
        exchange(s, call / 100, 5, ours(7), theirs(7), 16384 + 2 * call, 20000 + 2 * call, 50, 172, back=50, back_size=172)


@look_alike
def conference(s):
    """One speaks, 150 listen: they report once a second."""
    exchange(s, 0, 4, theirs(1), ours(5), 50000, 3478, 300, 1100, back=5)
    for n in range(150):
        exchange(s, n / 150, 4, ours(5), theirs(0x100 + n), 3478, 50000 + n, 120, 1100, back=1)


@look_alike
def vpn(s):
    """Tunnels at 20,000 packets a second: OpenVPN, WireGuard, IPsec, GRE, and IP in IP."""
    exchange(s, 0, 2, theirs(5), ours(5), 1194, 1194, 12000, 1400, back=5000)
    exchange(s, 0, 2, ours(6), theirs(6), 51820, 51820, 20000, 1420, back=1500)
    exchange(s, 0, 2, theirs(7), ours(7), 51820, 51820, 20000, 1420, back=900)
    for protocol, host in ((50, 8), (47, 9), (4, 10)):
        for n in range(20000):
            s.ip(n / 12000, protocol, theirs(host), ours(host), b"", 1400)
            if n % 4 == 0:
                s.ip(n / 12000, protocol, ours(host), theirs(host), b"", 90)


@look_alike
def speed_test(s):
    """As fast as the link goes, down and up, over eight connections; an acknowledgement for many segments."""
    for client, server, port in ((ours(5), theirs(5), 8080), (theirs(6), ours(6), 8080)):
        for n in range(8):
            s.connect(0.01 * n, client, server, port, close=False, from_port=50000 + n)
        for way, begin in ((0, 1), (1, 3)):
            a, b = (client, server) if way else (server, client)
            for n in range(80000):
                when, own = begin + n / 60000, 50000 + n % 8
                a_port, b_port = (own, port) if way else (port, own)
                s.tcp(when, a, b, a_port, b_port, ACK, 1448)
                if n // 8 % 30 == 0:
                    s.tcp(when + 0.001, b, a, b_port, a_port, ACK)


@look_alike
def icmp_tunnel(s):
    """Data in echoes, 4,000 a second, and their replies; both ways; and a server that has more to say than it is asked."""
    for n in range(12000):
        for a, b in ((ours(5), theirs(5)), (theirs(6), ours(6))):
            s.icmp(n / 4000, a, b, ECHO, 1300)
            s.icmp(n / 4000 + 0.002, b, a, ECHO_REPLY, 1300)
        if n % 4 == 0:
            s.icmp(n / 4000, ours(7), theirs(7), ECHO, 40)
        s.icmp(n / 4000 + 0.001, theirs(7), ours(7), ECHO_REPLY, 1300)


@look_alike
def traceroutes(s):
    """Many at once: echoes, UDP to high ports, errors from the routers on the way, and path MTU discovery."""
    for run in range(60):
        for hop in range(1, 16):
            when, router = run / 15 + hop * 0.01, theirs(0x4000 + 16 * run + hop)
            s.udp(when, ours(5), theirs(0x300 + run), 45000, 33434 + hop, 32)
            s.icmp(when + 0.02, router, ours(5), TIME_EXCEEDED, 60)
            s.icmp(when, ours(6), theirs(0x300 + run), ECHO)
            s.icmp(when + 0.02, router, ours(6), TIME_EXCEEDED, 84)
            s.udp(when, theirs(7), ours(0x300 + run), 45000, 33434 + hop, 32)
            s.icmp(when + 0.02, ours(1), theirs(7), UNREACHABLE, 60)


@look_alike
def beacons(s):
    """A question home every ten seconds for ten minutes, over TCP, UDP and echo."""
    for n in range(60):
        when = 10 * n + s.dice.uniform(0, 1)
        s.connect(when, ours(5), theirs(5), 443, segments=1)
        s.ask(when, ours(6), theirs(53), 53)
        s.icmp(when, ours(7), theirs(7), ECHO)
        s.icmp(when + 0.01, theirs(7), ours(7), ECHO_REPLY)


# The noise of the world

@look_alike
def backscatter(s):
    """Victims elsewhere answer to addresses of ours that were spoofed: SYN-ACKs, resets, ICMP errors."""
    for n in range(6000):
        who = ours(s.dice.randrange(1, 1 << 16))
        s.tcp(n / 2000, theirs(5), who, 80, s.dice.randrange(1024, 65000), SYN | ACK)
        s.tcp(n / 2000, theirs(0x500 + n % 30), who, s.dice.choice([80, 443, 22]), s.dice.randrange(1024, 65000), RST | ACK)
        if n % 3 == 0:
            s.icmp(n / 2000, theirs(0x600 + n % 9), who, UNREACHABLE, 48)


@look_alike
def backscatter_at_one(s):
    """The same, of which one host of ours gets its share over some minutes."""
    for when in over(s.dice, 400, 300):
        victim = theirs(s.dice.randrange(40))
        s.tcp(when, victim, ours(5), s.dice.choice([80, 443]), s.dice.randrange(1024, 65000),
              s.dice.choice([SYN | ACK, RST, RST | ACK]))


@look_alike
def office(s):
    """An address that 400 people are behind: 1,500 connections a second to a thousand hosts, QUIC, names, and strays."""
    for when in over(s.dice, 4500, 3):
        if s.dice.random() < 0.95:
            s.connect(when, ours(1), wild(s.dice) & 0x7F0003FF, s.dice.choice([443, 443, 80]), segments=6)
        else:
            s.attempt(when, ours(1), wild(s.dice), 443, "nothing")
    for n in range(60):
        exchange(s, s.dice.uniform(0, 1), 2, wild(s.dice), ours(1), 443, 40000 + n, 300, 1350, back=40)
    for when in over(s.dice, 3000, 3):
        s.ask(when, ours(1), theirs(s.dice.choice([53, 54])), 53, answer=160)
    for when in over(s.dice, 90, 3):
        s.tcp(when, wild(s.dice), ours(1), 50000, s.dice.choice([22, 23, 80, 445, 3389, 8080]), SYN)
        s.udp(when, wild(s.dice), ours(1), 40000, 443, 40)


@look_alike
def downloads_begin(s):
    """A minute of little, and then much: a backup, and a release that everybody fetches."""
    for when in over(s.dice, 600, 60):
        s.connect(when, wild(s.dice) & 0x7F0000FF, ours(0x10 + s.dice.randrange(8)), 443)
    for n in range(90000):
        when = 45 + n / 30000
        s.tcp(when, theirs(5), ours(5), 50000, 873, ACK, 1448)
        if n % 20 == 0:
            s.tcp(when + 0.001, ours(5), theirs(5), 873, 50000, ACK)
    for when in over(s.dice, 6000, 3):
        s.connect(50 + when, wild(s.dice), ours(6), 443, segments=8)
