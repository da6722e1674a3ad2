/* The main() of a unit test: TEST_MAIN(suite) runs one check suite and reports it as TAP (see tests/run). */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_SUITE_H
#define TESTS_SUITE_H

#include <check.h>
#include <stdlib.h>

/* make_suite: a function that returns a Suite *. CK_TAP_LOG_FILE_NAME=- (set by tests/run) selects TAP on standard output. */
#define TEST_MAIN(make_suite)                                                                      \
	int main(void)                                                                             \
	{                                                                                          \
		SRunner *runner = srunner_create(make_suite());                                    \
		srunner_run_all(runner, CK_ENV);                                                   \
		int failed = srunner_ntests_failed(runner);                                        \
		srunner_free(runner);                                                              \
		return failed ? EXIT_FAILURE : EXIT_SUCCESS;                                       \
	}

#endif
