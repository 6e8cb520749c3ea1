# Makes a cluster, starts a server on it, prints its directory, and removes both when the input ends.
# Arguments: directory of the programs, directory for temporary files, port, and `durable` where commits must survive.
# Each line of the input makes the server lose all its processes at once; it is started again, and a line says so.
trap '' HUP INT QUIT TERM PIPE
programs=$1 base=$2 port=$3 care=$4 server=

# The path of a socket is limited to about a hundred bytes, and the base may be closed to this account.
[ "${#base}" -le 60 ] || base=/tmp
directory=$(mktemp -d "$base/metagraph-XXXXXX" 2>/dev/null || mktemp -d /tmp/metagraph-XXXXXX) || exit 1
log=$directory/log

clean_up() {
    [ -z "$server" ] || { kill -QUIT "$server" && wait "$server"; } 2>/dev/null
    rm -rf "$directory"
}
trap clean_up EXIT

give_up() {
    echo "$1" >&2
    tail -n 30 "$log" >&2
    exit 1
}

make_cluster() {
    "$programs/initdb" -D "$directory/data" -U postgres -A trust -N -E UTF8 --locale="$1" >"$log" 2>&1
}
# Older systems have no C.UTF-8.
make_cluster C.UTF-8 || make_cluster C || give_up "initdb failed"

careless="-F -c full_page_writes=off -c synchronous_commit=off"
[ "$care" != durable ] || careless=

start() {
    # Vacuuming at its own time would change statistics, and thereby the plans that tests look at.
    # shellcheck disable=SC2086
    "$programs/postgres" -D "$directory/data" -p "$port" $careless \
        -c listen_addresses= -c unix_socket_directories="$directory" -c max_connections=200 -c autovacuum=off \
        >>"$log" 2>&1 </dev/null &
    server=$!

    waited=0
    until [ "$(sed -n 8p "$directory/data/postmaster.pid" 2>/dev/null | tr -d ' ')" = ready ]; do
        kill -0 "$server" 2>/dev/null || give_up "postgres stopped"
        waited=$((waited + 1))
        [ "$waited" -le 1200 ] || give_up "postgres was not ready within a minute"
        sleep 0.05
    done
    echo "$directory"
}

start
while read -r _; do
    kill -QUIT "$server"
    wait "$server"
    start
done
