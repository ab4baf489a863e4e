-- SPDX-License-Identifier: Apache-2.0
-- One of our hosts tries one port, or echo, on many other hosts: a worm, a botnet looking for more of itself.
-- What it finds rarely answers. (Over UDP, how much comes back is counted for the host, not for the port: a row for
-- each port and host that sends to us would be too many.) Peers of file sharing and of crypto currencies look alike, on ports of their own.

local ephemeral = { 32768, 65535 }

local function with(first, more)
  local out = { first }
  for i = 1, #more do out[i + 1] = more[i] end
  return out
end

return detector {
  name = "host_scan",
  summary = "One of our hosts tries one port, or echo, on many hosts that do not answer",
  params = {
    window = param.duration { "10s", min = "1s", max = "1m", doc = "How long a try is remembered" },
    hosts = param.count { 100, min = 5, unit = "hosts", doc = "Distinct hosts that make a scan" },
    slow_window = param.duration { "5m", min = "1m", max = "24h", doc = "Window of the slow form" },
    slow_hosts = param.count { 400, min = 5, unit = "hosts", doc = "Distinct hosts in the slow window" },
    worm_ports = param.ports { { 23, 135, 139, 445, 1433, 2323, 3306, 3389, 5432, 5555, 5900, 6379, 7547, 37215 },
      doc = "Ports that worms go for: few hosts are enough, if none of them answers" },
    worm_hosts = param.count { 10, min = 5, unit = "hosts", doc = "Distinct hosts on a worm port, none of which answers" },
    peer_ports = param.ports { { 4662, 4672, { 6346, 6347 }, { 6881, 6889 }, 8333, 9333, 18333, 26656, 30303, 51413 },
      doc = "Ports of peer-to-peer networks, which never count" },
    answered = param.ratio { 0.5, doc = "Share of the hosts that answer, from which it is no scan" },
    answered_fresh = param.ratio { 0.1, doc = "The same where all tries are of the last second: answers are still on their way" },
  },

  counters = function(p)
    local from = { "outbound", "internal" }
    local back = { "inbound", "internal" }
    local function tcp(window, ports)
      return counter { by = { "src", "dst_port" }, direction = from, tcp = { "syn", "probe" }, dst_port = ports,
        window = window, rows_max = 8192,
        measure = { hosts = distinct { "dst", values_max = 4096 }, tries = packets() } }
    end
    local function udp(window)
      return counter { by = { "src", "dst_port" }, direction = "outbound", proto = "udp", src_port = { { 1024, 65535 } },
        dst_port = none_of(with(ephemeral, p.peer_ports)), window = window, rows_max = 8192,
        measure = { hosts = distinct { "dst", values_max = 4096 }, tries = packets() } }
    end
    local function answers(window)
      return counter { by = { "dst", "src_port" }, direction = back, tcp = "synack", src_port = none_of { ephemeral },
        window = window, rows_max = 8192, measure = { hosts = distinct { "src", values_max = 4096 } } }
    end
    local function last_second(fields)
      fields.window, fields.measure = "1s", { tries = packets() }
      return counter(fields)
    end
    local ports = none_of(with(ephemeral, p.peer_ports))
    return {
      tcp = tcp(p.window, ports), tcp_slow = tcp(p.slow_window, ports), worm = tcp(p.window, p.worm_ports),
      tcp_answers = answers(p.window), tcp_slow_answers = answers(p.slow_window),
      tcp_last = last_second { by = { "src", "dst_port" }, direction = from, tcp = { "syn", "probe" }, dst_port = ports,
        rows_max = 8192 },
      udp = udp(p.window), udp_slow = udp(p.slow_window),
      udp_last = last_second { by = { "src", "dst_port" }, direction = "outbound", proto = "udp",
        src_port = { { 1024, 65535 } }, dst_port = ports, rows_max = 8192 },
      udp_back = counter { by = "local", direction = { "inbound", "outbound" }, opened_by = "outbound", proto = "udp",
        window = p.window, rows_max = 16384,
        measure = { back = packets { direction = "inbound" }, sent = packets { direction = "outbound" } } },
      echo = counter { by = "src", direction = from, proto = "icmp", icmp_type = "echo_request", window = p.window,
        measure = { hosts = distinct { "dst", values_max = 4096 }, tries = packets() } },
      echo_answers = counter { by = "dst", direction = back, proto = "icmp", icmp_type = "echo_reply", window = p.window,
        measure = { hosts = distinct { "src", values_max = 4096 } } },
    }
  end,

  detect = function(p, c)
    local function look(row, answered, type, what, window, most)
      if answered >= row.hosts * most then return end
      finding { type = type, subject = row.src, row = row, severity = row.hosts >= 2 * p.hosts and "high" or "medium",
        confidence = answered > 0 and 0.9 or row.hosts >= p.hosts and 0.7 or 0.6, measures = { answered = answered },
        reason = ("%s of %d hosts tried in %s, %d of them answered"):format(what, row.hosts, window, answered) }
    end
    -- Where a burst has just begun, few answers can be here.
    local function bar(row, last)
      local fresh = last:get { src = row.src, dst_port = row.dst_port }
      return fresh and fresh.tries >= 0.9 * row.tries and p.answered_fresh or p.answered
    end
    local function tcp(tries, answers, limit, window, most)
      for row in tries:over { hosts = limit } do
        local answer = answers:get { dst = row.src, src_port = row.dst_port }
        look(row, answer and answer.hosts or 0, "host_scan_tcp", ("TCP port %d"):format(row.dst_port), window,
          most or bar(row, c.tcp_last))
      end
    end
    local function udp(tries, limit, window)
      for row in tries:over { hosts = limit } do
        local all = c.udp_back:get(row.src)
        local share = all and all.back / math.max(1, all.sent) or 0
        look(row, math.floor(math.min(1, share) * row.hosts), "host_scan_udp", ("UDP port %d"):format(row.dst_port), window,
          bar(row, c.udp_last))
      end
    end
    tcp(c.tcp, c.tcp_answers, p.hosts, p.window)
    tcp(c.tcp_slow, c.tcp_slow_answers, p.slow_hosts, p.slow_window)
    -- None at all: a tenth of ten.
    tcp(c.worm, c.tcp_answers, p.worm_hosts, p.window, 0.1)
    udp(c.udp, p.hosts, p.window)
    udp(c.udp_slow, p.slow_hosts, p.slow_window)
    for row in c.echo:over { hosts = p.hosts } do
      local answer = c.echo_answers:get(row.src)
      look(row, answer and answer.hosts or 0, "host_scan_icmp", "echo", p.window, p.answered)
    end
  end,
}
