-- SPDX-License-Identifier: Apache-2.0
-- The victim's view of a flood: too much comes in to one of our addresses, or over a prefix of ours (carpet
-- bombing), and nothing of it is an exchange. A busy server gets as much, but it answers: one acknowledgement
-- for a few dozen segments at least. What merely refuses (resets, SYN-ACKs, ICMP) does not count as an answer.

-- Protocols that carry an exchange beside TCP and UDP: IP in IP, IPv6 in IPv4, GRE, ESP, AH, L2TP, SCTP.
local exchanges = { "udp", 4, 41, "gre", "esp", "ah", 115, "sctp" }

return detector {
  name = "flood",
  summary = "Much more comes in to one of our addresses or prefixes than it takes part in",
  params = {
    pps = param.count { 2000, min = 100, unit = "packets", doc = "Packets within a second from many sources" },
    sources = param.count { 50, min = 2, unit = "sources", doc = "Distinct remote addresses that are many" },
    pps_few = param.count { 10000, min = 100, unit = "packets", doc = "Packets within a second from few sources" },
    bps = param.bytes { "25MB", min = "100KB", doc = "Bytes within a second from many sources" },
    bps_few = param.bytes { "125MB", min = "100KB", doc = "Bytes within a second from few sources" },
    pps_any = param.count { 400000, min = 1000, unit = "packets",
      doc = "Packets within a second that are too much also when they are answered" },
    prefix_pps = param.count { 10000, min = 1000, unit = "packets", doc = "Packets within a second over one prefix" },
    prefix_hosts = param.count { 32, min = 4, unit = "hosts", doc = "Distinct hosts of the prefix that get them" },
    v4_bits = param.count { 24, min = 8, max = 31, unit = "bits", doc = "Length of an IPv4 prefix that counts as one victim" },
    v6_bits = param.count { 64, min = 16, max = 127, unit = "bits", doc = "Length of an IPv6 prefix that counts as one victim" },
    answered = param.ratio { 0.02, doc = "Packets out for each that comes in, from which it is an exchange" },
  },

  counters = function(p)
    local both = { "inbound", "outbound" }
    return {
      hosts = counter { by = "local", direction = both, window = "1s", measure = {
        packets = packets { direction = "inbound" },
        bytes = bytes { direction = "inbound" },
        sources = distinct { "remote", direction = "inbound", values_max = 1024 },
        data = packets { direction = "inbound", tcp = "established" },
        out_tcp = packets { direction = "outbound", tcp = "established" },
        out_other = packets { direction = "outbound", proto = exchanges },
        out = packets { direction = "outbound" },
      } },
      prefixes = counter { by = { { "local", v4 = p.v4_bits, v6 = p.v6_bits } }, direction = both, window = "1s",
        rows_max = 8192, measure = {
          packets = packets { direction = "inbound" },
          hosts = distinct { "local", direction = "inbound", values_max = 1024 },
          out_tcp = packets { direction = "outbound", tcp = "established" },
          out_other = packets { direction = "outbound", proto = exchanges },
        } },
    }
  end,

  detect = function(p, c)
    local function exchanged(row) return row.out_tcp + row.out_other >= row.packets * p.answered end
    local function report(row, type, much)
      local one_way = row.out == 0
      finding { type = type, subject = row["local"], row = row, severity = much and "high" or "medium",
        confidence = one_way and 0.7 or 0.9,
        reason = ("%d packets, %.1f MB from %d sources within a second%s"):format(row.packets, row.bytes / 1e6,
          row.sources, one_way and "; nothing that goes out was seen" or "") }
    end

    for row in c.hosts:over { packets = math.min(p.pps, p.pps_few) } do
      -- Where nothing that goes out is seen, data of connections may well be answered: it does not count.
      local counted = row.out == 0 and row.packets - row.data or row.packets
      local limit = row.sources >= p.sources and p.pps or p.pps_few
      if (counted >= limit and not exchanged(row)) or row.packets >= p.pps_any then
        report(row, "flood_pps", counted >= 5 * limit)
      end
    end
    for row in c.hosts:over { bytes = math.min(p.bps, p.bps_few) } do
      local limit = row.sources >= p.sources and p.bps or p.bps_few
      local mostly_data = row.out == 0 and row.data >= row.packets / 2
      if row.bytes >= limit and not exchanged(row) and not mostly_data then
        report(row, "flood_bps", row.bytes >= 5 * limit)
      end
    end
    for row in c.prefixes:over { packets = p.prefix_pps, hosts = p.prefix_hosts } do
      if not exchanged(row) then
        finding { type = "flood_pps", subject = row["local"], row = row, severity = "medium", confidence = 0.8,
          reason = ("%d packets to %d hosts of the prefix within a second"):format(row.packets, row.hosts) }
      end
    end
  end,
}
