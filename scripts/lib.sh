# shellcheck shell=bash
# Shared by the scripts beside it, which source it: messages, JDK, Maven, ports, the build.
# shellcheck disable=SC2034 # what is set here is used there

FIREDRILL_ROOT="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)"
FIREDRILL_CACHE="${FIREDRILL_CACHE_DIR:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/firedrill}"
FIREDRILL_JAR="$FIREDRILL_ROOT/runner/target/firedrill.jar"
FIREDRILL_LIB="$FIREDRILL_ROOT/runner/target/lib"
FIREDRILL_BUILT="$FIREDRILL_ROOT/runner/target/firedrill.built"
readonly JDK_WANTED=25
# Of the launcher and of the image; how large the heap may be, each says for itself.
readonly JVM_OPTIONS=(-XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
  # Most of what runs often is start-up code: at the usual thresholds the JVM spends more on optimizing it than on the data.
  -XX:Tier4InvocationThreshold=100000 -XX:Tier4MinInvocationThreshold=20000 -XX:Tier4CompileThreshold=200000
  -XX:Tier3InvocationThreshold=1000 -XX:Tier3MinInvocationThreshold=500 -XX:Tier3CompileThreshold=5000
  # But SHA-256 has the processor's own instructions only once it is optimized.
  -XX:CompileCommand=quiet "-XX:CompileCommand=CompileThresholdScaling,sun.security.provider.DigestBase::*,0.002"
  "-XX:CompileCommand=CompileThresholdScaling,sun.security.provider.SHA2::*,0.002"
  -Xlog:disable)

say() { printf '%s\n' "$@" >&2; }

# fail MESSAGE [HINT]: message in lower case with the values in it, hint a full sentence.
fail() {
  say "${0##*/}: $1"
  [[ $# -lt 2 ]] || say "  $2"
  exit 1
}

# usage_error MESSAGE: 2, as the command line itself answers.
usage_error() {
  say "${0##*/}: $1"
  say "  See ${0##*/} --help."
  exit 2
}

# The text between the first comment line and `set -euo pipefail` of the calling script is its help.
print_help() {
  sed -n -e '2,/^set -euo/{/^set -euo/d;s/^# \{0,1\}//;p;}' -- "$0"
}

have() { command -v "$1" >/dev/null 2>&1; }

# --- JDK and Maven ------------------------------------------------------------------------------------------------

# The feature release of the JDK in a folder, 0 if there is none; reads the `release` file, since starting java takes time.
jdk_release_in() {
  local home="$1" line version=""
  [[ -x "$home/bin/java" && -x "$home/bin/javac" ]] || { printf '0\n'; return; }
  if [[ -r "$home/release" ]]; then
    while IFS= read -r line || [[ -n "$line" ]]; do
      case "$line" in JAVA_VERSION=*) version="${line#JAVA_VERSION=}" ;; esac
    done < "$home/release"
  else
    version="$("$home/bin/java" -version 2>&1 | sed -n -e 's/.*version //p')"
  fi
  version="${version//\"/}"
  version="${version%%[!0-9]*}"
  printf '%s\n' "${version:-0}"
}

jdk_fits() { [[ "$(jdk_release_in "$1")" -ge "$JDK_WANTED" ]]; }

# Exports JAVA_HOME and JAVA; ends with what to install when there is no JDK.
find_jdk() {
  local home candidate
  if [[ -n "${FIREDRILL_JAVA_HOME:-}" ]]; then
    jdk_fits "$FIREDRILL_JAVA_HOME" \
      || fail "FIREDRILL_JAVA_HOME=$FIREDRILL_JAVA_HOME holds no JDK $JDK_WANTED or later" \
        "Point it at the folder that holds bin/java and bin/javac, or unset it."
    use_jdk "$FIREDRILL_JAVA_HOME"
    return
  fi
  if [[ -n "${JAVA_HOME:-}" ]] && jdk_fits "$JAVA_HOME"; then
    use_jdk "$JAVA_HOME"
    return
  fi
  if have java; then
    candidate="$(command -v java)"
    candidate="$(readlink -f -- "$candidate" 2>/dev/null || printf '%s' "$candidate")"
    home="${candidate%/bin/java}"
    if jdk_fits "$home"; then
      use_jdk "$home"
      return
    fi
  fi
  if [[ -x /usr/libexec/java_home ]] && home="$(/usr/libexec/java_home -v "$JDK_WANTED+" 2>/dev/null)" && jdk_fits "$home"; then
    use_jdk "$home"
    return
  fi
  for home in /usr/lib/jvm/* /usr/java/* "${HOME:-/nowhere}"/.sdkman/candidates/java/* "${HOME:-/nowhere}"/.jdks/* \
    /opt/java* /opt/java/* /opt/jdk* /usr/local/opt/openjdk*; do
    if jdk_fits "$home"; then
      use_jdk "$home"
      return
    fi
  done
  fail "no JDK $JDK_WANTED found" \
    "Install one (Debian, Ubuntu: temurin-25-jdk or openjdk-25-jdk-headless; Fedora: java-25-openjdk-devel; macOS: brew install openjdk; SDKMAN: sdk install java 25-tem), or point FIREDRILL_JAVA_HOME at the one you have."
}

use_jdk() {
  export JAVA_HOME="$1"
  JAVA="$1/bin/java"
}

require_maven() {
  have mvn || fail "no Maven found" "Install it (Debian, Ubuntu, Fedora: package maven; macOS: brew install maven), so that mvn is on the PATH."
}

# in_place COMMAND…: in the background it takes the shell's place, so that the process id is that of the program.
in_place() {
  [[ "$BASHPID" == "$$" ]] || exec "$@"
  "$@"
}

# run_source FILE ARGUMENTS…: runs a Java program of this folder from its source, with the MongoDB driver beside it.
run_source() {
  local file="$FIREDRILL_ROOT/scripts/$1" jar path=""
  shift
  for jar in "$FIREDRILL_LIB"/mongodb-driver-*.jar "$FIREDRILL_LIB"/bson-*.jar; do path+="$jar:"; done
  in_place "$JAVA" -Xmx512m -XX:+UseSerialGC --class-path "$path" "$file" "$@"
}

# make_bucket ENDPOINT NAME: on any S3 server, with the credentials of the environment.
make_bucket() {
  in_place "$JAVA" -XX:TieredStopAtLevel=1 --class-path "$FIREDRILL_LIB/*" "$FIREDRILL_ROOT/scripts/Bucket.java" "$@"
}

# --- machine ------------------------------------------------------------------------------------------------------

# A loopback port nobody listens on; below the range the kernel gives to outgoing connections.
free_port() {
  local port tries
  for ((tries = 0; tries < 200; tries++)); do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    if ! (exec 3<> "/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      printf '%s\n' "$port"
      return
    fi
  done
  fail "found no free port on 127.0.0.1 in 200 tries"
}

sha256_of() {
  if have sha256sum; then
    sha256sum -- "$1" | cut -d ' ' -f 1
  else
    shasum --algorithm 256 -- "$1" | cut -d ' ' -f 1
  fi
}

# within SECONDS COMMAND…: where there is no `timeout` the command runs without a limit.
within() {
  local seconds="$1"
  shift
  if have timeout; then timeout "$seconds" "$@"; else "$@"; fi
}

# end_recorded FILE NAME: ends the process that a file names, if it is still a program of that name.
end_recorded() {
  local pid
  pid="$(cat "$1" 2> /dev/null || true)"
  if [[ "$pid" =~ ^[1-9][0-9]*$ && "$(ps -o comm= -p "$pid" 2> /dev/null)" == "$2" ]]; then
    end_process "$pid"
  fi
  rm -f -- "$1"
}

# go_install BINARY PACKAGE@VERSION: builds it beside its place and moves it there last, so that what lies there is whole.
go_install() {
  local folder="${1%/*}" work status=0
  mkdir -p -- "$folder"
  say "Building ${1##*/}, once …"
  work="$(mktemp -d "$folder/build.XXXXXX")"
  GOBIN="$work" GOWORK=off GOFLAGS='' go install -trimpath "$2" >&2 && mv -f -- "$work/${1##*/}" "$1" || status=1
  rm -rf -- "$work"
  return "$status"
}

# Ends one process by its id: asks, waits up to 20 s, then insists.
end_process() {
  local pid="$1" tries
  kill -0 "$pid" 2>/dev/null || return 0
  kill -TERM "$pid" 2>/dev/null || return 0
  for ((tries = 0; tries < 200; tries++)); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
}

# supervise COMMAND…: runs it as a child that clean_up can end, so that a signal is acted on at once, not when it returns.
CHILD=""
supervise() {
  local status=0
  "$@" < /dev/null &
  CHILD=$!
  wait "$CHILD" || status=$?
  CHILD=""
  return "$status"
}

end_child() {
  [[ -z "$CHILD" ]] || end_process "$CHILD"
  CHILD=""
}

# A signal ends the script by way of its EXIT trap, with the exit code a shell gives it.
exit_on_signals() {
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

ignore_signals() { trap '' HUP INT TERM; }

# Settings of whoever calls are not those of the demo, the tests and the benchmark.
forget_settings() {
  local name
  for name in $(compgen -e); do
    case "$name" in
      FIREDRILL_MONGOD | FIREDRILL_CACHE_DIR | FIREDRILL_JAVA_HOME | FIREDRILL_JAVA_OPTS | FIREDRILL_BENCH_TOOLS | FIREDRILL_TEST_*) ;;
      FIREDRILL_*_*|FIREDRILL_STORE) unset "$name" ;;
      AWS_ACCESS_KEY_ID | AWS_SECRET_ACCESS_KEY) [[ -n "${FIREDRILL_TEST_S3_ENDPOINT:-}" ]] || unset "$name" ;;
      AWS_*) unset "$name" ;;
    esac
  done
}

# --- build --------------------------------------------------------------------------------------------------------

build_is_fresh() {
  local newer
  [[ -f "$FIREDRILL_BUILT" && -f "$FIREDRILL_JAR" && -d "$FIREDRILL_LIB" ]] || return 1
  newer="$(find "$FIREDRILL_ROOT/pom.xml" "$FIREDRILL_ROOT"/{,*/}*/pom.xml "$FIREDRILL_ROOT"/{,*/}*/src/main -newer "$FIREDRILL_BUILT" -print -quit)"
  [[ -z "$newer" ]]
}

# Held by whoever writes to target/, so that two builds never meet.
lock_build() {
  mkdir -p -- "$FIREDRILL_ROOT/target"
  exec 9> "$FIREDRILL_ROOT/target/build.lock"
  ! have flock || flock --timeout 900 9 || fail "another build has held target/build.lock for 15 minutes"
}

unlock_build() { exec 9>&-; }

mark_built() { mv -f -- "$1" "$FIREDRILL_BUILT"; }

# Builds runner/target/firedrill.jar if a source is newer than it; silent unless it fails.
build_if_needed() {
  ! build_is_fresh || return 0
  find_jdk
  require_maven
  lock_build
  if build_is_fresh; then
    unlock_build
    return 0
  fi
  local log="$FIREDRILL_ROOT/target/build.log" begun
  begun="$(mktemp "$FIREDRILL_ROOT/target/built.XXXXXX")"
  say "Building Firedrill (the first time also fetches its libraries) …"
  if ! (cd -- "$FIREDRILL_ROOT" && mvn --batch-mode --quiet -DskipTests -Dspotless.check.skip=true -Dcyclonedx.skip=true \
    package < /dev/null > "$log" 2>&1 9>&-); then
    tail -n 40 -- "$log" >&2
    rm -f -- "$begun"
    fail "the build failed" "The whole output is in $log."
  fi
  mark_built "$begun"
  unlock_build
}
