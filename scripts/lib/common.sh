# SPDX-License-Identifier: Apache-2.0
# What the scripts share. To be sourced: it sets `root`, the top of the source tree, and leaves the caller's folder alone.
# shellcheck shell=bash
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

say() { printf '%(%H:%M:%S)T  %s\n' -1 "$*"; }

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# Prints the comment at the top of a script, which is its manual.
usage() { awk 'NR > 2 && /^#/ { sub(/^# ?/, ""); print; next } NR > 2 { exit }' "$0"; }

as_root() {
    if [[ $(id -u) -eq 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "needs root to run '$*': run as root, or install sudo"
    fi
}

# On a terminal ninja keeps to one line by itself. In a log, one line in every tenth of the work is enough; what is not
# a progress line (a warning, an error) always passes.
thin_progress() {
    awk '{ if (match($0, /^\[[0-9]+\/[0-9]+\]/)) {
               split(substr($0, 2, RLENGTH - 2), n, "/"); tenth = int(10 * n[1] / n[2])
               if (tenth == last) next; last = tenth }
           print; fflush() }'
}

# build PRESET [TARGET…]: configures and builds into build/PRESET; without targets, everything.
build() {
    local preset=$1 log=$root/build/$1.configure.log
    shift
    mkdir -p "$root/build"
    (cd "$root" && cmake --preset "$preset") >"$log" 2>&1 || {
        tail -n 30 "$log" >&2
        die "cmake --preset $preset failed (the whole log: $log)"
    }
    if [[ -t 1 ]]; then
        cmake --build "$root/build/$preset" --parallel "$(nproc)" ${1:+--target "$@"}
    else
        cmake --build "$root/build/$preset" --parallel "$(nproc)" ${1:+--target "$@"} | thin_progress
    fi
}

# The targets of all plugins, found as cmake finds them: every folder with code in it.
plugin_targets() {
    local folder parent
    for parent in capture actions plugins; do
        for folder in "$root/$parent"/*/; do
            if compgen -G "$folder*.cpp" >/dev/null || compgen -G "$folder*.c" >/dev/null; then
                echo "${parent}_$(basename "$folder")"
            fi
        done
    done
}

# Every source file of the tree, one a line.
source_files() {
    local folders=() folder
    for folder in core plugins capture actions examples tests; do
        if [[ -d $root/$folder ]]; then folders+=("$root/$folder"); fi
    done
    find "${folders[@]}" -type f \( -name '*.cpp' -o -name '*.hpp' -o -name '*.c' -o -name '*.h' \) | sort
}
