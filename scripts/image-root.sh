# shellcheck shell=bash
# For scripts/image, which sources it: lays out what is in the image, and makes the archive of classes in it.
# shellcheck disable=SC2034 # what is set here is used there

readonly IMAGE_SOURCE="$FIREDRILL_ROOT/runner/src/image"
readonly IMAGE_WORK="$FIREDRILL_ROOT/target/image"
readonly IMAGE_ROOT="$IMAGE_WORK/root"
readonly PACKAGES="$IMAGE_SOURCE/packages.lock"
readonly CLASSES="$IMAGE_SOURCE/classes.list"
readonly JIB="$FIREDRILL_CACHE/jib/0.28.1"
readonly DEBIAN="${FIREDRILL_DEBIAN_MIRROR:-http://deb.debian.org/debian}"
readonly LIBRARIES=(ld-linux-x86-64.so.2 libc.so.6 libdl.so.2 libm.so.6 libpthread.so.0 libresolv.so.2 librt.so.1)
# All of Java SE, since migrations run in it that are not ours; and what the driver (SRV records), Spring and the JVM's own figures use.
readonly MODULES="java.se,jdk.crypto.ec,jdk.httpserver,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net,jdk.security.auth,jdk.unsupported,jdk.zipfs"

require_linux() {
  [[ "$(uname -s)-$(uname -m)" == Linux-x86_64 ]] || fail "an image is built on Linux on x86_64 only" "Its archive of classes is made by the image's own Java."
}

# The full name of the JDK, for the label; scripts take any JDK 25 or later, and another one makes another image.
jdk_build() { sed -n -e 's/^IMPLEMENTOR_VERSION="\(.*\)"/\1/p' -- "$JAVA_HOME/release"; }

# unavailable MESSAGE HINT: 40, as the command line itself answers where something else has to be there first.
unavailable() {
  say "${0##*/}: $1" "  $2"
  exit 40
}

# --- what is fetched ----------------------------------------------------------------------------------------------

fetch_jib() {
  if ! (cd -- "$JIB" && sha256sum --check --quiet --strict -- "$IMAGE_SOURCE/jib/jars.sha256") > /dev/null 2>&1; then
    require_maven
    rm -rf -- "$JIB"
    mvn --batch-mode --quiet --file "$IMAGE_SOURCE/jib/pom.xml" dependency:copy-dependencies "-DoutputDirectory=$JIB" >&2 \
      || fail "Jib could not be fetched"
    (cd -- "$JIB" && sha256sum --check --quiet --strict -- "$IMAGE_SOURCE/jib/jars.sha256" >&2) \
      || fail "a library of Jib is not the one that is pinned" "Nothing was built. $IMAGE_SOURCE/jib/jars.sha256 says which it should be."
  fi
}

run_jib() {
  local program="$1"
  shift
  "$JAVA" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx1g --sun-misc-unsafe-memory-access=allow --class-path "$JIB/*" "$FIREDRILL_ROOT/scripts/$program" "$@"
}

# fetch_package NAME VERSION SHA256 PATH: prints where it lies. A name of a file in the cache is its digest, checked again each time.
fetch_package() {
  local file="$FIREDRILL_CACHE/debian/$3.deb" work
  if [[ ! -f "$file" || "$(sha256_of "$file")" != "$3" ]]; then
    work="$(mktemp -d)"
    mkdir -p -- "${file%/*}"
    (cd -- "$work" && have apt-get && apt-get download "$1=$2") > /dev/null 2>&1 || true
    if ! cp -- "$work"/*.deb "$file.part" 2> /dev/null; then
      within 120 curl --silent --fail --location --max-time 100 --output "$file.part" "$DEBIAN/$4" || true
    fi
    rm -rf -- "$work"
    if [[ ! -f "$file.part" || "$(sha256_of "$file.part")" != "$3" ]]; then
      rm -f -- "$file.part"
      unavailable "the package $1 $2, as it is pinned, cannot be had" \
        "Debian may have a newer one: apt-get update && scripts/image pin. An old one: FIREDRILL_DEBIAN_MIRROR=https://snapshot.debian.org/archive/debian/DATE"
    fi
    mv -- "$file.part" "$file"
  fi
  printf '%s\n' "$file"
}

pin_packages() {
  local name line uri
  have apt-get || fail "there is no apt-get" "Run this on Debian 12, or in a container of it."
  {
    sed -n -e '/^#/p' -- "$PACKAGES"
    while read -r name _; do
      [[ "$name" != \#* ]] || continue
      line="$(apt-get --print-uris download "$name")"
      uri="$(cut -d "'" -f 2 <<< "$line" | sed -e 's/%2b/+/g' -e 's/%3a/:/g' -e 's/%7e/~/g')"
      printf '%s %s %s %s\n' "$name" "$(apt-cache policy "$name" | sed -n -e 's/^ *Candidate: //p')" "${line##*SHA256:}" "pool/${uri#*/pool/}"
    done < "$PACKAGES"
  } > "$PACKAGES.new"
  mv -- "$PACKAGES.new" "$PACKAGES"
  cat -- "$PACKAGES"
}

# Which libraries are in it, only the poms say.
build_sbom_if_needed() {
  local sbom="$FIREDRILL_ROOT/target/sbom.json" log="$FIREDRILL_ROOT/target/sbom.log"
  if [[ ! -f "$sbom" || -n "$(find "$FIREDRILL_ROOT/pom.xml" "$FIREDRILL_ROOT"/{,*/}*/pom.xml -newer "$sbom" -print -quit)" ]]; then
    require_maven
    lock_build
    (cd -- "$FIREDRILL_ROOT" && mvn --batch-mode --quiet -DskipTests -Dspotless.check.skip=true package < /dev/null > "$log" 2>&1 9>&-) \
      || fail "the bill of materials could not be made" "The whole output is in $log."
    touch -- "$FIREDRILL_BUILT"
    unlock_build
  fi
}

# --- the root -----------------------------------------------------------------------------------------------------

lay_out_root() {
  umask 022
  rm -rf -- "$IMAGE_ROOT"
  mkdir -p -- "$IMAGE_ROOT"/{tmp,app,opt,dev,proc,sys,var/lib/firedrill}
  lay_out_base
  lay_out_java
  lay_out_application
  # Before the archive is made, since it holds the times of the jars.
  find "$IMAGE_ROOT" -exec touch --no-dereference --date=@1 -- {} +
  archive_classes
  touch --date=@1 -- "$IMAGE_ROOT"/app "$IMAGE_ROOT"/app/firedrill.jsa
}

lay_out_base() {
  local name version sha256 path package work library
  work="$(mktemp -d)"
  while read -r name version sha256 path; do
    [[ "$name" != \#* ]] || continue
    package="$(fetch_package "$name" "$version" "$sha256" "$path")" || exit $?
    dpkg-deb --extract "$package" "$work" || fail "the package $name cannot be unpacked"
    # What scanners look for, to tell which packages there are without a package manager.
    mkdir -p -- "$IMAGE_ROOT/var/lib/dpkg/status.d" "$IMAGE_ROOT/usr/share/doc/$name"
    dpkg-deb --field "$package" > "$IMAGE_ROOT/var/lib/dpkg/status.d/$name"
    cp --dereference -- "$work/usr/share/doc/$name/copyright" "$IMAGE_ROOT/usr/share/doc/$name/"
  done < "$PACKAGES"
  mkdir -p -- "$IMAGE_ROOT"/lib/x86_64-linux-gnu "$IMAGE_ROOT"/lib64 "$IMAGE_ROOT"/usr/lib/locale "$IMAGE_ROOT"/etc
  for library in "${LIBRARIES[@]}"; do
    cp --dereference -- "$work/lib/x86_64-linux-gnu/$library" "$IMAGE_ROOT/lib/x86_64-linux-gnu/"
  done
  mv -- "$IMAGE_ROOT/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" "$IMAGE_ROOT/lib64/"
  cp --recursive --dereference -- "$work/usr/lib/locale/C.utf8" "$IMAGE_ROOT/usr/lib/locale/"
  rm -rf -- "$work"
  printf 'root:x:0:0:root:/:/nonexistent\nfiredrill:x:10001:10001:firedrill:/var/lib/firedrill:/nonexistent\n' > "$IMAGE_ROOT/etc/passwd"
  printf 'root:x:0:\nfiredrill:x:10001:\n' > "$IMAGE_ROOT/etc/group"
  printf 'hosts: files dns\n' > "$IMAGE_ROOT/etc/nsswitch.conf"
  printf 'PRETTY_NAME="Firedrill, on packages of Debian 12"\nNAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n' \
    > "$IMAGE_ROOT/etc/os-release"
}

# The same JDK and modules give the same runtime, which is kept for the next build.
lay_out_java() {
  local key made
  key="$(printf '%s %s' "$(sha256_of "$JAVA_HOME/lib/modules")" "$MODULES" | sha256sum | cut -c 1-16)"
  made="$IMAGE_WORK/java-$key"
  if [[ ! -d "$made" ]]; then
    rm -rf -- "$IMAGE_WORK"/java-*
    "$JAVA_HOME/bin/jlink" --add-modules "$MODULES" --output "$made.part" --no-header-files --no-man-pages --compress zip-0 \
      > "$IMAGE_WORK/jlink.log" 2>&1 || fail "jlink made no runtime: $(tail -n 3 -- "$IMAGE_WORK/jlink.log")"
    mv -- "$made.part" "$made"
  fi
  # Copies, not links: files are given other times.
  cp --recursive --dereference -- "$made" "$IMAGE_ROOT/opt/java"
  # For windows and sound, of which there are none; their libraries would be missing.
  rm -f -- "$IMAGE_ROOT"/opt/java/lib/{libawt_xawt,libjawt,libsplashscreen,libjsound}.so
}

lay_out_application() {
  local zstd
  cp -- "$FIREDRILL_JAR" "$IMAGE_ROOT/app/firedrill.jar"
  cp --recursive -- "$FIREDRILL_LIB" "$IMAGE_ROOT/app/lib"
  cp --recursive -- "$FIREDRILL_ROOT/runner/target/mongock" "$IMAGE_ROOT/app/mongock"
  # Loaded from where it lies: a library that is unpacked to /tmp first needs a /tmp that programs may be run from.
  mkdir -- "$IMAGE_ROOT/app/native"
  zstd="$(printf '%s\n' "$FIREDRILL_LIB"/zstd-jni-*.jar)"
  (cd -- "$IMAGE_WORK" && "$JAVA_HOME/bin/jar" --extract --file "$zstd" linux/amd64) || fail "there is no library in $zstd"
  mv -- "$IMAGE_WORK"/linux/amd64/libzstd-jni-*.so "$IMAGE_ROOT/app/native/libzstd-jni.so"
  rm -rf -- "$IMAGE_WORK/linux"
  java_options > "$IMAGE_ROOT/app/java.options"
}

# The container's limit decides, and of it the heap takes 70 %: the rest is for threads, code and buffers.
java_options() {
  printf '%s\n' "${JVM_OPTIONS[@]}" -XX:MaxRAMPercentage=70 -XX:+ExitOnOutOfMemoryError -XX:SharedArchiveFile=/app/firedrill.jsa -Xshare:auto \
    -DZstdNativePath=/app/native/libzstd-jni.so
}

# --- the archive of classes ---------------------------------------------------------------------------------------

# in_root COMMAND…: runs it with the image's root as the only one there is; Java finds itself by /proc.
in_root() {
  local own=(unshare --mount --pid --fork)
  [[ "$(id -u)" -eq 0 ]] || own+=(--map-root-user)
  # shellcheck disable=SC2016 # for the inner shell
  "${own[@]}" -- sh -euc 'mount -t proc proc "$1/proc" && root="$1" && shift && exec env -i LANG=C.UTF-8 HOME=/tmp "$(command -v chroot)" "$root" "$@"' \
    sh "$IMAGE_ROOT" "$@"
}

# From a list of names, and not from a run: a run is never quite the same, and the image would not be.
archive_classes() {
  local log="$IMAGE_WORK/classes.log"
  cp -- "$CLASSES" "$IMAGE_ROOT/tmp/classes.list"
  in_root /opt/java/bin/java @/app/java.options -Xshare:dump -XX:SharedClassListFile=/tmp/classes.list -Xlog:cds*=warning \
    -jar /app/firedrill.jar > "$log" 2>&1 || true
  rm -f -- "$IMAGE_ROOT/tmp/classes.list"
  touch --date=@1 -- "$IMAGE_ROOT/tmp"
  [[ -s "$IMAGE_ROOT/app/firedrill.jsa" ]] || fail "no archive of classes was made: $(tail -n 3 -- "$log")" \
    "It is made in the image's own root, which takes root or user namespaces (unshare --map-root-user --mount)."
  chmod 644 -- "$IMAGE_ROOT/app/firedrill.jsa"
}
