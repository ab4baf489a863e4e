-- SPDX-License-Identifier: Apache-2.0
-- One remote address looks for open ports: many ports (port_scan), or many of our hosts (fanout_scan); within a
-- second, or slowly. What it tries is not answered for the most part; a crawler, a mail relay or a monitor that
-- we let in gets answers. Answers to what our hosts asked are not tries at all. Odd flags (NULL, FIN, XMAS, an ACK to
-- nothing) are tries like SYNs; very many of them are a flood, found here because they are counted here anyway. Over UDP a
-- voice server or a game uses many ports and hosts as well, but each of them much.

return detector {
  name = "inbound_scan",
  summary = "One remote address tries many ports or many hosts of ours",
  params = {
    ports = param.count { 100, min = 5, max = 32767, unit = "ports", doc = "Distinct service ports within a second" },
    few_ports = param.count { 10, min = 5, max = 32767, unit = "ports",
      doc = "Distinct TCP service ports within a second, when not one of them is open" },
    hosts = param.count { 150, min = 5, unit = "hosts", doc = "Distinct hosts of ours within a second" },
    slow_window = param.duration { "1h", min = "1m", max = "24h", doc = "Window of the slow forms" },
    slow_ports = param.count { 60, min = 5, max = 32767, unit = "ports", doc = "Distinct service ports in the slow window" },
    slow_hosts = param.count { 64, min = 5, unit = "hosts", doc = "Distinct hosts in the slow window" },
    udp_each = param.count { 10, min = 1, unit = "packets",
      doc = "Packets to each port or host over UDP, in the slow window, from which it is an exchange or a stream" },
    flood = param.count { 10000, min = 100, unit = "packets",
      doc = "Tries over TCP within a second that are a flood, wherever among our hosts they go" },
    answered = param.ratio { 0.5, doc = "Share of the tries that we answer, from which it is a client" },
  },

  counters = function(p)
    local service = { { 1, 32767 } }
    local try = { "syn", "probe" }
    -- One row for each remote address that tries something; what we send back counts only where such a row is.
    local function tries(fields)
      fields.by, fields.direction, fields.opened_by, fields.rows_max = "remote", { "inbound", "outbound" }, "inbound", 16384
      return counter(fields)
    end
    local function tcp(window)
      return tries { tcp = { "syn", "probe", "synack" }, window = window, measure = {
        tries = packets { direction = "inbound", tcp = try },
        ports = distinct { "dst_port", direction = "inbound", tcp = try, dst_port = service },
        hosts = distinct { "local", direction = "inbound", tcp = try, values_max = 4096 },
        answers = packets { direction = "outbound", tcp = "synack" },
      } }
    end
    -- From no service's port: those are answers.
    local asks = { { 1024, 65535 } }
    local function udp(window)
      return tries { proto = "udp", window = window, measure = {
        tries = packets { direction = "inbound", src_port = asks, dst_port = service },
        ports = distinct { "dst_port", direction = "inbound", src_port = asks, dst_port = service },
        hosts = distinct { "local", direction = "inbound", src_port = asks, dst_port = service, values_max = 4096 },
        answers = packets { direction = "outbound", src_port = service },
      } }
    end
    return {
      tcp = tcp("1s"), tcp_slow = tcp(p.slow_window), udp = udp("1s"), udp_slow = udp(p.slow_window),
      echo = tries { proto = "icmp", icmp_type = "echo_request", window = "1s", measure = {
        tries = packets { direction = "inbound" },
        hosts = distinct { "local", direction = "inbound", values_max = 4096 },
      } },
    }
  end,

  detect = function(p, c)
    -- `few`: so little that it takes more to be sure.
    local function report(row, type, what, window, severity, few)
      if row.answers >= row.tries * p.answered then return end
      finding { type = type, subject = row.remote, row = row, severity = severity,
        confidence = row.answers > 0 and 0.9 or few and 0.6 or 0.7,
        reason = ("%s tried within %s, %d of %d tries answered"):format(what, window, row.answers, row.tries) }
    end
    local function ports(row, proto, window, severity, few)
      report(row, "port_scan", ("%d %s ports of %d hosts"):format(row.ports, proto, row.hosts), window, severity, few)
    end
    local function hosts(row, proto, window, severity)
      report(row, "fanout_scan", ("%d hosts over %s"):format(row.hosts, proto), window, severity)
    end

    for row in c.tcp:over { tries = p.flood } do
      report(row, "flood_pps", ("%d ports of %d hosts"):format(row.ports, row.hosts), "a second",
        row.tries >= 5 * p.flood and "high" or "medium")
    end
    for row in c.tcp:over { ports = p.few_ports } do
      local many = row.ports >= p.ports
      if many or row.answers == 0 then ports(row, "TCP", "a second", many and "high" or "medium", not many) end
    end
    for row in c.tcp:over { hosts = p.hosts } do hosts(row, "TCP", "a second", "high") end
    for row in c.tcp_slow:over { ports = p.slow_ports } do ports(row, "TCP", p.slow_window, "medium") end
    for row in c.tcp_slow:over { hosts = p.slow_hosts } do hosts(row, "TCP", p.slow_window, "medium") end

    for row in c.udp:over { ports = p.ports } do ports(row, "UDP", "a second", "high") end
    for row in c.udp:over { hosts = p.hosts } do hosts(row, "UDP", "a second", "high") end
    -- Slowly means not all within this second: of streams that begin, the first packets look like tries.
    local function is_slow(row, name)
      local second = c.udp:get(row.remote)
      return row.tries <= row[name] * p.udp_each and not (second and second[name] * 2 > row[name])
    end
    for row in c.udp_slow:over { ports = p.slow_ports } do
      if is_slow(row, "ports") then ports(row, "UDP", p.slow_window, "medium") end
    end
    for row in c.udp_slow:over { hosts = p.slow_hosts } do
      if is_slow(row, "hosts") then hosts(row, "UDP", p.slow_window, "medium") end
    end

    -- Who answers an echo is not counted: hosts do, and are found by it.
    for row in c.echo:over { hosts = p.hosts } do
      finding { type = "fanout_scan", subject = row.remote, row = row, severity = "medium", confidence = 0.8,
        reason = ("%d hosts pinged within a second"):format(row.hosts) }
    end
  end,
}
