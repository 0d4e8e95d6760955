#!/usr/bin/env bash
# Compares what two name servers answer: compare-answers.sh <old server> <new server> < names.txt
# Each line of the input is a name and a type. Exit codes: 0 all answers are equal, 1 some differ, 2 wrong usage
set -euo pipefail

old=${1:?"usage: compare-answers.sh <old server> <new server> < names.txt"}
new=${2:?"usage: compare-answers.sh <old server> <new server> < names.txt"}

# One line, whatever the order; without the answer's TTL, which counts down at caches. A server that does not answer ends this.
answer() {
  local text
  text=$(dig +short +norecurse +time=3 +tries=2 "@$1" "$2" "$3" < /dev/null) || {
    echo "error  $1 did not answer for $2 $3." >&2
    exit 2
  }
  sort <<< "$text" | paste -sd ' ' -
}

compared=0
different=0
while read -r name type _; do
  [[ -n $name && -n ${type:-} ]] || continue
  before=$(answer "$old" "$name" "$type")
  after=$(answer "$new" "$name" "$type")
  compared=$((compared + 1))
  if [[ $before != "$after" ]]; then
    different=$((different + 1))
    printf '%s %s\n  old  %s\n  new  %s\n' "$name" "$type" "${before:-nothing}" "${after:-nothing}"
  fi
done < <(sort -u)
echo "$compared compared, $different different"
[[ $different == 0 ]]
