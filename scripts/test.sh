#!/usr/bin/env bash
# Runs all tests on SQLite and on PostgreSQL. Arguments go to `cargo test`.
#
# Needs Rust and a C compiler; SQLite and the PostgreSQL client are compiled along.
# A PostgreSQL server is installed where that is possible without asking, else the tests do without it and say so,
# unless METAGRAPH_REQUIRE_POSTGRES=1 demands it. METAGRAPH_PG_BIN=none does without it at once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/postgres.sh
source scripts/postgres.sh

say() { printf '\n>>> %s\n\n' "$*" >&2; }

demands_postgres() { [ "${METAGRAPH_REQUIRE_POSTGRES:-0}" != 0 ]; }

find_cargo() {
    command -v cargo >/dev/null || PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
    command -v cargo >/dev/null && return
    say "There is no cargo. Install Rust as https://rustup.rs describes."
    exit 1
}

find_compiler() {
    local compiler
    for compiler in "${CC:-cc}" cc gcc clang; do
        command -v "${compiler%% *}" >/dev/null && return
    done
    say "There is no C compiler. Install one: apt-get install gcc libc6-dev, dnf install gcc, apk add gcc musl-dev" \
        "or, on macOS, xcode-select --install."
    exit 1
}

ensure_postgres() {
    find_postgres >/dev/null && return
    if [ -z "${METAGRAPH_PG_BIN:-}" ]; then
        say "There is no PostgreSQL server here; trying to install one."
        install_postgres >&2 && find_postgres >/dev/null && return
    fi
    if demands_postgres; then
        say "METAGRAPH_REQUIRE_POSTGRES is set, but there is no PostgreSQL server."
        postgres_advice >&2
        exit 1
    fi
    return 1
}

find_cargo
find_compiler
skipped=
if ensure_postgres; then
    echo "PostgreSQL: $(find_postgres)"
else
    skipped=yes
    export METAGRAPH_PG_BIN=none
    say "POSTGRESQL IS SKIPPED: there is no server on this machine. The tests run on SQLite only."
    postgres_advice >&2
fi

result=0
cargo test --workspace --no-fail-fast \
    --features metagraph/postgres-bundled,metagraph/r2d2,metagraph/tracing,metagraph/encryption,metagraph/graphs "$@" || result=$?

[ -z "$skipped" ] || say "POSTGRESQL WAS SKIPPED: these results are for SQLite only."
exit "$result"
