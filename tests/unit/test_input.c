/* Packages as inputs of inspect, over the small packages of the fuzz corpus; and how libraries of two packages are paired. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/container.h"
#include "inspect/input.h"
#include "suite.h"

#include <string.h>

#define CORPUS "tests/fuzz/corpus/fuzz_container/"

static const struct input_sources nothing;

static const struct {
	const char *path, *debug_file;
	enum facts_evidence evidence;
} good[] = {
	{CORPUS "libx1_1_amd64.deb", CORPUS "libx1-dbgsym_1_amd64.deb: usr/lib/x.debug", FACTS_TYPES},
	{CORPUS "libfull1_1_amd64.deb", NULL, FACTS_TYPES},
	{CORPUS "libzstd1_1_amd64.deb", NULL, FACTS_NO_DEBUG},
	{CORPUS "libx1.rpm", NULL, FACTS_NO_DEBUG},
};

START_TEST(test_package)
{
	GError *error = NULL;
	g_autoptr(input) in = input_read(good[_i].path, &nothing, &error);

	ck_assert_msg(in != NULL, "%s", error ? error->message : "no error");
	ck_assert(in->is_package);
	ck_assert_uint_eq(in->libraries->len, 1);
	const struct facts *f = in->libraries->pdata[0];
	ck_assert_str_eq(f->soname, "libx.so.1");
	ck_assert_int_eq(f->evidence, good[_i].evidence);
	ck_assert_pstr_eq(f->debug_file, good[_i].debug_file);
	ck_assert((f->debug_missing == NULL) == (f->evidence == FACTS_TYPES));
}
END_TEST

static const struct {
	const char *path, *message;
	enum facts_error code;
} bad[] = {
	{CORPUS "libtext1_1_amd64.deb", "no shared library in this package", FACTS_ERROR_INPUT},
	{CORPUS "bomb.deb", "unpacks to more than 8 GiB", FACTS_ERROR_INPUT},
	{CORPUS "cut.deb", "damaged package", FACTS_ERROR_CORRUPT},
	{CORPUS "none.deb", "cannot open", FACTS_ERROR_INPUT},
};

START_TEST(test_bad_package)
{
	GError *error = NULL;
	g_autoptr(input) in = input_read(bad[_i].path, &nothing, &error);

	ck_assert_ptr_null(in);
	ck_assert_msg(g_error_matches(error, FACTS_ERROR, (int)bad[_i].code), "%s", error->message);
	ck_assert_msg(g_str_has_prefix(error->message, bad[_i].path), "%s", error->message);
	ck_assert_msg(strstr(error->message, bad[_i].message) != NULL, "%s", error->message);
	g_error_free(error);
}
END_TEST

START_TEST(test_debug_package_given)
{
	const char *const packages[] = {CORPUS "libx1-dbgsym_1_amd64.deb", NULL};
	g_autoptr(input) in = input_read(CORPUS "libx1.rpm", &(struct input_sources){.debug_packages = packages}, NULL);

	ck_assert_ptr_nonnull(in);
	ck_assert_int_eq(((const struct facts *)in->libraries->pdata[0])->evidence, FACTS_TYPES);
}
END_TEST

START_TEST(test_only_wanted_debug)
{
	g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);

	g_hash_table_add(wanted, (char *)"0123");
	g_autoptr(container) c = container_debug(CORPUS "libx1-dbgsym_1_amd64.deb", wanted, NULL);
	ck_assert_ptr_nonnull(c);
	ck_assert_uint_eq(c->files->len, 0);
}
END_TEST

/* The sonames of the two sides, and of what is asked for; the expected match, NULL for none. */
static const struct {
	const char *older, *newer, *library, *match;
} pairs[] = {
	{"liba.so.1 libb.so.1", "liba.so.1 libb.so.2", "liba.so.1", "liba.so.1"},
	{"liba.so.1 libb.so.1", "liba.so.1 libb.so.2", "libb.so.1", "libb.so.2"},
	{"liba.so.1 liba.so.2", "liba.so.2 liba.so.3", "liba.so.1", "liba.so.3"},
	{"liba.so.1 libb.so.1", "liba.so.1 libbc.so.1", "libb.so.1", NULL},
	{"liba.so.1 libb-1.0.so", "liba.so.1 libb-1.1.so", "libb-1.0.so", "libb-1.1.so"},
	{"liba.so.1 lib2.so.1", "liba.so.1 lib3.so.1", "lib2.so.1", NULL},
	{"liba.so.1", "libz.so.9", "liba.so.1", "libz.so.9"},
};

static struct input *of_sonames(const char *sonames)
{
	struct input *in = g_new0(struct input, 1);
	g_auto(GStrv) words = g_strsplit(sonames, " ", -1);

	in->libraries = g_ptr_array_new_with_free_func((GDestroyNotify)facts_free);
	for (char **w = words; *w != NULL; w++) {
		struct facts *f = g_new0(struct facts, 1);
		f->strings = g_string_chunk_new(16);
		f->soname = g_string_chunk_insert(f->strings, *w);
		g_ptr_array_add(in->libraries, f);
	}
	return in;
}

START_TEST(test_match)
{
	g_autoptr(input) older = of_sonames(pairs[_i].older), newer = of_sonames(pairs[_i].newer);
	const struct facts *match = NULL;

	for (guint i = 0; i < older->libraries->len; i++) {
		const struct facts *f = older->libraries->pdata[i];
		if (strcmp(f->soname, pairs[_i].library) == 0)
			match = input_match(older, f, newer);
	}
	ck_assert_pstr_eq(match ? match->soname : NULL, pairs[_i].match);
}
END_TEST

static Suite *input_suite(void)
{
	Suite *s = suite_create("input");
	TCase *t = tcase_create("input");

	tcase_add_loop_test(t, test_package, 0, G_N_ELEMENTS(good));
	tcase_add_loop_test(t, test_bad_package, 0, G_N_ELEMENTS(bad));
	tcase_add_test(t, test_debug_package_given);
	tcase_add_test(t, test_only_wanted_debug);
	tcase_add_loop_test(t, test_match, 0, G_N_ELEMENTS(pairs));
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(input_suite)
