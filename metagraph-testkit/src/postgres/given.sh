# Drops the databases of one test process on the server it was given, when the input ends.
# Arguments: the psql program, the prefix of the databases. The server is METAGRAPH_TEST_PG_URL.
trap '' HUP INT QUIT TERM PIPE
psql=$1 prefix=$2

echo watching
while read -r _; do :; done

"$psql" --no-psqlrc --quiet --no-password --dbname "$METAGRAPH_TEST_PG_URL" >/dev/null 2>&1 <<SQL
SELECT format('DROP DATABASE IF EXISTS %I WITH (FORCE)', datname)
FROM pg_database WHERE starts_with(datname, '$prefix') \gexec
SQL
