# SPDX-License-Identifier: MIT
# See pair-left.sh. The answer is longer than the ring.
cat /dev/peer
{ echo "Hello, left. I count:"; seq 1 800 | sort -n | tail -n 3; } > /dev/peer
peer receive /tmp/file
wc -c < /tmp/file
