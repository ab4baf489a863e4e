-- SPDX-License-Identifier: Apache-2.0
-- One remote address looks for open ports: many ports (port_scan), or many of our hosts (fanout_scan); within a
-- second, or slowly. What it tries is not answered for the most part; a crawler, a mail relay or a monitor that
-- we let in gets answers. Answers to what our hosts asked are not tries at all.

return detector {
  name = "inbound_scan",
  summary = "One remote address tries many ports or many hosts of ours",
  params = {
    ports = param.count { 100, min = 5, max = 32767, unit = "ports", doc = "Distinct service ports within a second" },
    few_ports = param.count { 10, min = 5, max = 32767, unit = "ports",
      doc = "Distinct TCP service ports within a second, when not one of them is open" },
    hosts = param.count { 150, min = 5, unit = "hosts", doc = "Distinct hosts of ours within a second" },
    slow_window = param.duration { "1h", min = "1m", max = "24h", doc = "Window of the slow forms" },
    slow_ports = param.count { 60, min = 5, max = 32767, unit = "ports", doc = "Distinct TCP service ports in the slow window" },
    slow_hosts = param.count { 64, min = 5, unit = "hosts", doc = "Distinct hosts, tried over TCP, in the slow window" },
    answered = param.ratio { 0.5, doc = "Share of the tries that we answer, from which it is a client" },
  },

  counters = function(p)
    local service = { { 1, 32767 } }
    local try = { "syn", "probe" }
    -- One row for each remote address that tries something; what we send back counts only where such a row is.
    local function tries(fields)
      fields.by, fields.direction, fields.opened_by, fields.rows_max = "remote", { "inbound", "outbound" }, "inbound", 32768
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
    return {
      tcp = tcp("1s"), tcp_slow = tcp(p.slow_window),
      udp = tries { proto = "udp", window = "1s", measure = {
        tries = packets { direction = "inbound", src_port = asks, dst_port = service },
        ports = distinct { "dst_port", direction = "inbound", src_port = asks, dst_port = service },
        hosts = distinct { "local", direction = "inbound", src_port = asks, dst_port = service, values_max = 4096 },
        answers = packets { direction = "outbound", src_port = service },
      } },
      echo = tries { proto = "icmp", icmp_type = "echo_request", window = "1s", measure = {
        tries = packets { direction = "inbound" },
        hosts = distinct { "local", direction = "inbound", values_max = 4096 },
      } },
    }
  end,

  detect = function(p, c)
    local function report(row, subject, type, what, window, answers, severity, confidence)
      if answers >= row.tries * p.answered then return end
      finding { type = type, subject = subject, row = row, severity = severity,
        confidence = answers > 0 and confidence + 0.1 or confidence,
        reason = ("%s tried within %s, %d of %d tries answered"):format(what, window, answers, row.tries) }
    end

    for row in c.tcp:over { ports = p.few_ports } do
      local scan = row.ports >= p.ports
      if scan or row.answers == 0 then
        report(row, row.remote, "port_scan", ("%d TCP ports of %d hosts"):format(row.ports, row.hosts), "a second",
          row.answers, scan and "high" or "medium", scan and 0.85 or 0.6)
      end
    end
    for row in c.tcp:over { hosts = p.hosts } do
      report(row, row.remote, "fanout_scan", ("%d hosts over TCP"):format(row.hosts), "a second", row.answers, "high", 0.85)
    end
    for row in c.tcp_slow:over { ports = p.slow_ports } do
      report(row, row.remote, "port_scan", ("%d TCP ports"):format(row.ports), p.slow_window, row.answers, "medium", 0.75)
    end
    for row in c.tcp_slow:over { hosts = p.slow_hosts } do
      report(row, row.remote, "fanout_scan", ("%d hosts over TCP"):format(row.hosts), p.slow_window, row.answers, "medium",
        0.75)
    end

    for row in c.udp:over { ports = p.ports } do
      report(row, row.remote, "port_scan", ("%d UDP ports of %d hosts"):format(row.ports, row.hosts), "a second", row.answers,
        "high", 0.8)
    end
    for row in c.udp:over { hosts = p.hosts } do
      report(row, row.remote, "fanout_scan", ("%d hosts over UDP"):format(row.hosts), "a second", row.answers, "high", 0.8)
    end
    for row in c.echo:over { hosts = p.hosts } do
      finding { type = "fanout_scan", subject = row.remote, row = row, severity = "medium", confidence = 0.8,
        reason = ("%d hosts pinged within a second"):format(row.hosts) }
    end
  end,
}
