# In the archive, run as root in /: moves the files to their places and applies the roles. It may be killed at any
# point: without a recorded digest, the next converge does all that is left.
set -eu
incoming=var/lib/roles/incoming
umask 022

end() {
  rm -rf $incoming
  echo "outcome $1" >var/lib/roles/outcome
}
rm -f var/lib/roles/outcome
trap 'end $?' EXIT

# The first boot may still be applying what it brought.
flock --timeout 1200 run/apply-roles.lock true
# From here on it is unfinished, and known what files it may have: those of the last bundle, of one that an interrupted
# run has brought in part, and of this one. That is on the disk before the first file is.
rm -f var/lib/roles/digest
cat var/lib/roles/manifest usr/local/lib/roles/manifest $incoming/files/usr/local/lib/roles/manifest 2>/dev/null |
  sort -u >var/lib/roles/manifest.new
sync --file-system $incoming
mv var/lib/roles/manifest.new var/lib/roles/manifest
sync var/lib/roles

while read -r path; do
  mkdir -p "${path%/*}"
  mv --force --no-target-directory "$incoming/files/$path" "$path"
done <$incoming/files.list

while read -r secret; do
  place=etc/secrets/$secret
  mkdir -p etc/secrets "${place%/*}"
  chmod 0711 etc/secrets "${place%/*}"
  # Its role may have given it away.
  if [ -e "$place" ]; then
    chown --reference="$place" "$incoming/secrets/$secret"
    chmod --reference="$place" "$incoming/secrets/$secret"
  fi
  mv --force --no-target-directory "$incoming/secrets/$secret" "$place"
done <$incoming/secrets.list

usr/local/sbin/apply-roles "$(cat $incoming/digest)"

while read -r secret; do
  rm -f "etc/secrets/$secret"
  rmdir --ignore-fail-on-non-empty "etc/secrets/${secret%/*}"
done <$incoming/forgotten.list
