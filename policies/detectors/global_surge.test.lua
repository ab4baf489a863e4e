-- SPDX-License-Identifier: Apache-2.0
-- A network that gets `pps` packets a second of ordinary traffic and sends 0.8 for each, for 10 s.
local function ordinary(t, pps)
  t:traffic { src = { "198.51.100.0/24", 100 }, dst = { "10.0.0.0/16", 500 }, proto = "tcp", tcp = "established", dst_port = 443,
    count = pps * 10, answered = 0.8, over = "10s" }
end
local function flood(t, count, size)
  t:traffic { src = { "203.0.0.0/16", 3000 }, dst = { "10.0.0.0/16", 100 }, proto = "udp", dst_port = { 1, 60000 },
    count = count, size = size or 60, at = "7s", over = "950ms" }
end

test("a flood over the network is a burst and a spike", function(t)
  ordinary(t, 2000)
  flood(t, 60000)
  t:expect { type = "global_burst_pps", subject = "network", severity = "medium", within = "8s" }
  t:expect { type = "global_spike_pps", subject = "network", severity = "medium", within = "8s" }
  t:expect_nothing "global_burst_bps"
  t:expect_nothing "global_spike_bps"
end)

test("by bytes as well", function(t)
  ordinary(t, 2000)
  flood(t, 120000, 9000)
  t:expect { type = "global_burst_bps", severity = "medium" }
  t:expect { type = "global_spike_bps", severity = "medium" }
end)

test("below the floors, or below the multiples, it is not", function(t)
  ordinary(t, 2000)
  flood(t, 47500)
  t:expect_nothing()
end)

test("a busy network that gets three times as much for a second has none", function(t)
  ordinary(t, 25000)
  flood(t, 60000)
  t:expect_nothing()
end)

test("the start of the watch is no burst", function(t)
  t:traffic { src = { "198.51.100.0/24", 100 }, dst = { "10.0.0.0/16", 500 }, proto = "tcp", tcp = "established",
    dst_port = 443, count = 100, at = "900ms", over = "100ms" }
  t:traffic { src = { "198.51.100.0/24", 100 }, dst = { "10.0.0.0/16", 500 }, proto = "tcp", tcp = "established",
    dst_port = 443, count = 250000, at = "1s", over = "3s" }
  t:expect_nothing()
end)

test("a speed test in a small network is worth a note only", function(t)
  ordinary(t, 500)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "established", src_port = 443, dst_port = 50000,
    packets = 160000, size = 1500, answered = 0.03, at = "7s", over = "2s" }
  t:expect { type = "global_burst_pps", severity = "low" }
  t:expect_nothing { severity_min = "medium" }
end)

test("where only the incoming side is seen it is worth a note only", function(t)
  t:traffic { src = { "198.51.100.0/24", 100 }, dst = { "10.0.0.0/16", 500 }, proto = "tcp", tcp = "established",
    dst_port = 443, count = 20000, over = "10s" }
  flood(t, 60000)
  t:expect { type = "global_burst_pps", severity = "low" }
  t:expect_nothing { severity_min = "medium" }
end)
