-- SPDX-License-Identifier: Apache-2.0
-- Somebody asks many servers in the name of one of our addresses, and their answers come here, from the ports of services
-- that amplify. (The same over TCP, with SYN-ACKs, is found by flood, which counts connections anyway.)
--
-- What was asked for is no attack: a resolver has a question for each answer. What is left over counts, and only if it is
-- of many servers. Later fragments have no ports; they count in fragment_flood. Where no UDP that goes out is seen,
-- questions are not either; there, answers of services that have many clients must be as large as amplified ones, and
-- none may go from service to service (time servers, mDNS).

return detector {
  name = "reflection_flood",
  summary = "Many servers send one of our addresses UDP answers that it did not ask for",
  params = {
    window = param.duration { "10s", min = "1s", max = "1m", doc = "How long an answer and its question are remembered" },
    ports = param.ports { { 17, 19, 53, 69, 111, 123, 137, 161, 389, 520, 751, 1434, 1900, 3283, 3702, 5353, 5683, 11211, 27015,
      37810 }, doc = "Source ports of services that amplify" },
    answers = param.count { 100, min = 20, unit = "packets", doc = "UDP answers in the window that nobody asked for" },
    reflectors = param.count { 20, min = 5, unit = "hosts", doc = "Distinct hosts that they come from" },
    per_question = param.count { 4, min = 1, max = 100, unit = "packets", doc = "Answers that one question accounts for" },
    client_ports = param.ports { { 53, 161, 5353, 27015 },
      doc = "Of these, the ports of which one client gets answers from many hosts" },
    size = param.bytes { "600B", min = "60B", max = "9000B",
      doc = "Mean size from which answers from these are amplified, asked only where nothing that goes out is seen" },
    heavy = param.count { 5000, min = 100, unit = "packets", doc = "Packets in the window from which severity is high" },
  },

  counters = function(p)
    return {
      hosts = counter { by = "local", direction = { "inbound", "outbound" }, proto = "udp", window = p.window, rows_max = 16384,
        measure = {
          answers = packets { direction = "inbound", src_port = p.ports },
          client_answers = packets { direction = "inbound", src_port = p.client_ports },
          client_bytes = bytes { direction = "inbound", src_port = p.client_ports },
          to_services = packets { direction = "inbound", src_port = p.ports, dst_port = p.ports },
          reflectors = distinct { "remote", direction = "inbound", src_port = p.ports, values_max = 1024 },
          asked = packets { direction = "outbound", dst_port = p.ports },
          sent = packets { direction = "outbound" },
        } },
    }
  end,

  detect = function(p, c)
    for row in c.hosts:over { answers = p.answers, reflectors = p.reflectors } do
      local one_way = row.sent == 0
      local left = row.answers - row.asked * p.per_question
      if one_way then
        local ordinary = row.client_bytes < row.client_answers * p.size and row.client_answers or 0
        left = row.answers - ordinary - row.to_services
      end
      if left >= p.answers then
        finding { type = "reflection_flood", subject = row["local"], row = row,
          severity = left >= p.heavy and "high" or "medium", confidence = one_way and 0.7 or 0.9, measures = { unasked = left },
          reason = ("%d answers from %d hosts in %s that nobody asked for%s"):format(left, row.reflectors, p.window,
            one_way and "; no UDP that goes out was seen" or "") }
      end
    end
  end,
}
