# shellcheck shell=bash
# What scripts/bench --replay and --point-in-time measure. It sources this after bench.sh.
# shellcheck disable=SC2154 # what is used here is set there

# --- the replay of an oplog ------------------------------------------------------------------------------------------

run_replay() {
  local jar path=""
  # Without its own logging, the driver is silent.
  for jar in "$FIREDRILL_LIB"/*.jar; do case "$jar" in *logback* | *slf4j*) ;; *) path+="$jar:" ;; esac; done
  exec "$JAVA" -Xmx512m --enable-native-access=ALL-UNNAMED --class-path "$path" "$FIREDRILL_ROOT/scripts/ReplayBench.java" "$@"
}

start_standalone() {
  local port
  port="$(free_port)"
  mkdir -p -- "$WORK/standalone"
  "$MONGOD" --dbpath "$WORK/standalone" --port "$port" --bind_ip 127.0.0.1 --wiredTigerCacheSizeGB 6 > "$WORK/standalone.log" 2>&1 &
  STANDALONE=$!
  URI="mongodb://127.0.0.1:$port/" PID="$STANDALONE"
}

# field NAME: of the JSON that the last replay printed.
field() { sed -n "s/.*\"$1\": \([^,}]*\).*/\1/p" "$WORK/replayed"; }

# bench_replay WHAT URI SERVER-PID: loads, replays, and tells; sets RATE.
bench_replay() {
  local before
  supervise run_replay load "$2" > /dev/null 2>&1 || fail "$1 could not be loaded"
  before="$(ticks_of "$3")"
  supervise run_replay replay "$SOURCE_URI" "$2" "$WORK/log" 2 > "$WORK/replayed" 2> "$WORK/errors" \
    || fail "the replay into a $1 failed: $(tail -n 3 "$WORK/errors")"
  [[ "$(field equal)" == true ]] || fail "the replay into a $1 did not end equal to the source"
  RATE="$(field perSecond)"
  printf '  %-36s %8d entries %8s s %8d/s   mongod CPU %s s\n' "firedrill into a $1" "$(field entries)" "$(field seconds)" \
    "$RATE" "$(awk -v t="$(($(ticks_of "$3") - before))" 'BEGIN { print t / 100 }')"
}

bench_peers_replay() {
  local begun ended ms
  supervise run_replay load "$STAGING_URI" > /dev/null 2>&1
  begun="$EPOCHREALTIME"
  supervise "$MONGORESTORE" --quiet --uri "$STAGING_URI" --oplogReplay --oplogFile "$WORK/log/peer/oplog.bson" "$WORK/log/peer/empty" \
    2> "$WORK/errors" || fail "mongorestore failed: $(tail -n 3 "$WORK/errors")"
  ended="$EPOCHREALTIME"
  ms=$(((${ended/[.,]/} - ${begun/[.,]/}) / 1000))
  PEERS_RATE=$((ENTRIES * 40 / ms))
  printf '  %-36s %8d entries %8s s %8d/s\n' "mongorestore --oplogReplay" "$((ENTRIES / 25))" "$((ms / 1000)).$((ms % 1000 / 100))" "$PEERS_RATE"
}

bench_replays() {
  local run lowest=""
  start_server source --wiredTigerCacheSizeGB 2
  SOURCE_URI="$URI"
  start_server staging --wiredTigerCacheSizeGB 6
  STAGING_URI="$URI" STAGING_PID="$PID"
  [[ "$MONGOD" == docker ]] || start_standalone
  step "Make $ENTRIES entries"
  supervise run_replay load "$SOURCE_URI" > /dev/null 2>&1
  supervise run_replay write "$SOURCE_URI" "$WORK/log" "$ENTRIES" "$((ENTRIES / 25))" > /dev/null 2>&1
  for ((run = 1; run <= RUNS; run++)); do
    printf 'Run %d of %d (load average %s)\n' "$run" "$RUNS" "$(cut -d ' ' -f 1-2 /proc/loadavg 2> /dev/null || true)"
    [[ -z "$STANDALONE" ]] || bench_replay standalone "$URI" "$STANDALONE"
    bench_replay "replica set" "$STAGING_URI" "$STAGING_PID"
    if [[ -z "$MONGORESTORE" ]]; then
      printf '  mongorestore --oplogReplay: not measured, it is not there\n'
      continue
    fi
    bench_peers_replay
    printf '  ratio of entries per second: %d×\n' "$((RATE / PEERS_RATE))"
    [[ -n "$lowest" && "$lowest" -le $((RATE / PEERS_RATE)) ]] || lowest=$((RATE / PEERS_RATE))
  done
  [[ -z "$lowest" ]] || printf 'Lowest ratio of %d runs: %d× (wanted: 40×)\n' "$RUNS" "$lowest"
}

# --- a restore to a moment -------------------------------------------------------------------------------------------

# is_equal: whether staging is what the source is now, by the servers' own dbHash.
require_equal() {
  supervise run_replay compare "$SOURCE_URI" "$STAGING_URI" > "$WORK/compared" 2> "$WORK/errors" \
    || say "  $1 did not end equal to the source: $(tail -n 1 "$WORK/errors")"
}

undo_and_replay() {
  "$MONGORESTORE" --quiet --uri "$URI" --archive="$WORK/peer.archive" --nsExclude 'admin.*' --numInsertionWorkersPerCollection=4 \
    && "$MONGORESTORE" --quiet --uri "$URI" --oplogReplay --oplogFile "$WORK/log/peer/oplog.bson" "$WORK/log/peer/empty"
}

# Backup and dump, then the entries; the archive has both ends.
bench_moment() {
  local run
  step "Make a backup, a dump, and $ENTRIES entries after them"
  rm -rf -- "$WORK/store"
  supervise run_replay load "$SOURCE_URI" > /dev/null 2>&1
  supervise "$FIREDRILL_ROOT/scripts/firedrill" oplog archive --once --quiet > /dev/null
  supervise "$FIREDRILL_ROOT/scripts/firedrill" backup --quiet > /dev/null
  URI="$SOURCE_URI"
  [[ -z "$MONGODUMP" ]] || supervise dump --archive="$WORK/peer.archive"
  supervise run_replay write "$SOURCE_URI" "$WORK/log" "$ENTRIES" "$ENTRIES" > /dev/null 2>&1
  supervise "$FIREDRILL_ROOT/scripts/firedrill" oplog archive --once --quiet > /dev/null
  URI="$STAGING_URI"
  for ((run = 1; run <= RUNS; run++)); do
    step "Run $run of $RUNS (load average $(cut -d ' ' -f 1-2 /proc/loadavg 2> /dev/null || true))"
    empty "$URI"
    measure "moment" "$STAGING_PID" firedrill restore --at latest --confirm bench-staging
    keep_record
    require_equal "firedrill"
  done
  empty "$URI"
  if [[ -z "$MONGORESTORE" || ! -f "$WORK/peer.archive" ]]; then absent "moment-mongorestore"; return; fi
  step "mongorestore, the dump and all entries"
  measure "moment-mongorestore" "$STAGING_PID" undo_and_replay
  require_equal "mongorestore"
}
