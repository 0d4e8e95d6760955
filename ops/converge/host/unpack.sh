# Run as root in /, with an archive on standard input: unpacks it, and runs what it holds apart from the connection.
# Whatever happens to the connection from then on, the host goes through to the end.
set -eu
umask 077
mkdir -p var/lib/roles
exec 8>>run/converge.lock
if ! flock --nonblock 8; then
  echo "converged by $(cat run/converge.lock)"
  exit 75
fi
echo "${SUDO_USER:-root} since $(date --utc +%H:%M:%S) UTC" >run/converge.lock
rm -rf var/lib/roles/incoming
mkdir var/lib/roles/incoming
tar --extract --preserve-permissions --directory var/lib/roles/incoming
if [ ! -e var/lib/roles/incoming/complete ]; then exit 74; fi
log=var/log/converge.log
: >$log
setsid sh var/lib/roles/incoming/apply >$log 2>&1 </dev/null &
apply=$!
tail --lines=+1 --follow --pid=$apply --sleep-interval=0.2 $log 8>&- &
tail=$!
wait $apply || true
wait $tail || true
cat var/lib/roles/outcome
