/* publish: compression, the lock, and directories replaced as a whole, also where the file system cannot exchange. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/file.h"
#include "publish/claim.h"
#include "publish/error.h"
#include "publish/generation.h"
#include "publish/intake.h"
#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* These stand before the C library's: a file system without exchange, and a process that is killed at one of its steps.
 */
static gboolean no_exchange;
static int steps_left; /* die at that step; 0: live */

static void step(void)
{
	if (steps_left > 0 && --steps_left == 0)
		_exit(9);
}

int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned int flags)
{
	step();
	if (no_exchange && flags != 0) {
		errno = EINVAL;
		return -1;
	}
	return (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
}

int rename(const char *from, const char *to)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	return renameat2(from_dir, from, to_dir, to, 0);
}

int remove(const char *path)
{
	step();
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, g_file_test(path, G_FILE_TEST_IS_DIR) ? AT_REMOVEDIR : 0);
}

int fsync(int fd)
{
	step();
	return (int)syscall(SYS_fsync, fd);
}

static char *top;

static void set_up(void)
{
	top = g_dir_make_tmp("abide-publish-XXXXXX", NULL);
	ck_assert_ptr_nonnull(top);
	no_exchange = FALSE;
}

static void tear_down(void)
{
	generation_remove_tree(top, NULL);
	g_free(top);
}

static GBytes *bytes(const char *text)
{
	return g_bytes_new(text, strlen(text));
}

/* Every file under a directory, one "path=contents" a line. */
static void tell(const char *dir, const char *prefix, GPtrArray *lines)
{
	GDir *d = g_dir_open(dir, 0, NULL);
	const char *name;

	while (d != NULL && (name = g_dir_read_name(d)) != NULL) {
		g_autofree char *path = g_build_filename(dir, name, NULL);
		g_autofree char *shown = g_strdup_printf("%s%s", prefix, name);
		g_autofree char *contents = NULL;
		if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
			g_autofree char *deeper = g_strdup_printf("%s/", shown);
			tell(path, deeper, lines);
		} else if (g_file_get_contents(path, &contents, NULL, NULL)) {
			g_ptr_array_add(lines, g_strdup_printf("%s=%s", shown, contents));
		}
	}
	if (d != NULL)
		g_dir_close(d);
}

static gint by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void assert_tree(const char *expected)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

	tell(top, "", lines);
	g_ptr_array_sort(lines, by_text);
	g_ptr_array_add(lines, NULL);
	g_autofree char *all = g_strjoinv(" ", (char **)lines->pdata);
	ck_assert_str_eq(all, expected);
}

static void publish(const char *hash, const char *contents, const char *keep)
{
	g_autofree char *dir = g_build_filename(top, "d", "suite", NULL);
	g_autofree char *path = g_strdup_printf("by/%s", hash);
	static const char *const last[] = {"index", NULL};
	g_autoptr(generation) g = generation_new(dir, last);
	g_autoptr(GBytes) file = bytes(contents);
	g_autoptr(GError) error = NULL;

	generation_add(g, path, file);
	generation_add(g, "index", file);
	if (keep != NULL)
		generation_keep(g, keep);
	gboolean ok = generation_write(g, &error) && generation_commit(dir, last, &error);
	ck_assert_msg(ok, "%s", error ? error->message : "");
	generation_discard(dir);
}

/* The new generation, the one before for readers in the middle, and none older; by exchange and file by file. */
START_TEST(test_generation)
{
	no_exchange = _i == 1;
	publish("1", "one", NULL);
	assert_tree("d/suite/by/1=one d/suite/index=one");
	publish("2", "two", "by/1");
	assert_tree("d/suite/by/1=one d/suite/by/2=two d/suite/index=two");
	publish("3", "three", "by/2");
	assert_tree("d/suite/by/2=two d/suite/by/3=three d/suite/index=three");
	publish("3", "three", "by/3");
	assert_tree("d/suite/by/3=three d/suite/index=three");
	publish("4", "four", "by/missing");
	assert_tree("d/suite/by/4=four d/suite/index=four");
}
END_TEST

/* What a crash left beside the directory does not reach the next generation. */
START_TEST(test_generation_after_crash)
{
	g_autofree char *left = g_build_filename(top, "d", ".suite.next", "by", NULL);
	g_autofree char *file = g_build_filename(left, "9", NULL);

	publish("1", "one", NULL);
	ck_assert(file_make_dirs(left, NULL));
	ck_assert(g_file_set_contents(file, "half", -1, NULL));
	publish("2", "two", "by/9");
	assert_tree("d/suite/by/2=two d/suite/index=two");
}
END_TEST

/* A reader follows the index to the file it names: whatever step was the last, both are of one generation. */
static void assert_readable(int steps)
{
	g_autofree char *index = g_build_filename(top, "d", "suite", "index", NULL);
	g_autofree char *contents = NULL;

	ck_assert_msg(g_file_get_contents(index, &contents, NULL, NULL), "killed at step %d: no index", steps);
	ck_assert(strcmp(contents, "one") == 0 || strcmp(contents, "two") == 0);
	g_autofree char *named =
		g_build_filename(top, "d", "suite", "by", strcmp(contents, "one") == 0 ? "1" : "2", NULL);
	g_autofree char *found = NULL;
	ck_assert_msg(g_file_get_contents(named, &found, NULL, NULL), "killed at step %d: no file", steps);
	ck_assert_str_eq(found, contents);
}

START_TEST(test_generation_killed)
{
	int status = 9 << 8, steps;

	no_exchange = _i == 1;
	for (steps = 1; WEXITSTATUS(status) == 9; steps++) {
		publish("1", "one", "by/1");
		pid_t child = fork();
		ck_assert_int_ge(child, 0);
		if (child == 0) {
			steps_left = steps;
			publish("2", "two", "by/1");
			_exit(0);
		}
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		assert_readable(steps);
	}
	ck_assert_int_gt(steps, 8);
	publish("3", "three", "by/2");
	assert_tree("d/suite/by/2=two d/suite/by/3=three d/suite/index=three");
}
END_TEST

START_TEST(test_generation_not_writable)
{
	g_autofree char *blocked = g_build_filename(top, "d", NULL);
	g_autofree char *dir = g_build_filename(blocked, "suite", NULL);
	static const char *const last[] = {NULL};
	g_autoptr(generation) g = generation_new(dir, last);
	g_autoptr(GError) error = NULL;

	ck_assert(g_file_set_contents(blocked, "a file", -1, NULL));
	ck_assert(!generation_write(g, &error));
	ck_assert_int_eq(error->domain, G_FILE_ERROR);
	assert_tree("d=a file");
}
END_TEST

START_TEST(test_claim)
{
	g_autofree char *dir = g_build_filename(top, "new", NULL);
	g_auto(claim) first = {0}, second = {0};
	g_autoptr(GError) error = NULL;

	ck_assert(claim_fresh(&first, dir, 0, NULL));
	ck_assert(!claim_existing(&second, dir, 0, &error));
	ck_assert(g_error_matches(error, PUBLISH_ERROR, PUBLISH_ERROR_BUSY));
	claim_clear(&first);
	ck_assert(claim_existing(&second, dir, 0, NULL));
	claim_clear(&second);
	ck_assert(claim_fresh(&first, dir, 0, NULL));
	claim_undo(&first);
	ck_assert_int_eq(g_access(dir, F_OK), 0);
}
END_TEST

START_TEST(test_claim_undo)
{
	g_autofree char *dir = g_build_filename(top, "new", NULL);
	g_autofree char *inside = g_build_filename(dir, "a", "b", NULL);
	g_auto(claim) c = {0};

	ck_assert(claim_fresh(&c, dir, 0, NULL));
	ck_assert(file_make_dirs(inside, NULL));
	claim_undo(&c);
	ck_assert_int_lt(g_access(dir, F_OK), 0);
}
END_TEST

START_TEST(test_claim_not_ours)
{
	g_autofree char *file = g_build_filename(top, "diary.txt", NULL);
	g_auto(claim) c = {0};
	g_autoptr(GError) error = NULL;

	ck_assert(g_file_set_contents(file, "dear", -1, NULL));
	ck_assert(!claim_fresh(&c, top, 0, &error));
	ck_assert(g_error_matches(error, PUBLISH_ERROR, PUBLISH_ERROR_DIRECTORY));
	assert_tree("diary.txt=dear");
}
END_TEST

/* One reading gives the digest of the whole, the tapped rest, and the copy. */
START_TEST(test_intake)
{
	g_autofree char *source = g_build_filename(top, "source", NULL);
	g_autofree char *copy = g_build_filename(top, "copy", NULL);
	g_autofree char *data = g_malloc(300000);
	g_autofree char *found = NULL;
	gsize size = 0;
	const guint8 *at = NULL;
	char head[5];
	struct intake_sum sum = {0};

	memset(data, 'x', 300000);
	memcpy(data, "magic", 5);
	ck_assert(g_file_set_contents(source, data, 300000, NULL));
	g_autoptr(intake) in = intake_open(source, copy, NULL);
	g_autoptr(digest) rest = digest_new(DIGEST_SHA256);
	ck_assert_int_eq(intake_peek(in, &at, 16, NULL), 16);
	ck_assert(intake_read(in, head, 5, NULL));
	ck_assert_int_eq(memcmp(head, "magic", 5), 0);
	ck_assert(intake_skip(in, 200000, NULL));
	intake_tap(in, rest);
	ck_assert(intake_finish(in, &sum, NULL));
	ck_assert_uint_eq(sum.size, 300000);
	g_autofree char *whole = digest_of(DIGEST_SHA256, data, 300000);
	ck_assert_str_eq(sum.sha256, whole);
	g_autofree char *tapped = digest_hex(rest);
	g_autofree char *expected = digest_of(DIGEST_SHA256, data + 200005, 99995);
	ck_assert_str_eq(tapped, expected);
	ck_assert(g_file_get_contents(copy, &found, &size, NULL));
	ck_assert_uint_eq(size, 300000);
	ck_assert_int_eq(memcmp(found, data, size), 0);
	g_free(sum.sha256);
}
END_TEST

START_TEST(test_intake_ends_early)
{
	g_autoptr(intake) in = intake_open_memory("short", "abc", 3);
	g_autoptr(GError) error = NULL;
	char to[4];

	ck_assert(!intake_read(in, to, 4, &error));
	ck_assert(g_error_matches(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT));
}
END_TEST

static Suite *publish_files_suite(void)
{
	Suite *s = suite_create("publish files");
	TCase *t = tcase_create("files");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, test_generation, 0, 2);
	tcase_add_test(t, test_generation_after_crash);
	tcase_add_loop_test(t, test_generation_killed, 0, 2);
	tcase_add_test(t, test_generation_not_writable);
	tcase_add_test(t, test_claim);
	tcase_add_test(t, test_claim_undo);
	tcase_add_test(t, test_claim_not_ours);
	tcase_add_test(t, test_intake);
	tcase_add_test(t, test_intake_ends_early);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(publish_files_suite)
