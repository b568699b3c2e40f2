# Becomes the first process of a container: in its cgroups and a session of its own, before anything of it runs.
# usage: enter.sh FOLDER COUNT GROUP... COMMAND...   (GROUP: the file of a cgroup that takes process ids, COUNT of them)
folder=$1
count=$2
shift 2
while [ "$count" -gt 0 ]; do
  if ! { echo $$ >"$1"; } 2>>"$folder/failure"; then exit 1; fi
  shift
  count=$((count - 1))
done
read -r stat <"/proc/$$/stat"
identity() { shift 19; echo "$$ $1"; }
# shellcheck disable=SC2086
identity ${stat##*) } >"$folder/pid"
(echo >&5) 2>/dev/null
exec setsid "$@" 5>&-
