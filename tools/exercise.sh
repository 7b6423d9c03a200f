#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: exercise.sh NAME XLITE KERNEL RAMDISK
#
# Runs the test of an exercise on the guest kernel and says whether it is solved. Exit status 0 also if it is not:
# that is an answer. A test's line "Options:" is for xlite run; one with a line "Beside it:" runs in the first of two
# domains that are each other's peer, and what that line says in the second.
name=$1 xlite=$2 kernel=$3 ramdisk=$4
folder=$(dirname "$ramdisk")
log=$folder/log

# The rest of the line with that word.
line() {
    sed -n "s|^/\\* $1: \\(.*\\) \\*/\$|\\1|p" "guest-kernel/exercises/$name.c"
}

# A domain's configuration: its name, and the kernel's command line.
config() {
    printf '%s = "%s"\n' name "$1" type pv kernel "$kernel" ramdisk "$ramdisk" cmdline "$2" >"$folder/$1.cfg"
    echo "memory = 64" >>"$folder/$1.cfg"
}

options=$(line Options)
beside=$(line "Beside it")
if [ -n "$beside" ]; then
    config test "offer=2 run=exercise"
    config beside "accept=1 run=$beside"
    set -- "$folder/test.cfg" "$folder/beside.cfg"
else
    set -- --memory 64 --kernel "$kernel" --ramdisk "$ramdisk" --extra run=exercise
fi

# shellcheck disable=SC2086 # several words
"$xlite" run $options "$@" --timeout 60 </dev/null >"$log" 2>&1
verdict=$(tr -d '\r' <"$log" | grep -a -o -E '(solved|not yet: .*)$' | tail -n 1)
echo "exercise $name: ${verdict:-not yet: the test did not come to its end; the last lines of $log are}"
[ -n "$verdict" ] || tail -n 5 "$log"
