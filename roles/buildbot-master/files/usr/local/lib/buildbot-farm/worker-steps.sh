#!/bin/sh
# worker-steps.sh STEP ARGUMENT…: what builds do on a worker. The master sends this file at the start of each build, so
# that workers need not be updated with the farm.
set -eu

# What is downloaded is kept for all builds of this worker; the time of use tells the clean-up what may go.
prepare() {
  touch ../.used
  mkdir -p "$HOME/dl"
  link_downloads .
  uname -a
  df -h .
}

link_downloads() { # FOLDER
  rm -rf "$1/dl"
  ln -s "$HOME/dl" "$1/dl"
}

feeds() {
  ./scripts/feeds update -a
  ./scripts/feeds install -a
}

make_all() { # GOAL…
  nice make -j"$(nproc)" "$@"
}

# All devices of a target, its SDK and its image builder.
configure_images() { # TARGET
  board=${1%/*} sub=${1#*/}
  cat >.config <<END
CONFIG_TARGET_$board=y
CONFIG_TARGET_${board}_$sub=y
CONFIG_TARGET_MULTI_PROFILE=y
CONFIG_TARGET_ALL_PROFILES=y
CONFIG_TARGET_PER_DEVICE_ROOTFS=y
CONFIG_BUILDBOT=y
CONFIG_ALL_KMODS=y
CONFIG_ALL_NONSHARED=y
CONFIG_DEVEL=y
CONFIG_CCACHE=y
CONFIG_IB=y
CONFIG_SDK=y
CONFIG_MAKE_TOOLCHAIN=y
# CONFIG_IB_STANDALONE is not set
# CONFIG_SIGNED_PACKAGES is not set
END
  # The build asks for keys of its own; only the public one beside these is real.
  echo '# no private key' >key-build
  echo '# no certificate' >key-build.ucert
  make defconfig
  if ! grep -q "^CONFIG_TARGET_${board}_$sub=y" .config; then
    echo "This source does not know the target $1." >&2
    return 1
  fi
}

# All packages of the feeds. None is signed here.
configure_packages() {
  cat >.config <<END
CONFIG_ALL=y
CONFIG_ALL_NONSHARED=n
CONFIG_AUTOREMOVE=y
CONFIG_CCACHE=y
# CONFIG_SIGNED_PACKAGES is not set
END
  make defconfig
}

# The SDK that phase 1 announced, and no other. If a newer one was published meanwhile, its build follows.
unpack_sdk() { # MODULE FOLDER NAME SHA256
  archive=../${3##*/}
  rm -rf sdk
  mkdir sdk
  rsync --timeout=600 "rsync://$DOWNLOADS_HOST/$1/$2/$3" "$archive"
  echo "$4  $archive" | sha256sum --check
  tar --extract --file="$archive" --strip-components=1 --directory=sdk
  rm "$archive"
  link_downloads sdk
}

# A folder as one file, for the host that signs and publishes it.
pack() { # FOLDER [NAME]
  if [ $# -gt 1 ] && [ -z "$(find "$1" -type f -name "$2" -print -quit)" ]; then
    echo "There is no $2 below $1: the build made nothing to publish." >&2
    return 1
  fi
  tar --create --file=to-publish.tar --directory="$1" .
  ls -l to-publish.tar
}

# One folder for each package that did not build, in faillogs.
fail_logs() {
  rm -rf faillogs
  mkdir faillogs
  if [ ! -s logs/package/error.txt ]; then return 0; fi
  sed -n 's/^ *ERROR: package\/\(.*\) failed to build.*/\1/p' logs/package/error.txt | sort -u | while read -r package; do
    name=${package#feeds/}
    mkdir -p "faillogs/$name"
    cp -R "logs/package/$package/." "faillogs/$name/"
    echo "$name failed"
  done
  # Warnings.
  return 3
}

"$@"
