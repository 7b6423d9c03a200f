# SPDX-License-Identifier: MIT
# Talks with pair-right.sh in another domain: make run-pair.
echo "Hello, right." > /dev/peer
cat /dev/peer
peer send /bin/sh
# The other domain ends now, with nobody to read this, and without another word.
cat /dev/peer &
yes > /dev/peer
echo "writing ended with $?"
wait
echo "reading ended with $?"
