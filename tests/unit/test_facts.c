/* inspect over the small libraries of the fuzz corpus, which were built from one source with DWARF 5 and with type units. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/facts.h"
#include "inspect/reach.h"
#include "suite.h"

#include <string.h>

#define CORPUS "tests/fuzz/corpus/fuzz_facts/"

static struct facts *read_good(const char *path)
{
	GError *error = NULL;
	struct facts *f = facts_read(path, NULL, &error);

	ck_assert_msg(f != NULL, "%s", error ? error->message : "no error");
	return f;
}

START_TEST(test_library)
{
	g_autoptr(facts) f = read_good(CORPUS "dwarf5.so");

	ck_assert_int_eq(f->kind, FACTS_LIBRARY);
	ck_assert_uint_eq(f->bits, 64);
	ck_assert_str_eq(f->soname, "libx.so.1");
	ck_assert_uint_eq(f->n_nodes, 1);
	ck_assert_str_eq(f->nodes[0].name, "V1");
	ck_assert_uint_eq(f->n_exports, 2);
	ck_assert_str_eq(f->exports[0].name, "f");
	ck_assert_str_eq(f->exports[0].node, "V1");
	ck_assert(f->exports[0].is_default);
	ck_assert_str_eq(f->exports[0].declaration, "int (struct s *, t *, struct o *)");
	ck_assert_str_eq(f->exports[0].shape, "i32(p({struct s}),p({t}),p({struct o}))");
	ck_assert_int_eq(f->exports[1].kind, FACTS_OBJECT);
	ck_assert_uint_eq(f->exports[1].size, 16);
	ck_assert_uint_eq(strlen(f->build_id), 40);
	ck_assert_ptr_nonnull(facts_find_export(f, "v"));
	ck_assert_ptr_null(facts_find_export(f, "g"));
}
END_TEST

START_TEST(test_types)
{
	static const char *const files[] = {CORPUS "dwarf5.so", CORPUS "dwarf4-units.so"};
	g_autoptr(facts) f = read_good(files[_i]);

	ck_assert_int_eq(f->evidence, FACTS_TYPES);
	ck_assert_uint_eq(f->n_types, 3);
	ck_assert_str_eq(f->types[1].name, "struct s");
	ck_assert_uint_eq(f->types[1].size, 16);
	ck_assert_str_eq(f->types[1].members[1].name, "b");
	ck_assert_uint_eq(f->types[1].members[1].offset, 64);
	ck_assert_str_eq(f->types[1].members[1].type, "char *");
	g_autoptr(reach) reach = reach_new(f);
	g_autofree const char **via = reach_exports(reach, 1);
	ck_assert_str_eq(via[0], "f");
	ck_assert_ptr_null(via[1]);
	ck_assert_str_eq(f->types[2].name, "t");
}
END_TEST

START_TEST(test_headers_hide)
{
	const char *const paths[] = {"tests/unit/data/facts.h", NULL};
	g_autoptr(facts_headers) headers = facts_headers_read(paths, NULL);
	g_autoptr(facts) f = facts_read(CORPUS "dwarf5.so", &(struct facts_sources){.headers = headers}, NULL);

	ck_assert_ptr_nonnull(f);
	ck_assert(f->headers_known);
	ck_assert_uint_eq(f->n_types, 2);
	ck_assert_str_eq(f->types[0].name, "struct s");
	ck_assert_str_eq(f->types[1].name, "t");
}
END_TEST

START_TEST(test_program)
{
	g_autoptr(facts) f = read_good(CORPUS "program");

	ck_assert_int_eq(f->kind, FACTS_PROGRAM);
	ck_assert_ptr_null(f->soname);
	ck_assert_int_eq(f->evidence, FACTS_NO_DEBUG);
	ck_assert_str_eq(f->needed[0], "libc.so.6");
	ck_assert_uint_ge(f->n_needs, 1);
	ck_assert_str_eq(f->needs[0].library, "libc.so.6");
}
END_TEST

/* One mark of each kind; fuzz_facts/marks-cut.so has a note cut short. */
START_TEST(test_marks)
{
	g_autoptr(facts) f = read_good(CORPUS "marks.so");

	ck_assert_uint_eq(f->n_marks, 4);
	ck_assert_int_eq(f->marks[0].kind, FACTS_MARK_OPAQUE);
	ck_assert_str_eq(f->marks[1].type, "struct s");
	ck_assert_str_eq(f->marks[1].name, "spare");
	ck_assert_str_eq(f->types[0].name, "enum e");
	ck_assert(!f->types[0].enumerators[0].sentinel && f->types[0].enumerators[1].sentinel);
	ck_assert(!f->types[1].members[0].reserved && f->types[1].members[1].reserved);
	ck_assert(f->types[1].library_allocated && !f->types[1].hidden);
	ck_assert(f->types[2].opaque && f->types[2].hidden);
}
END_TEST

START_TEST(test_marks_cut)
{
	GError *error = NULL;

	ck_assert_ptr_null(facts_read(CORPUS "marks-cut.so", NULL, &error));
	ck_assert(g_error_matches(error, FACTS_ERROR, FACTS_ERROR_CORRUPT));
	g_error_free(error);
}
END_TEST

static Suite *facts_suite(void)
{
	Suite *s = suite_create("facts");
	TCase *t = tcase_create("facts");

	tcase_add_test(t, test_library);
	tcase_add_loop_test(t, test_types, 0, 2);
	tcase_add_test(t, test_headers_hide);
	tcase_add_test(t, test_program);
	tcase_add_test(t, test_marks);
	tcase_add_test(t, test_marks_cut);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(facts_suite)
