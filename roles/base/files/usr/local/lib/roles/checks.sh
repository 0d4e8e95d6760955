# For the check scripts of roles. check-roles prints their lines, to every admin: no secret may be in them.

# holds WHAT COMMAND…: whether the command succeeds; what it says last is the reason when it does not.
holds() {
  what=$1
  shift
  if said=$("$@" 2>&1); then
    echo "ok $what"
  else
    said=$(printf '%s\n' "$said" | tail -n 1)
    echo "failed $what${said:+: $said}"
  fi
}
