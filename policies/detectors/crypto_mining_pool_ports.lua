-- SPDX-License-Identifier: Apache-2.0
-- One of our hosts keeps a connection to a port that mining pools use. A port alone says little: so a first
-- connection is only noted. A miner comes again and stays, and it is slow: jobs and shares are a few small
-- packets a minute. That makes it medium, except on ports that belong to others as well.

local past_windows = 10

return detector {
  name = "crypto_mining_pool_ports",
  summary = "One of our hosts talks to a port of mining pools, again or for long, and little at a time",
  params = {
    ports = param.ports { { 3333, 4444, 5555, 6666, 7777, 14444 }, doc = "Ports of mining pools" },
    weak_ports = param.ports { { 5555, 6666, 7777 },
      doc = "Of these, the ports that chats, games and debuggers use too: never above low" },
    packets = param.count { 4, min = 1, unit = "packets", doc = "Packets after the handshake that make a conversation" },
    connections = param.count { 6, min = 2, unit = "connections", doc = "Connections within a window that are repeated ones" },
    windows = param.count { 2, min = 2, max = 10, unit = "windows",
      doc = "Windows of 30 s, of the last ten, with traffic: long-lived" },
    rate_max = param.count { 600, min = 10, unit = "packets", doc = "More packets in 30 s are no miner, but an application" },
  },

  counters = function(p)
    return {
      talks = counter { by = { "src", "dst", "dst_port" }, direction = "outbound", tcp = { "syn", "established" },
        dst_port = p.ports, window = "30s", history = past_windows, rows_max = 4096,
        measure = { packets = packets { tcp = "established" }, connections = packets { tcp = "syn" }, bytes = bytes() } },
    }
  end,

  detect = function(p, c)
    local weak = {}
    for i = 1, #p.weak_ports do
      for port = p.weak_ports[i][1], p.weak_ports[i][2] do weak[port] = true end
    end
    for row in c.talks:over { packets = 1 } do
      local windows, connections, most, packets = 1, row.connections, row.packets, row.packets
      for back = 1, past_windows do
        local before = row:past("packets", back)
        if before > 0 then windows = windows + 1 end
        connections = connections + row:past("connections", back)
        packets = packets + before
        most = math.max(most, before)
      end
      if packets >= p.packets and most <= p.rate_max then
        local stays = windows >= p.windows or connections >= p.connections
        local strong = stays and not weak[row.dst_port]
        finding { type = "crypto_mining_pool_ports", subject = row.src, target = row.dst, row = row,
          severity = strong and "medium" or "low", confidence = strong and 0.6 or stays and 0.4 or 0.2,
          measures = { windows = windows, connections_before = connections },
          reason = ("%d packets to the pool port %d of %s, %d connections, in %d of the last %d windows of 30 s"):format(
            packets, row.dst_port, row.dst, connections, windows, past_windows + 1) }
      end
    end
  end,
}
