# SPDX-License-Identifier: MIT
"""How late another domain's calls can make a domain's timer: the guest `neighbour` watches its own, beside the guest
`long-calls`, which makes each call that can take long, over and over. With --icount an instruction takes a nanosecond
of the machine's time, so the figures are the same on any host. "none" is the end of the attacker: its audit, its
frames going back."""
import re

import pytest

from test_domains import lines_of, write_config

LIMIT_US = 2000

# vCPUs of the attacker, ms for each attack, the victim's timer, seconds that it watches.
BESIDE = [
    pytest.param(1, 20, "periodic=0", 1, id="one"),
    pytest.param(1, 20, "periodic=1", 2, id="one-periodic"),
    pytest.param(32, 5, "periodic=0", 3, id="many"),
]


def attacks_of(lines):
    """When each attack began, in order."""
    found = [re.match(r"attack (.*) at (\d+)$", line) for line in lines]
    return [(int(match.group(2)), match.group(1)) for match in found if match]


def worst_delays(attacks, lines):
    """The worst delay in us that was noted during each attack."""
    worst = {name: 0 for _, name in attacks}
    for line in lines:
        match = re.match(r"late at (\d+) by (\d+)$", line)
        if not match:
            continue
        began = [name for start, name in attacks if start <= int(match.group(1)) + int(match.group(2))]
        if began:
            worst[began[-1]] = max(worst[began[-1]], int(match.group(2)) // 1000)
    return worst


@pytest.mark.parametrize("vcpus, each, timer, seconds", BESIDE)
def test_timer_beside_long_calls(xlite, test_guest, tmp_path, vcpus, each, timer, seconds):
    victim = write_config(tmp_path, "victim", test_guest("neighbour"), cmdline=f'"seconds={seconds} late=100 {timer}"')
    attacker = write_config(tmp_path, "attacker", test_guest("long-calls"), memory=64, vcpus=vcpus,
                            cmdline=f'"each={each}"')
    boot = xlite("run", "--icount", victim, attacker, status=0)
    worst = worst_delays(attacks_of(lines_of(boot, 2)), lines_of(boot, 1))
    print("\n".join(f"{delay:6} us  {name}" for name, delay in worst.items()))
    assert len(worst) > 20 and "none" in worst, f"not all attacks were made\n{boot}"
    late = {name: delay for name, delay in worst.items() if delay > LIMIT_US}
    assert not late, f"later than {LIMIT_US} us: {late}\n{boot}"
    boot.assert_audit_ok()
