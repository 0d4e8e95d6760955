# What has been done, recorded so that power may fail at any time.

# record FILE: standard input becomes its content, whole or not at all, once all that came before is on the disk.
record() {
  cat >"$1.new" && sync --file-system "$1.new" && mv "$1.new" "$1"
}

# when_changed NAME FILE… -- COMMAND…: runs the command unless it has already succeeded for these contents.
# It is recorded afterwards, so that the next run makes up for an interrupted one. Files that are missing count too.
when_changed() {
  sums=/var/lib/roles/changes/$1
  echo_as=$1
  shift
  seen=
  while [ "$1" != -- ]; do
    if [ -e "$1" ]; then seen="$seen $(sha256sum "$1")"; fi
    shift
  done
  shift
  if [ -e "$sums" ] && [ "$(cat "$sums")" = "$seen" ]; then return 0; fi
  echo "$echo_as: $*"
  "$@"
  # Root's alone: secrets are among the files.
  install -d -m 0700 "${sums%/*}"
  echo "$seen" | record "$sums"
}
