#!/bin/sh
# Verifies this bundle without Firedrill: with a POSIX shell, openssl (3.0 or newer), sha256sum, base64, sed and awk.
#
#   sh verify.sh [SIZE:ROOT]... [KEYID]...
#
# SIZE:ROOT  a checkpoint that you kept: without one, nobody can tell whether records were cut off at the end
# KEYID      a key that you trust: if any is given, every signer has to be one of them
#
# Exit code 0: everything is as it was signed. 1: something is not. 2: it could not be verified.
set -u
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")" || exit 2
for tool in openssl sha256sum base64 sed awk; do
  command -v "$tool" > /dev/null || { echo "this needs $tool" >&2; exit 2; }
done
ledger=$(ls evidence) || exit 2
folder="evidence/$ledger"
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM

copies="" trusted=""
for argument in "$@"; do
  case "$argument" in
    *:*) copies="$copies $argument" ;;
    *) trusted="$trusted $argument" ;;
  esac
done

faults=0
fault() { echo "FAULT  $1"; faults=$((faults + 1)); }

sha256() { sha256sum "$@" | cut -d ' ' -f 1; }
has() { case " $1 " in *" $2 "*) return 0 ;; esac; return 1; }

# unhex HEX: the bytes.
unhex() {
  printf '%b' "$(printf '%s\n' "$1" | awk '{
    digits = "0123456789abcdef"
    for (i = 1; i < length($0); i += 2)
      printf "\\0%03o", (index(digits, substr($0, i, 1)) - 1) * 16 + index(digits, substr($0, i + 1, 1)) - 1
  }')"
}

# RFC 6962: a leaf is SHA-256 of 0x00 and the payload, a node of 0x01 and its two children.
leaf() { { printf '\000'; cat "$work/payload"; } | sha256; }
node() { { printf '\001'; unhex "$1$2"; } | sha256; }

# "edge" holds the roots of the full subtrees, the largest first: all that is needed to go on.
add() {
  last=$1 full=$size
  while [ $((full & 1)) -eq 1 ]; do
    last=$(node "${edge##* }" "$last")
    edge=${edge% *}
    full=$((full >> 1))
  done
  edge="$edge $last"
  size=$((size + 1))
}
root() {
  reversed="" folded=""
  for hash in $edge; do reversed="$hash $reversed"; done
  for hash in $reversed; do
    if [ -z "$folded" ]; then folded=$hash; else folded=$(node "$hash" "$folded"); fi
  done
  printf '%s' "$folded"
}

ENVELOPE='^{"payloadType":"\([^"]*\)","payload":"\([^"]*\)","signatures":\[{"keyid":"\([0-9a-f]*\)","sig":"\([^"]*\)"}\]}$'

# envelope FILE TYPE: leaves the signed bytes in $work/payload and the signer's id in "keyid", if the signature holds.
envelope() {
  [ "$(($(wc -l < "$1")))" -eq 1 ] || return 1
  type=$(sed -n "s#$ENVELOPE#\\1#p" "$1")
  keyid=$(sed -n "s#$ENVELOPE#\\3#p" "$1")
  [ "$type" = "$2" ] || return 1
  sed -n "s#$ENVELOPE#\\2#p" "$1" | tr -d '\n' > "$work/payload.b64"
  sed -n "s#$ENVELOPE#\\4#p" "$1" | tr -d '\n' > "$work/sig.b64"
  for part in payload sig; do
    base64 -d < "$work/$part.b64" > "$work/$part" 2> /dev/null || return 1
    base64 < "$work/$part" | tr -d '\n' | cmp -s - "$work/$part.b64" || return 1
  done
  pem="$folder/keys/$keyid.pem"
  [ -f "$pem" ] || return 1
  [ "$(openssl pkey -pubin -in "$pem" -outform DER 2> /dev/null | sha256)" = "$keyid" ] || return 1
  { printf 'DSSEv1 %d %s %d ' "${#type}" "$type" "$(($(wc -c < "$work/payload")))"; cat "$work/payload"; } > "$work/pae"
  openssl pkeyutl -verify -pubin -inkey "$pem" -rawin -in "$work/pae" -sigfile "$work/sig" > /dev/null 2>&1 || return 1
  has "$signers" "$keyid" || signers="$signers $keyid"
}

# What a checkpoint says; none of these names occurs twice in one.
said() { sed -n "s/^.*\"$1\":\"\\{0,1\\}\\([0-9a-f]*\\).*\$/\\1/p" "$work/payload"; }

# checkpoint NUMBER HEAD BEFORE AFTER: holds it against the records walked so far.
checkpoint() {
  file="$folder/checkpoints/$1.dsse.json"
  envelope "$file" application/vnd.firedrill.checkpoint+json || { fault "$file is missing or not signed"; return; }
  [ "$(said size)" = "$size" ] && [ "$(said root)" = "$(root)" ] || { fault "$file has another root than the records"; return; }
  [ "$(said head)" = "$2" ] || { fault "$file names another newest record"; return; }
  [ -z "$seal" ] || [ "$(said prevCheckpoint)" = "$seal" ] || { fault "$file names another checkpoint before it"; return; }
  [ "$(said keyInForce)" = "$4" ] || { fault "$file names another key"; return; }
  # An approver, who holds no key of the ledger, may write the one over their approval and the one before it.
  if [ "$keyid" != "$3" ] && [ "$keyid" != "$4" ] && [ "$keyid" != "$approver" ]; then owed=$keyid; fi
  sealed=$((sealed + 1))
}

# compare: the copies of this size.
compare() {
  for copy in $copies; do
    [ "${copy%%:*}" = "$size" ] || continue
    compared="$compared $copy"
    [ "${copy#*:}" = "$(root)" ] || fault "the checkpoint $copy that was kept has another root: records were rewritten"
  done
}

signers="" edge="" size=0 inforce="" head="" seal="" owed="" approver="" compared=""
records=0 signed=0 chained=0 sealed=0 runs=0 approvals=0 signoffs=0 updates=0 changes=0
set -- "$folder"/0*.dsse.json
[ -f "$1" ] || { echo "there is no record in $folder" >&2; exit 2; }
first=$(basename "$1" .dsse.json | sed 's/^0*//')

if [ "$first" -gt 1 ]; then
  base="$folder/checkpoints/$(printf '%012d' $((first - 1))).dsse.json"
  if envelope "$base" application/vnd.firedrill.checkpoint+json; then
    size=$((first - 1)) head=$(said head) inforce=$(said keyInForce) seal=$(sha256 "$base")
    edge=$(sed -n 's/^.*"edge":\[\([^]]*\)\].*$/\1/p' "$work/payload" | sed 's/"//g; s/,/ /g; s/^/ /')
    [ "$(said size)" = "$size" ] && [ "$(said root)" = "$(root)" ] || fault "$base does not hold together"
    compare
  else
    fault "$base is missing or not signed"
  fi
fi

for file in "$@"; do
  records=$((records + 1))
  number=$(printf '%012d' $((size + 1)))
  if [ "$file" != "$folder/$number.dsse.json" ]; then
    fault "$folder/$number.dsse.json is missing"
    break
  fi
  if ! envelope "$file" application/vnd.in-toto+json; then
    fault "$file is not what was signed"
    break
  fi
  kind=$(sed -n 's#^{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://firedrill.io/attestations/\([a-z-]*\)/v1",.*$#\1#p' "$work/payload")
  identity='^.*"predicate":{"schemaVersion":1,"identity":{"recordId":"[^"]*","ledgerId":"\([^"]*\)","seq":\([0-9]*\),"prev":"\([0-9a-f]*\)"}.*$'
  place=$(sed -n "s/$identity/\\1 \\2 \\3/p" "$work/payload")
  before=$inforce approver=""
  case "$kind" in
    recovery-run) runs=$((runs + 1)) ;;
    key-change) changes=$((changes + 1)) ;;
    approval) approvals=$((approvals + 1)) approver=$keyid ;;
    readiness-sign-off | readiness-waiver) signoffs=$((signoffs + 1)) approver=$keyid ;;
    readiness-publication) updates=$((updates + 1)) ;;
    *) fault "$file states what is not known" ;;
  esac
  if [ -n "$owed" ] && [ "$owed" != "$approver" ]; then fault "the checkpoint before $file is signed by the stranger $owed"; fi
  owed=""
  if [ -z "$inforce" ]; then inforce=$keyid before=$keyid; fi
  if [ -n "$approver" ] || [ "$keyid" = "$inforce" ]; then
    signed=$((signed + 1))
  else
    fault "$file is signed by $keyid, and the ledger's key was $inforce"
  fi
  if [ "$kind" = key-change ]; then
    inforce=$(sed -n 's/^.*"kind":"key-change","from":"[0-9a-f]*","to":"\([0-9a-f]*\)".*$/\1/p' "$work/payload")
  fi
  if [ "$place" = "$ledger $((size + 1)) $head" ]; then chained=$((chained + 1)); else fault "$file does not follow on the record before it"; fi
  head=$(sha256 "$file")
  add "$(leaf)"
  compare
  if [ "$size" -lt $((first - 1 + $#)) ] || [ -f "$folder/checkpoints/$number.dsse.json" ]; then
    checkpoint "$number" "$head" "$before" "$inforce"
  else
    echo "NOTE   record $size has no checkpoint yet"
  fi
  seal=""
  [ ! -f "$folder/checkpoints/$number.dsse.json" ] || seal=$(sha256 "$folder/checkpoints/$number.dsse.json")
done
[ -z "$owed" ] || fault "the newest checkpoint is signed by the stranger $owed"

for file in "$folder"/checkpoints/*.dsse.json; do
  covered=$(basename "$file" .dsse.json | sed 's/^0*//')
  [ "$covered" -le "$size" ] || fault "$file speaks of records that are not there"
done
for copy in $copies; do
  if ! has "$compared" "$copy"; then
    if [ "${copy%%:*}" -gt "$size" ]; then
      fault "the checkpoint $copy that was kept speaks of more than $size records: records were cut off"
    else
      fault "the checkpoint $copy that was kept is of before this bundle: compare it with an older one"
    fi
  fi
done
for keyid in $signers; do
  echo "KEY    $keyid"
  [ -z "$trusted" ] || has "$trusted" "$keyid" || fault "a signer is $keyid, which is not among the keys you trust"
done

echo "ledger $ledger, records $first to $size: $runs runs, $approvals approvals, $changes changes of key, $signoffs sign-offs and waivers, $updates status updates"
echo "signatures  $signed of $records"
echo "chain       $chained of $records"
echo "checkpoints $sealed of $records"
echo "root        $size:$(root)"
[ -n "$trusted" ] || echo "Whose the keys above are, only whoever gave you their ids can say."
[ -n "$copies" ] || echo "No kept checkpoint was given: records cut off at the end would not be seen."
if [ "$faults" -gt 0 ]; then
  echo "NOT SOUND: $faults faults"
  exit 1
fi
echo "SOUND"
