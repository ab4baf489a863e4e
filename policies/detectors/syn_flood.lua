-- SPDX-License-Identifier: Apache-2.0
-- SYNs to one of our addresses far above what becomes a connection. A client that connects sends at least three
-- more packets, so on a busy server the SYNs stay a small part; in a flood from spoofed sources nothing follows.

return detector {
  name = "syn_flood",
  summary = "SYNs to one of our addresses, of which few become connections",
  params = {
    rate = param.count { 1000, min = 100, unit = "SYNs", doc = "SYNs to one address and port within a second" },
    host_rate = param.count { 3000, min = 100, unit = "SYNs", doc = "SYNs to one address, over all its ports" },
    sources = param.count { 20, min = 2, unit = "sources", doc = "Distinct sources, when it goes to many ports: one source that tries many ports scans" },
    completed = param.ratio { 0.5, doc = "SYNs for each packet of connections, up to which a server is just busy" },
  },

  counters = function()
    return {
      ports = counter { by = { "dst", "dst_port" }, direction = "inbound", tcp = "syn", window = "1s",
        measure = { syns = packets(), sources = distinct { "src", values_max = 4096 } } },
      hosts = counter { by = "local", direction = { "inbound", "outbound" }, proto = "tcp", window = "1s", measure = {
        syns = packets { direction = "inbound", tcp = "syn" },
        data = packets { direction = "inbound", tcp = "established" },
        sources = distinct { "remote", direction = "inbound", tcp = "syn", values_max = 1024 },
      } },
    }
  end,

  detect = function(p, c)
    local function report(row, subject, target, data, limit)
      finding { type = "syn_flood", subject = subject, target = target, row = row,
        severity = "high", confidence = row.syns >= 3 * limit and 0.95 or 0.85, measures = { data = data },
        reason = ("%d SYNs from %d sources to %s within a second, with %d packets of connections"):format(row.syns,
          row.sources, target, data) }
    end
    for row in c.ports:over { syns = p.rate } do
      local host = c.hosts:get(row.dst)
      local data = host and host.data or 0
      if row.syns > data * p.completed then report(row, row.dst, ("port %d"):format(row.dst_port), data, p.rate) end
    end
    for row in c.hosts:over { syns = p.host_rate, sources = p.sources } do
      if row.syns > row.data * p.completed then report(row, row["local"], "many ports", row.data, p.host_rate) end
    end
  end,
}
