-- SPDX-License-Identifier: Apache-2.0
-- Ordinary traffic of 200 known clients for 15 s.
local function ordinary(t, count)
  t:traffic { src = { "198.51.100.0/24", 200 }, dst = { "10.0.0.0/16", 100 }, proto = "tcp", tcp = "established", dst_port = 443,
    count = count, answered = 0.8, over = "15s" }
end

test("20,000 new sources that send six packets each are an onset", function(t)
  ordinary(t, 30000)
  t:traffic { src = { "203.0.0.0/16", 20000 }, dst = "10.0.0.5", proto = "udp", dst_port = 443, packets = 6, at = "13s",
    over = "1s" }
  t:expect { type = "botnet_onset", subject = "network", severity = "high", within = "14s" }
end)

test("in a network that gets much anyway, 600 are", function(t)
  ordinary(t, 1500000)
  t:traffic { src = { "203.0.0.0/16", 600 }, dst = "10.0.0.5", proto = "udp", dst_port = 443, packets = 15, at = "13s",
    over = "1s" }
  t:expect { type = "botnet_onset", severity = "high" }
end)

test("fewer sources, fewer packets, or more packets from each are not", function(t)
  t:params { pps = 10000 }
  ordinary(t, 30000)
  t:traffic { src = { "203.0.0.0/16", 499 }, dst = "10.0.0.5", proto = "udp", dst_port = 443, packets = 19, at = "13s",
    over = "900ms" }
  t:expect_nothing()
end)

test("nor is more from each", function(t)
  ordinary(t, 30000)
  t:traffic { src = { "203.0.0.0/16", 5000 }, dst = "10.0.0.5", proto = "udp", dst_port = 443, packets = 22, at = "13s",
    over = "900ms" }
  t:expect_nothing()
end)

test("nor the same at a lower rate", function(t)
  ordinary(t, 30000)
  t:traffic { src = { "203.0.0.0/16", 20000 }, dst = "10.0.0.5", proto = "udp", dst_port = 443, packets = 4, at = "13s",
    over = "900ms" }
  t:expect_nothing()
end)

test("sources that were there before are not new", function(t)
  ordinary(t, 30000)
  t:traffic { src = { "203.0.0.0/16", 20000 }, dst = "10.0.0.5", proto = "udp", dst_port = 443, packets = 1, over = "1s" }
  t:traffic { src = { "203.0.0.0/16", 20000 }, dst = "10.0.0.5", proto = "udp", dst_port = 443, packets = 6, at = "13s",
    over = "1s" }
  t:expect_nothing()
end)

test("a large site has new clients all the time", function(t)
  t:params { pps = 50000 }
  t:traffic { src = { "203.0.0.0/16", 15000 }, dst = { "10.0.0.1", "10.0.0.2", "10.0.0.3" }, proto = "tcp", tcp = "established",
    dst_port = 443, packets = 20, answered = 0.8, over = "15s" }
  t:expect_nothing()
end)

test("a flash crowd is worth a note only", function(t)
  ordinary(t, 30000)
  t:traffic { src = { "203.0.0.0/16", 8000 }, dst = "10.0.0.5", proto = "tcp", tcp = "established", dst_port = 443, packets = 15,
    answered = 0.8, at = "13s", over = "1s" }
  t:expect { type = "botnet_onset", severity = "low" }
  t:expect_nothing { severity_min = "medium" }
end)
