-- SPDX-License-Identifier: Apache-2.0
test("a spoofed flood is found in the tick in which it crosses the limit", function(t)
  t:traffic { src = { "203.0.0.0/16", 3000 }, dst = "10.0.0.5", proto = "tcp", tcp = "syn", dst_port = 25565,
    over = "150ms" }
  t:expect { type = "syn_flood", subject = "10.0.0.5", target = "port 25565", severity = "high", within = "100ms" }
end)

test("a flood that our server answers is found", function(t)
  t:traffic { src = { "203.0.0.0/16", 3000 }, dst = "10.0.0.5", proto = "tcp", tcp = "syn", dst_port = 443,
    answered = true, over = "900ms" }
  t:expect { type = "syn_flood", subject = "10.0.0.5" }
end)

test("a flood beside ordinary connections is found", function(t)
  t:traffic { src = { "198.51.100.0/24", 100 }, dst = "10.0.0.5", proto = "tcp", tcp = "established", dst_port = 443,
    count = 4000, answered = 0.8, over = "1s" }
  t:traffic { src = { "203.0.0.0/16", 4000 }, dst = "10.0.0.5", proto = "tcp", tcp = "syn", dst_port = 443, over = "1s" }
  t:expect { type = "syn_flood", subject = "10.0.0.5" }
end)

test("a flood over all ports is found", function(t)
  t:traffic { src = { "203.0.0.0/16", 4000 }, dst = "10.0.0.5", proto = "tcp", tcp = "syn", dst_port = { 1, 60000 },
    count = 4000, over = "900ms" }
  t:expect { type = "syn_flood", subject = "10.0.0.5", target = "many ports" }
end)

test("a SYN less than the limit is not", function(t)
  t:traffic { src = { "203.0.0.0/16", 999 }, dst = "10.0.0.5", proto = "tcp", tcp = "syn", dst_port = 443, over = "900ms" }
  t:expect_nothing()
end)

test("a server that takes 2000 connections a second is not", function(t)
  t:traffic { src = { "203.0.0.0/16", 2000 }, dst = "10.0.0.5", proto = "tcp", tcp = "syn", dst_port = 443,
    answered = true, over = "900ms" }
  t:traffic { src = { "203.0.0.0/16", 2000 }, dst = "10.0.0.5", proto = "tcp", tcp = "established", dst_port = 443,
    packets = 4, over = "900ms" }
  t:expect_nothing()
end)

test("one source that tries many ports scans, it does not flood", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "syn", dst_port = { 1, 5000 }, over = "900ms" }
  t:expect_nothing()
end)

test("backscatter of somebody else's flood is not", function(t)
  t:traffic { src = "203.0.113.9", dst = { "10.0.0.0/16", 2000 }, proto = "tcp", tcp = "synack", src_port = 443,
    dst_port = 5000, over = "900ms" }
  t:expect_nothing()
end)

test("our own host that connects outward is not", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 3000 }, proto = "tcp", tcp = "syn", dst_port = 443, answered = true,
    over = "900ms" }
  t:expect_nothing()
end)
