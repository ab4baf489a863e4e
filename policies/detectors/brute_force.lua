-- SPDX-License-Identifier: Apache-2.0
-- One remote address opens connection after connection to a port where people log in: it guesses passwords. Each
-- connection goes on after its handshake, or it would be a scan; and it soon ends, when the guesses were wrong. An
-- administrator with many sessions works in them, a program that fetches over SSH moves data, a monitor asks each host
-- once a minute. What has just begun cannot be judged yet: sessions that are opened at a stroke are all short at first.
-- Mail, web and databases are not here: one client opens as many connections there in ordinary use.

return detector {
  name = "brute_force",
  summary = "One remote address opens many short connections to a login port of ours",
  params = {
    ports = param.ports { { 21, 23, 512, 513, 2323, 3389, { 5900, 5903 } },
      doc = "Ports where people log in, with few connections: FTP, telnet, rlogin, RDP, VNC" },
    shell_ports = param.ports { { 22, 2222 }, doc = "Ports of SSH: automation opens many sessions there" },
    window = param.duration { "1m", min = "10s", max = "10m", doc = "Window of the fast form" },
    tries = param.count { 20, min = 5, unit = "connections", doc = "Short connections in the window" },
    shell_tries = param.count { 25, min = 5, unit = "connections", doc = "The same to a port of SSH" },
    settle = param.duration { "5s", min = "1s", max = "1m", doc = "How old a connection must be to count: by then it is in use or over" },
    slow_window = param.duration { "1h", min = "10m", max = "24h", doc = "Window of the slow form" },
    slow_tries = param.count { 150, min = 10, unit = "connections", doc = "Short connections in the slow window" },
    tries_host = param.count { 3, min = 1, unit = "connections", doc = "Connections to each host in the window: else it is a sweep" },
    slow_tries_host = param.count { 100, min = 1, unit = "connections",
      doc = "The same in the slow window: a monitor asks once a minute" },
    packets = param.count { 4, min = 1, unit = "packets", doc = "Packets that follow each SYN at least: a greeting, a name, a password" },
    shell_packets = param.count { 8, min = 1, unit = "packets",
      doc = "The same to a port of SSH, where keys are exchanged before the name" },
    packets_short = param.count { 18, min = 2, unit = "packets",
      doc = "Packets in a connection with one or a few guesses; OpenSSH sends 13 to 15, and 21 at least in a session" },
    packets_long = param.count { 60, min = 2, unit = "packets",
      doc = "Packets in one with several guesses, of which it takes twice as many; more are a session in use" },
  },

  counters = function(p)
    local function of(ports, window, measures)
      return counter { by = { "src", "dst_port" }, direction = "inbound", tcp = { "syn", "established" }, dst_port = ports,
        window = window, rows_max = 4096, measure = measures }
    end
    local function to(ports, window)
      return of(ports, window, {
          tries = packets { tcp = "syn" }, packets = packets { tcp = "established" },
          hosts = distinct { "dst", tcp = "syn", values_max = 1024 },
        })
    end
    local function fresh(ports) return of(ports, p.settle, { tries = packets { tcp = "syn" } }) end
    return {
      login_fresh = fresh(p.ports), shell_fresh = fresh(p.shell_ports),
      login = to(p.ports, p.window), shell = to(p.shell_ports, p.window),
      login_slow = to(p.ports, p.slow_window), shell_slow = to(p.shell_ports, p.slow_window),
    }
  end,

  detect = function(p, c)
    local function look(rows, fresh, limit, least, each_host, window)
      for row in rows:over { tries = limit, packets = limit * least } do
        local length = row.packets / row.tries
        local young = fresh:get { src = row.src, dst_port = row.dst_port }
        local settled = row.tries - (young and young.tries or 0)
        local enough = length > p.packets_short and 2 * limit or limit
        local are_guesses = length >= least and length <= p.packets_long
        if are_guesses and settled >= enough and row.tries >= row.hosts * each_host then
          finding { type = "brute_force", subject = row.src, target = ("port %d"):format(row.dst_port), row = row,
            severity = row.tries >= 10 * enough and "high" or "medium", confidence = length <= p.packets_short and 0.8 or 0.7,
            reason = ("%d connections to port %d of %d hosts in %s, %d packets in each"):format(row.tries, row.dst_port,
              row.hosts, window, length) }
        end
      end
    end
    look(c.login, c.login_fresh, p.tries, p.packets, p.tries_host, p.window)
    look(c.shell, c.shell_fresh, p.shell_tries, p.shell_packets, p.tries_host, p.window)
    look(c.login_slow, c.login_fresh, p.slow_tries, p.packets, p.slow_tries_host, p.slow_window)
    look(c.shell_slow, c.shell_fresh, p.slow_tries, p.shell_packets, p.slow_tries_host, p.slow_window)
  end,
}
