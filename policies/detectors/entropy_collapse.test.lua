-- SPDX-License-Identifier: Apache-2.0
-- A network of 100 hosts with 60 services, 2,000 packets a second in, 1,600 out.
local function ordinary(t, over, count)
  t:traffic { src = { "198.51.100.0/24", 7 }, dst = { "10.0.0.0/16", 100 }, proto = "tcp", tcp = "established",
    dst_port = { 1000, 1060 }, count = count, answered = 0.8, over = over }
end

test("a flood of one port of one host is a collapse of both", function(t)
  ordinary(t, "40s", 80000)
  t:traffic { src = { "203.0.0.0/16", 3000 }, dst = "10.0.0.5", proto = "udp", dst_port = 80, count = 40000, at = "36s",
    over = "1s" }
  t:expect { type = "entropy_collapse_port", subject = "network", severity = "medium", within = "37s" }
  t:expect { type = "entropy_collapse_ip", subject = "network", severity = "medium", within = "37s" }
end)

test("a flood of all ports of one host is one of the addresses only", function(t)
  ordinary(t, "40s", 80000)
  t:traffic { src = { "203.0.0.0/16", 3000 }, dst = "10.0.0.5", proto = "udp", dst_port = { 1, 30000 }, count = 40000,
    at = "36s", over = "1s" }
  t:expect { type = "entropy_collapse_ip", severity = "medium" }
  t:expect_nothing "entropy_collapse_port"
end)

test("before 30 seconds with traffic, or below 5,000 packets, it is not", function(t)
  ordinary(t, "40s", 80000)
  t:traffic { src = { "203.0.0.0/16", 3000 }, dst = "10.0.0.5", proto = "udp", dst_port = 80, count = 40000, at = "25s",
    over = "1s" }
  t:expect_nothing()
end)

test("below 5,000 packets it is not", function(t)
  ordinary(t, "36s", 36000)
  t:traffic { src = { "203.0.0.0/16", 3000 }, dst = "10.0.0.5", proto = "udp", dst_port = 80, count = 4900, at = "37s",
    over = "900ms" }
  t:expect_nothing()
end)

test("a network with one service has none", function(t)
  t:traffic { src = { "198.51.100.0/24", 100 }, dst = "10.0.0.5", proto = "tcp", tcp = "established", dst_port = 443,
    count = 300000, answered = 0.8, over = "40s" }
  t:expect_nothing()
end)

test("a large upload to one server is worth a note only", function(t)
  ordinary(t, "40s", 80000)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "established", dst_port = 443, packets = 80000,
    size = 1500, answered = 0.03, at = "36s", over = "2s" }
  t:expect { type = "entropy_collapse_ip", severity = "low" }
  t:expect_nothing { severity_min = "medium" }
end)
