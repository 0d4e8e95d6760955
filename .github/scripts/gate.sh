#!/usr/bin/env bash
# Whether a plan is the reviewed one: gate.sh <stack> <preview.json> <folder>
#
# What was reviewed is the digest in REVIEWED, else the preview that was made for the pull request of the commit. When the
# plan is that one, its digest and its steps are written to the folder and changes=true to GITHUB_OUTPUT; when it plans
# nothing, changes=false.
set -euo pipefail

stack=${1:?"usage: gate.sh <stack> <preview.json> <folder>"}
file=${2:?"usage: gate.sh <stack> <preview.json> <folder>"}
folder=${3:?"usage: gate.sh <stack> <preview.json> <folder>"}
here=$(dirname "$0")

ops() { node ops/cli.ts "$@"; }

mkdir -p "$folder"
digest=$(ops digest "$file" --list "$folder/plan.json")
if [[ $(jq '.steps | length' "$folder/plan.json") == 0 ]]; then
  echo "The plan of $stack changes nothing: there is nothing to deploy." | tee -a "$GITHUB_STEP_SUMMARY"
  echo "changes=false" >> "$GITHUB_OUTPUT"
  exit 0
fi

by_hand() {
  {
    echo
    echo "**Not deployed**: $1"
    echo
    echo "To deploy this plan, read it, then run the workflow *deploy* by hand: stack \`$stack\`, reviewed \`$digest\`."
  } | tee -a "$GITHUB_STEP_SUMMARY"
  echo "::error title=$stack is not deployed::$1"
  exit 3
}

arguments=()
expected=${REVIEWED:-}
if [[ -z $expected ]]; then
  reviewed=$(mktemp -d)
  "$here/reviewed-preview.sh" "$stack" "$reviewed" || by_hand "there is no preview of $stack that was reviewed with this commit."
  expected=$(ops digest "$reviewed/preview.json" --list "$reviewed/plan.json") ||
    by_hand "the preview that was reviewed had failed."
  arguments=(--reviewed "$reviewed/plan.json")
fi

code=0
ops digest "$file" --expect "$expected" "${arguments[@]}" > "$folder/comparison" || code=$?
cat "$folder/comparison"
case $code in
  0) ;;
  3)
    { echo '```text'; cat "$folder/comparison"; echo '```'; } >> "$GITHUB_STEP_SUMMARY"
    by_hand "the plan is not the reviewed one."
    ;;
  *) exit "$code" ;;
esac
echo "$digest" > "$folder/digest"
echo "changes=true" >> "$GITHUB_OUTPUT"
