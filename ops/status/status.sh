# Sent to a host, and run in / by any admin: says how it is, and changes nothing. Root rights are for the checks alone,
# and every admin has those.
if [ -e var/lib/roles/digest ]; then
  echo "digest $(cat var/lib/roles/digest)"
elif [ -e var/lib/roles/manifest ]; then
  echo unfinished
fi
if [ -e run/reboot-required ]; then echo reboot; fi
if [ -e usr/local/sbin/check-roles ]; then
  sudo -n /usr/local/sbin/check-roles 2>&1 | sed 's/^/check /'
else
  # It has no roles yet, or they are of a time before there were checks.
  systemctl --failed --plain --no-legend --no-pager | while read -r unit rest; do
    echo "check failed base: no unit has failed: $unit"
  done
fi
df --output=pcent,target / /srv/data 2>/dev/null | sed -n 's/^ *\([0-9]*\)% /disk \1 /p' | sort -u
echo end
