# Ends the server when the processes that use it have ended. So neither a killed test nor a forgotten run leaves one behind.
#   $1      the cluster's directory
#   $2      seconds to wait after the last user, for the next one
#   $3 …    the command that stops the server
cluster=$1
grace=$2
shift 2
idle=0
while [ "$idle" -lt "$grace" ] && [ -e "$cluster/data/postmaster.pid" ]; do
    sleep 1
    idle=$((idle + 1))
    for user in "$cluster"/users/*; do
        if kill -0 "${user##*/}" 2>/dev/null; then idle=0; else rm -f "$user"; fi
    done
    if [ "$idle" -gt 0 ] && [ -e "$cluster/release" ]; then break; fi
done
# First out of sight, so that nobody comes to a server that is about to end.
rm -f "$cluster/ready"
"$@"
rm -rf "$cluster"
