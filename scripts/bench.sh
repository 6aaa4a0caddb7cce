# shellcheck shell=bash
# What scripts/bench measures with: its servers, its commands, what they cost. It sources this after lib.sh.
# shellcheck disable=SC2034,SC2153,SC2154 # what is set here is used there, and the other way round

clean_up() {
  local server child
  ignore_signals
  if [[ -n "$CHILD" ]]; then
    # A pipeline is measured in a subshell: its parts are told to end as well.
    for child in $(pgrep -P "$CHILD" || true); do end_process "$child"; done
  fi
  end_child
  for server in ${SERVERS[@]+"${SERVERS[@]}"}; do
    "$FIREDRILL_ROOT/scripts/mongod" stop --dir "$WORK/$server" || true
  done
  [[ -z "$STANDALONE" ]] || end_process "$STANDALONE"
  end_agent
  [[ ! -d "$WORK/s3" ]] || "$FIREDRILL_ROOT/scripts/s3" stop --dir "$WORK/s3" > /dev/null 2>&1 || true
  [[ -z "$WORK" ]] || rm -rf -- "$WORK"
}

step() { printf '── [%d s] %s\n' "$((SECONDS - BEGUN))" "$*" >&2; }

# start_server NAME [MONGOD-OPTION…]: starts the replica set bench-NAME; sets URI and PID.
start_server() {
  local line name="$1"
  shift
  URI="" PID=""
  SERVERS+=("$name")
  while IFS= read -r line; do
    case "$line" in URI=*) URI="${line#URI=}" ;; PID=*) PID="${line#PID=}" ;; esac
  done < <("$FIREDRILL_ROOT/scripts/mongod" start --dir "$WORK/$name" --replica-set "bench-$name" -- "$@")
  [[ -n "$URI" ]] || fail "the replica set bench-$name could not be started"
}

# find_peer NAME: prints its path, or nothing. A function of the same name is no peer.
find_peer() {
  if [[ -n "${FIREDRILL_BENCH_TOOLS:-}" && -x "$FIREDRILL_BENCH_TOOLS/$1" ]]; then
    printf '%s\n' "$FIREDRILL_BENCH_TOOLS/$1"
  else
    type -P "$1" || true
  fi
}

# --- measuring ----------------------------------------------------------------------------------------------------

# CPU seconds a process has used, in ticks; 0 where /proc does not tell.
ticks_of() {
  local stat
  { read -r stat < "/proc/$1/stat"; } 2> /dev/null || { printf '0\n'; return; }
  # The name in parentheses may hold blanks; user and system time are the 12th and 13th field after it.
  read -r -a stat <<< "${stat##*) }"
  printf '%s\n' "$((stat[11] + stat[12]))"
}

# The highest resident size of a process in kB, asked until it ends.
watch_memory() {
  local name value _ peak=0
  while :; do
    while read -r name value _; do
      [[ "$name" != VmHWM: ]] || peak="$value"
    done 2> /dev/null < "/proc/$1/status" || break
    printf '%s\n' "$peak" > "$2"
    sleep 0.1
  done
}

# measure NAME SERVER-PID COMMAND…: runs it with its output in files, and adds a line to the results. ALSO is a process whose
# CPU counts with the command's.
measure() {
  local name="$1" server="$2" status=0 before also begun ended watcher=""
  shift 2
  NUMBER=$((NUMBER + 1))
  OUT="$WORK/out/$NUMBER"
  export FIREDRILL_JAVA_OPTS="$JAVA_OPTS_GIVEN -Xlog:gc:file=$OUT.gc"
  before="$(ticks_of "$server")"
  also="$(ticks_of "$ALSO")"
  begun="$EPOCHREALTIME"
  "$@" < /dev/null > "$OUT.json" 2> "$OUT.err" &
  CHILD=$!
  # The child is a shell where it is a pipeline: its memory says nothing.
  if [[ "$name" != *-zstd* ]]; then
    watch_memory "$CHILD" "$OUT.rss" &
    watcher=$!
  fi
  # Timing the wait tells what the child and its children used.
  { time wait "$CHILD" || status=$?; } 2> "$OUT.cpu"
  ended="$EPOCHREALTIME"
  CHILD=""
  [[ -z "$watcher" ]] || wait "$watcher" || true
  # In milliseconds; a tick is 10 ms on every Linux.
  also="$(($(ticks_of "$ALSO") - also))"
  printf '%s\t%d\t%d\t%s %d.%02d\t%d\t%s\n' "$name" "$status" "$(((${ended/[.,]/} - ${begun/[.,]/}) / 1000))" \
    "$(< "$OUT.cpu")" "$((also / 100))" "$((also % 100))" \
    "$((($(ticks_of "$server") - before) * 10))" "$OUT" >> "$WORK/results"
  [[ "$status" -eq 0 ]] || say "  $name ended with $status: $(tail -n 2 "$OUT.err")"
}

absent() { printf '%s\tabsent\n' "$1" >> "$WORK/results"; }

firedrill() {
  # Takes the shell's place, so that the memory watched is its own.
  exec "$FIREDRILL_ROOT/scripts/firedrill" "$@" --output json --quiet
}

# The record of a run holds its phases; its key is in the result.
keep_record() {
  local key
  key="$(sed -n 's/.*"record" *: *"\([^"]*\)".*/\1/p' "$OUT.json")"
  [[ -z "$key" || ! -f "$WORK/store/$key" ]] || cp -- "$WORK/store/$key" "$OUT.record"
}

dump() { exec "$MONGODUMP" --quiet --uri "$URI" "$@"; }
# dump_through_zstd [LEVEL]: at our level, or at its own default.
dump_through_zstd() { "$MONGODUMP" --quiet --uri "$URI" --archive | "$ZSTD" "$@" -T2 --quiet --force -o "$WORK/peer.zst" -; }
undump() {
  exec "$MONGORESTORE" --quiet --uri "$URI" --archive="$WORK/peer.archive" --nsExclude 'admin.*' --numInsertionWorkersPerCollection=4
}
empty() { run_source DemoData.java empty "$1" < /dev/null; }

use_directory() {
  export FIREDRILL_STORE="file://$WORK/store"
  unset FIREDRILL_S3_ENDPOINT FIREDRILL_S3_REGION
}

use_s3() {
  export FIREDRILL_STORE="s3://bench/run$1" FIREDRILL_S3_ENDPOINT="$FIREDRILL_TEST_S3_ENDPOINT" FIREDRILL_S3_REGION="us-east-1"
}

start_s3() {
  local settings
  settings="$("$FIREDRILL_ROOT/scripts/s3" start --dir "$WORK/s3")" || fail "no S3 server could be started" "Install Go or Docker, or leave --s3 out."
  eval "$settings"
  export FIREDRILL_TEST_S3_ENDPOINT AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
  supervise make_bucket "$FIREDRILL_TEST_S3_ENDPOINT" bench
}

# use_keys [yes]: whether the next backups are encrypted.
use_keys() {
  if [[ -z "${1:-}" ]]; then
    unset FIREDRILL_STORE_KEY FIREDRILL_RECIPIENTS FIREDRILL_PRIVATE_KEYS
    return
  fi
  [[ -d "$WORK/keys" ]] || supervise "$FIREDRILL_ROOT/scripts/firedrill" keys create --out "$WORK/keys" --quiet > /dev/null
  export FIREDRILL_STORE_KEY="$WORK/keys/store.key" FIREDRILL_RECIPIENTS="$WORK/keys/public.pem"
  export FIREDRILL_PRIVATE_KEYS="$WORK/keys/private.pem"
}

# The launcher makes its cache after the first run, in the background: neither is to be in a figure.
warm_up() {
  local tries
  step "Let the launcher make its cache of classes"
  supervise "$FIREDRILL_ROOT/scripts/firedrill" backup --quiet > /dev/null
  for ((tries = 0; tries < 600; tries++)); do
    [[ -z "$(find "$FIREDRILL_ROOT/runner/target" -name 'firedrill-*.aot' -newer "$FIREDRILL_BUILT" -print -quit)" ]] || return 0
    sleep 0.1
  done
  say "There is no cache after a minute: start-up will be slower than it may be."
}
