#!/usr/bin/env bash
# Writes the review of a preview that another workflow run uploaded as a comment: comment.sh <folder> <stack> <name> <title>
#
# The folder's preview.json may come from anybody's fork. It is read by `ops review` alone, which takes every text in it as
# text; it is never run, and nothing of it gets into a command. HEAD_SHA is the commit that the other run was for.
set -euo pipefail

usage="usage: comment.sh <folder> <stack> <name> <title>"
folder=${1:?$usage} stack=${2:?$usage} name=${3:?$usage} title=${4:?$usage}
file="$folder/preview.json"
longest=20000000 # bytes; a plan of 600 resources has about 2,000,000

if [[ ! -e $file && ! -L $file ]]; then
  echo "The run has no preview of $stack: nothing to say."
  exit 0
fi
if [[ -L $file || ! -f $file ]] || (($(stat -c %s "$file") > longest)); then
  echo "error  preview.json of $stack is not a file of at most $longest bytes: it is not read." >&2
  exit 1
fi
[[ ${HEAD_SHA:-} =~ ^[0-9a-f]{40}$ ]] || {
  echo "error  HEAD_SHA is not a commit." >&2
  exit 2
}

number=$(gh api --paginate "repos/$GITHUB_REPOSITORY/pulls?state=open&sort=created&direction=desc&per_page=100" \
  --jq '.[] | select(.head.sha == env.HEAD_SHA) | .number' | sed -n 1p)
if [[ ! $number =~ ^[0-9]+$ ]]; then
  echo "No open pull request has $HEAD_SHA as its last commit: a newer run will comment."
  exit 0
fi

comment=$(mktemp)
code=0
timeout 120 node ops/cli.ts review "$file" --stack "$name" --title "$title" > "$comment" || code=$?
if [[ ! -s $comment ]]; then
  echo "error  ops review wrote no comment (exit code $code)." >&2
  exit 1
fi

# A rehearsal that plans nothing is worth no comment, unless it must replace one that said something else.
planned=yes
if [[ $name == rehearsal-* ]] && node ops/cli.ts digest "$file" --list "$comment.plan" > /dev/null 2>&1; then
  [[ $(jq '.steps | length' "$comment.plan") != 0 ]] || planned=no
fi

MARKER=$(sed -n 1p "$comment")
export MARKER
earlier=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$number/comments?per_page=100" \
  --jq '.[] | select(.user.login == "github-actions[bot]" and (.body | startswith(env.MARKER))) | .id' | sed -n 1p)
if [[ $earlier =~ ^[0-9]+$ ]]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$earlier" -F "body=@$comment" --silent
  echo "Changed comment $earlier of #$number."
elif [[ $planned == no ]]; then
  echo "The rehearsal of $stack changes nothing: no comment."
else
  gh api --method POST "repos/$GITHUB_REPOSITORY/issues/$number/comments" -F "body=@$comment" --silent
  echo "Commented on #$number."
fi
