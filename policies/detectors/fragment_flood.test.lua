-- SPDX-License-Identifier: Apache-2.0
test("the fragments of a reflected flood are found", function(t)
  t:traffic { src = { "203.0.0.0/16", 300 }, dst = "10.0.0.5", proto = "udp", src_port = 53, dst_port = 80, count = 3000,
    size = 1500, fragment = true, over = "300ms" }
  t:expect { type = "fragment_flood", subject = "10.0.0.5", severity = "medium", within = "200ms" }
  t:forget()
  t:traffic { src = { "203.0.0.0/16", 300 }, dst = "10.0.0.5", proto = "udp", src_port = 53, dst_port = 80, count = 10000,
    fragment = true, over = "300ms" }
  t:expect { type = "fragment_flood", subject = "10.0.0.5", severity = "high" }
end)

test("tiny fragments of one source are", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "icmp", packets = 12000, size = 36, fragment = true, over = "900ms" }
  t:expect { type = "fragment_flood", subject = "10.0.0.5", severity = "medium" }
end)

test("a fragment less is not", function(t)
  t:traffic { src = { "203.0.0.0/16", 300 }, dst = "10.0.0.5", proto = "udp", dst_port = 80, count = 1499, fragment = true,
    over = "900ms" }
  t:traffic { src = "203.0.113.9", dst = "10.0.0.6", proto = "udp", dst_port = 80, packets = 9999, fragment = true,
    over = "900ms" }
  t:expect_nothing()
end)

test("DNSSEC answers in fragments that a resolver asked for are not", function(t)
  t:traffic { src = "10.0.0.53", dst = { "203.0.0.0/16", 500 }, proto = "udp", src_port = { 1024, 65000 }, dst_port = 53,
    count = 3000, over = "1s" }
  t:traffic { src = { "203.0.0.0/16", 500 }, dst = "10.0.0.53", proto = "udp", src_port = 53, dst_port = 40000, count = 9000,
    size = 1400, fragment = true, at = "20ms", over = "1s" }
  t:expect_nothing()
end)

test("a VPN concentrator with fragmented tunnels is not", function(t)
  t:traffic { src = { "203.0.0.0/16", 200 }, dst = "10.0.0.5", proto = "esp", count = 20000, size = 1400, fragment = true,
    answered = 0.3, over = "1s" }
  t:expect_nothing()
end)

test("one-way video in fragments, and a file system over UDP, are not", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "udp", dst_port = 20000, packets = 8000, size = 1400,
    fragment = true, over = "1s" }
  t:traffic { src = "203.0.113.10", dst = "10.0.0.6", proto = "udp", src_port = 700, dst_port = 2049, packets = 60000,
    size = 1400, fragment = true, answered = 0.05, over = "1s" }
  t:expect_nothing()
end)
