-- SPDX-License-Identifier: Apache-2.0
test("questions to many reflectors are an attack", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 300 }, proto = "udp", dst_port = 123, packets = 5, over = "3s" }
  t:expect { type = "udp_amplification_attack", subject = "10.0.0.5", severity = "critical", within = "1200ms" }
end)

test("a burst of 200 ms is enough", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 600 }, proto = "udp", dst_port = 11211, over = "200ms" }
  t:expect { type = "udp_amplification_attack", subject = "10.0.0.5", within = "200ms" }
end)

test("one question less than the limit is not", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 499 }, proto = "udp", dst_port = 123, over = "9s" }
  t:expect_nothing()
end)

test("a resolver that is answered is not", function(t)
  t:traffic { src = "10.0.0.53", dst = { "203.0.0.0/16", 1000 }, proto = "udp", src_port = { 1024, 65000 }, dst_port = 53,
    packets = 5, answered = 0.8, over = "8s" }
  t:expect_nothing()
end)

test("a load test of one resolver is not", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.53", proto = "udp", src_port = { 1024, 65000 }, dst_port = 53,
    count = 50000, over = "10s" }
  t:expect_nothing()
end)

test("an SNMP manager with many answering devices is not", function(t)
  t:traffic { src = "10.0.0.9", dst = { "203.0.113.0/24", 200 }, proto = "udp", dst_port = 161, packets = 20,
    answered = 0.95, over = "5s" }
  t:expect_nothing()
end)

test("a server browser is not, though many game servers are gone", function(t)
  t:traffic { src = "10.0.0.9", dst = { "203.0.0.0/16", 800 }, proto = "udp", dst_port = 27015, answered = 0.6,
    over = "5s" }
  t:expect_nothing()
end)

test("our NTP server that answers the world is not", function(t)
  t:traffic { src = { "203.0.0.0/16", 800 }, dst = "10.0.0.123", proto = "udp", src_port = 123, dst_port = 123,
    answered = true, over = "5s" }
  t:expect_nothing()
end)

test("the victim of reflected answers is not", function(t)
  t:traffic { src = { "203.0.0.0/16", 3000 }, dst = "10.0.0.5", proto = "udp", src_port = 53, dst_port = { 1, 60000 },
    count = 9000, over = "1s" }
  t:expect_nothing()
end)
