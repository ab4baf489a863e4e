-- SPDX-License-Identifier: Apache-2.0
test("200 ports of one host are a scan", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "tcp", tcp = "syn", dst_port = { 1, 200 }, over = "4s" }
  t:expect { type = "port_scan_unique_ports_tcp", subject = "10.0.0.5", target = "203.0.113.9", severity = "high" }
  t:expect { type = "port_scan_sequential_tcp", subject = "10.0.0.5", within = "2s" }
end)

test("a scan of well-known ports is found without a run, though some are open", function(t)
  local ports = {}
  for i = 1, 80 do ports[i] = 13 * i end
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "tcp", tcp = "syn", dst_port = ports, answered = 0.1,
    over = "500ms" }
  t:expect { type = "port_scan_unique_ports_tcp", subject = "10.0.0.5", severity = "medium" }
  t:expect_nothing "port_scan_sequential_tcp"
end)

test("NULL, FIN and XMAS scans count as tries", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "tcp", tcp = "probe", dst_port = { 100, 180 }, over = "4s" }
  t:expect { type = "port_scan_unique_ports_tcp", subject = "10.0.0.5" }
end)

test("so do bare ACKs to nothing", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "tcp", tcp = "ack", dst_port = { 100, 180 }, over = "4s" }
  t:expect { type = "port_scan_unique_ports_tcp", subject = "10.0.0.5" }
end)

test("a UDP scan is found", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "udp", dst_port = { 1, 100 }, over = "4s" }
  t:expect { type = "port_scan_unique_ports_udp", subject = "10.0.0.5", target = "203.0.113.9" }
  t:expect { type = "port_scan_sequential_udp", subject = "10.0.0.5" }
end)

test("two ports a second for minutes are found as a slow scan", function(t)
  local ports = {}
  for i = 1, 400 do ports[i] = 7 * i end
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "tcp", tcp = "syn", dst_port = ports, over = "200s" }
  t:expect { type = "port_scan_unique_ports_tcp", subject = "10.0.0.5" }
end)

test("a port less than the limits is not", function(t)
  local ports = {}
  for i = 1, 59 do ports[i] = 2 * i + 1000 end
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "tcp", tcp = "syn", dst_port = ports, over = "4s" }
  t:traffic { src = "10.0.0.6", dst = "203.0.113.9", proto = "tcp", tcp = "syn", dst_port = { 2000, 2022 }, over = "4s" }
  t:expect_nothing()
end)

test("ephemeral and safe ports never count", function(t)
  t:params { safe_ports = { 80, 443, 8000, 8001, 8002, 8003 } }
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "tcp", tcp = "syn", dst_port = { 40000, 40500 }, over = "4s" }
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "tcp", tcp = "syn", dst_port = { 8000, 8003 }, packets = 100,
    over = "4s" }
  t:expect_nothing()
end)

test("game shards are not", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "tcp", tcp = "syn", dst_port = { 25565, 25568 },
    packets = 20, over = "5s" }
  t:expect_nothing()
end)

test("passive FTP is not, though its ports follow each other", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "tcp", tcp = "syn", dst_port = { 30000, 30120 },
    answered = 0.98, over = "8s" }
  t:expect_nothing()
end)

test("retries to a dead host are not", function(t)
  t:traffic { src = "10.0.0.5", dst = "203.0.113.9", proto = "tcp", tcp = "syn", src_port = { 30000, 31000 },
    dst_port = 8080, packets = 500, over = "60s" }
  t:expect_nothing()
end)

test("our DNS server that answers a resolver with random source ports is not", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.53", proto = "udp", src_port = { 1024, 32000 }, dst_port = 53,
    count = 5000, answered = 0.99, over = "5s" }
  t:expect_nothing()
end)

test("who is scanned is not the scanner", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "syn", dst_port = { 1, 1000 }, over = "4s" }
  t:expect_nothing()
end)
