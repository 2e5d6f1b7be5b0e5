#!/usr/bin/env bash
# Takes the predecessor's database over: plan, backup, run, validate-schema, smoke tests, seed.
#
# Stops at the first step that fails, exits with its code, and says how to go back. Started again, it goes on where the
# consolidation stopped. Settings of Landfall come from the environment (LANDFALL_DATABASE_URL …), as everywhere.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: scripts/deploy_db_consolidation.sh --environment NAME [options] [-- arguments of `consolidate plan` and `run`]

  --environment NAME    development, staging or production; production is asked for twice and never seeded
  --database-url URL    the database that becomes Landfall's [default: LANDFALL_DATABASE_URL]
  --backup-dir DIR      where backup and logs are written [default: ./consolidation-NAME]
  --landfall PROGRAM    the program [default: landfall on the PATH]
  --dry-run             plan, and say what would be done; nothing is changed
  --yes                 do not ask before production is changed
  --help                this text

Exit codes are those of the step that failed (see docs/CONSOLIDATION.md), 2 for wrong arguments.
TEXT
}

refuse() {
    echo "error: $1" >&2
    exit 2
}

environment='' backup_dir='' landfall=landfall dry_run=no yes=no extra=()
while [ $# -gt 0 ]; do
    case $1 in
        --environment | --database-url | --backup-dir | --landfall)
            [ $# -ge 2 ] || refuse "$1 needs a value"
            case $1 in
                --environment) environment=$2 ;;
                --database-url) export LANDFALL_DATABASE_URL=$2 ;;
                --backup-dir) backup_dir=$2 ;;
                --landfall) landfall=$2 ;;
            esac
            shift 2
            ;;
        --dry-run) dry_run=yes && shift ;;
        --yes) yes=yes && shift ;;
        --help) usage && exit 0 ;;
        --) shift && extra=("$@") && break ;;
        *) refuse "'$1' is no argument of this script; --help lists them" ;;
    esac
done
case $environment in
    development | staging | production) ;;
    '') refuse "name the environment: --environment development, staging or production" ;;
    *) refuse "'$environment' is no environment; known: development, staging, production" ;;
esac
[ -n "${LANDFALL_DATABASE_URL:-}" ] || refuse "name the database: --database-url or LANDFALL_DATABASE_URL"
command -v "$landfall" >/dev/null || refuse "there is no program '$landfall'; name it with --landfall"
backup_dir=${backup_dir:-./consolidation-$environment}
# Where the rows are, as its owner where there is one.
owner_url=${LANDFALL_MIGRATION_DATABASE_URL:-$LANDFALL_DATABASE_URL}
here=$(cd "$(dirname "$0")" && pwd)
current='nothing yet' begun=no server=''

say() { printf '%s  %s\n' "$(date -u +%H:%M:%S)" "$1"; }

# Runs one step; in a dry run only says it.
step() {
    current=$1
    shift
    if [ "$dry_run" = yes ]; then
        say "would do: $current: $*"
        return
    fi
    say "$current"
    "$@"
    say "$current: done"
}

at_end() {
    local code=$?
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    [ "$code" -eq 0 ] && return
    {
        echo
        echo "FAILED at: $current (exit code $code)"
        if [ "$begun" = no ]; then
            echo "Nothing was changed."
        else
            echo "To go on after the cause is gone: the same command again. It goes on where it stopped."
            echo "To go back to the state before:"
            echo "    $here/rollback_db_consolidation.sh --environment $environment --landfall $landfall"
            echo "The backup is in $backup_dir. docs/CONSOLIDATION.md says how it is brought back without Landfall."
        fi
    } >&2
}
trap at_end EXIT

plan() { "$landfall" consolidate plan ${extra[@]+"${extra[@]}"}; }

consolidate() { "$landfall" consolidate run --backup-dir "$backup_dir" ${extra[@]+"${extra[@]}"} "$@"; }

report() {
    "$landfall" consolidate report --html "$backup_dir/report.html"
    say "the report is $backup_dir/report.html"
}

# The program serves the database and answers; the numbers of old clients are those of the new tables.
smoke_tests() {
    local log=$backup_dir/smoke.log address=''
    "$landfall" serve --listen 127.0.0.1:0 --no-worker >"$log" 2>&1 &
    server=$!
    for _ in $(seq 1 300); do
        address=$(sed -n 's/.*API  *\(http:[^ ]*\)\/api\/v3.*/\1/p' "$log" | head -n 1)
        [ -n "$address" ] && break
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    if [ -z "$address" ]; then
        cat "$log" >&2
        echo "error: the server did not start on the consolidated database" >&2
        return 1
    fi
    local path
    for path in /healthz /readyz /api/v3/tenants; do
        curl --fail --silent --show-error --max-time 30 --output /dev/null "$address$path" || return 1
        say "  $path answers"
    done
    kill "$server" && wait "$server" 2>/dev/null || true
    server=''
    case $owner_url in
        postgres*) old_clients ;;
    esac
}

old_clients() {
    local view count
    for view in data_imports raw_import_records import_field_mappings discovery_flows assets \
        v3_data_imports v3_discovery_flows v3_field_mappings v3_raw_import_records; do
        count=$(psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --dbname "$owner_url" \
            --command "SELECT count(*) FROM migration.$view") || return 1
        say "  migration.$view: $count rows for old clients"
    done
}

say "consolidation of $environment"
if [ "$environment" = production ] && [ "$dry_run" = no ] && [ "$yes" = no ]; then
    [ -t 0 ] || refuse "production is changed only with --yes or after a question that somebody can answer"
    read -r -p "This changes the production database. Type its name, production, to go on: " answer
    [ "$answer" = production ] || refuse "'$answer' is not production; nothing was changed"
fi
current=plan
say "$current"
plan
say "$current: done"
[ "$dry_run" = yes ] || mkdir -p "$backup_dir"
begun=yes
step backup consolidate --until backup
step run consolidate
step report report
step validate-schema "$landfall" validate-schema
step "smoke tests" smoke_tests
if [ "$environment" = production ]; then
    say "no seed in production"
else
    step seed "$landfall" seed
fi
if [ "$dry_run" = yes ]; then
    say "dry run: nothing was changed"
else
    say "done. The old tables are kept until: $landfall consolidate finish"
fi
