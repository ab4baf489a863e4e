-- SPDX-License-Identifier: Apache-2.0
-- What comes in to one of our addresses in a second is far above what this address is used to. That alone is no abuse:
-- a backup begins, a download, a speed test. It is medium where what goes out did not rise with it, for a receiver
-- acknowledges. A spike is sudden: after some seconds at the new height it is a flood, or the new normal.

local past_windows = 5

return detector {
  name = "ewma_spike",
  summary = "Much more comes in to one of our addresses than it is used to",
  params = {
    z = param.number { 6.0, min = 2, max = 100, unit = "standard deviations", doc = "Distance from the address's own mean" },
    pps = param.count { 5000, min = 100, unit = "packets", doc = "Packets within a second below which nothing is a spike" },
    bps = param.bytes { "50MB", min = "100KB", doc = "Bytes within a second below which nothing is a spike" },
    times = param.number { 3, min = 1.1, max = 100, unit = "times",
      doc = "Multiple of the mean of the last five seconds: the least that is sudden" },
    alpha = param.number { 0.1, min = 0.001, max = 1, unit = "weight", doc = "Weight of the newest second in the baseline" },
    warmup = param.count { 30, min = 5, max = 3600, unit = "seconds", doc = "How long an address is watched first" },
    explains = param.count { 50, min = 2, max = 1000, unit = "packets",
      doc = "Packets more in that one packet more out accounts for" },
  },

  counters = function(p)
    return {
      hosts = counter { by = "local", direction = { "inbound", "outbound" }, window = "1s", history = past_windows,
        rows_max = 16384, measure = {
          packets = packets { direction = "inbound" },
          bytes = bytes { direction = "inbound" },
          sent = packets { direction = "outbound" },
          z_pps = baseline { "packets", alpha = p.alpha, warmup = p.warmup },
          z_bps = baseline { "bytes", alpha = p.alpha, warmup = p.warmup },
        } },
    }
  end,

  detect = function(p, c)
    local function mean(row, name)
      local sum = 0
      for back = 1, past_windows do sum = sum + row:past(name, back) end
      return sum / past_windows
    end
    local function report(row, name, type, z, text)
      local usual = mean(row, name)
      if row[name] < usual * p.times then return end
      local more_in, more_out = row.packets - mean(row, "packets"), row.sent - mean(row, "sent")
      local unanswered = row.sent > 0 and more_out * p.explains < more_in
      finding { type = type, subject = row["local"], row = row, severity = unanswered and "medium" or "low",
        confidence = unanswered and 0.7 or 0.4, measures = { usual = usual, more_out = more_out },
        reason = (text .. " come in within a second, %.0f standard deviations above its baseline; what goes out %s"):format(
          row[name], usual, math.min(z, 999), unanswered and "did not rise with it"
            or row.sent > 0 and "rose with it" or "was not seen") }
    end
    for row in c.hosts:over { packets = p.pps, z_pps = p.z } do
      report(row, "packets", "ewma_spike_pps", row.z_pps, "%.0f packets (%.0f on the mean of 5 s)")
    end
    for row in c.hosts:over { bytes = p.bps, z_bps = p.z } do
      report(row, "bytes", "ewma_spike_bps", row.z_bps, "%.0f bytes (%.0f on the mean of 5 s)")
    end
  end,
}
