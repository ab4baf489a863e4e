# SPDX-License-Identifier: Apache-2.0
# What the integration tests share. To be sourced with the test's arguments; sets `build_dir`, `repository`, `picket`,
# `make_traffic` and `scratch`, a folder that is removed at the end, as are processes and namespaces of the test.
# shellcheck shell=bash disable=SC2034
set -uo pipefail
[[ -d ${1:-} ]] || { echo "usage: ${0##*/} BUILD_DIR" >&2; exit 2; }
build_dir=$(cd "$1" && pwd)
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
picket=$build_dir/bin/picket
make_traffic=$build_dir/tests/make_traffic
scratch=$(mktemp -d)
made_locals=(--local 10.0.0.0/8 --local fd00::/8)  # whom make_traffic calls ours
failures=0
namespaces=()
children=()

clean_up() {
    local code=$?
    for child in "${children[@]}"; do kill -KILL "$child" 2>/dev/null; done
    for namespace in "${namespaces[@]}"; do ip netns del "$namespace" 2>/dev/null; done
    rm -rf "$scratch"
    if [[ $code -eq 0 && $failures -gt 0 ]]; then code=1; fi
    exit "$code"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

ok() { echo "ok - $*"; }
not_ok() {
    echo "not ok - $*"
    failures=$((failures + 1))
}
skip() {
    echo "SKIP: $*"
    exit 77
}
# check WHAT COMMAND…: the command's exit code decides.
check() {
    local what=$1
    shift
    if "$@"; then ok "$what"; else not_ok "$what"; fi
}
need() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null || skip "$tool is not installed (scripts/setup test)"
    done
}
need_built() {
    local program
    for program in "$@"; do
        [[ -x $program ]] || { echo "$program is not built" >&2; exit 1; }
    done
}
# wait_for SECONDS COMMAND…: until the command succeeds.
wait_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        if [[ $SECONDS -ge $end ]]; then return 1; fi
        sleep 0.1
    done
}
