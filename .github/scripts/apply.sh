#!/usr/bin/env bash
# Applies the approved plan: apply.sh <stack> <folder that gate.sh wrote>. When the clouds or the state have changed since
# it was approved, nothing is applied (exit code 3).
set -euo pipefail

stack=${1:?"usage: apply.sh <stack> <folder>"}
approved=${2:?"usage: apply.sh <stack> <folder>"}
here=$(dirname "$0")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

say() { tee -a "$GITHUB_STEP_SUMMARY"; }

"$here/preview.sh" "$stack" "$scratch/preview.json"
code=0
node ops/cli.ts digest "$scratch/preview.json" \
  --expect "$(cat "$approved/digest")" --reviewed "$approved/plan.json" > "$scratch/comparison" || code=$?
cat "$scratch/comparison"
if [[ $code != 0 ]]; then
  {
    echo "**$stack: nothing was applied**, as the plan is no longer the approved one."
    echo '```text'
    cat "$scratch/comparison"
    echo '```'
  } >> "$GITHUB_STEP_SUMMARY"
  exit "$code"
fi

pulumi up --stack "$stack" --yes --skip-preview --non-interactive || code=$?
if [[ $code == 0 ]]; then
  echo "**$stack is deployed.** Hosts that must converge now are listed in the review above: docs/runbooks/deploy.md." | say
else
  echo "**$stack: the deployment failed with exit code $code.** What to do: docs/runbooks/deploy.md." | say
fi
exit "$code"
