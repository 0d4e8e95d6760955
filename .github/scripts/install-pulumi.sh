#!/usr/bin/env bash
# Installs the Pulumi CLI in the version of .pulumi-version: install-pulumi.sh <folder>, then put <folder>/pulumi on PATH.
#
# The archive comes from GitHub's releases. Its SHA-256 must be the one that .pulumi-checksums pins (lines as sha256sum
# writes them); where that file has no line for it, the one that get.pulumi.com publishes: a second origin, but no pin.
set -euo pipefail

folder=${1:?"usage: install-pulumi.sh <folder>"}
root=$(cd "$(dirname "$0")/../.." && pwd)
version=$(tr -d '[:space:]' < "$root/.pulumi-version")
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || {
  echo "error  .pulumi-version holds \"$version\"; it must be a version such as 3.260.0." >&2
  exit 2
}

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) platform=linux-x64 ;;
  Linux-aarch64) platform=linux-arm64 ;;
  Darwin-x86_64) platform=darwin-x64 ;;
  Darwin-arm64) platform=darwin-arm64 ;;
  *)
    echo "error  There is no Pulumi archive for $(uname -s) on $(uname -m): Linux and macOS, x64 and arm64." >&2
    exit 2
    ;;
esac

archive="pulumi-v$version-$platform.tar.gz"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

download() {
  curl --fail --silent --show-error --location --proto '=https' --tlsv1.2 --retry 3 --max-time 300 --output "$2" "$1"
}

pinned="$root/.pulumi-checksums"
if [[ -f $pinned ]] && grep -qE "^[0-9a-f]{64}  $archive\$" "$pinned"; then
  origin=".pulumi-checksums"
  grep -E "^[0-9a-f]{64}  $archive\$" "$pinned" > "$scratch/expected"
else
  origin="get.pulumi.com"
  download "https://get.pulumi.com/releases/sdk/pulumi-$version-checksums.txt" "$scratch/published"
  grep -E "^[0-9a-f]{64}  $archive\$" "$scratch/published" > "$scratch/expected" || {
    echo "error  The checksums that get.pulumi.com publishes for $version do not name $archive." >&2
    exit 1
  }
  echo "The checksum of $archive is not pinned. To pin it, add this line to .pulumi-checksums:"
  cat "$scratch/expected"
fi

download "https://github.com/pulumi/pulumi/releases/download/v$version/$archive" "$scratch/$archive"
(cd "$scratch" && sha256sum --check --status expected) || {
  echo "error  $archive does not have the checksum of $origin: nothing was installed." >&2
  echo "  expected $(cut -d ' ' -f 1 "$scratch/expected"), found $(sha256sum "$scratch/$archive" | cut -d ' ' -f 1)" >&2
  exit 1
}

mkdir -p "$folder"
rm -rf "$folder/pulumi"
tar -xzf "$scratch/$archive" -C "$folder" pulumi
echo "Pulumi $version is in $folder/pulumi; its checksum is the one of $origin."
