/* publish: who uses whose libraries, by the records of the indexes. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/links.h"
#include "suite.h"

#include <string.h>

/* ---- relations ---- */

static void append_name(const struct relations_name *n, gpointer user)
{
	static const char *const ops[] = {"", "<<", "<=", "=", ">=", ">>"};

	g_string_append_printf(user, "%u:%s%s%s ", n->group, n->name, ops[n->op], n->version ? n->version : "");
}

struct relations_row {
	const struct family *family;
	enum relations_side side;
	const char *record, *names;
};

#define ENTRIES(side, text) "<package><format><rpm:" side ">" text "</rpm:" side "></format></package>\n"

static const struct relations_row relations_rows[] = {
	{&family_deb, RELATIONS_NEEDS, "Package: x\nDepends: a, b (>= 1.0) | c\nPre-Depends: d\nSuggests: e\n",
	 "0:a 1:b>=1.0 1:c 2:d "},
	{&family_deb, RELATIONS_NEEDS, "Depends:a:any(<<2),\n b ( = 1:2-3 ) [amd64] <!x>,,\n\tc\n", "0:a<<2 1:b=1:2-3 3:c "},
	{&family_deb, RELATIONS_NEEDS, "depends: a (< 1), b (> 2), c (>> 3)", "0:a<=1 1:b>=2 2:c>>3 "},
	{&family_deb, RELATIONS_NEEDS, "Description: x\n Depends: no\n", ""},
	{&family_deb, RELATIONS_NEEDS, "Depends: a (>=, b (1), c (", ""},
	{&family_deb, RELATIONS_PROVIDES, "Package: x\nProvides: y (= 2), z\nDepends: a\n", "0:y=2 1:z "},
	{&family_rpm, RELATIONS_NEEDS,
	 ENTRIES("requires", "<rpm:entry name=\"libfoo.so.1()(64bit)\"/><rpm:entry name=\"libfoo.so.1(FOO_1.0)(64bit)\"/>"
			     "<rpm:entry name=\"bar\" flags=\"GE\" epoch=\"1\" ver=\"2\" rel=\"3\"/>"),
	 "0:libfoo.so.1 1:libfoo.so.1 2:bar>=1:2-3 "},
	{&family_rpm, RELATIONS_NEEDS, ENTRIES("requires", "<rpm:entry name=\"bar(x86-64)\" flags=\"EQ\" ver=\"2\"/>"),
	 "0:bar=0:2 "},
	{&family_rpm, RELATIONS_NEEDS, ENTRIES("requires", "<rpm:entry name=\"(a &gt;= 1 or b with c)\"/>"), "0:a 0:b 0:c "},
	{&family_rpm, RELATIONS_NEEDS, ENTRIES("provides", "<rpm:entry name=\"a\"/>"), ""},
	{&family_rpm, RELATIONS_NEEDS, "<rpm:requires><rpm:entry name=\"a\"/>", ""},
	{&family_rpm, RELATIONS_PROVIDES, ENTRIES("provides", "<rpm:entry name=\"pkgconfig(a)\"/><rpm:entry name=\"a&amp;b\"/>"),
	 "0:pkgconfig(a) 1:a&b "},
};

START_TEST(test_relations)
{
	const struct relations_row *row = &relations_rows[_i];
	g_autoptr(GString) names = g_string_new(NULL);

	row->family->relations(row->record, strlen(row->record), row->side, append_name, names);
	ck_assert_str_eq(names->str, row->names);
}
END_TEST

START_TEST(test_hold)
{
	static const struct {
		enum relation_op op;
		const char *answers; /* for 1.0, 1.1 and 1.2, asked for 1.1 */
	} rows[] = {
		{RELATION_ANY, "yyy"},	 {RELATION_LESS, "ynn"},	  {RELATION_LESS_EQUAL, "yyn"},
		{RELATION_EQUAL, "nyn"}, {RELATION_GREATER_EQUAL, "nyy"}, {RELATION_GREATER, "nny"},
	};
	static const char *const versions[] = {"1.0", "1.1", "1.2"};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		for (gsize k = 0; k < G_N_ELEMENTS(versions); k++)
			ck_assert_int_eq(relations_hold(version_compare_deb, versions[k], rows[i].op, "1.1"),
					 rows[i].answers[k] == 'y');
}
END_TEST

/* ---- links ---- */

/* Packages as "NAME VERSION ARCH FIELDS", "+" before those that arrive; and the links that are to be found. */
struct links_row {
	const char *what;
	const char *packages[6];
	const char *links; /* "USER VERSION -> LIBRARY VERSION (BEFORE)", "!" for none allowed, "~" for BEFORE allowed too */
};

static const struct links_row links_rows[] = {
	{"a library arrives", {"app 1 amd64 Depends: foo1", "foo1 1.0 amd64 ", "+foo1 1.1 amd64 "}, "app 1 -> foo1 1.1 (1.0)~; "},
	{"a program arrives", {"+app 1 amd64 Depends: foo1", "foo1 1.0 amd64 ", "foo1 1.1 amd64 "}, "app 1 -> foo1 1.1; "},
	{"a library that is not the newest", {"app 1 amd64 Depends: foo1", "foo1 1.2 amd64 ", "+foo1 1.1 amd64 "}, ""},
	{"a library that the dependency does not allow",
	 {"app 1 amd64 Depends: foo1 (<< 1.1)", "foo1 1.0 amd64 ", "+foo1 1.1 amd64 "}, ""},
	{"two dependencies that leave a range",
	 {"app 1 amd64 Depends: foo1 (>= 1.0), foo1 (<< 1.2)", "foo1 1.0 amd64 ", "+foo1 1.1 amd64 ", "+foo1 1.2 amd64 "},
	 "app 1 -> foo1 1.1 (1.0)~; "},
	{"an alternative", {"app 1 amd64 Depends: foo1 (<< 1) | bar1", "foo1 1.0 amd64 ", "+foo1 1.1 amd64 "},
	 "app 1 -> foo1 1.1 (1.0)~; "},
	{"an old version of a program", {"app 1 amd64 Depends: foo1", "app 2 amd64 ", "foo1 1.0 amd64 ", "+foo1 1.1 amd64 "}, ""},
	{"program and library together", {"app 1 amd64 Depends: foo1", "+app 2 amd64 Depends: foo1 (>= 2)", "foo1 1 amd64 ",
	 "+foo1 2 amd64 "}, "app 2 -> foo1 2 (1); "},
	{"a program whose library is yet to come", {"+app 1 amd64 Depends: foo1 (>= 2)", "foo1 1 amd64 "}, "app 1 -> foo1 1!; "},
	{"another architecture", {"app 1 arm64 Depends: foo1", "+foo1 1 amd64 "}, ""},
	{"all architectures", {"app 1 all Depends: foo1", "+foo1 1 amd64 "}, ""},
	{"by what it provides", {"app 1 amd64 Depends: foo-abi-1", "foo1 1.0 amd64 Provides: foo-abi-1",
	 "+foo1t64 1.1 amd64 Provides: foo-abi-1"}, "app 1 -> foo1t64 1.1 (1.0)~; "},
	{"its own package", {"foo1 1 amd64 Depends: foo1 (= 1)", "+foo1 2 amd64 Depends: foo1"}, ""},
	{"nothing that anybody uses", {"app 1 amd64 Depends: bar1", "bar1 1 amd64 ", "+foo1 2 amd64 "}, ""},
	{"twice", {"app 1 amd64 Depends: foo1, foo-abi\nPre-Depends: foo1", "+foo1 2 amd64 Provides: foo-abi"},
	 "app 1 -> foo1 2; "},
	{"by a template of its symbols file", {"app 1 amd64 Depends: foo-meta", "foo-meta 1 amd64 Depends: foo1",
	 "foo1 1.0 amd64 ", "+foo1 1.1 amd64 X-Names: foo-meta"}, "app 1 -> foo1 1.1 (1.0)~; foo-meta 1 -> foo1 1.1 (1.0)~; "},
	{"the only library leaves", {"app 1 amd64 Depends: foo1", "-foo1 1.0 amd64 "}, "app 1 -> nothing  (1.0)~; "},
	{"an older one stays", {"app 1 amd64 Depends: foo1", "foo1 1.0 amd64 ", "-foo1 1.1 amd64 "}, "app 1 -> foo1 1.0 (1.1)~; "},
	{"an old one leaves that nobody installs", {"app 1 amd64 Depends: foo1", "-foo1 1.0 amd64 ", "foo1 1.1 amd64 "}, ""},
	{"the only one that is allowed leaves", {"app 1 amd64 Depends: foo1 (<< 1.1)", "-foo1 1.0 amd64 ", "foo1 1.1 amd64 "},
	 "app 1 -> nothing  (1.0)~; "},
	{"one that was not allowed leaves", {"app 1 amd64 Depends: foo1 (>= 2)", "-foo1 1.0 amd64 "}, ""},
	{"another package provides it", {"app 1 amd64 Depends: foo1", "-foo1 1.0 amd64 ", "foo1t64 1.1 amd64 Provides: foo1"},
	 "app 1 -> foo1t64 1.1 (1.0)~; "},
	{"with its users", {"-app 1 amd64 Depends: foo1", "-foo1 1.0 amd64 "}, ""},
	{"the newest user leaves, and an older one is what is left", {"app 1 amd64 Depends: foo1", "-app 2 amd64 Depends: foo1",
	 "foo1 1.0 amd64 "}, "app 1 -> foo1 1.0; "},
	{"user and library go back together", {"app 1 amd64 Depends: foo1", "-app 2 amd64 Depends: foo1 (>= 1.1)",
	 "+foo1 1.0 amd64 ", "-foo1 1.1 amd64 "}, "app 1 -> foo1 1.0; "},
	{"the library goes back, its user stays", {"app 2 amd64 Depends: foo1 (>= 1.1)", "+foo1 1.0 amd64 ", "-foo1 1.1 amd64 "},
	 "app 2 -> nothing  (1.1)~; "},
};

static void add_package(GPtrArray *members, GPtrArray *entries, const char *text)
{
	enum member_move move = *text == '+' ? MEMBER_ARRIVES : *text == '-' ? MEMBER_LEAVES : MEMBER_STAYS;
	g_auto(GStrv) words = g_strsplit(text + (move == MEMBER_STAYS ? 0 : 1), " ", 4);
	entry *e = g_new0(entry, 1);

	e->family = &family_deb;
	e->name = g_strdup(words[0]);
	e->version = g_strdup(words[1]);
	e->arch = g_strdup(words[2]);
	e->path = g_strdup_printf("pool/%s_%s_%s.deb", words[0], words[1], words[2]);
	e->record[0] = g_strconcat("Package: ", words[0], "\n", words[3], "\n", NULL);
	g_ptr_array_add(entries, e);
	members_add(members, e, "", move);
	if (!g_str_has_prefix(words[3], "X-Names: "))
		return;
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(names, g_strdup(words[3] + strlen("X-Names: ")));
	((struct member *)members->pdata[members->len - 1])->names = names;
}

START_TEST(test_links)
{
	const struct links_row *row = &links_rows[_i];
	g_autoptr(GPtrArray) members = members_new();
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	g_autoptr(GString) found = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(row->packages) && row->packages[i] != NULL; i++)
		add_package(members, entries, row->packages[i]);
	members_sort(members);
	g_autoptr(GPtrArray) links = links_find(members);
	for (guint i = 0; i < links->len; i++) {
		const struct link *l = links->pdata[i];
		g_string_append_printf(found, "%s %s -> %s %s", l->user->entry->name, l->user->entry->version,
				       l->after ? l->after->entry->name : "nothing", l->after ? l->after->entry->version : "");
		if (l->before != NULL)
			g_string_append_printf(found, " (%s)", l->before->entry->version);
		g_string_append_printf(found, "%s%s; ", l->disallowed ? "!" : "", l->before && l->loose ? "~" : "");
	}
	ck_assert_msg(strcmp(found->str, row->links) == 0, "%s: found '%s', not '%s'", row->what, found->str, row->links);
}
END_TEST

START_TEST(test_find)
{
	g_autoptr(GPtrArray) members = members_new();
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);

	add_package(members, entries, "b 2 amd64 ");
	add_package(members, entries, "a 1 amd64 ");
	add_package(members, entries, "b 1 arm64 ");
	members_sort(members);
	ck_assert_ptr_nonnull(members_find(members, &family_deb, "b", "1", "arm64"));
	ck_assert_ptr_null(members_find(members, &family_deb, "b", "1", "amd64"));
	ck_assert_ptr_null(members_find(members, &family_rpm, "b", "2", "amd64"));
	ck_assert_ptr_null(members_find(members, &family_deb, "c", "1", "amd64"));
}
END_TEST

static Suite *publish_links_suite(void)
{
	Suite *s = suite_create("publish links");
	TCase *t = tcase_create("links");

	tcase_add_loop_test(t, test_relations, 0, G_N_ELEMENTS(relations_rows));
	tcase_add_test(t, test_hold);
	tcase_add_loop_test(t, test_links, 0, G_N_ELEMENTS(links_rows));
	tcase_add_test(t, test_find);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(publish_links_suite)
