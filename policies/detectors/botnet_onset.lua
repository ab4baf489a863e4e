-- SPDX-License-Identifier: Apache-2.0
-- A botnet, or a generator of spoofed sources, sets in: in one second, many remote addresses send that did not in the last
-- hour, each little, and much comes in. A flash crowd brings many new clients too, but it gets answers and each sends
-- more; and a large site has new clients all the time, so they are held against the seconds before. Where
-- what goes out rises with what comes in, it is worth a note only.

local past_windows = 10

return detector {
  name = "botnet_onset",
  summary = "Many new sources set in within a second, each with few packets",
  params = {
    sources = param.count { 500, min = 20, unit = "sources", doc = "Sources within a second that were not seen before" },
    memory = param.duration { "1h", min = "1m", max = "24h", doc = "How long a source stays known" },
    times = param.number { 5, min = 1.5, max = 1000, unit = "times", doc = "Multiple of the new sources in the ten seconds before" },
    pps = param.count { 100000, min = 1000, unit = "packets", doc = "Packets within a second below which it is not" },
    each = param.count { 20, min = 1, max = 10000, unit = "packets",
      doc = "Packets more than before, within a second, for each new source at most; clients of a CDN send more" },
    explains = param.count { 50, min = 2, max = 1000, unit = "packets",
      doc = "Packets more in that one packet more out accounts for" },
  },

  counters = function(p)
    return {
      all = counter { direction = { "inbound", "outbound" }, window = "1s", history = past_windows, measure = {
        packets = packets { direction = "inbound" },
        sent = packets { direction = "outbound" },
        fresh = new { "remote", direction = "inbound", memory = p.memory, values_max = 262144 },
      } },
    }
  end,

  detect = function(p, c)
    local row = c.all:get()
    if not row or row.packets < p.pps or row.fresh < p.sources then return end
    local function usual(name)
      local sum = 0
      for back = 1, past_windows do
        local there = row:past(name, back)
        if name == "packets" and there == 0 then return end  -- not watched, or silent: nothing to compare with
        sum = sum + there
      end
      return sum / past_windows
    end
    local before = usual("packets")
    if not before or row.fresh < usual("fresh") * p.times then return end
    local more_in, more_out = row.packets - before, row.sent - usual("sent")
    local each = more_in / row.fresh
    if more_in <= 0 or each > p.each then return end
    local unanswered = row.sent > 0 and more_out * p.explains < more_in
    finding { type = "botnet_onset", subject = "network", row = row, severity = unanswered and "high" or "low",
      confidence = unanswered and 0.7 or 0.4, measures = { each = each, more_out = more_out },
      reason = ("%d sources within a second that were not seen in %s, with %.1f packets each; what goes out %s"):format(row.fresh,
        p.memory, each, unanswered and "did not rise with it" or row.sent > 0 and "rose with it" or "was not seen") }
  end,
}
