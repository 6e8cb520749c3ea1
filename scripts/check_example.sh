#!/usr/bin/env bash
# Runs the main example on this repository's own lock file, twice on one database, and checks what it says.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

run() { cargo run --quiet --example dependency_graph -- Cargo.lock "$directory/graph.db" | tee "$directory/$1"; }

# Quietly true is not enough: the reader of a log wants to see what was looked for, and where.
expect() {
    grep -qiE -- "$2" "$directory/$1" || {
        echo "the $1 run does not say '$2'" >&2
        exit 1
    }
}

packages=$(grep -c '^\[\[package\]\]$' Cargo.lock)
run first
expect first "\\b$packages packages\\b"
run second
expect second "unchanged"
