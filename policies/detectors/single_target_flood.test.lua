-- SPDX-License-Identifier: Apache-2.0
test("a SYN flood at one address, whose resets come back, is found", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "tcp", tcp = "syn", src_port = { 1024, 65000 }, dst_port = 80,
    count = 8000, over = "2s" }
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "rst", src_port = 80, dst_port = { 1024, 65000 },
    count = 8000, over = "2s" }
  t:expect { type = "single_target_flood_tcp", subject = "10.0.0.5", target = "203.0.113.9", within = "1s" }
end)

test("a UDP flood of 150 ms is found", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "udp", dst_port = { 1, 60000 }, count = 6000, size = 1400,
    over = "150ms" }
  t:expect { type = "single_target_flood_udp", subject = "10.0.0.5", within = "200ms" }
end)

test("few large packets are a flood by their bytes", function(t)
  t:params { bytes = "5MB" }
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "udp", dst_port = 80, packets = 900, size = 9000,
    over = "900ms" }
  t:expect { type = "single_target_flood_udp", subject = "10.0.0.5" }
end)

test("a ping flood is found, also an answered one when it is large", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "icmp", packets = 1500, over = "900ms" }
  t:expect { type = "single_target_flood_icmp", subject = "10.0.0.5", severity = "medium" }
  t:forget()
  t:traffic { src = "10.0.0.6", dst = "203.0.113.9", proto = "icmp", packets = 12000, answered = true, over = "900ms" }
  t:expect { type = "single_target_flood_icmp", subject = "10.0.0.6", severity = "high" }
end)

test("a packet less than the limit is not", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "tcp", tcp = "established", dst_port = 80, packets = 2999,
    over = "900ms" }
  t:traffic { src = "10.0.0.6", dst = "203.0.113.9", proto = "udp", dst_port = 80, packets = 4999, over = "900ms" }
  t:traffic { src = "10.0.0.7", dst = "203.0.113.9", proto = "icmp", packets = 999, over = "900ms" }
  t:expect_nothing()
end)

test("an upload is not: one acknowledgement for forty segments", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "tcp", tcp = "established", dst_port = 443, packets = 50000,
    size = 1500, answered = 0.025, over = "2s" }
  t:expect_nothing()
end)

test("a QUIC download from us is not", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "udp", src_port = 443, dst_port = 50000, packets = 30000,
    size = 1350, answered = 0.1, over = "2s" }
  t:expect_nothing()
end)

test("a busy echo server is not", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "udp", dst_port = 7, packets = 25000, answered = true,
    over = "1s" }
  t:expect_nothing()
end)

test("a one-way voice stream is not", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "udp", dst_port = 20000, packets = 3000, size = 200,
    over = "10s" }
  t:expect_nothing()
end)

test("an ICMP tunnel is not", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "icmp", packets = 20000, size = 1400, answered = true,
    over = "4s" }
  t:expect_nothing()
end)

test("the victim of a flood is not its sender", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "udp", dst_port = 80, packets = 20000, over = "1s" }
  t:expect_nothing()
end)
