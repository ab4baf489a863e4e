-- SPDX-License-Identifier: Apache-2.0
-- Each of these clients opens `n` connections, with `packets` more of its packets in each, answered.
local function sessions(t, from, to, port, n, packets, over, at)
  t:traffic { src = from, dst = to, proto = "tcp", tcp = "syn", src_port = { 40000, 60000 }, dst_port = port, packets = n,
    answered = true, at = at or "0s", over = over }
  t:traffic { src = from, dst = to, proto = "tcp", tcp = "established", src_port = { 40000, 60000 }, dst_port = port,
    packets = n * packets, size = 90, answered = 0.9, at = at or "0s", over = over }
end

test("25 FTP logins in a minute are guesses", function(t)
  sessions(t, "203.0.113.9", "10.0.0.5", 21, 25, 9, "59s")
  t:expect { type = "brute_force", subject = "203.0.113.9", target = "port 21", severity = "medium", within = "1m" }
end)

test("so are SSH logins, telnet, RDP and VNC", function(t)
  sessions(t, "203.0.113.9", "10.0.0.5", 22, 40, 16, "30s")
  sessions(t, "203.0.113.10", "10.0.0.5", 23, 35, 8, "30s")
  sessions(t, "203.0.113.11", "10.0.0.5", 3389, 35, 18, "30s")
  sessions(t, "203.0.113.12", "10.0.0.5", 5900, 35, 6, "30s")
  t:expect { type = "brute_force", subject = "203.0.113.9", target = "port 22" }
  t:expect { type = "brute_force", subject = "203.0.113.10", target = "port 23" }
  t:expect { type = "brute_force", subject = "203.0.113.11", target = "port 3389" }
  t:expect { type = "brute_force", subject = "203.0.113.12", target = "port 5900" }
end)

test("guesses spread over hosts, and six to a connection, are", function(t)
  sessions(t, "203.0.113.9", { "10.0.1.1", "10.0.1.2", "10.0.1.3", "10.0.1.4", "10.0.1.5" }, 22, 8, 12, "50s")
  sessions(t, "203.0.113.10", "10.0.0.5", 22, 65, 35, "50s")
  t:expect { type = "brute_force", subject = "203.0.113.9" }
  t:expect { type = "brute_force", subject = "203.0.113.10" }
end)

test("four guesses a minute are found within the hour", function(t)
  sessions(t, "203.0.113.9", "10.0.0.5", 22, 200, 15, "50m")
  t:expect { type = "brute_force", subject = "203.0.113.9", within = "40m" }
end)

test("a connection less is not", function(t)
  sessions(t, "203.0.113.9", "10.0.0.5", 21, 19, 9, "50s")
  sessions(t, "203.0.113.10", "10.0.0.5", 22, 24, 16, "50s")
  sessions(t, "203.0.113.11", "10.0.0.5", 22, 149, 16, "59m")
  t:expect_nothing()
end)

test("40 SSH sessions of one administrator are not", function(t)
  sessions(t, "203.0.113.9", "10.0.0.5", 22, 40, 30, "40s")
  sessions(t, "203.0.113.10", "10.0.0.5", 22, 40, 400, "40s")
  sessions(t, "203.0.113.11", "10.0.0.5", 22, 40, 21, "40s")
  t:expect_nothing()
end)

test("nor are they when all begin at a stroke, and each is short as yet", function(t)
  sessions(t, "203.0.113.9", "10.0.0.5", 22, 40, 9, "500ms")
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "established", src_port = { 40000, 60000 },
    dst_port = 22, packets = 600, answered = true, at = "500ms", over = "2s" }
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "established", src_port = { 40000, 60000 },
    dst_port = 22, packets = 80, answered = true, at = "15s", over = "10s" }
  t:expect_nothing()
end)

test("automation over a hundred hosts, and a monitor of them, are not", function(t)
  sessions(t, "203.0.113.9", { "10.0.1.0/24", 100 }, 22, 2, 24, "50s")
  sessions(t, "203.0.113.10", { "10.0.2.0/24", 50 }, 22, 60, 4, "1h")
  t:expect_nothing()
end)

test("who reads the banner of SSH and no more is not", function(t)
  sessions(t, "203.0.113.9", "10.0.0.5", 22, 200, 4, "50s")
  t:expect_nothing()
end)

test("a program that fetches and copies over SSH is not", function(t)
  sessions(t, "203.0.113.9", "10.0.0.5", 22, 200, 120, "50s")
  t:expect_nothing()
end)

test("mail, web and database clients are not", function(t)
  for _, port in ipairs { 25, 80, 110, 143, 443, 587, 993, 3306, 5432, 8080 } do
    sessions(t, "203.0.113.9", "10.0.0.5", port, 300, 10, "50s")
  end
  t:expect_nothing()
end)

test("SYNs that nothing follows are a scan or a flood, not guesses", function(t)
  t:traffic { src = "203.0.113.9", dst = "10.0.0.5", proto = "tcp", tcp = "syn", dst_port = 22, packets = 500, over = "50s" }
  t:traffic { src = "203.0.113.10", dst = { "10.0.0.0/16", 5000 }, proto = "tcp", tcp = "syn", dst_port = 23, over = "50s" }
  t:expect_nothing()
end)

test("our own administrator at the hosts of others is not", function(t)
  sessions(t, "10.0.0.5", "203.0.113.9", 22, 100, 10, "50s")
  t:expect_nothing()
end)
