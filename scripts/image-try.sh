# shellcheck shell=bash
# For scripts/image, which sources it: runs what is in an image against real servers on loopback.

TRY=""
readonly LEAST_SHARE=80

end_trial() {
  ignore_signals
  end_child
  [[ -n "$TRY" ]] || return 0
  "$FIREDRILL_ROOT/scripts/mongod" stop --dir "$TRY/source" > /dev/null 2>&1 || true
  "$FIREDRILL_ROOT/scripts/mongod" stop --dir "$TRY/staging" > /dev/null 2>&1 || true
  "$FIREDRILL_ROOT/scripts/s3" stop --dir "$TRY/s3" > /dev/null 2>&1 || true
  rm -rf -- "$TRY"
}

begin_trial() {
  forget_settings
  trap end_trial EXIT
  exit_on_signals
  TRY="$(mktemp -d "${TMPDIR:-/tmp}/firedrill-image.XXXXXX")"
  TRY="$(cd -- "$TRY" && pwd -P)"
  chmod 711 -- "$TRY"
}

# start_servers: two replica sets of one member and an S3 server with a bucket; what a process has to know of them is in SERVERS.
start_servers() {
  local name uri settings
  SERVERS=(FIREDRILL_S3_REGION=us-east-1 FIREDRILL_STORE=s3://firedrill-image/trial FIREDRILL_RTO_TARGET=15m FIREDRILL_STATE_DIR=/var/lib/firedrill)
  for name in source staging; do
    uri="$("$FIREDRILL_ROOT/scripts/mongod" start --dir "$TRY/$name" --replica-set "image-$name" | sed -n -e 's/^URI=//p')"
    [[ -n "$uri" ]] || fail "the replica set image-$name could not be started"
    SERVERS+=("FIREDRILL_${name^^}_URI=$uri")
    [[ "$name" != source ]] || run_source DemoData.java fill "$uri" --megabytes 2 > "$TRY/fill.log" 2>&1 || fail "the source could not be filled: $(tail -n 2 "$TRY/fill.log")"
  done
  settings="$("$FIREDRILL_ROOT/scripts/s3" start --dir "$TRY/s3")" || fail "no S3 server could be started"
  eval "$settings"
  export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
  SERVERS+=("FIREDRILL_S3_ENDPOINT=$FIREDRILL_TEST_S3_ENDPOINT")
  make_bucket "$FIREDRILL_TEST_S3_ENDPOINT" firedrill-image || fail "no bucket could be made"
}

# --- the trial ----------------------------------------------------------------------------------------------------

# unpack TAR: to TRY/root, each part held against its digest; the configuration goes to TRY/config.json.
unpack() {
  local parts="$TRY/parts" manifest layer digests
  mkdir -p -- "$parts" "$TRY/root"
  tar --extract --file "$1" --directory "$parts" || fail "$1 cannot be unpacked" "Build it first: scripts/image."
  (cd -- "$parts/blobs/sha256" && for layer in *; do printf '%s  %s\n' "$layer" "$layer"; done | sha256sum --check --quiet) \
    || fail "a part of the image is not what its digest says"
  manifest="$(grep -o 'sha256:[0-9a-f]*' "$parts/index.json" | head -n 1)"
  manifest="${manifest#sha256:}"
  mapfile -t digests < <(grep -o 'sha256:[0-9a-f]*' "$parts/blobs/sha256/$manifest" | sed -e 's/sha256://')
  # With the end of the line that it lacks.
  awk 1 "$parts/blobs/sha256/${digests[0]}" > "$TRY/config.json"
  for layer in "${digests[@]:1}"; do
    tar --extract --gzip --warning=no-unknown-keyword --same-owner --same-permissions --file "$parts/blobs/sha256/$layer" --directory "$TRY/root"
    LAYERS+=("$(stat --format=%s "$parts/blobs/sha256/$layer")")
  done
  DIGEST="sha256:$manifest"
  rm -rf -- "$parts"
}

# config_list NAME: the words of a list in the configuration, one a line.
config_list() { sed -n -e "s/.*\"$1\":\[\([^]]*\)\].*/\1/p" -- "$TRY/config.json" | tr ',' '\n' | sed -e 's/^"//' -e 's/"$//'; }

# Ends with 77 where this machine cannot do it: neither a success nor a failure.
skip() {
  printf 'SKIPPED: %s\n' "$1"
  exit 77
}

# contained COMMAND…: as a container would run it: its own root, which cannot be written to, with /tmp (from which nothing can be
# run), its folder and /proc; its own user without any capability; its environment only.
contained() {
  local user environment
  user="$(sed -n -e 's/.*"User":"\([0-9:]*\)".*/\1/p' -- "$TRY/config.json")"
  [[ -n "$user" && "${user%%:*}" != 0 ]] || fail "the image says of no user, by number, that it runs as it"
  mapfile -t environment < <(config_list Env)
  # shellcheck disable=SC2016 # for the inner shell
  unshare --mount --pid --fork -- bash -euc '
    root="$1/root" state="$1/state" user="$2"
    shift 2
    mount --bind "$root" "$root"
    mount --bind "$state" "$root/var/lib/firedrill"
    mount -t tmpfs -o size=256m,mode=1777,noexec,nosuid,nodev tmpfs "$root/tmp"
    mount -t proc proc "$root/proc"
    for device in null urandom random; do mount --bind "/dev/$device" "$root/dev/$device"; done
    mount -o remount,bind,ro,nosuid "$root"
    ! touch "$root/app/written" 2> /dev/null || { echo "the root can be written to" >&2; exit 99; }
    exec env -i "$@"
  ' bash "$TRY" "$user" "${environment[@]}" "${SERVERS[@]}" \
    "AWS_ACCESS_KEY_ID=${AWS_ACCESS_KEY_ID:-}" "AWS_SECRET_ACCESS_KEY=${AWS_SECRET_ACCESS_KEY:-}" \
    "$(command -v setpriv)" --no-new-privs -- "$(command -v chroot)" --userspec="$user" --groups="" "$TRY/root" "$@"
}

# What a run time makes for each container, and the one folder that is written to.
prepare_root() {
  local device
  mkdir -p -- "$TRY/root"/{proc,dev,etc} "$TRY/state"
  for device in null urandom random; do : > "$TRY/root/dev/$device"; done
  cp -- /etc/hosts "$TRY/root/etc/hosts"
  chown 10001:10001 -- "$TRY/state"
  chmod 700 -- "$TRY/state"
}

firedrill_in_image() {
  local entry
  mapfile -t entry < <(config_list Entrypoint)
  contained "${entry[@]}" "$@"
}

# java_in_image OPTION COMMAND…: the same with one more option of the JVM.
java_in_image() {
  local option="$1"
  shift
  contained /opt/java/bin/java @/app/java.options "$option" -jar /app/firedrill.jar "$@"
}

# took TIMES COMMAND…: the median, and what it cost the processor, which others on the machine stretch less.
took() {
  local count="$1" begun i costs lines=() TIMEFORMAT='%U %S'
  shift
  for ((i = 0; i < count; i++)); do
    begun="$(date +%s%N)"
    costs="$({ time "$@" > "$TRY/out" 2>&1; } 2>&1)" || fail "it failed: $*" "$(tail -n 5 -- "$TRY/out")"
    lines+=("$((($(date +%s%N) - begun) / 1000000)) $costs")
  done
  printf '%s\n' "${lines[@]}" | sort -n | awk -v middle="$((count / 2 + 1))" 'NR == middle { printf "%d ms (CPU %.1f s)", $1, $2 + $3 }'
}

# How many per cent of the classes that a backup loads come out of the archive: none does if a jar or its time is another.
share_from_archive() {
  local log="$TRY/state/classes.log" all shared
  java_in_image -Xlog:class+load:file=/var/lib/firedrill/classes.log:none:filecount=0 backup > "$TRY/out" 2>&1 || fail "the backup ended with $?"
  all="$(grep -c ' source: ' "$log")"
  shared="$(grep -c ' source: shared objects file' "$log")" || true
  printf '%s\n' "$((100 * shared / all))"
}

# Start-up, and whether the archive is of use; a list of classes that is long out of date would show here.
measure() {
  local share
  share="$(share_from_archive)"
  printf 'start-up: --help takes %s with the archive of classes, %s without\n' \
    "$(took 3 firedrill_in_image --help)" "$(took 3 java_in_image -Xshare:off --help)"
  printf 'start-up: a backup of nothing new takes %s with it, %s without\n' "$(took 1 firedrill_in_image backup)" "$(took 1 java_in_image -Xshare:off backup)"
  printf '%s %% of the classes of a backup come out of the archive\n' "$share"
  [[ "$share" -ge "$LEAST_SHARE" ]] || fail "the archive of classes holds $share % of what a backup loads, and $LEAST_SHARE are wanted" \
    "Write the list anew: scripts/image learn."
}

# The Dockerfile says the same again, and must not say anything else: how it runs, and that no file is left behind.
check_dockerfile() {
  local said written copied file
  said="$(sed -n -e 's/^USER //p; s/^WORKDIR //p; s/^ENV //p; s/^ENTRYPOINT //p' -- "$FIREDRILL_ROOT/Dockerfile" | tr -d '[]",' | tr ' ' '\n' | LC_ALL=C sort)"
  written="$({
    config_list Env
    config_list Entrypoint
    sed -n -e 's/.*"User":"\([^"]*\)".*/\1/p' -- "$TRY/config.json"
    sed -n -e 's/.*"WorkingDir":"\([^"]*\)".*/\1/p' -- "$TRY/config.json"
  } | LC_ALL=C sort)"
  [[ "$said" == "$written" ]] || fail "the Dockerfile says another thing than the image: $(diff <(printf '%s\n' "$said") <(printf '%s\n' "$written") | tr '\n' ' ')"
  copied="$(grep '^COPY ' "$FIREDRILL_ROOT/Dockerfile" | tr ' ' '\n' | sed -n -e 's,^target/image/root,,p')"
  while read -r file; do
    grep --quiet --fixed-strings --line-regexp -e "$file" <<< "$copied" || covered "$file" "$copied" || fail "the Dockerfile leaves $file out"
  done < <(cd -- "$TRY/root" && find . -type f | sed -e 's,^\.,,')
}

# covered FILE FOLDERS: is it in one of them, which end in a stroke.
covered() {
  local folder
  while read -r folder; do [[ "$folder" != */ || "$1" != "$folder"* ]] || return 0; done <<< "$2"
  return 1
}

try_image() {
  require_linux
  [[ "$(id -u)" -eq 0 ]] || skip "an image is tried by root, who may mount and change roots"
  unshare --mount --pid --fork -- true 2> /dev/null || skip "this machine lets nobody have mounts of their own"
  [[ -f "$1" ]] || fail "there is no image $1" "Build it first: scripts/image."
  find_jdk
  build_if_needed
  LAYERS=()
  SERVERS=()
  begin_trial
  unpack "$1"
  check_dockerfile
  prepare_root
  printf 'image %s, layers of %s bytes\n' "$DIGEST" "${LAYERS[*]}"
  firedrill_in_image --version
  start_servers
  say "A backup and a drill, by the image's user on a root that cannot be written to:"
  firedrill_in_image backup || fail "the backup in the image failed with $?"
  firedrill_in_image drill --confirm image-staging || fail "the drill in the image failed with $?"
  firedrill_in_image evidence verify || fail "the evidence of the image does not hold: $?"
  measure
}

# --- the list of classes ------------------------------------------------------------------------------------------

# What each of these loads, in an image of now. Sorted, so that a new list differs from the old one by what has changed.
learn_classes() {
  TAR="$IMAGE_WORK/learn.tar"
  [[ -f "$CLASSES" ]] || : > "$CLASSES"
  build > /dev/null
  LAYERS=()
  SERVERS=()
  begin_trial
  unpack "$TAR"
  rm -f -- "$TAR" "${TAR%.tar}".*.json
  prepare_root
  start_servers
  learn_from 0 --help
  learn_from 0 backup
  learn_from 0 oplog archive --once
  learn_from 0 backup
  learn_from 0 verify
  learn_from 0 status
  learn_from 0 backups
  learn_from 0 drill --confirm image-staging
  learn_from 0 evidence verify
  learn_from 0 evidence reconcile
  learn_from 0 metrics
  learn_from any prune
  learn_from any doctor
  # Numbers of classes and places in constant pools hold for one run and one build only.
  cat -- "$TRY"/state/*.list | sed -e '/^#/d' -e '/^@cp/d' -e 's/ id: [0-9]*.*//' -e '/ source: /d' | LC_ALL=C sort --unique > "$CLASSES"
  say "$(wc -l < "$CLASSES") lines in $CLASSES"
}

# learn_from CODE COMMAND…: CODE is what it has to exit with, or any.
learn_from() {
  local wanted="$1" status=0
  shift
  java_in_image "-XX:DumpLoadedClassList=/var/lib/firedrill/$((++LEARNT)).list" "$@" > "$TRY/out" 2>&1 || status=$?
  [[ "$wanted" == any || "$status" -eq "$wanted" ]] || fail "it ended with $status: $*" "$(tail -n 5 -- "$TRY/out")"
  say "$(wc -l < "$TRY/state/$LEARNT.list") lines from: firedrill $*"
}
LEARNT=0
