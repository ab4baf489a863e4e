-- SPDX-License-Identifier: Apache-2.0
-- What comes in goes to many ports and addresses of ours in its usual proportions. When a flood joins in, most of it
-- goes to one: the Shannon entropy of service ports (below 32768), or of local addresses, falls far below what it
-- was. So it does for a large upload or download into a small network: medium only where what goes out did not rise.

return detector {
  name = "entropy_collapse",
  summary = "What comes in suddenly goes to one port or one address",
  params = {
    z = param.number { 3.0, min = 1, max = 100, unit = "standard deviations", doc = "Distance below the mean entropy" },
    port_bits = param.number { 3.0, min = 0.1, max = 15, unit = "bits", doc = "Entropy of service ports below which it is a collapse" },
    address_bits = param.number { 1.0, min = 0.1, max = 20, unit = "bits", doc = "The same of local addresses" },
    pps = param.count { 5000, min = 100, unit = "packets",
      doc = "Packets within a second (for ports: to service ports) below which entropy says little" },
    alpha = param.number { 0.1, min = 0.001, max = 1, unit = "weight", doc = "Weight of the newest second in the baseline" },
    warmup = param.count { 30, min = 5, max = 3600, unit = "seconds", doc = "Seconds with traffic that the baseline takes first" },
    explains = param.count { 50, min = 2, max = 1000, unit = "packets",
      doc = "Packets more in that one packet more out accounts for" },
  },

  counters = function(p)
    local service = { { 1, 32767 } }
    return {
      all = counter { direction = { "inbound", "outbound" }, window = "1s", history = 5, measure = {
        packets = packets { direction = "inbound" },
        to_services = packets { direction = "inbound", dst_port = service },
        sent = packets { direction = "outbound" },
        port_entropy = entropy { "dst_port", direction = "inbound", dst_port = service, values_max = 1024 },
        address_entropy = entropy { "local", direction = "inbound", values_max = 1024 },
        z_port = baseline { "port_entropy", alpha = p.alpha, warmup = p.warmup },
        z_address = baseline { "address_entropy", alpha = p.alpha, warmup = p.warmup },
      } },
    }
  end,

  detect = function(p, c)
    local row = c.all:get()
    if not row or row.packets < p.pps then return end
    local function usual(name)
      local sum = 0
      for back = 1, 5 do sum = sum + row:past(name, back) end
      return sum / 5
    end
    local function look(type, what, bits, limit, z)
      if bits >= limit or z > -p.z then return end
      local more_in, more_out = row.packets - usual("packets"), row.sent - usual("sent")
      local unanswered = row.sent > 0 and more_in > 0 and more_out * p.explains < more_in
      finding { type = type, subject = "network", row = row, severity = unanswered and "medium" or "low",
        confidence = unanswered and 0.7 or 0.4, measures = { more_in = more_in, more_out = more_out },
        reason = ("the entropy of %s is %.2f bits in %d packets within a second, %.0f standard deviations below its baseline; what goes out %s"):format(
          what, bits, row.packets, math.min(-z, 999),
          unanswered and "did not rise with it" or row.sent > 0 and "accounts for it" or "was not seen") }
    end
    if row.to_services >= p.pps then
      look("entropy_collapse_port", "service ports", row.port_entropy, p.port_bits, row.z_port)
    end
    look("entropy_collapse_ip", "local addresses", row.address_entropy, p.address_bits, row.z_address)
  end,
}
