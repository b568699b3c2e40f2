# Waits for a container's command and writes down how it ended, whatever becomes of the agent meanwhile.
# usage: supervisor.sh FOLDER COUNT GROUP... COMMAND...   (as those of enter.sh)
# FOLDER/run: the script that COMMAND, a shell, reads. Descriptors 3, 4: the container's stdout and stderr; 5: tells the
# agent that it runs; 6: its stdin.
# The command is not started in the background: a shell without job control would let it ignore SIGINT.
trap : HUP INT TERM
folder=$1
here=${0%/*}
read -r stat <"/proc/$$/stat"
identity() { shift 19; echo "$$ $1"; }
# shellcheck disable=SC2086
identity ${stat##*) } >"$folder/supervisor"
/bin/sh "$here/enter.sh" "$@" <"$folder/run" >&3 2>&4 3>&- 4>&-
echo $? >"$folder/exit"
