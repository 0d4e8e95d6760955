#!/bin/sh
# start-container NAME NSPAWN-ARGUMENT…: becomes the container's supervisor.
# Each container gets a cgroup of its own: all that run with --keep-unit would share one otherwise.
set -eu
name=$1
shift

for tree in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
  if [ -e "$tree/cgroup.procs" ]; then
    mkdir -p "$tree/$name"
    echo $$ >"$tree/$name/cgroup.procs"
  fi
done
exec setsid systemd-nspawn --quiet --boot --register=no --keep-unit --resolv-conf=off --link-journal=no \
  --capability=CAP_NET_ADMIN --machine="$name" "$@" </dev/null
