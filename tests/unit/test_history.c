/* history.c: the versions of recorded releases, and since when a symbol is there. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/history.h"
#include "suite.h"

static const struct {
	const char *path, *soname, *version;
} names[] = {
	{"history/libfoo.so.1.2.3.abi", "libfoo.so.1", "1.2.3"},
	{"libfoo.so.1-1.2.3~rc1.abi", "libfoo.so.1", "1.2.3~rc1"},
	{"libfoo-1.2.3.abi", "libfoo.so.1", "1.2.3"},
	{"libfoo-2.so.0.4.abi", "libfoo-2.so.0", "0.4"},
	{"libfoo-2.so.0-2.56+git1.abi", "libfoo-2.so.0", "2.56+git1"},
	{"libfoo.so.1.abi", "libfoo.so.1", NULL},
	{"libfoo.so.1.2.3", "libfoo.so.1", NULL},
	{"libfoo.abi", "libfoo.so.1", NULL},
	{"libfoo-new.abi", "libfoo.so.1", NULL},
	{"libfoo-1 2.abi", "libfoo.so.1", NULL},
	{".abi", "libfoo.so.1", NULL},
	{"libfoo-1.abi", "plugin", NULL},
};

START_TEST(test_version)
{
	g_autofree char *version = history_version(names[_i].path, names[_i].soname);

	ck_assert_msg(g_strcmp0(version, names[_i].version) == 0, "%s: %s", names[_i].path, version);
}
END_TEST

/* "back" was gone in 1.1, and "gone" is. */
static struct facts_symbol first[] = {{.name = "back"}, {.name = "gone"}, {.name = "kept", .node = "FOO_1"}};
static struct facts_symbol second[] = {{.name = "gone"}, {.name = "kept", .node = "FOO_1"}};
static struct facts_symbol third[] = {{.name = "back"}, {.name = "kept", .node = "FOO_1"}};
static struct facts_node nodes[] = {{"FOO_1", NULL}};
static struct facts sets[] = {
	{.exports = first, .n_exports = 3, .nodes = nodes, .n_nodes = 1},
	{.exports = second, .n_exports = 2, .nodes = nodes, .n_nodes = 1},
	{.exports = third, .n_exports = 2, .nodes = nodes, .n_nodes = 1},
};
static char one[] = "1.0", two[] = "1.1", three[] = "1.10", path[] = "p";
static struct history_release releases[] = {{one, NULL, &sets[0]}, {two, NULL, &sets[1]}, {three, path, &sets[2]}};

static const struct {
	const char *name, *node, *since;
} symbols[] = {
	{"kept", "FOO_1", "1.0"}, {"back", NULL, "1.10"}, {"gone", NULL, NULL},	 {"new", NULL, NULL},
	{"kept", NULL, NULL},	  {NULL, "FOO_1", "1.0"}, {NULL, "FOO_2", NULL},
};

static struct history *sample(void)
{
	struct history *h = g_new(struct history, 1);

	h->releases = g_ptr_array_new();
	for (gsize i = 0; i < G_N_ELEMENTS(releases); i++)
		g_ptr_array_add(h->releases, &releases[i]);
	return h;
}

START_TEST(test_since)
{
	g_autoptr(history) h = sample();

	ck_assert_pstr_eq(history_since(h, symbols[_i].name, symbols[_i].node), symbols[_i].since);
}
END_TEST

START_TEST(test_order)
{
	g_autoptr(history) h = sample();
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(history_before(h, "1.0"));
	ck_assert_ptr_eq(history_before(h, "1.9"), &releases[1]);
	ck_assert_ptr_eq(history_before(h, "2"), &releases[2]);
	ck_assert_ptr_eq(history_at(h, "1.1"), &releases[1]);
	ck_assert_ptr_null(history_at(h, "1.2"));
	ck_assert(history_check(h, "1.10", NULL) && history_check(h, "1.11", NULL));
	ck_assert(!history_check(h, "1.9", &error));
	ck_assert_str_eq(error->message, "'1.9' is lower than the released 1.10 (p)");
}
END_TEST

static Suite *history_suite(void)
{
	Suite *s = suite_create("history");
	TCase *t = tcase_create("history");

	tcase_add_loop_test(t, test_version, 0, G_N_ELEMENTS(names));
	tcase_add_loop_test(t, test_since, 0, G_N_ELEMENTS(symbols));
	tcase_add_test(t, test_order);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(history_suite)
