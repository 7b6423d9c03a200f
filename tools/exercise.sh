#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: exercise.sh NAME XLITE KERNEL RAMDISK
#
# Runs the test of an exercise on the guest kernel and says whether it is solved. Exit status 0 also if it is not:
# that is an answer.
name=$1 xlite=$2 kernel=$3 ramdisk=$4
options=$(sed -n 's|^/\* Options: \(.*\) \*/$|\1|p' "guest-kernel/exercises/$name.c")
log=$(dirname "$ramdisk")/log

# shellcheck disable=SC2086 # several words
"$xlite" run --memory 64 $options --kernel "$kernel" --ramdisk "$ramdisk" --extra run=exercise --timeout 60 \
    </dev/null >"$log" 2>&1
verdict=$(tr -d '\r' <"$log" | grep -a -o -E '(solved|not yet: .*)$' | tail -n 1)
echo "exercise $name: ${verdict:-not yet: the test did not come to its end; the last lines of $log are}"
[ -n "$verdict" ] || tail -n 5 "$log"
