#!/usr/bin/env bash
# Fetches the preview that was made for the pull request of GITHUB_SHA: reviewed-preview.sh <stack> <folder>
# Only runs of this repository's own branches count: a fork's workflow can upload anything.
# Exit codes: 0 it is <folder>/preview.json, 3 there is none
set -euo pipefail

stack=${1:?"usage: reviewed-preview.sh <stack> <folder>"}
folder=${2:?"usage: reviewed-preview.sh <stack> <folder>"}

head=$(gh api "repos/$GITHUB_REPOSITORY/commits/$GITHUB_SHA/pulls" \
  --jq 'map(select(.merged_at != null and .merge_commit_sha == env.GITHUB_SHA)) | .[0].head.sha // empty')
if [[ ! $head =~ ^[0-9a-f]{40}$ ]]; then
  echo "Commit $GITHUB_SHA is not the merge of a pull request."
  exit 3
fi

run=$(gh api "repos/$GITHUB_REPOSITORY/actions/workflows/preview.yml/runs?head_sha=$head&event=pull_request&per_page=100" \
  --jq '.workflow_runs | map(select(.head_repository.full_name == env.GITHUB_REPOSITORY)) | max_by(.run_number).id // empty')
if [[ ! $run =~ ^[0-9]+$ ]]; then
  echo "No preview ran for $head, the last commit of the pull request."
  exit 3
fi

if ! gh run download "$run" --repo "$GITHUB_REPOSITORY" --name "preview-$stack" --dir "$folder"; then
  echo "Run $run has no preview of $stack: was it approved, and less than 90 days ago?"
  exit 3
fi
echo "The reviewed preview of $stack is that of run $run, commit $head."
