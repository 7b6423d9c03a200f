#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: tools/fetch-source.sh PACKAGE TARGET [VERSION]
#
# Fetches the source of a Debian package (the newest whose version begins with VERSION) and unpacks it, with Debian's
# patches, as the folder TARGET. Nothing is installed and nothing outside TARGET is changed: apt gets lists and a
# sources.list of its own. What is there already is not fetched again.
set -eu

package=${1:?usage: tools/fetch-source.sh PACKAGE TARGET [VERSION]}
target=$(realpath -m "${2:?usage: tools/fetch-source.sh PACKAGE TARGET [VERSION]}")
wanted=${3:-}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ ! -d "$target" ] || exit 0
for command in apt-get dpkg-source; do
    command -v "$command" >/dev/null || {
        echo "fetch-source: $command is missing" >&2
        exit 1
    }
done

mkdir -p "$(dirname "$target")"
work=$(mktemp -d "$(dirname "$target")/.fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM
mkdir "$work/lists" "$work/cache"

# Where this machine takes its packages from is where it finds their sources.
apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' | sort -u |
    sed -n "s|^\(.*\) \(bookworm\(-security\)\{0,1\}\) main\$|deb-src [signed-by=$keyring] \1 \2 main|p" \
        >"$work/sources.list"
[ -s "$work/sources.list" ] || {
    echo "fetch-source: apt knows no Debian 12 archive" >&2
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
    for version in $(apt_here apt-cache showsrc "$package" | sed -n 's/^Version: //p' | sort -urV); do
        case $version in
        "$wanted"*) ;;
        *) continue ;;
        esac
        echo "fetch-source: fetching the source of $package $version" >&2
        apt_here apt-get source --download-only "$package=$version" >&2 && return
        rm -f "$work"/*.dsc
    done
    return 1
}

# A version may be listed by both archives and lie in one: then the other is asked alone.
apt_here apt-get update >&2
fetch || {
    sed -i '/-security/d' "$work/sources.list"
    apt_here apt-get update >&2
    fetch
} || {
    echo "fetch-source: no source of $package $wanted could be fetched" >&2
    exit 1
}
(cd "$work" && dpkg-source --no-check -x ./*.dsc unpacked >log 2>&1) || {
    cat "$work/log" >&2
    exit 1
}
mv "$work/unpacked" "$target"
