/* publish: the journal of a publication, and the files that follow it. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/file.h"
#include "publish/error.h"
#include "publish/generation.h"
#include "publish/journal.h"
#include "suite.h"

#include <string.h>

static char *top;

static void set_up(void)
{
	top = g_dir_make_tmp("abide-journal-XXXXXX", NULL);
	ck_assert_ptr_nonnull(top);
}

static void tear_down(void)
{
	generation_remove_tree(top, NULL);
	g_free(top);
}

static char *contents_of(const char *path)
{
	g_autofree char *full = g_build_filename(top, path, NULL);
	char *text = NULL;

	g_file_get_contents(full, &text, NULL, NULL);
	return text;
}

/* The string is freed. */
static void put(char *path, const char *text)
{
	g_autofree char *own = path, *dir = g_path_get_dirname(path);

	ck_assert(file_make_dirs(dir, NULL));
	ck_assert(g_file_set_contents(path, text, -1, NULL));
}

static journal *with_key(void)
{
	journal *j = journal_new("stable", 7);

	g_ptr_array_add(j->follows, g_strdup("keys/acme.gpg"));
	put(journal_waiting(top, "keys/acme.gpg"), "new");
	return j;
}

START_TEST(test_written_and_read)
{
	g_autoptr(journal) j = with_key(), found = NULL;

	ck_assert(journal_read(top, &found, NULL));
	ck_assert_ptr_null(found);
	j->repomd_signature = g_strnfill(64, 'a');
	ck_assert(journal_write(j, top, NULL));
	ck_assert(journal_read(top, &found, NULL));
	ck_assert_str_eq(found->suite, "stable");
	ck_assert_uint_eq(found->state, 7);
	ck_assert_str_eq(found->repomd_signature, j->repomd_signature);
	ck_assert_uint_eq(found->follows->len, 1);
	ck_assert_str_eq(found->follows->pdata[0], "keys/acme.gpg");
	journal_remove(top);
	g_clear_pointer(&found, journal_free);
	ck_assert(journal_read(top, &found, NULL));
	ck_assert_ptr_null(found);
}
END_TEST

START_TEST(test_completed_twice)
{
	g_autoptr(journal) j = with_key();

	for (int i = 0; i < 2; i++) {
		ck_assert(journal_complete(j, top, NULL));
		g_autofree char *key = contents_of("keys/acme.gpg");
		ck_assert_str_eq(key, "new");
	}
}
END_TEST

START_TEST(test_abandoned)
{
	g_autoptr(journal) j = with_key();
	g_autofree char *keys = g_build_filename(top, "keys", NULL);

	journal_abandon(j, top);
	ck_assert(!g_file_test(keys, G_FILE_TEST_EXISTS));
	put(g_build_filename(top, "keys/acme.gpg", NULL), "old");
	journal_abandon(j, top);
	g_autofree char *key = contents_of("keys/acme.gpg");
	ck_assert_str_eq(key, "old");
}
END_TEST

static const char *const refused[] = {
	"",
	"State: 3\n",
	"Suite: stable\n",
	"Suite: ../stable\nState: 3\n",
	"Suite: stable\nState: 0\n",
	"Suite: stable\nState: three\n",
	"Suite: stable\nState: 3\nRepomd-Signature: abc\n",
	"Suite: stable\nState: 3\nFollows: pool/main/a.deb\n",
	"Suite: stable\nState: 3\nFollows: keys/../pool\n",
	"Suite: stable\nState: 3\nFollows: keys/\n",
	"Suite: stable\nState: 3\nFollows: keys/.acme.next\n",
	"Suite: stable\nState: 3\nFollows: keys/acme.gpg  keys/acme.asc\n",
};

START_TEST(test_refused)
{
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(journal_parse("x", refused[_i], strlen(refused[_i]), &error));
	ck_assert(g_error_matches(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT));
	ck_assert(g_str_has_prefix(error->message, "x: "));
}
END_TEST

static const struct {
	const char *name;
	gboolean temporary;
} names[] = {
	{".acme.gpg.0123abcd", TRUE},
	{"..abide-publish.journal.0123abcd", TRUE},
	{".12.deadbeef", TRUE},
	{".acme.gpg.next", FALSE},
	{".0123abcd", FALSE},
	{"acme.0123abcd", FALSE},
	{".acme.0123abcde", FALSE},
	{".acme.0123ABCD", FALSE},
	{"", FALSE},
};

START_TEST(test_temporary)
{
	ck_assert_int_eq(file_is_temporary(names[_i].name), names[_i].temporary);
}
END_TEST

static Suite *publish_journal_suite(void)
{
	Suite *s = suite_create("publish journal");
	TCase *t = tcase_create("journal");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, test_written_and_read);
	tcase_add_test(t, test_completed_twice);
	tcase_add_test(t, test_abandoned);
	tcase_add_loop_test(t, test_refused, 0, G_N_ELEMENTS(refused));
	tcase_add_loop_test(t, test_temporary, 0, G_N_ELEMENTS(names));
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(publish_journal_suite)
