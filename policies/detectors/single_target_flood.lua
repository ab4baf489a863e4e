-- SPDX-License-Identifier: Apache-2.0
-- One of our hosts floods one remote address. Uploads and streams can be as fast; but whoever receives them
-- sends something back: an acknowledgement for every few dozen segments, a report, a key exchange.

local types = { [6] = "tcp", [17] = "udp", [1] = "icmp", [58] = "icmp" }

return detector {
  name = "single_target_flood",
  summary = "One of our hosts floods one remote address that does not take part",
  params = {
    tcp_rate = param.count { 3000, min = 100, unit = "packets", doc = "TCP packets to one address within a second" },
    udp_rate = param.count { 5000, min = 100, unit = "packets", doc = "UDP packets to one address within a second" },
    icmp_rate = param.count { 1000, min = 50, unit = "packets", doc = "ICMP packets to one address within a second" },
    bytes = param.bytes { "60MB", min = "1MB", doc = "Bytes to one address within a second, whatever the packets" },
    answered_rate = param.count { 10000, min = 100, unit = "packets",
      doc = "ICMP packets within a second that are a flood also when they are answered" },
    answered = param.ratio { 0.015, doc = "Packets back for each sent, from which TCP and UDP are an exchange" },
  },

  counters = function()
    return {
      pairs = counter { by = { "local", "remote", "proto" }, direction = { "inbound", "outbound" },
        opened_by = "outbound", proto = { "tcp", "udp", "icmp" }, window = "1s", rows_max = 16384,
        measure = {
          packets = packets { direction = "outbound" },
          bytes = bytes { direction = "outbound" },
          back = packets { direction = "inbound" },
          -- A closed port resets every SYN: that is no exchange.
          back_tcp = packets { direction = "inbound", tcp = "established" },
        } },
    }
  end,

  detect = function(p, c)
    local rates = { tcp = p.tcp_rate, udp = p.udp_rate, icmp = p.icmp_rate }
    local function look(row)
      local type = types[row.proto]
      local back = type == "tcp" and row.back_tcp or row.back
      local fast = row.packets >= rates[type]
      if type == "icmp" then
        if not fast or (back >= row.packets / 2 and row.packets < p.answered_rate) then return end
      elseif not (fast or row.bytes >= p.bytes) or back >= row.packets * p.answered then
        return
      end
      finding { type = "single_target_flood_" .. type, subject = row["local"], target = row.remote, row = row,
        severity = row.packets >= 5 * rates[type] and "high" or "medium", confidence = row.back > 0 and 0.9 or 0.7,
        reason = ("%d packets, %.1f MB to %s within a second, %d back"):format(row.packets, row.bytes / 1e6, row.remote,
          back) }
    end
    local lowest = math.min(p.tcp_rate, p.udp_rate, p.icmp_rate)
    for row in c.pairs:over { packets = lowest } do look(row) end
    for row in c.pairs:over { bytes = p.bytes } do
      if row.packets < lowest then look(row) end
    end
  end,
}
