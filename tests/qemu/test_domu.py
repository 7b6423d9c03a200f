# SPDX-License-Identifier: MIT
"""Guests as ordinary domains on the real Xen (domu.py). `make oracle-domu` runs all of them; here are those where it
matters most: whose head comment says xen-domu, since the initial domain's privileges would hide what they claim, and
pairs of domains that know each other. One boot for all of it, and some 2 s a domain, are what make test can afford."""
import os
import re

import pytest

import domu
from claims import claims, hosts_of, widths_of
from test_programs import talk

# Guests that run in pairs; test_domains.py has them on xen-lite.
PAIRS = ("event-peers", "foreign-domains", "grant-peers", "grant-ring")
# The sides of a pair, by the width of the guests that are run. The Xen that has 32-bit ones has 64-bit ones as well.
SIDES = {"pv64": ("pv64", "pv64"), "pv32": ("pv32", "pv64")}


def pair_of(claim, first, widths):
    """Two domains of a guest, of which the first has that id."""
    return [domu.Domain(f"{claim}-{side}", domu.image_of(claim, width), extra=f"peer={peer}")
            for side, width, peer in zip(("left", "right"), widths, (first + 1, first))]


def kernels_that_talk(first, widths, programs):
    """make run-pair's; test_programs.py has them on xen-lite, and knows what they say."""
    return [domu.Domain(f"talks-{side}", os.path.join(domu.BUILD, f"guest-kernel/{width}/kernel.elf"), memory=16,
                        extra=f"{other} run=sh /etc/pair-{side}.sh",
                        ramdisk=programs(width))
            for side, width, other in zip(("left", "right"), widths, (f"offer={first + 1}", f"accept={first}"))]


@pytest.mark.long
@pytest.mark.parametrize("width", SIDES)
def test_ordinary_domains_on_the_real_xen(width, programs):
    missing = domu.what_is_missing(width)
    if missing:
        pytest.skip(missing)
    heads = dict(claims())
    pairs = [pair_of(claim, 2 * number + 1, SIDES[width]) for number, claim in enumerate(PAIRS)]
    single = [[domu.domain_of(claim, head, width)[0]] for claim, head in heads.items()
              if "xen-domu" in hosts_of(head) and width in widths_of(head) and claim not in PAIRS]
    talking = kernels_that_talk(2 * len(PAIRS) + 1, SIDES[width], programs)
    ended, boot = domu.run_domains([*pairs, talking, *single], timeout=600, width=width)

    assert ended, str(boot)
    complaints = []
    for domain in sum(pairs + single, []):
        claim = re.sub(r"-(left|right)$", "", domain.name)
        if what := domu.complaint(heads[claim], ended.get(domain.name)):
            complaints.append(f"{domain.name}: {what}\n{ended.get(domain.name)}")
    assert not complaints, "\n".join(complaints)
    assert [ended[domain.name].lines for domain in talking] == talk(SIDES[width][0]), \
        "\n".join(str(ended[domain.name]) for domain in talking)
