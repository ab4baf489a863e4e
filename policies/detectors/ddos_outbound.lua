-- SPDX-License-Identifier: Apache-2.0
-- One of our hosts sends to many remote addresses at once: a tool that floods, or a worm that spreads.
--
-- Two limits, both needed: how much, and toward how many. What keeps a crawler, a mail server, a resolver or a
-- voice server apart is not the rate but that the others answer: of the remote addresses, too few did.

local function share(part, whole) return whole > 0 and part / whole or 0 end

return detector {
  name = "ddos_outbound",
  summary = "One of our hosts sends connections or UDP packets to many remote addresses that do not answer",
  params = {
    fast_window = param.duration { "10s", min = "1s", max = "1m", doc = "Window of the fast form" },
    fast_connections = param.count { 2000, min = 100, unit = "SYNs",
      doc = "Connection tries in the fast window; above what a file-sharing client does at its start" },
    fast_packets = param.count { 10000, min = 100, unit = "packets", doc = "UDP packets in the fast window" },
    fast_hosts = param.count { 300, min = 10, unit = "hosts", doc = "Distinct remote addresses in the fast window" },
    slow_window = param.duration { "2m", min = "1m", max = "5m", doc = "Window of the slow form" },
    slow_connections = param.count { 6000, min = 100, unit = "SYNs", doc = "Connection tries in the slow window" },
    slow_packets = param.count { 60000, min = 100, unit = "packets", doc = "UDP packets in the slow window" },
    slow_hosts = param.count { 2000, min = 10, unit = "hosts", doc = "Distinct remote addresses in the slow window" },
    flood_rate = param.count { 3000, min = 100, unit = "packets",
      doc = "UDP packets within one second that make udp_flood" },
    flood_hosts = param.count { 50, min = 10, unit = "hosts", doc = "Distinct remote addresses of udp_flood" },
    answered_tcp = param.ratio { 0.5, doc = "Share of the remote hosts that accept, from which TCP is not abuse" },
    answered_udp = param.ratio { 0.2, doc = "Share of the remote hosts that send too, from which UDP is not abuse" },
  },

  counters = function(p)
    local both = { "inbound", "outbound" }
    local function tries(window)
      return counter { by = "local", direction = both, proto = "tcp", tcp = { "syn", "synack", "rst" }, window = window,
        measure = {
          connections = packets { direction = "outbound", tcp = "syn" },
          hosts = distinct { "remote", direction = "outbound", tcp = "syn", values_max = 4096 },
          accepted = distinct { "remote", direction = "inbound", tcp = "synack", values_max = 4096 },
          seen = packets { direction = "inbound" },
        } }
    end
    local function sent(window)
      return counter { by = "local", direction = both, proto = "udp", window = window,
        measure = {
          packets = packets { direction = "outbound" },
          hosts = distinct { "remote", direction = "outbound", values_max = 4096 },
          talkers = distinct { "remote", direction = "inbound", values_max = 4096 },
        } }
    end
    return {
      tcp_fast = tries(p.fast_window), tcp_slow = tries(p.slow_window),
      udp_fast = sent(p.fast_window), udp_slow = sent(p.slow_window), udp_burst = sent("1s"),
    }
  end,

  detect = function(p, c)
    local function tcp(rows, type, window)
      for row in rows do
        local accepted = share(row.accepted, row.hosts)
        if accepted < p.answered_tcp then
          finding { type = type, subject = row["local"], row = row, severity = "high",
            -- Of a real flood some answer, if only with a reset; where none does, we may see one direction only.
            confidence = row.seen > 0 and 0.9 or 0.7, measures = { accepted_share = accepted },
            reason = ("%d connection tries to %d hosts in %s, %d %% of them accepted%s"):format(row.connections,
              row.hosts, window, accepted * 100, row.seen > 0 and "" or "; no answer at all was seen") }
        end
      end
    end
    local function udp(rows, type, window)
      for row in rows do
        local answered = share(row.talkers, row.hosts)
        if answered < p.answered_udp then
          finding { type = type, subject = row["local"], row = row, severity = "high",
            confidence = row.talkers > 0 and 0.9 or 0.7, measures = { answered_share = answered },
            reason = ("%d UDP packets to %d hosts in %s, %d hosts sent anything back"):format(row.packets, row.hosts,
              window, row.talkers) }
        end
      end
    end
    tcp(c.tcp_fast:over { connections = p.fast_connections, hosts = p.fast_hosts }, "ddos_fast_threshold_tcp",
      p.fast_window)
    tcp(c.tcp_slow:over { connections = p.slow_connections, hosts = p.slow_hosts }, "ddos_slow_threshold_tcp",
      p.slow_window)
    udp(c.udp_fast:over { packets = p.fast_packets, hosts = p.fast_hosts }, "ddos_fast_threshold_udp", p.fast_window)
    udp(c.udp_slow:over { packets = p.slow_packets, hosts = p.slow_hosts }, "ddos_slow_threshold_udp", p.slow_window)

    for row in c.udp_burst:over { packets = p.flood_rate, hosts = p.flood_hosts } do
      -- Listeners of a voice server report every few seconds: ask the longer window who of them speaks.
      local recent = c.udp_fast:get(row["local"])
      local answered = recent and share(recent.talkers, recent.hosts) or 0
      if answered < p.answered_udp then
        finding { type = "udp_flood", subject = row["local"], row = row, severity = "high",
          confidence = answered > 0 and 0.9 or 0.7, measures = { answered_share = answered },
          reason = ("%d UDP packets to %d hosts within a second, %d %% of them sent anything back"):format(row.packets,
            row.hosts, answered * 100) }
      end
    end
  end,
}
