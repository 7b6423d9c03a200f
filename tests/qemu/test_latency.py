# SPDX-License-Identifier: MIT
"""How late another domain's calls can make a domain's timer: the guest `neighbour` watches its own, beside the guest
`long-calls`, which makes each call that can take long, over and over. With --icount an instruction takes a nanosecond
of the machine's time, so the figures are the same on any host. "none" is the end of the attacker: its audit, its
frames going back."""
import pathlib
import re
import struct

import pytest

from boot import figure
from test_domains import lines_of, write_config

LIMIT_US = 2000

# vCPUs of the attacker, its ports (the most that the ABI has: to make and reset them takes 200 ms), ms for each attack,
# the victim's timer, ms that it watches.
BESIDE = [
    pytest.param(1, 131071, 10, "periodic=0", 900, id="one"),
    pytest.param(1, 1023, 10, "periodic=1", 700, id="one-periodic"),
    pytest.param(32, 1023, 2, "periodic=0", 1400, id="many"),
]


def beside_long_calls(quick_xlite, test_guest, folder, attacker, watch, timer="", status=0, **settings):
    """Runs the two; returns the boot. The victim watches for so many ms, longer where the attacks take longer."""
    watch = watch * figure(1, 4)
    victim = write_config(folder, "victim", test_guest("neighbour"), cmdline=f'"late=100 ms={watch} {timer}"')
    attacker = write_config(folder, "attacker", attacker, memory=64, **settings)
    boot = quick_xlite("run", "--icount", victim, attacker, status=status)
    attacks = attacks_of(lines_of(boot, 2))
    worst = worst_delays(attacks, lines_of(boot, 1))
    print("\n".join(f"{delay:6} us  {name}" for name, delay in worst.items()))
    assert len(worst) > 20 and "none" in worst, f"not all attacks were made\n{boot}"
    watched = re.search(r"watched until (\d+)", "\n".join(lines_of(boot, 1)))
    assert watched and int(watched.group(1)) > attacks[-1][0], f"nobody watched the last ones\n{boot}"
    limit = figure(1, 2) * LIMIT_US
    late = {name: delay for name, delay in worst.items() if delay > limit}
    assert not late, f"later than {limit} us: {late}\n{boot}"
    boot.assert_audit_ok()
    return boot


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


@pytest.mark.long
@pytest.mark.parametrize("vcpus, ports, each, timer, watch", BESIDE)
def test_timer_beside_long_calls(quick_xlite, test_guest, tmp_path, vcpus, ports, each, timer, watch):
    beside_long_calls(quick_xlite, test_guest, tmp_path, test_guest("long-calls"), watch, timer, vcpus=vcpus,
                      max_event_channels=ports, cmdline=f'"each={each} part={min(vcpus, 8)}"')


def with_symbols(image, count):
    """The image with that many symbols in front of its own, which come last."""
    data = bytearray(image.read_bytes())
    at, size, number = struct.unpack_from("<Q", data, 40)[0], 64, struct.unpack_from("<H", data, 60)[0]
    header = next(at + i * size for i in range(number) if struct.unpack_from("<I", data, at + i * size + 4)[0] == 2)
    offset, length = struct.unpack_from("<QQ", data, header + 24)
    # Functions in section 1, far below everything, in no order; their name is that at 1.
    many = b"".join(struct.pack("<IBBHQQ", 1, 2, 0, 1, i * 7919 % count, 0) for i in range(count))
    struct.pack_into("<QQ", data, header + 24, len(data), length + len(many))
    return bytes(data) + many + bytes(data[offset:offset + length])


def test_timer_beside_crash(quick_xlite, test_guest, tmp_path):
    """The report looks up some hundred addresses in the guest's own symbol table, however large that is."""
    image = tmp_path / "attacker.elf"
    image.write_bytes(with_symbols(pathlib.Path(test_guest("long-calls")), 200000))
    boot = beside_long_calls(quick_xlite, test_guest, tmp_path, image, 250, status=1, cmdline='"each=1 crash=1"')
    assert any("test_main+0x" in line for line in boot.hypervisor_lines), str(boot)
