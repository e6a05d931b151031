#!/usr/bin/env bash
# Runs all tests, or the suites named as arguments (lint, go, e2e), and ends
# with one line that counts them: “N passed, N failed”.
# Each suite writes its counts to a file; lint is one test. A suite that could
# not run, or ran nothing, or ends badly though all its tests passed, counts as
# one failure.
set -uo pipefail
cd "$(dirname "$0")/.."
results=e2e/results
rm -rf "$results"
mkdir -p "$results"

passed=0 failed=0

# suite NAME COMMAND…
suite() {
  local name=$1 p=0 f=0 s=0 status=0 start=$SECONDS
  shift
  printf '\n== %s ==\n' "$name"
  "$@" || status=$?
  if [ -s "$results/$name.counts" ]; then
    read -r p f s <"$results/$name.counts"
  fi
  if [ $((p + f)) -eq 0 ] || { [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; }; then
    printf '%s: did not run to its end (exit code %d)\n' "$name" "$status"
    f=$((f + 1))
  fi
  passed=$((passed + p)) failed=$((failed + f))
  printf '%s: %d passed, %d failed, %d skipped in %d s\n' "$name" "$p" "$f" "$s" $((SECONDS - start))
}

go_tests() {
  .ci/setup.sh || return
  go test -json ./... 2>&1 | node .ci/gotest.mjs "$results/go.counts"
}

e2e_tests() {
  .ci/setup.sh || return
  timeout -k 10 1200 node --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$results/e2e.tap" e2e/all.test.mjs
  local status=$?
  awk '/^# (pass|fail|cancelled|skipped|todo) / { n[$2] = $3 }
    END { print n["pass"] + 0, n["fail"] + n["cancelled"] + 0, n["skipped"] + n["todo"] + 0 }' \
    "$results/e2e.tap" >"$results/e2e.counts"
  return $status
}

lint_tests() {
  .ci/setup.sh go && .ci/lint.sh && echo '1 0 0' >"$results/lint.counts"
}

if [ $# -eq 0 ]; then set -- lint go e2e; fi
for name in "$@"; do
  suite "$name" "${name}_tests"
done

printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
