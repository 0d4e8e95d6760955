# Sent to a host, and run as root in /: says what is there, and changes nothing.
# Paths have no leading slash: they are below the current folder.

inspect() { # BUNDLE-PACKAGE…, and on standard input the paths of the bundle
  if [ -e var/lib/roles/digest ]; then echo "digest $(cat var/lib/roles/digest)"; fi
  echo "user ${SUDO_USER:-root}"
  for package in "$@"; do
    if ! is_installed "$package"; then echo "missing $package"; fi
  done
  if [ -e var/lib/roles/manifest ]; then sed 's/^/recorded /' var/lib/roles/manifest; fi
  while read -r path; do
    if [ -f "$path" ] && [ ! -L "$path" ]; then
      echo "file /$path $(stat --format='%a' "$path") $(base64 --wrap=0 "$path")"
    elif [ -d "$path" ]; then
      echo "folder /$path"
    fi
  done
  if [ -d etc/secrets ]; then
    (cd etc/secrets && find . -mindepth 2 -type f) | sed 's,^\./,,' | while read -r secret; do
      echo "secret $secret $(sha256sum "etc/secrets/$secret" | cut -d' ' -f1)"
    done
  fi
  echo end
}

is_installed() {
  if command -v dpkg-query >/dev/null; then
    [ "$(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
  else
    rpm --query --quiet "$1"
  fi
}
