# Runs a server that lives no longer than whoever holds the other end of standard input: FOLDER COMMAND…
# Prints its process id, and its exit code once it has ended; when the other end is closed, by purpose or by the death of
# its holder, ends the server and removes the folder with all that is in it: unless it was told to keep the folder, since
# another one watches over it by now.

# What a signal of the terminal means is for the holder to say; that the holder is gone shows in the pipe.
trap '' HUP INT QUIT TERM PIPE
umask 077
folder=$1
shift
exec 3<&0
(
    trap - HUP INT QUIT TERM PIPE
    exec "$@"
) < /dev/null > "$folder/mongod.log" 2>&1 3<&- &
server=$!
# For whoever finds the folder when this process is gone too.
echo "$server" > "$folder/mongod.pid"
# An earlier server of this folder may have had the same number.
rm -f -- "$folder/ended-$server"
echo "$server"
(
    kept=
    while read -r word; do kept=$word; done <&3
    # Not if it has ended: its number may be another's by now.
    [ -e "$folder/ended-$server" ] || kill -KILL "$server"
    [ "$kept" != keep ]
) > /dev/null 2>&1 &
holder=$!
wait "$server"
code=$?
echo > "$folder/ended-$server"
echo "$code"
wait "$holder" || exit 0
# Twice, for two may watch over it at this moment, and the other's server may just be dying.
rm -rf -- "$folder" || { sleep 1; rm -rf -- "$folder"; }
