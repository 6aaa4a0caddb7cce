# shellcheck shell=bash
# How scripts/bench runs Percona Backup for MongoDB, whose work is done by an agent beside each server. It sources this.
# shellcheck disable=SC2154 # what is used here is set there

# pbm URI ARGUMENTS…: the command line; it tells an agent by way of the server, and waits. Now and then it waits for ever.
pbm() {
  local uri="$1"
  shift
  PBM_MONGODB_URI="$uri" timeout "${PBM_PATIENCE:-1800}" "$PBM" "$@"
}

# start_agent URI: sets AGENT; it is ready when it is in the status.
start_agent() {
  local tries
  PBM_MONGODB_URI="$1" "${PBM}-agent" > "$WORK/agent.$NUMBER" 2>&1 &
  AGENT=$!
  for ((tries = 0; tries < 150; tries++)); do
    # The agent's configuration has to be there before it says that it is well.
    if pbm "$1" status --sections cluster --out json 2> /dev/null | grep -q '"ok":true'; then return 0; fi
    sleep 0.2
  done
  end_agent
  fail "the agent of pbm does not come up: $(tail -n 2 "$WORK/agent.$NUMBER")"
}

end_agent() {
  [[ -z "$AGENT" ]] || end_process "$AGENT"
  AGENT=""
}

configure_pbm() {
  mkdir -p -- "$WORK/pbm"
  printf 'storage:\n  type: filesystem\n  filesystem:\n    path: %s\n' "$WORK/pbm" > "$WORK/pbm.yaml"
  pbm "$1" config --file "$WORK/pbm.yaml" > /dev/null 2>&1 \
    || fail "pbm cannot be configured"
}

# is_idle URI: no operation goes on, and no lock is left of one.
wait_until_idle() {
  local tries
  for ((tries = 0; tries < 300; tries++)); do
    if pbm "$1" status --sections running --out json 2> /dev/null | grep -q '"running":{}'; then return 0; fi
    sleep 0.2
  done
}

pbm_backup() { pbm "$SOURCE_URI" backup --compression=zstd --compression-level=1 --wait --wait-time=30m; }

pbm_restore() {
  pbm "$STAGING_URI" restore "$BACKUP" --replset-remapping="bench-staging=bench-source" --wait --yes
}

# Backup and restore of the same data, each with an agent that has been started before; its CPU counts with the command's.
bench_pbm() {
  if [[ -z "$PBM" ]]; then absent pbm-backup; absent pbm-restore; return; fi
  rm -rf -- "$WORK/pbm"
  configure_pbm "$SOURCE_URI"
  start_agent "$SOURCE_URI"
  wait_until_idle "$SOURCE_URI"
  ALSO="$AGENT" measure pbm-backup "$SOURCE_PID" pbm_backup
  BACKUP="$(pbm "$SOURCE_URI" list --out json 2> /dev/null | sed -n 's/.*"snapshots":\[{"name":"\([^"]*\)".*/\1/p')"
  end_agent
  if [[ -z "$BACKUP" ]]; then absent pbm-restore; return; fi
  empty "$STAGING_URI"
  configure_pbm "$STAGING_URI"
  start_agent "$STAGING_URI"
  PBM_PATIENCE=120 pbm "$STAGING_URI" config --force-resync --wait > /dev/null 2>&1 || true
  wait_until_idle "$STAGING_URI"
  ALSO="$AGENT" measure pbm-restore "$STAGING_PID" pbm_restore
  end_agent
  empty "$STAGING_URI"
}
