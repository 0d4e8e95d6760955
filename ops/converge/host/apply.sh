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
sync --file-system $incoming
rm -f var/lib/roles/digest

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
