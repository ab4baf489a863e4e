-- SPDX-License-Identifier: Apache-2.0
-- The victim's view of a flood: too much comes in to one of our addresses, or over a prefix of ours (carpet
-- bombing), and nothing of it is an exchange. A busy server gets as much, but it answers: one acknowledgement
-- for a few dozen segments at least. What merely refuses (resets, SYN-ACKs, ICMP) does not count as an answer.
--
-- So each packet out accounts for some packets in, of its own kind: connections for connections, the rest for the
-- rest. What is left is the flood. A busy victim accounts for much; there, a second question: do most of the
-- sources get anything from us at all? And for SYNs: a client that connects sends at least three more packets, so on
-- a busy server they stay a small part; in a flood from spoofed sources nothing follows.
--
-- The same from the other end: one remote address that sends to many of ours, to none of them much. TCP and ICMP are left
-- out there: who tries many of ours by them scans, and a victim elsewhere, where our addresses are spoofed, answers by them.

-- Protocols that carry an exchange beside TCP and UDP: IP in IP, IPv6 in IPv4, GRE, ESP, AH, L2TP, SCTP.
local exchanges = { "udp", 4, 41, "gre", "esp", "ah", 115, "sctp" }

-- What comes in to a host beyond what its packets out account for.
local function unexplained(p, row)
  -- A connection begins with a SYN, goes on with two packets at least, and some end with a reset.
  local connections = row.data / 2
  local other = row.packets - row.data - math.min(row.syns, connections) - math.min(row.resets, connections)
  -- Where nothing that goes out is seen, data of connections may well be answered: it does not count.
  local data = row.partners == 0 and 0 or math.max(0, row.data - row.out_tcp * p.explains)
  local left = math.max(0, other - row.out_other * p.explains) + data
  if row.sources >= p.sources and row.partners < row.sources * p.partners then
    left = math.max(left, other - row.out_other * p.explains_partner)
  end
  return left
end

local function over_host(row, type, left, much)
  local one_way = row.partners == 0
  finding { type = type, subject = row["local"], row = row, severity = much and "high" or "medium",
    confidence = one_way and 0.7 or 0.9, measures = { unanswered = left },
    reason = ("%d packets, %.1f MB from %d sources within a second, %d packets of them unanswered%s"):format(
      row.packets, row.bytes / 1e6, row.sources, left, one_way and "; nothing that goes out was seen" or "") }
end

local function over_prefix(p, row, type)
  local left = row.packets - row.data - row.out_other * p.explains_prefix
  local bytes = (row.bytes - row.data_bytes) * left / math.max(1, row.packets - row.data)
  local times = type == "flood_pps" and left / p.prefix_pps or bytes / p.prefix_bps
  if left <= 0 or times < 1 then return end
  finding { type = type, subject = row["local"], row = row, severity = times >= 5 and "high" or "medium",
    confidence = row.out_other > 0 and 0.9 or 0.7, measures = { unanswered = left },
    reason = ("%d packets, %.1f MB to %d hosts of the prefix within a second, %d packets of them unanswered"):format(
      row.packets, row.bytes / 1e6, row.hosts, left) }
end

local function from_remote(p, row, type)
  local left = row.packets - row.answers * p.explains
  local times = left / row.packets * (type == "flood_pps" and row.packets / p.pps_few or row.bytes / p.bps_few)
  if left <= 0 or times < 1 then return end
  finding { type = type, subject = row.remote, row = row, severity = times >= 5 and "high" or "medium",
    confidence = row.answers > 0 and 0.9 or 0.7, measures = { unanswered = left },
    reason = ("%d packets, %.1f MB from one address within a second, %d packets of them unanswered"):format(row.packets,
      row.bytes / 1e6, left) }
end

local function syn_flood(p, row, host, subject, target, limit)
  local data = host and host.data or 0
  if row.syns <= data * p.completed then return end
  local one_way = not host or host.partners == 0
  finding { type = "syn_flood", subject = subject, target = target, row = row, severity = "high",
    confidence = one_way and 0.7 or 0.9, measures = { data = data },
    reason = ("%d SYNs to %s within a second, the host has %d sources and %d packets of connections"):format(row.syns,
      target, host and host.sources or 0, data) }
end

-- SYN-ACKs of connections that nobody here opened, and resets that nothing of ours brought about: somebody opens
-- connections to many servers in the name of this address.
local function reflected(p, row)
  local one_way = row.partners == 0
  -- Of a connection whose other half is not seen, data comes in after the SYN-ACK.
  local synacks = row.synacks - (one_way and row.data / 2 or 2 * row.opened)
  local resets = row.resets - row.opened - row.accepted - row.out_tcp - row.data
  local left = math.max(0, synacks) + math.max(0, resets)
  if left < p.handshakes then return end
  finding { type = "reflection_flood", subject = row["local"], row = row, severity = left >= 5 * p.pps and "high" or "medium",
    confidence = one_way and 0.7 or 0.9, measures = { unasked = left },
    reason = ("%d SYN-ACKs and resets from %d hosts within a second that nothing of ours brought about%s"):format(left,
      row.reflectors, one_way and "; nothing that goes out was seen" or "") }
end

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
    syns = param.count { 1000, min = 100, unit = "SYNs", doc = "SYNs to one address and port within a second" },
    syns_host = param.count { 3000, min = 100, unit = "SYNs",
      doc = "SYNs to one address within a second, over all its ports, from many sources" },
    completed = param.ratio { 0.5, doc = "SYNs for each packet of connections, up to which a server is just busy" },
    handshakes = param.count { 300, min = 20, unit = "packets",
      doc = "SYN-ACKs and resets within a second that nothing of ours brought about" },
    handshake_hosts = param.count { 50, min = 5, unit = "hosts", doc = "Distinct hosts that they come from" },
    prefix_pps = param.count { 10000, min = 1000, unit = "packets", doc = "Packets within a second over one prefix" },
    prefix_bps = param.bytes { "125MB", min = "1MB", doc = "Bytes within a second over one prefix" },
    prefix_hosts = param.count { 32, min = 4, unit = "hosts", doc = "Distinct hosts of the prefix that get them" },
    v4_bits = param.count { 24, min = 8, max = 31, unit = "bits", doc = "Length of an IPv4 prefix that counts as one victim" },
    v6_bits = param.count { 64, min = 16, max = 127, unit = "bits", doc = "Length of an IPv6 prefix that counts as one victim" },
    explains = param.count { 50, min = 2, max = 1000, unit = "packets",
      doc = "Packets in that one packet out accounts for; a receiver acknowledges every few dozen segments" },
    explains_partner = param.count { 4, min = 1, max = 1000, unit = "packets",
      doc = "The same where most sources get nothing from us" },
    explains_prefix = param.count { 20, min = 2, max = 1000, unit = "packets", doc = "The same over a prefix, connections aside" },
    partners = param.ratio { 0.5, doc = "Share of the sources that get something from us, from which they are clients" },
  },

  counters = function(p)
    local both = { "inbound", "outbound" }
    return {
      hosts = counter { by = "local", direction = both, window = "1s", rows_max = 16384, measure = {
        packets = packets { direction = "inbound" },
        bytes = bytes { direction = "inbound" },
        data = packets { direction = "inbound", tcp = "established" },
        syns = packets { direction = "inbound", tcp = "syn" },
        synacks = packets { direction = "inbound", tcp = "synack" },
        resets = packets { direction = "inbound", tcp = "rst" },
        reflectors = distinct { "remote", direction = "inbound", tcp = { "synack", "rst" }, values_max = 1024 },
        opened = packets { direction = "outbound", tcp = "syn" },
        accepted = packets { direction = "outbound", tcp = "synack" },
        out_tcp = packets { direction = "outbound", tcp = "established" },
        out_other = packets { direction = "outbound", proto = exchanges },
        sources = distinct { "remote", direction = "inbound", values_max = 1024 },
        partners = distinct { "remote", direction = "outbound", values_max = 1024 },
      } },
      ports = counter { by = { "dst", "dst_port" }, direction = "inbound", tcp = "syn", window = "1s", rows_max = 8192,
        measure = { syns = packets() } },
      prefixes = counter { by = { { "local", v4 = p.v4_bits, v6 = p.v6_bits } }, direction = both, window = "1s",
        rows_max = 8192, measure = {
          packets = packets { direction = "inbound" },
          bytes = bytes { direction = "inbound" },
          data = packets { direction = "inbound", tcp = "established" },
          data_bytes = bytes { direction = "inbound", tcp = "established" },
          out_other = packets { direction = "outbound", proto = exchanges },
          hosts = distinct { "local", direction = "inbound", values_max = 1024 },
        } },
      remotes = counter { by = "remote", direction = both, opened_by = "inbound", proto = exchanges, window = "1s",
        rows_max = 16384, measure = {
          packets = packets { direction = "inbound" },
          bytes = bytes { direction = "inbound" },
          answers = packets { direction = "outbound" },
        } },
    }
  end,

  detect = function(p, c)
    for row in c.hosts:over { packets = math.min(p.pps, p.pps_few) } do
      local left = unexplained(p, row)
      local limit = row.sources >= p.sources and p.pps or p.pps_few
      if left >= limit or row.packets >= p.pps_any then over_host(row, "flood_pps", left, left >= 5 * limit) end
    end
    for row in c.hosts:over { bytes = math.min(p.bps, p.bps_few) } do
      local left = unexplained(p, row)
      local limit = row.sources >= p.sources and p.bps or p.bps_few
      local bytes = row.bytes * left / row.packets
      if bytes >= limit then over_host(row, "flood_bps", left, bytes >= 5 * limit) end
    end

    for row in c.hosts:over { reflectors = p.handshake_hosts } do reflected(p, row) end

    for row in c.prefixes:over { packets = p.prefix_pps, hosts = p.prefix_hosts } do over_prefix(p, row, "flood_pps") end
    for row in c.prefixes:over { bytes = p.prefix_bps, hosts = p.prefix_hosts } do over_prefix(p, row, "flood_bps") end

    for row in c.remotes:over { packets = p.pps_few } do from_remote(p, row, "flood_pps") end
    for row in c.remotes:over { bytes = p.bps_few } do from_remote(p, row, "flood_bps") end

    for row in c.ports:over { syns = p.syns } do
      syn_flood(p, row, c.hosts:get(row.dst), row.dst, ("port %d"):format(row.dst_port), p.syns)
    end
    -- From many sources: one source that tries many ports scans.
    for row in c.hosts:over { syns = p.syns_host, sources = p.sources } do
      syn_flood(p, row, row, row["local"], "many ports", p.syns_host)
    end
  end,
}
