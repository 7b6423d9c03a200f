/* SPDX-License-Identifier: MIT */
/*
 * Where BUG_ON and ASSERT of the code under test lead in a unit test: to cmocka, which fails the
 * test or notes that the failure was expected.
 */
#include "unit.h"

#include "lib/assert.h"

void bug_at(const char *what, const char *file, int line)
{
    mock_assert(0, what, file, line);
    abort();
}
