#!/usr/bin/env bash
# Looks for drift of a stack and keeps its issue: drift.sh <stack>. Writes to no cloud and to no state.
# Drift is no failure here: the issue is the alarm, and a run that is red every night is soon ignored.
set -euo pipefail

stack=${1:?"usage: drift.sh <stack>"}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Anything but 0 (clean) and 7 (drift) is a fault, and many of those pass by themselves.
for attempt in 1 2; do
  code=0
  pulumi refresh --stack "$stack" --preview-only --run-program --expect-no-changes --json --suppress-outputs \
    --non-interactive > "$scratch/refresh.json" || code=$?
  case $code in
    0 | 7) break ;;
    *) echo "Attempt $attempt: pulumi refresh ended with exit code $code." ;;
  esac
done

code=0
node ops/cli.ts drift "$scratch/refresh.json" --list --public --markdown --issue > "$scratch/report.md" || code=$?
cat "$scratch/report.md" >> "$GITHUB_STEP_SUMMARY"
case $code in
  0) echo "$stack is as the program says." ;;
  7) echo "::warning title=Drift in $stack::The issue and the summary say what differs." ;;
  *)
    echo "::error title=$stack could not be compared::This is a fault of the check, not drift: the summary says which."
    exit 1
    ;;
esac
