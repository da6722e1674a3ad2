/* judge over facts that are written down here: it opens no file. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"
#include "suite.h"

#include <elf.h>
#include <string.h>

static struct facts_symbol exports[] = {
	{.name = "close", .node = "V1", .is_default = TRUE, .declaration = "void (void)", .shape = "void()"},
	{.name = "open", .node = "V1", .is_default = TRUE, .declaration = "int (struct s *)", .shape = "i32(p({struct s}))"},
};
static struct facts_node nodes[] = {{.name = "V1"}, {.name = "V2", .parent = "V1"}};
static struct facts_member members[] = {{.name = "a", .type = "int", .shape = "i32", .offset = 0, .size = 32}};
static struct facts_type types[] = {
	{.name = "struct s", .size = 4, .members = members, .n_members = 1}};

static struct facts library(void)
{
	return (struct facts){
		.path = "lib.so", .bits = 64, .machine = EM_X86_64, .soname = "lib.so.1", .evidence = FACTS_TYPES,
		.exports = exports, .n_exports = 2, .nodes = nodes, .n_nodes = 1, .types = types, .n_types = 1,
	};
}

static const struct verdict_finding *only_finding(const struct verdict *v)
{
	ck_assert_uint_eq(v->findings->len, 1);
	return v->findings->pdata[0];
}

START_TEST(test_same)
{
	struct facts a = library(), b = library();
	g_autoptr(verdict) v = verdict_new(&a, &b);

	ck_assert_int_eq(v->word, VERDICT_SAME);
	ck_assert_uint_eq(v->findings->len, 0);
	ck_assert(verdict_is_releasable(v));
	ck_assert_ptr_null(v->next_soname);
}
END_TEST

START_TEST(test_struct_grew)
{
	struct facts_type grown = types[0];
	struct facts a = library(), b = library();

	grown.size = 8;
	b.types = &grown;
	g_autoptr(verdict) v = verdict_new(&a, &b);
	const struct verdict_finding *f = only_finding(v);
	ck_assert_int_eq(v->word, VERDICT_BREAKS);
	ck_assert_str_eq(f->rule->id, "struct-grew");
	ck_assert_str_eq(f->change, "4 -> 8 bytes");
	ck_assert_str_eq(f->via[0], "open");
	ck_assert_str_eq(v->next_soname, "lib.so.2");
	ck_assert(!verdict_is_releasable(v));
}
END_TEST

START_TEST(test_soname_says_so)
{
	struct facts a = library(), b = library();

	b.soname = "lib.so.2";
	b.n_exports = 1;
	g_autoptr(verdict) v = verdict_new(&a, &b);
	ck_assert_int_eq(v->word, VERDICT_BREAKS);
	ck_assert(verdict_is_releasable(v));
	ck_assert_ptr_null(v->next_soname);
}
END_TEST

static const struct soname_row {
	const char *soname, *next;
} sonames[] = {
	{"libfoo.so.1", "libfoo.so.2"},	 {"libfoo.so.9", "libfoo.so.10"}, {"libfoo.so.1.2", "libfoo.so.2"},
	{"libfoo-1.2.so.0", "libfoo-1.2.so.1"}, {"libfoo-1.2.so", NULL}, {"libfoo.so.", NULL}, {"libfoo.so.x", NULL},
};

START_TEST(test_next_soname)
{
	struct facts a = library(), b = library();

	a.soname = b.soname = sonames[_i].soname;
	b.n_exports = 1;
	g_autoptr(verdict) v = verdict_new(&a, &b);
	ck_assert_pstr_eq(v->next_soname, sonames[_i].next);
}
END_TEST

START_TEST(test_no_debug_is_unknown)
{
	struct facts a = library(), b = library();

	b.evidence = FACTS_NO_DEBUG;
	b.n_types = 0;
	g_autoptr(verdict) v = verdict_new(&a, &b);
	ck_assert_int_eq(v->word, VERDICT_UNKNOWN);
	ck_assert_str_eq(only_finding(v)->rule->id, "no-debug");
	ck_assert(!verdict_is_releasable(v));
}
END_TEST

START_TEST(test_machine)
{
	struct facts a = library(), b = library();

	b.machine = EM_AARCH64;
	g_autoptr(verdict) v = verdict_new(&a, &b);
	ck_assert_str_eq(only_finding(v)->change, "x86-64 64-bit -> AArch64 64-bit");
}
END_TEST

START_TEST(test_each_rule_is_explained)
{
	for (guint i = 0; verdict_rules[i] != NULL; i++) {
		ck_assert_ptr_nonnull(verdict_rules[i]->why);
		for (guint j = 0; j < i; j++)
			ck_assert_str_ne(verdict_rules[i]->id, verdict_rules[j]->id);
	}
}
END_TEST

START_TEST(test_pairs)
{
	struct facts_symbol left[] = {{.name = "a"}, {.name = "b"}, {.name = "d"}};
	struct facts_symbol right[] = {{.name = "b"}, {.name = "c"}, {.name = "d", .node = "V1"}};
	struct facts a = {.exports = left, .n_exports = 3}, b = {.exports = right, .n_exports = 3};
	struct pairs p = pairs_begin(&a, &b);
	GString *seen = g_string_new(NULL);

	while (pairs_next_export(&p))
		g_string_append_printf(seen, "%s%s ", p.old_symbol ? p.old_symbol->name : "-",
				       p.new_symbol ? p.new_symbol->name : "-");
	ck_assert_str_eq(seen->str, "a- bb -c d- -d ");
	g_string_free(seen, TRUE);
}
END_TEST

static Suite *verdict_suite(void)
{
	Suite *s = suite_create("verdict");
	TCase *t = tcase_create("verdict");

	tcase_add_test(t, test_same);
	tcase_add_test(t, test_struct_grew);
	tcase_add_test(t, test_soname_says_so);
	tcase_add_loop_test(t, test_next_soname, 0, G_N_ELEMENTS(sonames));
	tcase_add_test(t, test_no_debug_is_unknown);
	tcase_add_test(t, test_machine);
	tcase_add_test(t, test_each_rule_is_explained);
	tcase_add_test(t, test_pairs);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(verdict_suite)
