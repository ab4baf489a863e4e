# SPDX-License-Identifier: Apache-2.0
"""Attacks beside ordinary traffic, one function a kind. Each gives what must be found: types, any of which will do, and
the subject. None is much larger than it must be."""
from look_alikes import over
from scene import (ACK, CWR, ECE, ECHO, ECHO_REPLY, FIN, PSH, RST, SYN, UNREACHABLE, URG, ours, theirs, wild)

ALL = {}
VICTIM, SERVER, ATTACKER = ours(0x66), ours(0x10), theirs(0x66)


def attack(*expected):
    def enter(scene):
        ALL[scene.__name__] = (scene, expected)
        return scene
    return enter


def ordinary(s):
    """A minute of a small network: web in and out, names. The attacks begin at second 50."""
    for when in over(s.dice, 1200, 60):
        s.connect(when, wild(s.dice) & 0x7F0000FF, ours(0x10 + s.dice.randrange(8)), 443)
    for when in over(s.dice, 600, 60):
        s.connect(when, ours(0x20 + s.dice.randrange(20)), wild(s.dice) & 0x7F0001FF, 443, segments=8)
        s.ask(when, ours(0x20), theirs(53), 53)


def at(s, count, seconds):
    return [50 + when for when in over(s.dice, count, seconds)]


# Against us: floods

@attack((("syn_flood",), VICTIM))
def syn_flood(s):
    for when in at(s, 2500, 0.4):
        s.tcp(when, wild(s.dice), VICTIM, s.port(), 25565, SYN)


@attack((("syn_flood",), VICTIM))
def syn_flood_with_ecn(s):
    for when in at(s, 2500, 0.4):
        s.tcp(when, wild(s.dice), VICTIM, s.port(), 443, SYN | ECE | CWR)
        s.tcp(when + 0.001, VICTIM, wild(s.dice), 443, s.port(), SYN | ACK | ECE)


@attack((("flood_pps",), VICTIM))
def ack_flood(s):
    for when in at(s, 5000, 0.5):
        s.tcp(when, wild(s.dice), VICTIM, s.port(), 443, ACK)


@attack((("flood_pps",), VICTIM))
def reset_flood(s):
    for when in at(s, 5000, 0.5):
        s.tcp(when, wild(s.dice), VICTIM, s.port(), 443, RST)


@attack((("flood_pps",), VICTIM))
def odd_flags_flood(s):
    for when in at(s, 5000, 0.5):
        s.tcp(when, wild(s.dice), VICTIM, s.port(), s.dice.randrange(1, 65000), s.dice.choice([0, FIN, FIN | PSH | URG]))


@attack((("flood_pps",), VICTIM), (("flood_pps",), ATTACKER))
def udp_flood_of_one(s):
    for when in at(s, 15000, 1):
        s.udp(when, ATTACKER, VICTIM, s.port(), s.dice.randrange(1, 65000), 512)


@attack((("flood_pps",), ATTACKER))
def ack_flood_over_hosts(s):
    for n, when in enumerate(at(s, 15000, 1)):
        s.tcp(when, ATTACKER, ours(0x1000 + n % 10), s.port(), 443, ACK)


@attack((("flood_pps", "flood_bps"), VICTIM))
def gre_flood(s):
    for when in at(s, 6000, 0.5):
        s.ip(when, 47, wild(s.dice), VICTIM, b"", 540)


@attack((("icmp_flood",), VICTIM))
def ping_flood(s):
    for when in at(s, 4000, 0.5):
        s.icmp(when, wild(s.dice), VICTIM, ECHO)


@attack((("icmp_flood",), VICTIM))
def smurf(s):
    for when in at(s, 4000, 0.5):
        s.icmp(when, wild(s.dice), VICTIM, ECHO_REPLY, 1000)


@attack((("fragment_flood",), VICTIM))
def fragment_flood(s):
    for when in at(s, 1500, 0.5):
        s.fragments(when, wild(s.dice), VICTIM, s.port(), 80, 4000)


def reflected(s, port, size, count, reflectors=300, fragmented=False):
    for n, when in enumerate(at(s, count, 2)):
        send = s.fragments if fragmented else s.udp
        send(when, theirs(0x1000 + n % reflectors), VICTIM, port, s.port(), size)


@attack((("reflection_flood",), VICTIM))
def reflected_names(s):
    reflected(s, 53, 3800, 400, fragmented=True)


@attack((("reflection_flood",), VICTIM))
def reflected_time(s):
    reflected(s, 123, 468, 1000, reflectors=60)


@attack((("reflection_flood",), VICTIM))
def reflected_directories(s):
    reflected(s, 389, 1400, 500)


@attack((("reflection_flood",), VICTIM))
def reflected_ssdp(s):
    reflected(s, 1900, 330, 1000)


@attack((("reflection_flood",), VICTIM))
def reflected_memcached(s):
    reflected(s, 11211, 1400, 800, reflectors=25)


@attack((("reflection_flood",), VICTIM))
def reflected_handshakes(s):
    for n, when in enumerate(at(s, 2000, 1)):
        s.tcp(when, theirs(0x1000 + n % 700), VICTIM, 443, s.port(), SYN | ACK)
        s.tcp(when + 0.001, VICTIM, theirs(0x1000 + n % 700), s.port(), 443, RST)


@attack((("flood_pps", "flood_bps"), {4: "10.0.7.0/24", 6: "fd00::/64"}))
def carpet_bombing(s):
    for n, when in enumerate(at(s, 16000, 1)):
        s.udp(when, wild(s.dice), ours(0x700 + n % 250), 53, s.port(), 800)


@attack((("global_spike_pps",), None), (("global_burst_pps",), None), (("ewma_spike_pps",), SERVER),
        (("entropy_collapse_ip", "entropy_collapse_port"), None), (("botnet_onset",), None), (("flood_pps",), SERVER))
def botnet(s):
    for when in at(s, 120000, 1):
        s.udp(when, wild(s.dice) & 0x7F0FFFFF, SERVER, s.port(), 80, 40)


# Against us: scans and guesses

@attack((("port_scan",), ATTACKER))
def port_scan(s):
    for n, when in enumerate(at(s, 300, 1)):
        s.attempt(when, ATTACKER, VICTIM, 1 + n, "refused")


@attack((("port_scan",), ATTACKER))
def stealth_scan(s):
    for n, when in enumerate(at(s, 300, 2)):
        s.tcp(when, ATTACKER, VICTIM, 40000, 1 + n, (0, FIN, FIN | PSH | URG, ACK)[n % 4])
        s.tcp(when + 0.001, VICTIM, ATTACKER, 1 + n, 40000, RST | ACK)


@attack((("port_scan",), ATTACKER))
def udp_scan(s):
    for n, when in enumerate(at(s, 300, 1)):
        s.udp(when, ATTACKER, VICTIM, 40000, 1 + n, 0)
        if n % 3 == 0:
            s.icmp(when + 0.001, VICTIM, ATTACKER, UNREACHABLE, 36)


@attack((("port_scan",), ATTACKER))
def slow_port_scan(s):
    for n in range(120):
        s.attempt(50 + 15 * n, ATTACKER, VICTIM, 1 + 7 * n, "refused")


@attack((("fanout_scan",), ATTACKER))
def sweep(s):
    for n, when in enumerate(at(s, 400, 2)):
        s.tcp(when, ATTACKER, ours(0x1000 + n), 40000, 23, SYN)


@attack((("fanout_scan",), ATTACKER))
def slow_sweep(s):
    for n in range(120):
        s.tcp(50 + 20 * n, ATTACKER, ours(0x1000 + 3 * n), 40000, 3389, SYN)


@attack((("fanout_scan",), ATTACKER))
def ping_sweep(s):
    for n, when in enumerate(at(s, 400, 1)):
        s.icmp(when, ATTACKER, ours(0x1000 + n), ECHO, 8)


@attack((("brute_force",), ATTACKER), (("brute_force",), theirs(0x67)), (("brute_force",), theirs(0x68)))
def guesses(s):
    for n in range(60):
        s.connect(50 + n, ATTACKER, VICTIM, 22, rounds=9, ask=100, segments=1, delay=0.01)
        s.connect(50 + n, theirs(0x67), VICTIM, 21, rounds=4, ask=20, segments=1, delay=0.01)
        s.connect(50 + n, theirs(0x68), VICTIM, 3389, rounds=8, ask=200, segments=1, delay=0.01)


# By ours against others

@attack((("ddos_fast_threshold_tcp",), ours(0x20)))
def connections_to_many(s):
    for when in at(s, 4000, 2):
        s.tcp(when, ours(0x20), wild(s.dice) & 0x7F000FFF, s.port(), 80, SYN)


@attack((("udp_flood",), ours(0x20)), (("ddos_fast_threshold_udp",), ours(0x20)))
def udp_to_many(s):
    for when in at(s, 15000, 1):
        s.udp(when, ours(0x20), wild(s.dice) & 0x7F000FFF, s.port(), s.dice.randrange(1, 65000), 900)


@attack((("single_target_flood_tcp",), ours(0x20)), (("single_target_flood_udp",), ours(0x21)),
        (("single_target_flood_icmp",), ours(0x22)))
def floods_at_one(s):
    for when in at(s, 8000, 1):
        s.tcp(when, ours(0x20), theirs(0x66), s.port(), 80, SYN)
        s.udp(when, ours(0x21), theirs(0x66), s.port(), 80, 1200)
        s.icmp(when, ours(0x22), theirs(0x66), ECHO)


@attack((("udp_amplification_attack",), ours(0x20)))
def requests_to_reflectors(s):
    for n, when in enumerate(at(s, 2000, 2)):
        s.udp(when, ours(0x20), theirs(0x1000 + n % 400), s.port(), s.dice.choice([53, 123, 389, 1900, 11211]), 30)


@attack((("port_scan_unique_ports_tcp",), ours(0x20)), (("port_scan_sequential_tcp",), ours(0x20)),
        (("port_scan_unique_ports_udp",), ours(0x21)))
def scans_of_ours(s):
    for n, when in enumerate(at(s, 300, 5)):
        s.attempt(when, ours(0x20), theirs(0x66), 1 + n, "refused")
        s.udp(when, ours(0x21), theirs(0x66), 40000, 1 + n, 0)


@attack((("host_scan_tcp",), ours(0x20)), (("host_scan_udp",), ours(0x21)), (("host_scan_icmp",), ours(0x22)))
def sweeps_of_ours(s):
    for n, when in enumerate(at(s, 400, 4)):
        s.tcp(when, ours(0x20), theirs(0x1000 + n), s.port(), 445, SYN)
        s.udp(when, ours(0x21), theirs(0x1000 + n), 40000, 5060, 400)
        s.icmp(when, ours(0x22), theirs(0x1000 + n), ECHO)


@attack((("crypto_mining_pool_ports",), ours(0x20)))
def mining(s):
    for n in range(6):
        s.connect(50 + 60 * n, ours(0x20), theirs(0x66), 3333, rounds=8, ask=120, segments=1, pause=8)
