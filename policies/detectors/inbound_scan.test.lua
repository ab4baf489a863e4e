-- SPDX-License-Identifier: Apache-2.0
test("a fast port scan is found, though some ports are open", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "syn", dst_port = { 1, 300 }, answered = 0.05,
    over = "1s" }
  t:expect { type = "port_scan", subject = "203.0.113.9", severity = "high", within = "500ms" }
end)

test("ten ports in a moment, all closed, are the start of a scan", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "syn",
    dst_port = { 21, 113, 23, 135, 111, 143, 445, 554, 22, 995 }, over = "1ms" }
  t:expect { type = "port_scan", subject = "203.0.113.9", severity = "medium", within = "100ms" }
end)

test("odd flags and UDP scan as well", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "probe", dst_port = { 1, 150 }, over = "900ms" }
  t:traffic { src = "203.0.113.10", dst = "10.0.0.5", proto = "udp", dst_port = { 1, 150 }, over = "900ms" }
  t:expect { type = "port_scan", subject = "203.0.113.9" }
  t:expect { type = "port_scan", subject = "203.0.113.10" }
end)

test("a slow port scan is found", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "syn", dst_port = { 1, 100 }, over = "30m" }
  t:expect { type = "port_scan", subject = "203.0.113.9", severity = "medium" }
end)

test("a sweep of our hosts is found, by TCP, UDP and echo", function(t)
  t:traffic { src = "203.0.113.9", dst = { "10.0.0.0/16", 200 }, proto = "tcp", tcp = "syn", dst_port = 23, over = "900ms" }
  t:traffic { src = "203.0.113.10", dst = { "10.0.0.0/16", 200 }, proto = "udp", dst_port = 1900, over = "900ms" }
  t:traffic { src = "203.0.113.11", dst = { "10.0.0.0/16", 200 }, proto = "icmp", over = "900ms" }
  t:expect { type = "fanout_scan", subject = "203.0.113.9", severity = "high" }
  t:expect { type = "fanout_scan", subject = "203.0.113.10" }
  t:expect { type = "fanout_scan", subject = "203.0.113.11" }
end)

test("two hosts a minute are found within the hour", function(t)
  t:traffic { src = "203.0.113.9", dst = { "10.0.0.0/16", 110 }, proto = "tcp", tcp = "syn", dst_port = 1433,
    over = "55m" }
  t:expect { type = "fanout_scan", subject = "203.0.113.9", severity = "medium" }
end)

test("so is a slow one by UDP, and a slow sweep", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "udp", dst_port = { 1, 100 }, packets = 2, over = "50m" }
  t:traffic { src = "203.0.113.10", dst = { "10.0.0.0/16", 100 }, proto = "udp", dst_port = 1900, over = "50m" }
  t:expect { type = "port_scan", subject = "203.0.113.9", severity = "medium" }
  t:expect { type = "fanout_scan", subject = "203.0.113.10", severity = "medium" }
end)

test("stealth scans are: odd flags, and ACKs to nothing, few at once or slowly", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "probe", dst_port = { 20, 40 }, over = "300ms" }
  t:traffic { src = "203.0.113.10", dst = "10.0.0.5", proto = "tcp", tcp = "ack", dst_port = { 20, 100 }, over = "50m" }
  t:traffic { src = "203.0.113.11", dst = { "10.0.0.0/16", 100 }, proto = "tcp", tcp = "probe", dst_port = 80, over = "50m" }
  t:expect { type = "port_scan", subject = "203.0.113.9", severity = "medium" }
  t:expect { type = "port_scan", subject = "203.0.113.10", severity = "medium" }
  t:expect { type = "fanout_scan", subject = "203.0.113.11", severity = "medium" }
end)

test("tries that are a flood are called so, though no host gets many of them", function(t)
  t:traffic { src = "203.0.113.9", dst = { "10.1.0.0/16", 10 }, proto = "tcp", tcp = "probe", dst_port = 443, count = 12000,
    over = "900ms" }
  t:expect { type = "flood_pps", subject = "203.0.113.9", severity = "medium" }
end)

test("fewer tries are not, nor are connections", function(t)
  t:traffic { src = "203.0.113.9", dst = { "10.1.0.0/16", 10 }, proto = "tcp", tcp = "syn", dst_port = 443, count = 9999,
    over = "900ms" }
  t:traffic { src = "203.0.113.10", dst = "10.0.0.5", proto = "tcp", tcp = "syn", src_port = { 1024, 60000 }, dst_port = 443,
    count = 20000, answered = 0.9, over = "900ms" }
  t:expect_nothing()
end)

test("closed ports that reset each try do not hide a scan", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "syn", dst_port = { 1, 300 }, over = "1s" }
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "tcp", tcp = "rst", src_port = { 1, 300 }, dst_port = 40000,
    packets = 300, at = "10ms", over = "1s" }
  t:expect { type = "port_scan", subject = "203.0.113.9", severity = "high" }
end)

test("less than the limits is not", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "syn", dst_port = { 1, 9 }, over = "500ms" }
  t:traffic { src = "203.0.113.10", dst = { "10.0.0.0/16", 63 }, proto = "tcp", tcp = "syn", dst_port = 22, over = "500ms" }
  t:traffic { src = "203.0.113.11", dst = { "10.0.0.0/16", 149 }, proto = "udp", dst_port = 22, over = "500ms" }
  t:expect_nothing()
end)

test("nor is it slowly", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "udp", dst_port = { 1, 59 }, over = "50m" }
  t:traffic { src = "203.0.113.10", dst = { "10.0.0.0/16", 63 }, proto = "udp", dst_port = 1900, over = "50m" }
  t:traffic { src = "203.0.113.11", dst = "10.0.0.5", proto = "tcp", tcp = "probe", dst_port = { 1, 59 }, over = "50m" }
  t:expect_nothing()
end)

test("a voice trunk of ninety calls, one way, is not", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "udp", src_port = { 16000, 18000 }, dst_port = { 10000, 10089 },
    count = 45000, size = 200, over = "10s" }
  t:expect_nothing()
end)

test("a poller of four hosts, and one of a hundred that answer, are not", function(t)
  t:traffic { src = "203.0.113.9", dst = { "10.0.0.0/16", 4 }, proto = "udp", dst_port = 161, packets = 500, over = "50m" }
  t:traffic { src = "203.0.113.10", dst = { "10.0.0.0/16", 200 }, proto = "udp", dst_port = 161, answered = 0.95, over = "50m" }
  t:expect_nothing()
end)

test("a traceroute is not", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "udp", dst_port = { 33434, 33534 }, over = "10s" }
  t:expect_nothing()
end)

test("a browser with 60 connections is not", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "syn", src_port = { 40000, 41000 }, dst_port = 443,
    packets = 60, answered = true, over = "500ms" }
  t:expect_nothing()
end)

test("a crawler of our web hosts is not", function(t)
  t:traffic { src = "203.0.113.9", dst = { "10.0.0.0/16", 400 }, proto = "tcp", tcp = "syn", dst_port = 443,
    answered = 0.9, over = "10m" }
  t:expect_nothing()
end)

test("a monitor that checks ten services of a host is not", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "syn",
    dst_port = { 21, 22, 25, 53, 80, 110, 143, 443, 993, 995, 3306 }, answered = 0.9, over = "100ms" }
  t:expect_nothing()
end)

test("passive FTP to our server is not", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "syn", dst_port = { 30000, 30200 },
    answered = true, over = "60s" }
  t:expect_nothing()
end)

test("a resolver's answers to random ports are not", function(t)
  t:traffic { src = "10.0.0.53", dst = "203.0.113.53", proto = "udp", src_port = { 1024, 32000 }, dst_port = 53,
    count = 5000, answered = true, over = "1s" }
  t:traffic { src = "10.0.0.53", dst = "203.0.113.54", proto = "udp", src_port = { 1024, 32000 }, dst_port = 5353,
    count = 5000, answered = true, over = "1s" }
  t:expect_nothing()
end)

test("backscatter of somebody else's flood is not", function(t)
  t:traffic { src = "203.0.113.9", dst = { "10.0.0.0/16", 500 }, proto = "tcp", tcp = "synack", src_port = 443,
    dst_port = 5000, over = "1s" }
  t:traffic { src = "203.0.113.9", dst = { "10.0.0.0/16", 500 }, proto = "tcp", tcp = "rst", src_port = 443,
    dst_port = 5000, over = "1s" }
  t:expect_nothing()
end)

test("a spoofed flood is no scan of its thousand senders", function(t)
  t:traffic { src = { "203.0.0.0/16", 5000 }, dst = "10.0.0.5", proto = "tcp", tcp = "syn", dst_port = 80, over = "1s" }
  t:expect_nothing()
end)
