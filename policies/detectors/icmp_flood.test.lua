-- SPDX-License-Identifier: Apache-2.0
test("echoes from spoofed sources are a flood, answered or not", function(t)
  t:traffic { src = { "203.0.0.0/16", 3000 }, dst = "10.0.0.5", proto = "icmp", count = 4000, answered = true, over = "300ms" }
  t:expect { type = "icmp_flood", subject = "10.0.0.5", severity = "medium", within = "300ms" }
end)

test("echoes of one source that are not answered are", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "icmp", packets = 1200, answered = 0.05, over = "500ms" }
  t:expect { type = "icmp_flood", subject = "10.0.0.5", severity = "medium" }
end)

test("errors about packets that we never sent are, and replies are", function(t)
  t:traffic { src = { "203.0.0.0/16", 500 }, dst = "10.0.0.5", proto = "icmp", icmp_type = "unreachable", count = 1200,
    over = "500ms" }
  t:traffic { src = { "203.0.0.0/16", 500 }, dst = "10.0.0.6", proto = "icmp", icmp_type = "echo_reply", count = 20000,
    over = "900ms" }
  t:expect { type = "icmp_flood", subject = "10.0.0.5" }
  t:expect { type = "icmp_flood", subject = "10.0.0.6", severity = "high" }
end)

test("what one source sends as fast as it can is, though it is answered", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "icmp", packets = 12000, answered = true, over = "900ms" }
  t:expect { type = "icmp_flood", subject = "10.0.0.5", severity = "medium" }
end)

test("a packet less is not", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "icmp", packets = 999, over = "500ms" }
  t:traffic { src = { "203.0.0.0/16", 500 }, dst = "10.0.0.6", proto = "icmp", count = 2999, answered = true, over = "500ms" }
  t:expect_nothing()
end)

test("an ICMP tunnel, and a link test with ping -f, are not", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "icmp", packets = 6000, size = 1400, answered = 0.9, over = "2s" }
  t:traffic { src = "203.0.113.10", dst = "10.0.0.6", proto = "icmp", packets = 18000, answered = true, over = "2s" }
  t:expect_nothing()
end)

test("the tunnel's other end is not either: it asks, and gets the large answers", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "icmp", packets = 6000, answered = true, answer_size = 1400,
    over = "2s" }
  t:expect_nothing()
end)

test("nor is it where several answers come to each question", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "icmp", packets = 1500, over = "2s" }
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "icmp", icmp_type = "echo_reply", packets = 12000, size = 1400,
    over = "2s" }
  t:expect_nothing()
end)

test("a monitor that pings from many places is not", function(t)
  t:traffic { src = { "203.0.0.0/16", 300 }, dst = "10.0.0.5", proto = "icmp", packets = 5, answered = true, over = "1s" }
  t:expect_nothing()
end)

test("errors about what our busy host sends to the dead are not", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 2000 }, proto = "udp", dst_port = 6881, packets = 2, over = "900ms" }
  t:traffic { src = { "203.0.0.0/16", 2000 }, dst = "10.0.0.5", proto = "icmp", icmp_type = "unreachable", over = "900ms",
    at = "50ms" }
  t:expect_nothing()
end)

test("a sweep of our network is no flood of any host", function(t)
  t:traffic { src = "203.0.113.9", dst = { "10.0.0.0/16", 5000 }, proto = "icmp", over = "1s" }
  t:expect_nothing()
end)
