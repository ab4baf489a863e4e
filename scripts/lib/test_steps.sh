# SPDX-License-Identifier: Apache-2.0
# The steps of scripts/test, a function each. To be sourced after common.sh. A step sets good, bad and left_out, and
# returns false where it could not do its work.
# shellcheck shell=bash disable=SC2034,SC2154

# logged NAME COMMAND…: output goes to build/log/NAME.log, and its end to the reader where the command fails.
logged() {
    local log=$root/build/log/$1.log
    shift
    "$@" >"$log" 2>&1 && return
    tail -n 60 "$log"
    echo "(the whole log: $log)"
    return 1
}

# check NAME COMMAND…: a command that is one test.
check() {
    if logged "$@"; then good=$((good + 1)); else bad=$((bad + 1)); fi
}

# add_counts "P passed, F failed, S skipped"
add_counts() {
    local numbers
    read -ra numbers <<<"${1//[^0-9]/ }"
    good=$((good + numbers[0])) bad=$((bad + numbers[1])) left_out=$((left_out + ${numbers[2]:-0}))
}

# unit_tests PRESET CTEST_ARGUMENT…
unit_tests() {
    local folder=$root/build/$1 code=0 counts
    shift
    BOOST_TEST_REPORT_LEVEL=short BOOST_TEST_REPORT_FORMAT=XML logged ctest ctest --test-dir "$folder" \
        --parallel "$(nproc)" --timeout 300 --output-on-failure --output-junit "$folder/ctest.xml" \
        --test-output-size-passed 1000000 --test-output-size-failed 1000000 "$@" || code=$?
    counts=$("$root/scripts/lib/ctest_counts" "$folder/ctest.xml") && add_counts "$counts"
    return $code
}

# integration_tests PRESET [NAME…]
integration_tests() {
    local log=$root/build/log/integration.log folder=$root/build/$1
    shift
    "$root/tests/run_integration" "$folder" "$@" | tee "$log" | sed '$d'
    add_counts "$(tail -n 1 "$log")"
}

step_format() { check format "$root/scripts/format" --check; }

step_unit() {
    (build asan) || return
    unit_tests asan
}

step_policies() {
    (build asan picket) || return
    local code=0
    logged policies "$root/build/asan/bin/picket" test "$root/policies" || code=$?
    add_counts "$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$root/build/log/policies.log" | tail -n 1)"
    return $code
}

step_integration() {
    (build asan) || return
    integration_tests asan
}

step_threads() {
    mapfile -t plugins < <(plugin_targets)
    local rooms=(plugin engine store api service) code=0
    (build tsan picket "${rooms[@]/#/test_}" "${plugins[@]}") || return
    unit_tests tsan --tests-regex "^($(IFS='|' && echo "${rooms[*]}"))\$" || code=$?
    integration_tests tsan live_nmap_scan interface_down_up service_live
    return $code
}

step_fuzz() {
    local names name
    mapfile -t names < <(find "$root/tests/fuzz" -name '*.fuzz.cpp' -printf '%f\n' | sed 's/\.fuzz\.cpp$//' | sort)
    (build fuzz "${names[@]/#/fuzz_}") || return
    for name in "${names[@]}"; do check "fuzz_$name" fuzz_smoke "$name"; done
}

# fuzz_smoke NAME: a fixed number of inputs from a fixed seed, so that every run does the same.
fuzz_smoke() {
    local corpus=$root/tests/fuzz/corpus/$1 scratch code=0
    scratch=$(mktemp -d)
    if [[ -d $corpus ]]; then cp -r "$corpus/." "$scratch"; fi
    "$root/build/fuzz/fuzz/fuzz_$1" -seed=1 -runs=20000 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$root/build/log/$1-" "$scratch" || code=$?
    rm -rf "$scratch"
    return $code
}

step_tidy() {
    if [[ -n ${PICKET_SKIP_TIDY:-} ]]; then
        say "tidy: left out, as PICKET_SKIP_TIDY is set"
        left_out=1
        return
    fi
    # The compile commands of the clang build: clang-tidy does not know all of gcc's options.
    (cd "$root" && logged tidy.configure cmake --preset fuzz) || return
    check tidy.sources tidy '^(?!.*\.test\.cpp$)'
    # Paths through Boost.Test's macros cost the analyzer more than all the rest, and find nothing.
    check tidy.tests tidy '\.test\.cpp$' -checks=-clang-analyzer-\*
}

# tidy FILES_REGEX OPTION…: its findings come last, where the reader of a failed step sees them.
tidy() {
    local files=$1 log=$root/build/log/clang-tidy.log
    shift
    run-clang-tidy -quiet -j "$(nproc)" -p "$root/build/fuzz" "$@" "$files" >"$log" 2>&1 && return
    grep -A 3 'error:' "$log"
    return 1
}
