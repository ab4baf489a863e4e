-- SPDX-License-Identifier: Apache-2.0
test("a SYN flood toward many hosts is found within the window", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 1000 }, proto = "tcp", tcp = "syn", dst_port = 80, packets = 4,
    over = "5s" }
  t:expect { type = "ddos_fast_threshold_tcp", subject = "10.0.0.5", severity = "high", within = "3s" }
end)

test("a burst of connections is found in the tick in which it crosses the limits", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 2500 }, proto = "tcp", tcp = "syn", dst_port = 443,
    over = "150ms" }
  t:expect { type = "ddos_fast_threshold_tcp", subject = "10.0.0.5", within = "200ms" }
end)

test("one connection less than the limit is not", function(t)
  t:params { fast_connections = 2000 }
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 1999 }, proto = "tcp", tcp = "syn", dst_port = 80, over = "9s" }
  t:expect_nothing()
end)

test("many connections to few hosts are not", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 200 }, proto = "tcp", tcp = "syn", dst_port = 80, packets = 30,
    over = "9s" }
  t:expect_nothing()
end)

test("a crawler whose connections are accepted is not", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 4000 }, proto = "tcp", tcp = "syn", dst_port = 443,
    answered = 0.8, over = "9s" }
  t:expect_nothing()
end)

test("a file-sharing client with hundreds of tries and few answers is not", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 900 }, proto = "tcp", tcp = "syn", dst_port = 6881,
    answered = 0.1, over = "30s" }
  t:expect_nothing()
end)

test("fifty tries a second for two minutes are found as slow", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 7000 }, proto = "tcp", tcp = "syn", dst_port = 22,
    answered = 0.05, over = "118s" }
  t:expect { type = "ddos_slow_threshold_tcp", subject = "10.0.0.5" }
  t:expect_nothing "ddos_fast_threshold_tcp"
end)

test("UDP to many hosts that do not answer is found, fast and as a flood", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 500 }, proto = "udp", dst_port = 9000, packets = 40, over = "4s" }
  t:expect { type = "udp_flood", subject = "10.0.0.5", severity = "high", within = "1100ms" }
  t:expect { type = "ddos_fast_threshold_udp", subject = "10.0.0.5", within = "3s" }
end)

test("a UDP burst of 200 ms is a flood", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 400 }, proto = "udp", dst_port = 9000, packets = 10,
    over = "200ms" }
  t:expect { type = "udp_flood", subject = "10.0.0.5", within = "300ms" }
end)

test("a slow UDP spray is found as slow", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 3000 }, proto = "udp", dst_port = 9000, packets = 22,
    over = "110s" }
  t:expect { type = "ddos_slow_threshold_udp", subject = "10.0.0.5" }
end)

test("a game server of 500 players who play is not", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 500 }, proto = "udp", src_port = 27015, dst_port = 27005,
    packets = 100, answered = 0.9, over = "5s" }
  t:expect_nothing()
end)

test("a voice server whose listeners report every few seconds is not", function(t)
  t:traffic { src = { "203.0.0.0/16", 500 }, dst = "10.0.0.5", proto = "udp", src_port = 40000, dst_port = 9987,
    packets = 3, over = "12s" }
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 500 }, proto = "udp", src_port = 9987, dst_port = 40000,
    packets = 100, at = "4s", over = "8s" }
  t:expect_nothing()
end)

test("the victim of a flood is not its sender", function(t)
  t:traffic { src = { "203.0.0.0/16", 3000 }, dst = "10.0.0.5", proto = "tcp", tcp = "syn", dst_port = 80, answered = true,
    over = "3s" }
  t:traffic { src = { "203.0.0.0/16", 3000 }, dst = "10.0.0.5", proto = "udp", dst_port = 53, packets = 10, over = "3s" }
  t:expect_nothing()
end)
