# SPDX-License-Identifier: MIT
"""In which order tests run when several do at a time: those that take longest first, so that none of them is left alone
at the end while the other processors have nothing to do."""
import pytest

try:
    from xdist.scheduler import LoadScheduling
except ImportError:  # without it there is one at a time
    LoadScheduling = object


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


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return OneByOne(config, log)
