-- SPDX-License-Identifier: Apache-2.0
-- One of our hosts asks many reflectors: services that answer small UDP questions with large answers, to
-- whoever stands as the sender. Who asks for himself, as a resolver, an NTP client or a server browser does, gets
-- answers from most of those he asks.

return detector {
  name = "udp_amplification",
  summary = "One of our hosts sends UDP to the amplification ports of many remote hosts that do not answer it",
  params = {
    window = param.duration { "10s", min = "1s", max = "5m", doc = "How long a question is remembered" },
    ports = param.ports { { 19, 53, 111, 123, 137, 161, 389, 520, 751, 1434, 1900, 5353, 11211, 27015 },
      doc = "Ports of services that amplify" },
    packets = param.count { 500, min = 10, unit = "packets", doc = "Questions in the window" },
    hosts = param.count { 50, min = 5, unit = "hosts", doc = "Distinct hosts that were asked in the window" },
    answered = param.ratio { 0.4, doc = "Share of the asked hosts that answer, from which it is a client" },
  },

  counters = function(p)
    local function of(fields)
      fields.by, fields.direction = "local", { "inbound", "outbound" }
      fields.proto, fields.window, fields.rows_max = "udp", p.window, 16384
      return counter(fields)
    end
    return {
      asked = of { dst_port = p.ports, measure = {
        packets = packets { direction = "outbound" },
        hosts = distinct { "remote", direction = "outbound", values_max = 4096 },
      } },
      answered = of { src_port = p.ports, measure = { hosts = distinct { "remote", direction = "inbound", values_max = 4096 } } },
    }
  end,

  detect = function(p, c)
    for row in c.asked:over { packets = p.packets, hosts = p.hosts } do
      local answers = c.answered:get(row["local"])
      local answerers = answers and answers.hosts or 0
      local share = answerers / row.hosts
      if share < p.answered then
        finding { type = "udp_amplification_attack", subject = row["local"], row = row, severity = "critical",
          confidence = answerers > 0 and 0.9 or 0.7, measures = { answered_share = share },
          reason = ("%d questions to the amplification ports of %d hosts in %s, %d of them answered"):format(
            row.packets, row.hosts, p.window, answerers) }
      end
    end
  end,
}
