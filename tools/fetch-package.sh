#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: tools/fetch-package.sh PACKAGE
#
# Fetches a Debian package and unpacks what tools/packages.txt says of it into build/packages/PACKAGE, without
# installing it: to install a kernel or a hypervisor would change what this machine boots. A package that only depends
# on another (linux-image-amd64) stands for that one. Prints the folder. What was fetched once is not fetched again;
# `make clean` leaves it.
set -eu

cd "$(dirname "$0")/.."
package=${1:?usage: tools/fetch-package.sh PACKAGE}
packages=build/packages
target=$packages/$package
paths=$(sed -n "s/^fetch  *$package  *\([^ ]*\) .*/\1/p" tools/packages.txt | tr , ' ')
[ -n "$paths" ] || {
    echo "fetch-package: tools/packages.txt does not list $package" >&2
    exit 1
}

# Paths may have wildcards, which match in the target (and in the package below) but never in this folder.
all_there() {
    for path in $paths; do
        # shellcheck disable=SC2086 # wildcards
        ls -d $target/$path >/dev/null 2>&1 || return 1
    done
}

if all_there; then
    echo "$target"
    exit 0
fi

command -v apt-get >/dev/null || {
    echo "fetch-package: no apt-get here; put the files of Debian's $package into $target yourself" >&2
    exit 1
}

# The name with the version in it, for a package that is only a pointer to the present kernel.
real_package() {
    case $1 in
    linux-image-amd64)
        apt-cache depends --no-recommends --no-suggests "$1" |
            sed -n 's/^ *Depends: \(linux-image-[0-9].*\)$/\1/p' | head -n 1
        ;;
    *) echo "$1" ;;
    esac
}

refresh_lists() {
    if [ "$(id -u)" = 0 ]; then
        apt-get update -qq >&2
    elif command -v sudo >/dev/null; then
        sudo -n apt-get update -qq >&2
    fi
}

download() {
    real=$(real_package "$package")
    [ -n "$real" ] && (cd "$work" && apt-get download -qq -o APT::Sandbox::User="$(id -un)" "$real" >&2)
}

mkdir -p "$packages"
work=$(mktemp -d "$packages/.fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM
echo "fetch-package: fetching $package" >&2
download || { refresh_lists && download; }
set -- "$work"/*.deb
[ -f "$1" ] || {
    echo "fetch-package: $package was not found; try apt-get update" >&2
    exit 1
}
mkdir "$work/root"
# shellcheck disable=SC2046,SC2086 # one word a path
dpkg-deb --fsys-tarfile "$1" | tar -x -C "$work/root" --wildcards $(printf './%s\n' $paths)
rm -rf "$target"
mv "$work/root" "$target"
echo "$target"
