-- SPDX-License-Identifier: Apache-2.0
test("a worm that looks for telnet is found after a few hosts", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 300 }, proto = "tcp", tcp = "syn", dst_port = 23, over = "2s" }
  t:expect { type = "host_scan_tcp", subject = "10.0.0.5", within = "200ms" }
  t:expect { type = "host_scan_tcp", subject = "10.0.0.5", severity = "high" }
end)

test("ten hosts within our own network are enough on a worm port", function(t)
  t:traffic { src = "10.0.0.5", dst = { "10.0.1.0/24", 10 }, proto = "tcp", tcp = "syn", dst_port = 445, over = "100ms" }
  t:expect { type = "host_scan_tcp", subject = "10.0.0.5", severity = "medium" }
end)

test("a scan of a web port is found, though some hosts answer", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 300 }, proto = "tcp", tcp = "syn", dst_port = 8080, answered = 0.1,
    over = "5s" }
  t:expect { type = "host_scan_tcp", subject = "10.0.0.5" }
end)

test("two hosts a second for minutes are a slow scan", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 500 }, proto = "tcp", tcp = "syn", dst_port = 8291, over = "250s" }
  t:expect { type = "host_scan_tcp", subject = "10.0.0.5" }
end)

test("a UDP sweep and a ping sweep are found", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 200 }, proto = "udp", dst_port = 5060, over = "5s" }
  t:traffic { src = "10.0.0.6", dst = { "203.0.0.0/16", 200 }, proto = "icmp", answered = 0.1, over = "5s" }
  t:expect { type = "host_scan_udp", subject = "10.0.0.5" }
  t:expect { type = "host_scan_icmp", subject = "10.0.0.6" }
end)

test("a host less than the limit is not", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 99 }, proto = "tcp", tcp = "syn", dst_port = 8080, over = "5s" }
  t:traffic { src = "10.0.0.6", dst = { "203.0.0.0/16", 9 }, proto = "tcp", tcp = "syn", dst_port = 23, over = "5s" }
  t:traffic { src = "10.0.0.7", dst = { "203.0.0.0/16", 99 }, proto = "icmp", over = "5s" }
  t:expect_nothing()
end)

test("an admin with 40 SSH sessions is not", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.113.0/24", 40 }, proto = "tcp", tcp = "syn", dst_port = 22, answered = true,
    over = "1s" }
  t:expect_nothing()
end)

test("a file server's clients of which one answers are not", function(t)
  t:traffic { src = "10.0.0.5", dst = { "10.0.1.0/24", 12 }, proto = "tcp", tcp = "syn", dst_port = 3306, answered = true,
    over = "1s" }
  t:expect_nothing()
end)

test("a crawler and a mail server are not", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 800 }, proto = "tcp", tcp = "syn", dst_port = 443, answered = 0.8,
    over = "8s" }
  t:traffic { src = "10.0.0.6", dst = { "203.0.0.0/16", 400 }, proto = "tcp", tcp = "syn", dst_port = 25, answered = 0.7,
    over = "8s" }
  t:expect_nothing()
end)

test("a resolver and a crawler that begin at a stroke are not: of their answers, most are still on the way", function(t)
  local peers = { "203.0.0.0/16", 3000 }
  t:traffic { src = "10.0.0.5", dst = peers, proto = "udp", src_port = { 1024, 65000 }, dst_port = 53, over = "1s" }
  t:traffic { src = peers, dst = "10.0.0.5", proto = "udp", src_port = 53, dst_port = { 1024, 65000 }, count = 2400,
    at = "80ms", over = "900ms" }
  t:traffic { src = "10.0.0.6", dst = peers, proto = "tcp", tcp = "syn", dst_port = 443, over = "1s" }
  t:traffic { src = peers, dst = "10.0.0.6", proto = "tcp", tcp = "synack", src_port = 443, dst_port = 40000, count = 2400,
    at = "80ms", over = "900ms" }
  t:expect_nothing()
end)

test("a resolver and an SNMP poller are not", function(t)
  t:traffic { src = "10.0.0.53", dst = { "203.0.0.0/16", 800 }, proto = "udp", src_port = { 1024, 65000 }, dst_port = 53,
    answered = 0.8, over = "8s" }
  t:traffic { src = "10.0.0.6", dst = { "198.51.0.0/16", 300 }, proto = "udp", dst_port = 161, answered = 0.9, over = "8s" }
  t:expect_nothing()
end)

test("peers of Gnutella, BitTorrent and a crypto currency are not", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 700 }, proto = "tcp", tcp = "syn", dst_port = 6346, answered = 0.05,
    over = "20s" }
  t:traffic { src = "10.0.0.6", dst = { "203.0.0.0/16", 500 }, proto = "tcp", tcp = "syn", dst_port = { 6881, 6889 },
    answered = 0.1, over = "30s" }
  t:traffic { src = "10.0.0.7", dst = { "203.0.0.0/16", 150 }, proto = "tcp", tcp = "syn", dst_port = 8333, over = "9s" }
  t:expect_nothing()
end)

test("a monitor that pings hosts which answer is not", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.113.0/24", 250 }, proto = "icmp", packets = 3, answered = 0.9, over = "5s" }
  t:expect_nothing()
end)

test("a game server whose players all use one port is not", function(t)
  t:traffic { src = { "203.0.0.0/16", 400 }, dst = "10.0.0.5", proto = "udp", src_port = 27005, dst_port = 27015,
    packets = 5, answered = true, over = "5s" }
  t:expect_nothing()
end)
