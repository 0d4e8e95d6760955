#!/usr/bin/env bash
# Puts the review of a preview into the summary of the run: summary.sh <stack> <preview.json>
set -euo pipefail

stack=${1:?"usage: summary.sh <stack> <preview.json>"}
file=${2:?"usage: summary.sh <stack> <preview.json>"}

code=0
node ops/cli.ts review "$file" --stack "$stack" >> "$GITHUB_STEP_SUMMARY" || code=$?
case $code in
  0) ;;
  10) echo "::warning title=$stack::The plan is risky: read the summary before you approve it." ;;
  *) exit "$code" ;;
esac
