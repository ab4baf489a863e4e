-- SPDX-License-Identifier: Apache-2.0
-- One of our hosts tries many ports of one remote address, or a long run of neighbouring ports. Ephemeral ports
-- (from 32768 on) and safe ports never count. A server that answers a client with many source ports, and a
-- client whose tries are accepted, as in passive FTP, are told apart by the answers.

return detector {
  name = "port_scan",
  summary = "One of our hosts tries many ports of one remote address",
  params = {
    window = param.duration { "10s", min = "1s", max = "5m", doc = "How long a try is remembered" },
    unique_ports = param.count { 60, min = 5, max = 32767, unit = "ports", doc = "Distinct ports that make a scan" },
    run = param.count { 24, min = 6, max = 32767, unit = "ports",
      doc = "Length of a run of consecutive ports; above game shards (25565–25568) and small passive FTP ranges" },
    slow_window = param.duration { "5m", min = "1m", max = "24h", doc = "Window of the slow form" },
    slow_ports = param.count { 150, min = 5, max = 32767, unit = "ports", doc = "Distinct ports in the slow window" },
    safe_ports = param.ports { { 80, 443 }, doc = "Ports that never count" },
    answered = param.ratio { 0.5, doc = "Share of the tries that are answered, from which it is no scan" },
  },

  counters = function(p)
    local skip = { 0, { 32768, 65535 } }
    for i = 1, #p.safe_ports do skip[i + 2] = p.safe_ports[i] end
    local function tcp(window)
      return counter { by = { "local", "remote", "proto" }, direction = { "inbound", "outbound" }, opened_by = "outbound", proto = "tcp",
        tcp = { "syn", "probe", "synack" }, window = window, rows_max = 16384,
        measure = {
          ports = distinct { "dst_port", direction = "outbound", tcp = { "syn", "probe" }, dst_port = none_of(skip) },
          run = longest_run { "dst_port", direction = "outbound", tcp = { "syn", "probe" }, dst_port = none_of(skip) },
          tries = packets { direction = "outbound", tcp = { "syn", "probe" } },
          answers = packets { direction = "inbound", tcp = "synack" },
        } }
    end
    local function udp(window)
      return counter { by = { "local", "remote", "proto" }, direction = { "inbound", "outbound" }, opened_by = "outbound", proto = "udp",
        window = window, rows_max = 16384,
        measure = {
          ports = distinct { "dst_port", direction = "outbound", dst_port = none_of(skip) },
          run = longest_run { "dst_port", direction = "outbound", dst_port = none_of(skip) },
          tries = packets { direction = "outbound" },
          answers = packets { direction = "inbound" },
        } }
    end
    return { tcp = tcp(p.window), udp = udp(p.window), tcp_slow = tcp(p.slow_window), udp_slow = udp(p.slow_window) }
  end,

  detect = function(p, c)
    local function report(row, type, what, window)
      if row.answers >= row.tries * p.answered then return end
      finding { type = type, subject = row["local"], target = row.remote, row = row,
        severity = row.ports >= 100 and "high" or "medium", confidence = row.answers > 0 and 0.9 or 0.7,
        reason = ("%s of %s in %s, %d of %d tries answered"):format(what, row.remote, window, row.answers, row.tries) }
    end
    local function look(counter, proto, limit, window)
      for row in counter:over { ports = limit } do
        report(row, "port_scan_unique_ports_" .. proto, ("%d %s ports"):format(row.ports, proto), window)
      end
      for row in counter:over { run = p.run } do
        report(row, "port_scan_sequential_" .. proto, ("%d consecutive %s ports"):format(row.run, proto), window)
      end
    end
    look(c.tcp, "tcp", p.unique_ports, p.window)
    look(c.udp, "udp", p.unique_ports, p.window)
    look(c.tcp_slow, "tcp", p.slow_ports, p.slow_window)
    look(c.udp_slow, "udp", p.slow_ports, p.slow_window)
  end,
}
