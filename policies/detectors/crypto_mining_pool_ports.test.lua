-- SPDX-License-Identifier: Apache-2.0
local function talk(t, port, minutes, packets)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "tcp", tcp = "syn", dst_port = port, answered = true }
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "tcp", tcp = "established", dst_port = port, size = 200,
    packets = packets, answered = true, at = "50ms", over = minutes }
end

test("a connection that stays and says little is a miner", function(t)
  talk(t, 3333, "3m", 40)
  t:expect { type = "crypto_mining_pool_ports", subject = "10.0.0.5", target = "203.0.113.9", severity = "medium" }
end)

test("a first connection is noted, not more", function(t)
  talk(t, 3333, "5s", 10)
  t:expect { type = "crypto_mining_pool_ports", subject = "10.0.0.5", severity = "low" }
  t:expect_nothing { severity_min = "medium" }
end)

test("connecting again and again is a miner", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "tcp", tcp = "syn", src_port = { 40000, 40020 },
    dst_port = 14444, packets = 8, answered = true, over = "20s" }
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "tcp", tcp = "established", src_port = { 40000, 40020 },
    dst_port = 14444, packets = 24, over = "20s" }
  t:expect { type = "crypto_mining_pool_ports", subject = "10.0.0.5", severity = "medium" }
end)

test("a chat on port 6666 stays low", function(t)
  talk(t, 6666, "10m", 60)
  t:expect_nothing { severity_min = "medium" }
end)

test("an application on port 4444 that moves much is not", function(t)
  talk(t, 4444, "2m", 20000)
  t:expect_nothing { severity_min = "medium" }
end)

test("tries that nobody answers are not", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "tcp", tcp = "syn", dst_port = 3333, packets = 20, over = "2m" }
  t:expect_nothing()
end)

test("a crypto currency's peers are not pools", function(t)
  talk(t, 8333, "3m", 200)
  t:expect_nothing()
end)

test("our own server on such a port is not", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "established", dst_port = 3333, packets = 60,
    answered = true, over = "3m" }
  t:expect_nothing()
end)
