# Accounts of admins are exactly those of a file with lines `name sudo|- key`.

sync_admins() { # FILE SUDO_GROUP
  groupadd --force admins
  groupadd --force ssh-anywhere
  groupadd --force "$2"
  install -d -m 0755 /etc/ssh/authorized_keys.d
  wanted=$(awk '{ print $1 }' "$1" | sort -u | tr '\n' ' ')
  for name in $(members admins) $(members "$2"); do
    if ! in_list "$name" "$wanted"; then dismiss "$name" "$2"; fi
  done
  for name in $wanted; do admit "$name" "$1" "$2"; done
}

admit() { # NAME FILE SUDO_GROUP
  if ! getent passwd "$1" >/dev/null; then
    useradd --create-home --shell /bin/bash "$1"
  elif [ "$(id -u "$1")" -lt 1000 ]; then
    echo "The admin $1 has the name of a system account: choose another name in the settings." >&2
    return 1
  fi
  # A former admin who is back.
  if [ -n "$(getent shadow "$1" | cut -d: -f8)" ]; then usermod --expiredate '' "$1"; fi
  keys=/etc/ssh/authorized_keys.d
  awk -v name="$1" '$1 == name { $1 = $2 = ""; sub(/^ +/, ""); print }' "$2" >"$keys/.$1"
  if cmp -s "$keys/.$1" "$keys/$1"; then rm "$keys/.$1"; else mv "$keys/.$1" "$keys/$1"; fi
  add_member "$1" admins
  if grep -q "^$1 sudo " "$2"; then add_member "$1" "$3"; else drop_member "$1" "$3"; fi
}

# Home, files and user id stay: nobody inherits them.
dismiss() { # NAME SUDO_GROUP
  echo "$1 is no longer an admin of this host"
  rm -f "/etc/ssh/authorized_keys.d/$1"
  drop_member "$1" admins
  drop_member "$1" "$2"
  usermod --lock --expiredate 1 "$1"
  # In order, as it would count as failed otherwise.
  systemctl stop "user@$(id -u "$1").service" || true
  pkill -KILL -u "$1" || true
}

members() { getent group "$1" | cut -d: -f4 | tr , ' '; }
add_member() { if ! in_list "$1" "$(members "$2")"; then usermod --append --groups "$2" "$1"; fi; }
drop_member() { if in_list "$1" "$(members "$2")"; then gpasswd --delete "$1" "$2" >/dev/null; fi; }
in_list() { case " $2 " in *" $1 "*) ;; *) return 1 ;; esac; }
