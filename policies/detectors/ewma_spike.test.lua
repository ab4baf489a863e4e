-- SPDX-License-Identifier: Apache-2.0
-- A web server's ordinary traffic: 500 packets a second in, 400 out, for `over`.
local function ordinary(t, over, count)
  t:traffic { src = { "198.51.100.0/24", 50 }, dst = "10.0.0.5", proto = "tcp", tcp = "established", dst_port = 443,
    count = count, answered = 0.8, over = over }
end

test("a flood far above the baseline is a spike", function(t)
  ordinary(t, "45s", 22500)
  t:traffic { src = { "203.0.0.0/16", 500 }, dst = "10.0.0.5", proto = "udp", dst_port = 443, count = 8000, at = "42s",
    over = "900ms" }
  t:expect { type = "ewma_spike_pps", subject = "10.0.0.5", severity = "medium", within = "43s" }
  t:expect_nothing "ewma_spike_bps"
end)

test("so is one by bytes", function(t)
  ordinary(t, "45s", 22500)
  t:traffic { src = { "203.0.0.0/16", 500 }, dst = "10.0.0.5", proto = "udp", dst_port = 443, count = 40000, size = 1400,
    at = "42s", over = "900ms" }
  t:expect { type = "ewma_spike_bps", subject = "10.0.0.5", severity = "medium" }
end)

test("below the floor it is not, nor while the address is not known yet", function(t)
  ordinary(t, "45s", 22500)
  t:traffic { src = { "203.0.0.0/16", 500 }, dst = "10.0.0.5", proto = "udp", dst_port = 443, count = 4400, at = "42s",
    over = "900ms" }
  t:traffic { src = { "203.0.0.0/16", 500 }, dst = "10.0.0.6", proto = "udp", dst_port = 443, count = 20000, at = "20s",
    over = "900ms" }
  t:expect_nothing()
end)

test("a spike is not what was there before", function(t)
  ordinary(t, "40s", 200000)
  ordinary(t, "42s", 40000)
  t:expect_nothing()
end)

test("a speed test, and a backup that begins, are worth a note only", function(t)
  ordinary(t, "45s", 22500)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "established", dst_port = 5201, packets = 80000,
    size = 1500, answered = 0.03, at = "42s", over = "1s" }
  t:expect { type = "ewma_spike_pps", severity = "low" }
  t:expect_nothing { severity_min = "medium" }
end)

test("after some seconds it is no spike any more", function(t)
  ordinary(t, "50s", 25000)
  t:traffic { src = { "203.0.0.0/16", 500 }, dst = "10.0.0.5", proto = "udp", dst_port = 443, count = 72000, at = "40s",
    over = "9s" }
  t:advance "46s"
  t:forget()
  t:expect_nothing()
end)

test("where only the incoming side is seen it is worth a note only", function(t)
  t:traffic { src = { "198.51.100.0/24", 50 }, dst = "10.0.0.5", proto = "tcp", tcp = "established", dst_port = 443,
    count = 22500, over = "45s" }
  t:traffic { src = { "203.0.0.0/16", 50 }, dst = "10.0.0.5", proto = "tcp", tcp = "established", dst_port = 443, count = 20000,
    at = "42s", over = "1s" }
  t:expect { type = "ewma_spike_pps", severity = "low" }
  t:expect_nothing { severity_min = "medium" }
end)
