-- SPDX-License-Identifier: Apache-2.0
test("a flood of 150 ms from many sources is found at once", function(t)
  t:traffic { src = { "203.0.0.0/16", 3000 }, dst = "10.0.0.5", proto = "udp", src_port = 4500, dst_port = { 1, 60000 },
    count = 4000, over = "150ms" }
  t:expect { type = "flood_pps", subject = "10.0.0.5", within = "200ms" }
end)

test("reflected SYN-ACKs are a flood, though our host resets them", function(t)
  t:traffic { src = { "203.0.0.0/16", 3000 }, dst = "10.0.0.5", proto = "tcp", tcp = "synack", src_port = 443,
    dst_port = 5000, packets = 2, over = "500ms" }
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 3000 }, proto = "tcp", tcp = "rst", src_port = 5000, dst_port = 443,
    packets = 2, over = "500ms" }
  t:expect { type = "flood_pps", subject = "10.0.0.5", severity = "medium" }
end)

test("a flood from one source needs a higher rate", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "ah", packets = 12000, over = "900ms" }
  t:expect { type = "flood_pps", subject = "10.0.0.5" }
end)

test("large packets are a flood by their bytes", function(t)
  t:traffic { src = { "203.0.0.0/16", 100 }, dst = "10.0.0.5", proto = "udp", src_port = 53, dst_port = 80, packets = 190,
    size = 1500, fragment = true, over = "900ms" }
  t:expect { type = "flood_bps", subject = "10.0.0.5" }
end)

test("carpet bombing is seen over the prefix", function(t)
  t:traffic { src = { "203.0.0.0/16", 200 }, dst = { "10.0.7.0/24", 250 }, proto = "udp", src_port = 53, dst_port = 80,
    count = 15000, over = "900ms" }
  t:expect { type = "flood_pps", subject = "10.0.7.0/24" }
  t:expect_nothing { type = "flood_pps", subject = "10.0.7.1" }
end)

test("carpet bombing with large packets is, by its bytes", function(t)
  t:traffic { src = { "203.0.0.0/16", 200 }, dst = { "10.0.7.0/24", 250 }, proto = "udp", src_port = 53, dst_port = 80,
    count = 20000, size = 9000, over = "900ms" }
  t:expect { type = "flood_bps", subject = "10.0.7.0/24" }
end)

test("one remote address that floods ten of our hosts is found, though none of them gets much", function(t)
  t:traffic { src = "203.0.113.9", dst = { "10.0.0.0/16", 10 }, proto = "udp", dst_port = { 1, 60000 }, count = 12000,
    over = "900ms" }
  t:traffic { src = "203.0.113.11", dst = { "10.2.0.0/16", 20 }, proto = "udp", dst_port = 443, count = 150000, size = 9000,
    over = "1s" }
  t:expect { type = "flood_pps", subject = "203.0.113.9", severity = "medium" }
  t:expect { type = "flood_bps", subject = "203.0.113.11", severity = "high" }
end)

test("a remote server that all of our network uses is not", function(t)
  t:traffic { src = "203.0.113.9", dst = { "10.0.0.0/16", 300 }, proto = "udp", src_port = 443, dst_port = 50000, packets = 200,
    size = 1350, answered = 0.1, over = "1s" }
  t:traffic { src = { "10.0.0.0/16", 300 }, dst = "203.0.113.10", proto = "udp", dst_port = 53, packets = 50, answered = true,
    over = "1s" }
  t:traffic { src = "203.0.113.11", dst = { "10.0.0.0/16", 300 }, proto = "tcp", tcp = "established", src_port = 443,
    dst_port = 50000, packets = 200, size = 1500, answered = 0.03, over = "1s" }
  t:expect_nothing()
end)

test("nor is a victim elsewhere that answers to our addresses", function(t)
  t:traffic { src = "203.0.113.9", dst = { "10.0.0.0/16", 5000 }, proto = "tcp", tcp = "synack", src_port = 80, dst_port = 5000,
    packets = 4, over = "1s" }
  t:traffic { src = "203.0.113.9", dst = { "10.0.0.0/16", 5000 }, proto = "icmp", icmp_type = "unreachable", packets = 4,
    over = "1s" }
  t:expect_nothing()
end)

test("a flood beside the ordinary traffic of a busy server is found", function(t)
  t:traffic { src = { "198.51.100.0/24", 200 }, dst = "10.0.0.5", proto = "tcp", tcp = "established", dst_port = 443,
    count = 20000, answered = 0.8, over = "1s" }
  t:traffic { src = { "203.0.0.0/16", 3000 }, dst = "10.0.0.5", proto = "udp", dst_port = { 1, 60000 }, count = 4000,
    over = "1s" }
  t:expect { type = "flood_pps", subject = "10.0.0.5" }
end)

test("a flood of the game server's own port is found beside its players", function(t)
  t:traffic { src = { "198.51.100.0/24", 100 }, dst = "10.0.0.5", proto = "udp", dst_port = 27015, count = 3000,
    answered = true, over = "1s" }
  t:traffic { src = { "203.0.0.0/16", 2000 }, dst = "10.0.0.5", proto = "udp", dst_port = 27015, count = 30000,
    over = "1s" }
  t:expect { type = "flood_pps", subject = "10.0.0.5" }
end)

test("a packet less than the limits is not", function(t)
  t:traffic { src = { "203.0.0.0/16", 500 }, dst = "10.0.0.5", proto = "udp", dst_port = 80, count = 1999, over = "900ms" }
  t:traffic { src = "203.0.113.9", dst = "10.0.0.6", proto = "udp", dst_port = 80, count = 9999, over = "900ms" }
  t:expect_nothing()
end)

test("a busy echo server and a busy web server are not", function(t)
  t:traffic { src = { "203.0.0.0/16", 300 }, dst = "10.0.0.5", proto = "udp", dst_port = 7, count = 25000,
    answered = true, over = "1s" }
  t:traffic { src = { "203.0.0.0/16", 300 }, dst = "10.0.0.6", proto = "tcp", tcp = "established", dst_port = 80,
    count = 25000, answered = 0.8, over = "1s" }
  t:expect_nothing()
end)

test("a server that takes 5000 connections a second is not", function(t)
  t:traffic { src = { "203.0.0.0/16", 5000 }, dst = "10.0.0.6", proto = "tcp", tcp = "syn", dst_port = 443, answered = true,
    over = "900ms" }
  t:traffic { src = { "203.0.0.0/16", 5000 }, dst = "10.0.0.6", proto = "tcp", tcp = "established", dst_port = 443,
    packets = 4, answered = true, over = "900ms" }
  t:expect_nothing()
end)

test("clients that reset a busy web server's connections are not", function(t)
  t:traffic { src = { "203.0.0.0/16", 3000 }, dst = "10.0.0.5", proto = "tcp", tcp = "established", dst_port = 443, packets = 5,
    answered = 0.8, over = "3s" }
  t:traffic { src = { "203.0.0.0/16", 3000 }, dst = "10.0.0.5", proto = "tcp", tcp = "rst", dst_port = 443, packets = 2,
    over = "2s" }
  t:expect_nothing()
end)

test("a download is not, nor a speed test", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "established", src_port = 443, dst_port = 50000,
    packets = 80000, size = 1500, answered = 0.025, over = "1s" }
  t:expect_nothing()
end)

test("a busy web server of which only the incoming side is seen is not", function(t)
  t:traffic { src = { "203.0.0.0/16", 300 }, dst = "10.0.0.6", proto = "tcp", tcp = "established", dst_port = 80,
    count = 25000, over = "1s" }
  t:expect_nothing()
end)

test("a fast download beside the noise of the world is not", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "established", src_port = 443, dst_port = 50000,
    packets = 50000, size = 1500, answered = 0.025, over = "1s" }
  t:traffic { src = { "198.51.0.0/16", 100 }, dst = "10.0.0.5", proto = "tcp", tcp = "syn", dst_port = { 1, 1000 },
    count = 100, over = "1s" }
  t:expect_nothing()
end)

test("a network whose users watch video over QUIC is not carpet bombed", function(t)
  t:traffic { src = { "203.0.113.0/24", 20 }, dst = { "10.0.7.0/24", 100 }, proto = "udp", src_port = 443, dst_port = 50000,
    packets = 20, size = 1350, answered = 0.1, over = "1s" }
  t:expect_nothing()
end)

test("a VPN concentrator is not", function(t)
  t:traffic { src = { "203.0.0.0/16", 100 }, dst = "10.0.0.5", proto = "esp", count = 20000, size = 1400, answered = 0.5,
    over = "1s" }
  t:expect_nothing()
end)

test("a resolver that gets what it asked for is not", function(t)
  t:traffic { src = "10.0.0.53", dst = { "203.0.0.0/16", 500 }, proto = "udp", src_port = { 1024, 65000 }, dst_port = 53,
    count = 8000, answered = true, answer_size = 1400, over = "1s" }
  t:expect_nothing()
end)

test("one-way voice and video are not", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "udp", dst_port = 20000, packets = 4000, size = 1200,
    over = "1s" }
  t:expect_nothing()
end)

test("a broadcast storm of our own network is nobody's flood", function(t)
  t:traffic { src = "0.0.0.0", dst = "255.255.255.255", proto = "udp", src_port = 68, dst_port = 67, packets = 10000 }
  t:expect_nothing()
end)

-- SYN floods

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
  t:expect_nothing "syn_flood"
end)

test("a server that takes 2000 connections a second is not", function(t)
  t:traffic { src = { "203.0.0.0/16", 2000 }, dst = "10.0.0.5", proto = "tcp", tcp = "syn", dst_port = 443,
    answered = true, over = "900ms" }
  t:traffic { src = { "203.0.0.0/16", 2000 }, dst = "10.0.0.5", proto = "tcp", tcp = "established", dst_port = 443,
    packets = 4, over = "900ms" }
  t:expect_nothing "syn_flood"
end)

test("one source that tries many ports scans, it does not flood", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "syn", dst_port = { 1, 5000 }, over = "900ms" }
  t:expect_nothing "syn_flood"
end)

test("backscatter of somebody else's flood is not", function(t)
  t:traffic { src = "203.0.113.9", dst = { "10.0.0.0/16", 2000 }, proto = "tcp", tcp = "synack", src_port = 443,
    dst_port = 5000, over = "900ms" }
  t:expect_nothing "syn_flood"
end)

test("our own host that connects outward is not", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 3000 }, proto = "tcp", tcp = "syn", dst_port = 443, answered = true,
    over = "900ms" }
  t:expect_nothing "syn_flood"
end)

-- SYN-ACKs and resets of connections that nobody opened

test("SYN-ACKs and resets to connections that nobody opened are, though our host resets them", function(t)
  t:traffic { src = { "203.0.0.0/16", 3000 }, dst = "10.0.0.5", proto = "tcp", tcp = "synack", src_port = 443,
    dst_port = 5000, over = "500ms" }
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 3000 }, proto = "tcp", tcp = "rst", src_port = 5000, dst_port = 443,
    over = "500ms" }
  t:expect { type = "reflection_flood", subject = "10.0.0.5", within = "100ms" }
end)

test("backscatter of somebody else's flood is not", function(t)
  t:traffic { src = "203.0.113.9", dst = { "10.0.0.0/16", 2000 }, proto = "tcp", tcp = "synack", src_port = 80, dst_port = 5000,
    over = "1s" }
  t:traffic { src = { "203.0.113.0/24", 30 }, dst = { "10.0.0.0/16", 2000 }, proto = "tcp", tcp = "rst", src_port = 80,
    dst_port = 5000, count = 6000, over = "1s" }
  t:expect_nothing()
end)

test("a crawler, and a file sharer at its start, get answers to their SYNs", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.0.0/16", 3000 }, proto = "tcp", tcp = "syn", dst_port = 443, answered = 0.9,
    over = "3s" }
  t:traffic { src = "10.0.0.6", dst = { "203.0.0.0/16", 1500 }, proto = "tcp", tcp = "syn", dst_port = 6881, over = "3s" }
  t:traffic { src = { "203.0.0.0/16", 1500 }, dst = "10.0.0.6", proto = "tcp", tcp = "rst", src_port = 6881, dst_port = 40000,
    at = "50ms", over = "3s" }
  t:expect_nothing()
end)

test("a network's web clients of which only the incoming side is seen are not", function(t)
  t:traffic { src = { "203.0.0.0/16", 500 }, dst = "10.0.0.5", proto = "tcp", tcp = "synack", src_port = 443, dst_port = 40000,
    over = "3s" }
  t:traffic { src = { "203.0.0.0/16", 500 }, dst = "10.0.0.5", proto = "tcp", tcp = "established", src_port = 443,
    dst_port = 40000, packets = 6, over = "3s" }
  t:expect_nothing()
end)
test("a SYN-ACK less, or a host less, is no reflection", function(t)
  t:traffic { src = { "203.0.0.0/16", 299 }, dst = "10.0.0.7", proto = "tcp", tcp = "synack", src_port = 443, dst_port = 5000,
    over = "900ms" }
  t:traffic { src = { "203.0.0.0/16", 49 }, dst = "10.0.0.8", proto = "tcp", tcp = "synack", src_port = 443, dst_port = 5000,
    packets = 30, over = "900ms" }
  t:expect_nothing "reflection_flood"
end)
