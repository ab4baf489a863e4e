-- SPDX-License-Identifier: Apache-2.0
test("DNS answers of many resolvers, asked for in our name, are a reflection", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.1", proto = "tcp", tcp = "established", dst_port = 443, packets = 5, over = "1s" }
  t:traffic { src = { "203.0.0.0/16", 200 }, dst = "10.0.0.5", proto = "udp", src_port = 53, dst_port = { 1024, 60000 },
    count = 400, size = 1400, over = "1s" }
  t:expect { type = "reflection_flood", subject = "10.0.0.5", severity = "medium", within = "400ms" }
end)

test("at 30 packets a second too", function(t)
  t:traffic { src = { "203.0.0.0/16", 40 }, dst = "10.0.0.5", proto = "udp", src_port = 53, dst_port = 22, count = 900,
    size = 1000, over = "30s" }
  t:expect { type = "reflection_flood", subject = "10.0.0.5", within = "5s" }
end)

test("a large one is found in its first tick, beside a resolver's own questions", function(t)
  t:traffic { src = "10.0.0.53", dst = { "198.51.100.0/24", 200 }, proto = "udp", src_port = { 1024, 65000 }, dst_port = 53,
    count = 1000, answered = true, over = "1s" }
  t:traffic { src = { "203.0.0.0/16", 3000 }, dst = "10.0.0.53", proto = "udp", src_port = { 123, 123 }, dst_port = 80,
    count = 20000, size = 468, over = "1s" }
  t:expect { type = "reflection_flood", subject = "10.0.0.53", severity = "medium", within = "100ms" }
  t:expect { type = "reflection_flood", subject = "10.0.0.53", severity = "high" }
end)

test("a packet less, or a host less, is not", function(t)
  t:traffic { src = { "203.0.0.0/16", 40 }, dst = "10.0.0.5", proto = "udp", src_port = 53, dst_port = 80, count = 99,
    size = 1400, over = "5s" }
  t:traffic { src = { "203.0.0.0/16", 19 }, dst = "10.0.0.6", proto = "udp", src_port = 53, dst_port = 80, count = 1900,
    size = 1400, over = "5s" }
  t:expect_nothing()
end)

test("answers of a middling size are, from services that no client asks in such numbers", function(t)
  t:traffic { src = { "203.0.0.0/16", 40 }, dst = "10.0.0.5", proto = "udp", src_port = 123, dst_port = { 1024, 65000 },
    count = 200, size = 496, over = "2s" }
  t:traffic { src = { "203.0.0.0/16", 40 }, dst = "10.0.0.6", proto = "udp", src_port = 1900, dst_port = { 1024, 65000 },
    count = 200, size = 330, over = "2s" }
  t:expect { type = "reflection_flood", subject = "10.0.0.5" }
  t:expect { type = "reflection_flood", subject = "10.0.0.6" }
end)

test("a resolver under load gets what it asked for", function(t)
  t:traffic { src = "10.0.0.53", dst = { "203.0.0.0/16", 2000 }, proto = "udp", src_port = { 1024, 65000 }, dst_port = 53,
    count = 30000, answered = true, answer_size = 1400, over = "3s" }
  t:expect_nothing()
end)

test("a resolver of which only the incoming side is seen is not", function(t)
  t:traffic { src = { "203.0.0.0/16", 2000 }, dst = "10.0.0.53", proto = "udp", src_port = 53, dst_port = { 1024, 65000 },
    count = 10000, size = 220, over = "3s" }
  t:expect_nothing()
end)

test("an SNMP manager, a server browser and an NTP client get what they asked for", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 100 }, proto = "udp", dst_port = 161, count = 5000, answered = true,
    answer_size = 1200, over = "1s" }
  t:traffic { src = "10.0.0.6", dst = { "203.0.0.0/16", 1000 }, proto = "udp", dst_port = 27015, packets = 2, answered = true,
    answer_size = 1200, over = "2s" }
  t:traffic { src = "10.0.0.7", dst = { "203.0.0.0/16", 100 }, proto = "udp", src_port = 123, dst_port = 123, packets = 4,
    answered = true, over = "5s" }
  t:expect_nothing()
end)

test("a public time server is not, also where its answers are not seen", function(t)
  t:traffic { src = { "203.0.0.0/16", 3000 }, dst = "10.0.0.5", proto = "udp", src_port = 123, dst_port = 123, count = 9000,
    answered = true, over = "3s" }
  t:traffic { src = { "203.0.0.0/16", 3000 }, dst = "10.0.0.6", proto = "udp", src_port = 123, dst_port = 123, count = 9000,
    over = "3s" }
  t:expect_nothing()
end)

test("a crowded network that announces itself by mDNS is not", function(t)
  t:traffic { src = { "203.0.0.0/16", 300 }, dst = "224.0.0.251", proto = "udp", src_port = 5353, dst_port = 5353, packets = 5,
    size = 900, over = "5s" }
  t:expect_nothing()
end)
