#!/usr/bin/env bash
# Previews a stack into a file: preview.sh <stack> <preview.json>. A preview that fails leaves its file, too.
set -euo pipefail

stack=${1:?"usage: preview.sh <stack> <preview.json>"}
file=${2:?"usage: preview.sh <stack> <preview.json>"}

code=0
pulumi preview --stack "$stack" --json --non-interactive > "$file" || code=$?
if [[ $code != 0 ]]; then
  echo "error  The preview of $stack failed with exit code $code; the review says why." >&2
fi
exit "$code"
