# SPDX-License-Identifier: Apache-2.0
# Two network namespaces joined by veth, and `picket run` in the first. To be sourced after harness.sh. All names end in
# the process's id, and harness.sh removes them at the end.
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
ours=picket-ours-$$
theirs=picket-theirs-$$
alerts=$scratch/alerts  # standard output of picket run, one JSON object a line
log=$scratch/log        # its standard error
socket=$scratch/picket.sock
picket_id=
# A store, a socket and no TCP port but its own: nothing of this machine's picket is touched.
own_places=(--state-dir "$scratch/state" --socket "$socket" --listen '')
live_locals=(--local 10.99.0.1 --local 10.99.1.1 --local fd99::1 --local fd99:1::1)

need_namespaces() {
    need ip jq
    [[ $(id -u) -eq 0 ]] || skip "needs root for network namespaces"
    ip netns add "$ours" 2>/dev/null || skip "network namespaces cannot be made here"
    namespaces+=("$ours")
    ip netns add "$theirs" && namespaces+=("$theirs")
    ip -n "$ours" link set lo up
    ip -n "$theirs" link set lo up
}
# join NAME N: a veth pair called NAME on both sides; 10.99.N.1 and fd99:N::1 are ours, .2 and ::2 theirs.
join() {
    ip -n "$ours" link add "$1" type veth peer name "$1" netns "$theirs" || return
    local side number=1
    for side in "$ours" "$theirs"; do
        ip -n "$side" addr add "10.99.$2.$number/24" dev "$1"
        ip -n "$side" addr add "fd99:$2::$number/64" dev "$1" nodad
        ip -n "$side" link set "$1" up
        number=$((number + 1))
    done
}
# In the foreground only: of a function in the background, $! would be the shell's.
in_ours() { ip netns exec "$ours" "$@"; }
in_theirs() { ip netns exec "$theirs" "$@"; }

# Packet sockets that receive something, in our namespace: one a line after the heading.
packet_sockets() { in_ours awk 'NR > 1 && $5 > 0' /proc/net/packet | wc -l; }
captures_on() { [[ $(packet_sockets) -ge $1 ]]; }
picket_lives() { kill -0 "$picket_id" 2>/dev/null; }

# start_picket INTERFACE…: in our namespace, and waits until it captures on all of them.
start_picket() {
    local arguments=("${own_places[@]}" "${live_locals[@]}") interface
    for interface in "$@"; do arguments+=(--interface "$interface"); done
    ip netns exec "$ours" "$picket" run "${arguments[@]}" >"$alerts" 2>"$log" &
    picket_id=$!
    children+=("$picket_id")
    wait_for 30 captures_on $# && return
    echo "picket run did not begin to capture; its log:"
    cat "$log"
    exit 1
}
# stop_picket: true where it ends by itself, with code 0, on SIGTERM.
stop_picket() {
    kill -TERM "$picket_id"
    wait_for 30 ended || { cat "$log"; return 1; }
    wait "$picket_id"
}
ended() { ! picket_lives; }

# alerted FILTER: true where a line of the alerts fits jq's filter.
alerted() { jq -es "any(.[]; $1)" "$alerts" >/dev/null 2>&1; }
