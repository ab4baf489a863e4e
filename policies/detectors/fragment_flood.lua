-- SPDX-License-Identifier: Apache-2.0
-- Too many fragments come in to one of our addresses: they fill its reassembly, or are the larger part of a reflected
-- flood, whose later fragments have no ports. Answers with DNSSEC, a tunnel, a file system over UDP or a camera are
-- fragmented too. Behind these stands a question or a report, and few sources.

return detector {
  name = "fragment_flood",
  summary = "Many fragments come in to one of our addresses that it has no part in",
  params = {
    pps = param.count { 1500, min = 50, unit = "packets", doc = "Fragments within a second from many sources" },
    sources = param.count { 20, min = 2, unit = "sources", doc = "Distinct remote addresses that are many" },
    pps_few = param.count { 10000, min = 50, unit = "packets", doc = "Fragments within a second from fewer sources" },
    explains = param.count { 8, min = 1, max = 100, unit = "packets",
      doc = "Fragments that one packet out accounts for, where they come from many sources" },
    explains_few = param.count { 50, min = 1, max = 1000, unit = "packets", doc = "The same for few sources" },
  },

  counters = function()
    return {
      hosts = counter { by = "local", direction = { "inbound", "outbound" }, window = "1s", rows_max = 16384, measure = {
        packets = packets { direction = "inbound", fragment = true },
        bytes = bytes { direction = "inbound", fragment = true },
        sources = distinct { "remote", direction = "inbound", fragment = true, values_max = 1024 },
        -- What travels in fragments is anything but TCP and ICMP, and so is what answers it.
        answers = packets { direction = "outbound", proto = { "udp", 4, 41, "gre", "esp", "ah", 115, "sctp" } },
      } },
    }
  end,

  detect = function(p, c)
    for row in c.hosts:over { packets = math.min(p.pps, p.pps_few) } do
      local many = row.sources >= p.sources
      local limit = many and p.pps or p.pps_few
      local left = row.packets - row.answers * (many and p.explains or p.explains_few)
      if left >= limit then
        local one_way = row.answers == 0
        finding { type = "fragment_flood", subject = row["local"], row = row, confidence = one_way and 0.7 or 0.9,
          severity = left >= 5 * limit and "high" or "medium", measures = { unanswered = left },
          reason = ("%d fragments, %.1f MB from %d sources within a second, %d of them flood%s"):format(row.packets,
            row.bytes / 1e6, row.sources, left, one_way and "; nothing that could answer was seen" or "") }
      end
    end
  end,
}
