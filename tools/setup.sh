#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: tools/setup.sh run|test|oracle32
#
# Makes sure that everything is there which `make run` (run), `make test` (test) or `make oracle32` needs, as listed in
# tools/packages.txt. On Debian 12 it installs what is missing, if it is root or may use sudo, and says what. On any
# other system it lists what is missing and stops with status 1. When nothing is missing it prints nothing and takes
# a fraction of a second.
set -eu

cd "$(dirname "$0")/.."
purpose=${1:-run}
case $purpose in
run) uses=run ;;
test) uses="run test" ;;
oracle32) uses="run oracle32" ;;
*)
    echo "usage: tools/setup.sh run|test|oracle32" >&2
    exit 2
    ;;
esac

# Prints "package probe reason" of each package whose use is $1.
packages_for() {
    sed -n "s/^$1  *\([^ ]*\)  *\([^ ]*\)  */\1 \2 /p" tools/packages.txt
}

wanted() {
    for use in $uses; do
        packages_for "$use"
    done
}

is_debian_12() {
    [ -r /etc/os-release ] && command -v dpkg-query >/dev/null && command -v apt-get >/dev/null &&
        (. /etc/os-release && [ "${ID:-}" = debian ] && [ "${VERSION_ID:-}" = 12 ])
}

# Elsewhere packages have other names, so look for the thing itself.
probe_succeeds() {
    case $1 in
    module:*) /usr/bin/python3 -c "import ${1#module:}" 2>/dev/null ;;
    /*) [ -e "$1" ] ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

list_missing_here_and_stop() {
    missing=$(wanted | while read -r package probe reason; do
        probe_succeeds "$probe" || printf '  %-28s %-40s %s\n' "$package" "$probe" "$reason"
    done)
    if [ -n "$missing" ]; then
        echo "setup: this is not Debian 12, so nothing was installed. Missing (package, what was looked for, why):" >&2
        printf '%s\n' "$missing" >&2
        exit 1
    fi
}

missing_packages() {
    # One call for all: dpkg-query's start-up is the cost. It names the packages that are installed in full.
    # shellcheck disable=SC2046 # one word a package
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $(wanted | cut -d' ' -f1) 2>/dev/null |
        sed -n 's/^installed //p') || true
    wanted | while read -r package probe reason; do
        printf '%s\n' "$installed" | grep -qx "$package" || echo "$package"
    done
}

become_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

# Whether become_root can do it. Where somebody sits at the terminal, sudo asks; a password that is wrong shows later.
may_become_root() {
    [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; }
}

install_packages() {
    if ! may_become_root; then
        echo "setup: packages are missing, and neither root nor sudo (without a password) is here; run as root:" >&2
        echo "    apt-get install --no-install-recommends" "$@" >&2
        exit 1
    fi
    echo "setup: installing Debian packages:" "$@" >&2
    # The lists may be missing or old on a fresh machine.
    become_root apt-get update -qq >&2 || true
    become_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends "$@" >&2 </dev/null || {
        echo "setup: apt-get could not install them all; nothing more was done" >&2
        exit 1
    }
}

fetch_packages() {
    packages_for fetch | while read -r package probe reason; do
        tools/fetch-package.sh "$package" >/dev/null ||
            echo "setup: $package could not be fetched ($reason); tests that need it will say skip" >&2
    done
    packages_for source | while read -r package probe reason; do
        tools/fetch-source.sh "$package" "build/packages/sources/$package" ||
            echo "setup: the source of $package could not be fetched ($reason); its test will say skip" >&2
    done
}

if is_debian_12; then
    missing=$(missing_packages)
    # shellcheck disable=SC2086 # one word a package
    [ -z "$missing" ] || install_packages $missing
    [ "$purpose" != test ] || fetch_packages
else
    list_missing_here_and_stop
fi
