# SPDX-License-Identifier: MIT
# A session that shows the shell and the programs. What it prints is the same on every machine that the kernel runs
# on, which a test compares; so it prints no times and no sizes of memory.
mkdir -p /tmp/s && cd /tmp/s || exit 1
echo words: one "two  three" 'four $HOME' five\ six
echo banana > fruit; echo apple >> fruit; echo cherry >> fruit
sort fruit | tee sorted | head -n 2; wc -l < sorted
cmp fruit sorted; cmp fruit fruit && echo equal
grep -n an fruit; grep -c e fruit; tr a-z A-Z < fruit | tail -n 1
for name in a b c; do echo $name > $name.txt; done
ls; echo *.txt [ab].*; ls -l /none 2>&1 | cat
mv a.txt d.txt; cp b.txt e.txt; ln c.txt f.txt; rm b.txt; ls
i=0; while [ $i -lt 3 ]; do i=$((i + 1)); echo $i; done | xargs echo numbers
if [ -f d.txt ] && [ ! -d d.txt ]; then echo a file; else echo none; fi
false || echo "false gives $?"; ! true || echo never
(cd /; pwd); pwd; echo $(basename /bin/sh) $(seq 3)
{ echo group; echo of two; } | cut -d ' ' -f 1
sh -c 'kill -9 $$'; echo killed gives $?
sh -c 'exit 7'; echo exit gives $?
sleep 0.1 & wait; echo waited
seq 1 1000 | sort -n -r | uniq | head -n 1
yes | head -n 3 | uniq -c
echo "3 bytes" | hexdump
find /etc -type f | sort
env GREETING=hello sh -c 'echo $GREETING'
ps | grep -c "ps$"
nosuchprogram; echo status $?
head -2 /etc/motd | wc -l; seq 20 | tail -3; seq 20 | tail -n +19; head -c 6 /etc/motd; echo
echo ~ `echo tick` ${#PATH} ${NONE-none} "$(echo "a  b")" $((2 > 1 && !0))
x=1; x=2 echo $x; x=$(false); echo $?; $(echo echo once | tee -a log); cat log
cp -r /etc copy; chmod +x copy/rc; ls -l copy | grep -c '^-rwx'; cp -r copy copy/copy; cp /etc /none; rm -r copy log
echo "one  two three" | while read a b; do echo "$a, $b"; done
head -x; cat --help; kill word; seq 1 two; ls >&-; rm -rf /; cut -f x; echo $((1 / 0))
printf '%s=%d|%5s|%-3s|%x%%\n' a 7 b c 255 d 8
stress -n 2 -p 3
cd /; rm -r /tmp/s; ls /tmp
echo the end
