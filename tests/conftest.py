# SPDX-License-Identifier: MIT
"""In which order tests run when several do at a time: those that take longest first, so that none of them is left alone
at the end while the other processors have nothing to do. And which cost most, in seconds of a processor: what a clock
shows depends on what else runs."""
import resource

import pytest

try:
    from xdist.scheduler import LoadScheduling
except ImportError:  # without it there is one at a time
    LoadScheduling = object


# So many are named at the end.
DEAREST = 10


def pytest_configure(config):
    config.addinivalue_line("markers", "long: takes many seconds; such tests run first")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


class OneByOne(LoadScheduling):
    """Each worker has the test that it runs and the next one, which is the least that it works with. pytest-xdist's own
    schedulers hand out tests by the dozen, neighbours together."""

    def schedule(self):
        if self.collection is None:
            if not self._check_nodes_have_same_collection():
                return
            self.collection = next(iter(self.node2collection.values()))
            self.pending[:] = range(len(self.collection))
        for node in self.nodes:
            self.check_schedule(node)

    def check_schedule(self, node, duration=0):
        if node.shutting_down:
            return
        if self.pending:
            self._send_tests(node, max(0, 2 - len(self.node2pending[node])))
        else:
            node.shutdown()


def processor_seconds():
    """Of this process, and of all that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item):
    item.began_at = processor_seconds()
    yield


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """The last report of a test takes it along; it is in the file of --junitxml, too."""
    if call.when == "teardown":
        item.user_properties.append(("cpu", round(processor_seconds() - item.began_at, 2)))
    yield


def pytest_terminal_summary(terminalreporter):
    reports = [report for found in terminalreporter.stats.values() for report in found
               if getattr(report, "when", "") == "teardown"]
    costs = sorted(((dict(report.user_properties).get("cpu", 0), report.nodeid) for report in reports), reverse=True)
    if len(costs) > DEAREST:
        terminalreporter.write_line(f"{sum(cost for cost, _ in costs):.0f} s of a processor; the dearest tests:")
        for cost, name in costs[:DEAREST]:
            terminalreporter.write_line(f"  {cost:6.1f} s  {name}")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return OneByOne(config, log)
