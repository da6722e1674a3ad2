/* spool.c: what goes into one file comes out in its parts, and a part outlives who made it. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/spool.h"
#include "suite.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* An open file with SIZE bytes, each of them BYTE. */
static int file_of(char byte, gsize size)
{
	g_autofree char *path = NULL, *data = g_malloc(size + 1);
	int fd = g_file_open_tmp("spool-XXXXXX", &path, NULL);

	ck_assert_int_ge(fd, 0);
	g_unlink(path);
	memset(data, byte, size);
	ck_assert_int_eq(write(fd, data, size), (gssize)size);
	return fd;
}

static void assert_part(const struct spool_part *part, char byte, gsize size)
{
	char buffer[1000];
	guint64 at = 0;
	ssize_t n;

	ck_assert_uint_eq(part->size, size);
	while ((n = spool_read(part, buffer, sizeof buffer, at)) > 0) {
		for (ssize_t i = 0; i < n; i++)
			ck_assert_int_eq(buffer[i], byte);
		at += (guint64)n;
	}
	ck_assert_int_eq(n, 0);
	ck_assert_uint_eq(at, size);
	ck_assert_int_eq(spool_read(part, buffer, sizeof buffer, size + 1), 0);
}

START_TEST(test_parts)
{
	static const gsize sizes[] = {1, 0, 65536, 65537, 999, 300000};
	struct spool_part parts[G_N_ELEMENTS(sizes)];
	g_autoptr(spool) s = spool_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
		int fd = file_of((char)('a' + i), sizes[i]);
		ck_assert(spool_add(s, fd, &parts[i], NULL));
		close(fd);
	}
	g_clear_pointer(&s, spool_unref);
	for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++)
		assert_part(&parts[i], (char)('a' + i), sizes[i]);
	for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++)
		spool_part_clear(&parts[i]);
	spool_part_clear(&parts[0]);
}
END_TEST

START_TEST(test_unreadable)
{
	g_autoptr(spool) s = spool_new(NULL);
	g_autoptr(GError) error = NULL;
	struct spool_part part;
	int fd = open("/", O_RDONLY | O_DIRECTORY);

	ck_assert(!spool_add(s, fd, &part, &error));
	ck_assert(g_error_matches(error, PACK_ERROR, PACK_ERROR_WRITE));
	ck_assert_ptr_null(part.spool);
	close(fd);
}
END_TEST

static Suite *spool_suite(void)
{
	Suite *s = suite_create("spool");
	TCase *t = tcase_create("spool");

	tcase_add_test(t, test_parts);
	tcase_add_test(t, test_unreadable);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(spool_suite)
