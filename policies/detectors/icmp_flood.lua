-- SPDX-License-Identifier: Apache-2.0
-- Too much ICMP comes in to one of our addresses. Echoes that it answers, as of a tunnel or a monitor, are an exchange;
-- errors are, as long as it sends what they can be about. From many sources at once, though, or faster than a link
-- test, nobody exchanges echoes: there, answers do not excuse, for most systems answer a flood as long as they can.

return detector {
  name = "icmp_flood",
  summary = "Much ICMP comes in to one of our addresses that it has no part in",
  params = {
    pps = param.count { 1000, min = 50, unit = "packets", doc = "ICMP packets within a second that nothing of ours accounts for" },
    sources = param.count { 50, min = 2, unit = "sources", doc = "Distinct remote addresses that are many" },
    pps_many = param.count { 3000, min = 50, unit = "packets",
      doc = "ICMP packets within a second from many sources that are a flood also when they are answered" },
    pps_answered = param.count { 10000, min = 100, unit = "packets", doc = "The same from few sources" },
    explains = param.count { 2, min = 1, max = 100, unit = "packets",
      doc = "Packets in that one ICMP packet out accounts for" },
    explains_replies = param.count { 20, min = 1, max = 1000, unit = "packets",
      doc = "Replies of few sources that one echo of ours accounts for; a tunnel may have more to say than it is asked" },
  },

  counters = function()
    local errors = { "unreachable", "time_exceeded" }
    return {
      hosts = counter { by = "local", direction = { "inbound", "outbound" }, window = "1s", rows_max = 16384, measure = {
        packets = packets { direction = "inbound", proto = "icmp" },
        bytes = bytes { direction = "inbound", proto = "icmp" },
        errors = packets { direction = "inbound", proto = "icmp", icmp_type = errors },
        replies = packets { direction = "inbound", proto = "icmp", icmp_type = "echo_reply" },
        asked = packets { direction = "outbound", proto = "icmp", icmp_type = "echo_request" },
        sources = distinct { "remote", direction = "inbound", proto = "icmp", values_max = 1024 },
        icmp_out = packets { direction = "outbound", proto = "icmp" },
        -- What errors are about. Data of connections is not counted: it meets few, and is most of what there is.
        udp_out = packets { direction = "outbound", proto = "udp" },
        syns_out = packets { direction = "outbound", tcp = "syn" },
      } },
    }
  end,

  detect = function(p, c)
    for row in c.hosts:over { packets = math.min(p.pps, p.pps_many) } do
      local echoes = row.packets - row.errors
      local errors = math.max(0, row.errors - row.udp_out - row.syns_out)
      local many = row.sources >= p.sources
      local replies = many and 0 or math.min(row.replies, row.asked * p.explains_replies)
      local left = math.max(0, echoes - replies - row.icmp_out * p.explains) + errors
      local answered_too = echoes + errors >= (many and p.pps_many or p.pps_answered)
      if left >= p.pps or answered_too then
        left = answered_too and echoes + errors or left
        local one_way = row.icmp_out + row.udp_out + row.syns_out == 0
        finding { type = "icmp_flood", subject = row["local"], row = row, confidence = one_way and 0.7 or 0.9,
          severity = left >= 5 * p.pps_many and "high" or "medium", measures = { unanswered = left },
          reason = ("%d ICMP packets from %d sources within a second, %d of them flood%s"):format(row.packets, row.sources, left,
            one_way and "; nothing that could answer was seen" or "") }
      end
    end
  end,
}
