-- SPDX-License-Identifier: Apache-2.0
-- One of our hosts sends to many remote addresses at once: a tool that floods, or a worm that spreads.
--
-- Two limits, both needed: how much, and toward how many. What keeps a crawler, a mail server, a resolver or a
-- voice server apart is not the rate but that the others answer: of the remote addresses, too few did.

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
    slow_hosts = param.count { 150, min = 10, unit = "hosts",
      doc = "Distinct remote addresses in the fast window, when the slow limits are reached" },
    flood_rate = param.count { 3000, min = 100, unit = "packets",
      doc = "UDP packets within one second that make udp_flood" },
    flood_hosts = param.count { 50, min = 10, unit = "hosts",
      doc = "Distinct remote addresses in the fast window, when the rate of udp_flood is reached" },
    answered_tcp = param.ratio { 0.5, doc = "Share of the remote hosts that accept, from which TCP is not abuse" },
    answered_udp = param.ratio { 0.2, doc = "Share of the remote hosts that send too, from which UDP is not abuse" },
  },

  -- Who was reached is counted in the fast window alone; the other windows count packets, which costs little.
  counters = function(p)
    local function sums(proto, class, window)
      return counter { by = "local", direction = { "inbound", "outbound" }, opened_by = "outbound", rows_max = 16384,
        proto = proto, tcp = class, window = window, measure = { packets = packets { direction = "outbound", tcp = class } } }
    end
    local function hosts(proto, try, answer, more)
      local measures = {
        packets = packets { direction = "outbound", tcp = try },
        hosts = distinct { "remote", direction = "outbound", tcp = try, values_max = 4096 },
        answered = distinct { "remote", direction = "inbound", tcp = answer, values_max = 4096 },
        seen = more,
      }
      return counter { by = "local", direction = { "inbound", "outbound" }, opened_by = "outbound", rows_max = 16384,
        proto = proto, tcp = try and { "syn", "synack", "rst" }, window = p.fast_window, measure = measures }
    end
    return {
      tcp = hosts("tcp", "syn", "synack", packets { direction = "inbound", tcp = { "synack", "rst" } }),
      tcp_slow = sums("tcp", "syn", p.slow_window),
      udp = hosts("udp"),
      udp_slow = sums("udp", nil, p.slow_window), udp_burst = sums("udp", nil, "1s"),
    }
  end,

  detect = function(p, c)
    -- `near` is the row of the fast window, which knows the hosts; `row` is the one whose limit was reached.
    local function tcp(type, row, near, window)
      local share = near.answered / near.hosts
      if share >= p.answered_tcp then return end
      finding { type = type, subject = row["local"], row = row, severity = "high",
        -- Of a real flood some answer, if only with a reset; where none does, we may see one direction only.
        confidence = near.seen > 0 and 0.9 or 0.6, measures = { remote_hosts = near.hosts, accepted_share = share },
        reason = ("%d connection tries in %s, to %d hosts in %s, of whom %d %% accepted%s"):format(row.packets, window,
          near.hosts, p.fast_window, share * 100, near.seen > 0 and "" or "; no answer at all was seen") }
    end
    -- Listeners of a voice server report every few seconds: the fast window knows them, a second does not.
    local function udp(type, row, near, window)
      local share = near.answered / near.hosts
      if share >= p.answered_udp then return end
      finding { type = type, subject = row["local"], row = row, severity = "high",
        confidence = near.answered > 0 and 0.9 or 0.6, measures = { remote_hosts = near.hosts, answered_share = share },
        reason = ("%d UDP packets in %s, to %d hosts in %s, of whom %d sent anything back"):format(row.packets, window,
          near.hosts, p.fast_window, near.answered) }
    end
    local function longer(report, type, rows, fast, hosts, window)
      for row in rows do
        local near = fast:get(row["local"])
        if near and near.hosts >= hosts then report(type, row, near, window) end
      end
    end

    for row in c.tcp:over { packets = p.fast_connections, hosts = p.fast_hosts } do
      tcp("ddos_fast_threshold_tcp", row, row, p.fast_window)
    end
    for row in c.udp:over { packets = p.fast_packets, hosts = p.fast_hosts } do
      udp("ddos_fast_threshold_udp", row, row, p.fast_window)
    end
    longer(tcp, "ddos_slow_threshold_tcp", c.tcp_slow:over { packets = p.slow_connections }, c.tcp, p.slow_hosts,
      p.slow_window)
    longer(udp, "ddos_slow_threshold_udp", c.udp_slow:over { packets = p.slow_packets }, c.udp, p.slow_hosts, p.slow_window)
    longer(udp, "udp_flood", c.udp_burst:over { packets = p.flood_rate }, c.udp, p.flood_hosts, "a second")
  end,
}
