# when_changed NAME FILE… -- COMMAND…: runs the command unless it has already succeeded for these contents.
# It is recorded afterwards, so that the next run makes up for an interrupted one. Files that are missing count too.
when_changed() {
  record=/var/lib/roles/changes/$1
  echo_as=$1
  shift
  seen=
  while [ "$1" != -- ]; do
    if [ -e "$1" ]; then seen="$seen $(sha256sum "$1")"; fi
    shift
  done
  shift
  if [ -e "$record" ] && [ "$(cat "$record")" = "$seen" ]; then return 0; fi
  echo "$echo_as: $*"
  "$@"
  mkdir -p "${record%/*}"
  echo "$seen" >"$record.new"
  mv "$record.new" "$record"
}
