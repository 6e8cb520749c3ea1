#!/usr/bin/env bash
# Runs the main example on this repository's own lock file, twice on one database, and checks what it says.
# The small examples are run by tests/examples.rs, which holds them to what their comments say they print.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

run() {
    local name=$1
    shift
    cargo run --quiet --example dependency_graph -- --database "$directory/graph.db" "$@" | tee "$directory/$name"
}

# Quietly true is not enough: the reader of a log wants to see what was looked for, and where.
expect() {
    grep -qE -- "$2" "$directory/$1" || {
        echo "the $1 run does not say '$2'" >&2
        exit 1
    }
}

packages=$(grep -c '^\[\[package\]\]$' Cargo.lock)
run first
expect first "packages +$packages added, 0 changed, 0 removed"
expect first "^$packages packages, [0-9]+ dependencies$"
expect first '^\| 1 +\| metagraph[a-z-]* [0-9.]+ '
run second --needs serde_core --why serde_core --without jsonschema
expect second '^unchanged: '
expect second "^$packages packages, [0-9]+ dependencies$"
expect second '^everything that needs serde_core '
expect second '^why serde_core [0-9.]+: metagraph[a-z-]* [0-9.]+ → .* → serde_core [0-9.]+$'
expect second '^what could go without jsonschema '
expect second '^\| 1 +\| jsonschema-regex '

printf '[[package]]\nname = "a"\nversion = "1.0.0"\ndependencies = ["missing"]\n' > "$directory/broken.lock"
if run broken "$directory/broken.lock" 2> "$directory/refusal"; then
    echo "a broken lock file was accepted" >&2
    exit 1
fi
cat "$directory/refusal"
grep -q 'line 4: `a 1.0.0` depends on `missing`, which is not in the file' "$directory/refusal"
