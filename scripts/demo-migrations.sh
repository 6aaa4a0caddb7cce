# shellcheck shell=bash
# `scripts/demo --migrations`, which sources it: a release that passes its rehearsal and is applied and taken back, and one that is
# refused, in the rehearsal and when it is applied all the same.
# shellcheck disable=SC2153,SC2154 # what the demo sets is used here

readonly SAMPLES="$FIREDRILL_ROOT/docs/samples/migrations"

# pack_changes NAME SOURCE…: compiles change units against the Mongock that Firedrill ships, into $WORK/NAME.jar.
pack_changes() {
  local name="$1"
  shift
  "$JAVA_HOME/bin/javac" -nowarn -proc:none -d "$WORK/$name" --class-path "$FIREDRILL_ROOT/runner/target/mongock/*" "$@" \
    || fail "the sample $name does not compile"
  "$JAVA_HOME/bin/jar" --create --file "$WORK/$name.jar" -C "$WORK/$name" .
}

# rehearsed NAME EXPECTED: rehearses that jar, keeps what it leaves, and ends the demo if it came out otherwise.
rehearsed() {
  local name="$1" expected="$2" status=0 papers
  touch -- "$WORK/begun"
  supervise "$FIREDRILL_ROOT/scripts/firedrill" migrations rehearse --jar "$WORK/$name.jar" --database shop --quick || status=$?
  keep_report "migrations-$name"
  papers="$(find "$FIREDRILL_STATE_DIR/reports" -name ROLLBACK.md -newer "$WORK/begun" -print | tail -n 1)"
  [[ "$status" -eq "$expected" ]] || fail "the rehearsal of $name.jar ended with $status, and not with $expected" "This is a fault of Firedrill: please report it with the output above."
  [[ -n "$papers" ]] || fail "the rehearsal of $name.jar left no ROLLBACK.md" "This is a fault of Firedrill: please report it with the output above."
  mkdir -p -- "$REPORTS/migrations-$name"
  cp -- "${papers%/*}/ROLLBACK.md" "${papers%/*}/RUNBOOK.md" "$REPORTS/migrations-$name/"
}

# released NAME EXPECTED VERB OPTION…: applies that jar in production or takes it back; ends the demo if it came out otherwise.
released() {
  local name="$1" expected="$2" verb="$3" status=0
  shift 3
  touch -- "$WORK/begun"
  supervise "$FIREDRILL_ROOT/scripts/firedrill" migrations "$verb" --jar "$WORK/$name.jar" --database shop --confirm demo-source "$@" || status=$?
  keep_report "migrations-$name-$verb"
  [[ "$status" -eq "$expected" ]] || fail "the $verb of $name.jar ended with $status, and not with $expected" "This is a fault of Firedrill: please report it with the output above."
}

demo_migrations() {
  local good="$SAMPLES/mongock/src/com/acme/good" bad="$SAMPLES/mongock/src/com/acme/bad" name
  step "Start a replica set of one member (demo-source): this is production"
  FIREDRILL_SOURCE_URI="$(start_replica_set source)"
  FIREDRILL_MONGOD="$("$FIREDRILL_ROOT/scripts/mongod" find)" || fail "there is no mongod to rehearse in"
  export FIREDRILL_SOURCE_URI FIREDRILL_MONGOD FIREDRILL_STAGING_DIR="$WORK/rehearsals"
  run_source DemoMigrations.java "$FIREDRILL_SOURCE_URI"

  step "Pack two releases: good.jar has two changes of Mongock, bad.jar has two with a defect each"
  pack_changes good "$good/MarkVersion.java" "$good/CountryWithIndex.java"
  pack_changes bad "$bad/ForgetsAField.java" "$bad/Increments.java"

  step "firedrill backup: what the rehearsals work on"
  supervise "$FIREDRILL_ROOT/scripts/firedrill" backup

  step "firedrill migrations list: what would good.jar run in production?"
  supervise "$FIREDRILL_ROOT/scripts/firedrill" migrations list --jar "$WORK/good.jar" --database shop

  step "firedrill migrations rehearse: good.jar, on the restored backup in a mongod of its own (expected: passed)"
  rehearsed good 0

  step "firedrill migrations rehearse: bad.jar (expected: refused with exit code 62)"
  rehearsed bad 62
  say "" "Why it is refused: the rollback of forgets-a-field leaves a field behind (ROLLBACK, with ids and paths above), and" \
    "increments counts twice when it is run again after a crash (RERUN_SAFE)."

  step "firedrill migrations apply: bad.jar in production (expected: refused with exit code 30)"
  released bad 30 apply --accept-quick
  say "" "Why it is refused: the newest rehearsal of this very jar failed. Nothing was written to production."

  step "firedrill migrations apply: good.jar in production (expected: refused with exit code 30)"
  released good 30 apply
  say "" "Why it is refused: the rehearsal was a quick one, which cut no run off. --accept-quick says that it will do."

  step "firedrill migrations apply --accept-quick: good.jar in production, with a row for each run in the database firedrill"
  released good 0 apply --accept-quick --record-in firedrill

  step "firedrill migrations rollback --last: the newest change goes, by the rollback that the rehearsal has proven"
  released good 0 rollback --last

  step "firedrill evidence verify: the receipts are what was signed"
  supervise "$FIREDRILL_ROOT/scripts/firedrill" evidence verify

  step "Done: one release passed its rehearsal, was applied and taken back in part; the other was refused, and came nowhere near production"
  for name in good bad; do
    say "$name.jar:" "  rehearsal  $REPORTS/migrations-$name.html" "  apply      $REPORTS/migrations-$name-apply.html" \
      "  way back   $REPORTS/migrations-$name/ROLLBACK.md" "  lock etc.  $REPORTS/migrations-$name/RUNBOOK.md"
  done
}
