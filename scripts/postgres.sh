# Functions to source: is there a PostgreSQL server to test on, and can one be installed?

# Looks where the test harness looks (metagraph-testkit/src/postgres/binaries.rs); prints the place.
find_postgres() {
    if [ -n "${METAGRAPH_TEST_PG_URL:-}" ]; then
        echo "the server that METAGRAPH_TEST_PG_URL names"
        return
    fi
    local place
    while IFS= read -r place; do
        if [ -f "$place/initdb" ] && [ -f "$place/postgres" ] && [ -f "$place/psql" ]; then
            echo "$place"
            return
        fi
    done < <(postgres_places)
    return 1
}

postgres_places() {
    if [ -n "${METAGRAPH_PG_BIN:-}" ]; then
        echo "$METAGRAPH_PG_BIN"
        return
    fi
    local place
    for place in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/libexec/postgresql* \
        /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin /opt/homebrew/bin /usr/local/bin; do
        echo "$place"
    done
    echo "$PATH" | tr ':' '\n'
}

# Installs a server where that needs no question to be asked.
install_postgres() {
    local -a as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if command -v brew >/dev/null; then
            brew install postgresql@17
            return
        fi
        command -v sudo >/dev/null && sudo -n true 2>/dev/null || return 1
        as_root=(sudo -n)
    fi
    if command -v apt-get >/dev/null; then
        "${as_root[@]}" apt-get update -qq </dev/null
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends postgresql </dev/null
    elif command -v dnf >/dev/null; then
        "${as_root[@]}" dnf install -y -q postgresql-server postgresql </dev/null
    elif command -v apk >/dev/null; then
        "${as_root[@]}" apk add --quiet postgresql postgresql-client </dev/null
    else
        return 1
    fi
}

postgres_advice() {
    cat <<'ADVICE'
To test on PostgreSQL as well, do one of these and run the tests again:
  Debian, Ubuntu   apt-get install postgresql
  Fedora           dnf install postgresql-server postgresql
  Alpine           apk add postgresql postgresql-client
  macOS            brew install postgresql@17
  elsewhere        METAGRAPH_PG_BIN=<directory with initdb, postgres and psql>
  a server at hand METAGRAPH_TEST_PG_URL=postgres://user@host/database (the user may create databases)
No service has to run: the tests start a server of their own.
ADVICE
}
