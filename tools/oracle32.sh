#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: tools/oracle32.sh TARGET          (make oracle32)
#
# Builds the real Xen for 32-bit guests: Debian's package of it is built without them (CONFIG_PV32), so this takes the
# package's source, switches them on, and builds the hypervisor alone, in a minute or two. The result is TARGET/xen;
# nothing is installed and nothing outside TARGET is changed: apt gets lists and sources.list of its own there.
set -eu

target=$(realpath -m "${1:?usage: tools/oracle32.sh TARGET}")
if [ -f "$target/xen" ]; then
    exit 0
fi
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
for command in apt-get dpkg-source flex bison make gcc; do
    command -v "$command" >/dev/null || {
        echo "oracle32: $command is missing; tools/setup.sh oracle32 installs what is needed" >&2
        exit 1
    }
done

work=$target/work
rm -rf "$work"
mkdir -p "$work/lists" "$work/cache" "$work/src"

# Where this machine takes its packages from is where it finds their sources.
apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' | sort -u |
    sed -n "s|^\(.*\) \(bookworm\(-security\)\{0,1\}\) main\$|deb-src [signed-by=$keyring] \1 \2 main|p" \
        >"$work/sources.list"
[ -s "$work/sources.list" ] || {
    echo "oracle32: apt knows no Debian 12 archive" >&2
    exit 1
}

# Runs apt's program $1 with the lists of this folder.
apt_here() {
    program=$1
    shift
    (cd "$work" && "$program" -qq -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User="$(id -un)" "$@")
}

# The archive may name a version whose files have gone already: then the next does.
fetch() {
    for version in $(apt_here apt-cache showsrc xen | sed -n 's/^Version: \(4\.17\..*\)/\1/p' | sort -urV); do
        echo "oracle32: fetching the source of xen $version" >&2
        apt_here apt-get source --download-only "xen=$version" >&2 && return
        rm -f "$work"/xen_*
    done
    echo "oracle32: no source of Xen 4.17 could be fetched" >&2
    return 1
}

apt_here apt-get update >&2
fetch
(cd "$work" && dpkg-source --no-check -x xen_*.dsc src/xen >"$target/log" 2>&1)
tree=$work/src/xen
echo "oracle32: building it (log: $target/log)" >&2
echo CONFIG_PV32=y >"$tree/xen/.config"
for goal in olddefconfig build; do
    # Of make's own variables none is for the other tree.
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
        make -C "$tree/xen" -j"$(nproc)" XEN_ROOT="$tree" "$goal" >>"$target/log" 2>&1 || {
        tail -n 20 "$target/log" >&2
        exit 1
    }
done
grep -q '^CONFIG_PV32=y' "$tree/xen/.config"
cp "$tree/xen/xen" "$target/xen"
rm -rf "$work"
