# A PostgreSQL of our own with its defaults (fsync and synchronous_commit on), on this disk, on a free port of this
# machine; nothing of one that runs already is touched. It does not run as root, so root lends it a user.

find_postgres() {
    local candidate
    for candidate in "$(command -v initdb || true)" /usr/lib/postgresql/*/bin/initdb \
        /opt/homebrew/opt/postgresql*/bin/initdb; do
        [[ -x $candidate && -x $(dirname "$candidate")/pg_ctl ]] && postgres_bin=$(dirname "$candidate")
    done
    [[ -n ${postgres_bin:-} ]]
}

as_database_user() {
    if [[ $EUID -eq 0 ]]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi
}

start_postgres() {
    postgres_data=$1
    local log=$1.log port
    port=$(node -e 'const server = require("net").createServer().listen(0, "127.0.0.1", () => {
        console.log(server.address().port);
        server.close();
    })')
    mkdir -p "$postgres_data" && : >"$log" || return 1
    if [[ $EUID -eq 0 ]]; then
        chown postgres "$postgres_data" "$log" || return 1
        # It must pass through the folders above its own.
        local above=$postgres_data
        while above=$(dirname "$above") && [[ $above != / ]]; do
            as_database_user test -x "$above" || { echo "postgres may not enter $above" >>"$log"; return 1; }
        done
    fi
    cd "$postgres_data" # Wherever this was called from, the user may not look there.
    as_database_user "$postgres_bin/initdb" -D "$postgres_data" -U postgres --auth=trust >>"$log" 2>&1 &&
        as_database_user "$postgres_bin/pg_ctl" -D "$postgres_data" -w -l "$log" \
            -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=" start >>"$log" 2>&1 || return 1
    # Used by who sources this file.
    # shellcheck disable=SC2034
    database_url=postgresql://postgres@127.0.0.1:$port/bench
}

stop_postgres() {
    as_database_user "$postgres_bin/pg_ctl" -D "$postgres_data" -m immediate stop >/dev/null 2>&1 || true
}
