#!/usr/bin/env bash
# Goes back to the predecessor's tables as they were before the consolidation, at any step before `consolidate finish`.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: scripts/rollback_db_consolidation.sh --environment NAME [options]

  --environment NAME    development, staging or production; production is asked for twice
  --database-url URL    the database [default: LANDFALL_DATABASE_URL]
  --landfall PROGRAM    the program [default: landfall on the PATH]
  --writes WHAT         what becomes of rows written since the cut-over: refuse (the default: change nothing if there are
                        any), keep (write them into the old tables) or discard
  --dry-run             say what would be done; nothing is changed
  --yes                 do not ask before production is changed
  --help                this text

Exit codes are those of `landfall consolidate rollback`: 6 if rows were written since the cut-over and nothing was said of them.
TEXT
}

refuse() {
    echo "error: $1" >&2
    exit 2
}

environment='' landfall=landfall writes=refuse dry_run=no yes=no
while [ $# -gt 0 ]; do
    case $1 in
        --environment | --database-url | --landfall | --writes)
            [ $# -ge 2 ] || refuse "$1 needs a value"
            case $1 in
                --environment) environment=$2 ;;
                --database-url) export LANDFALL_DATABASE_URL=$2 ;;
                --landfall) landfall=$2 ;;
                --writes) writes=$2 ;;
            esac
            shift 2
            ;;
        --dry-run) dry_run=yes && shift ;;
        --yes) yes=yes && shift ;;
        --help) usage && exit 0 ;;
        *) refuse "'$1' is no argument of this script; --help lists them" ;;
    esac
done
case $environment in
    development | staging | production) ;;
    '') refuse "name the environment: --environment development, staging or production" ;;
    *) refuse "'$environment' is no environment; known: development, staging, production" ;;
esac
case $writes in
    refuse | keep | discard) ;;
    *) refuse "'$writes' cannot become of written rows; known: refuse, keep, discard" ;;
esac
[ -n "${LANDFALL_DATABASE_URL:-}" ] || refuse "name the database: --database-url or LANDFALL_DATABASE_URL"
command -v "$landfall" >/dev/null || refuse "there is no program '$landfall'; name it with --landfall"
if [ "$environment" = production ] && [ "$dry_run" = no ] && [ "$yes" = no ]; then
    [ -t 0 ] || refuse "production is changed only with --yes or after a question that somebody can answer"
    read -r -p "This changes the production database. Type its name, production, to go on: " answer
    [ "$answer" = production ] || refuse "'$answer' is not production; nothing was changed"
fi

given=()
case $writes in
    keep) given=(--keep-writes) ;;
    discard) given=(--discard-writes) ;;
esac
"$landfall" consolidate status
if [ "$dry_run" = yes ]; then
    echo "would do: $landfall consolidate rollback ${given[*]+"${given[*]}"}"
    echo "dry run: nothing was changed"
    exit 0
fi
"$landfall" consolidate rollback ${given[@]+"${given[@]}"}
# The old tables answer again, all of them, whatever there is to decide about them.
"$landfall" consolidate plan >/dev/null || [ $? -eq 4 ]
echo "done. The old tables are back in their place, and nothing of the consolidation is left."
