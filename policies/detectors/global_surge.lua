-- SPDX-License-Identifier: Apache-2.0
-- All that comes in to us rises at a stroke: a second against the mean of the five before it (burst), or against the one
-- before it (spike). It says that something is on, not what: flood, reflection_flood and their like say that. So it is
-- worth a note; medium where what goes out did not rise with it. The seconds it is held against must have been
-- watched whole: at the start, and after silence, there is nothing to compare with.

return detector {
  name = "global_surge",
  summary = "All that comes in rises many times over within a second",
  params = {
    burst_times = param.number { 8, min = 1.5, max = 1000, unit = "times", doc = "Multiple of the mean of the five seconds before" },
    burst_pps = param.count { 50000, min = 100, unit = "packets", doc = "Packets within a second below which nothing is a burst" },
    burst_bps = param.bytes { "1GB", min = "100KB", doc = "Bytes within a second below which nothing is a burst" },
    spike_times = param.number { 5, min = 1.5, max = 1000, unit = "times", doc = "Multiple of the second before" },
    spike_pps = param.count { 50000, min = 100, unit = "packets", doc = "Packets within a second below which nothing is a spike" },
    spike_bps = param.bytes { "500MB", min = "100KB", doc = "Bytes within a second below which nothing is a spike" },
    explains = param.count { 50, min = 2, max = 1000, unit = "packets",
      doc = "Packets more in that one packet more out accounts for" },
  },

  counters = function()
    return {
      all = counter { direction = { "inbound", "outbound" }, window = "1s", history = 6, measure = {
        packets = packets { direction = "inbound" },
        bytes = bytes { direction = "inbound" },
        sent = packets { direction = "outbound" },
      } },
    }
  end,

  detect = function(p, c)
    local row = c.all:get()
    if not row then return end

    local function mean(name, windows)
      local sum = 0
      for back = 1, windows do sum = sum + row:past(name, back) end
      return sum / windows
    end
    -- Traffic in each of the seconds before, and in one more: the first of all may have been watched in part.
    local function watched(windows)
      for back = 1, windows + 1 do
        if row:past("packets", back) == 0 then return false end
      end
      return true
    end
    local function look(type, name, windows, times, floor)
      if row[name] < floor then return end
      local usual = mean(name, windows)
      if row[name] < usual * times or not watched(windows) then return end
      local more_in, more_out = row.packets - mean("packets", windows), row.sent - mean("sent", windows)
      local unanswered = row.sent > 0 and more_out * p.explains < more_in
      finding { type = type, subject = "network", row = row, severity = unanswered and "medium" or "low",
        confidence = unanswered and 0.7 or 0.4, measures = { usual = usual, more_out = more_out },
        reason = ("%.0f %s come in within a second, %.1f times those of %s; what goes out %s"):format(row[name], name,
          row[name] / usual, windows > 1 and "the seconds before" or "the second before",
          unanswered and "did not rise with it" or row.sent > 0 and "rose with it" or "was not seen") }
    end
    look("global_burst_pps", "packets", 5, p.burst_times, p.burst_pps)
    look("global_burst_bps", "bytes", 5, p.burst_times, p.burst_bps)
    look("global_spike_pps", "packets", 1, p.spike_times, p.spike_pps)
    look("global_spike_bps", "bytes", 1, p.spike_times, p.spike_bps)
  end,
}
