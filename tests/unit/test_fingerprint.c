/* fingerprint.c: what changes a fingerprint, and what does not, over facts that are written down here. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/components.h"
#include "inspect/fingerprint.h"
#include "inspect/reach.h"
#include "suite.h"

#include <string.h>

/* Two structs that point to each other, and one that nobody reaches through f. */
static struct facts_member a_members[] = {
	{.name = "b", .type = "struct b *", .shape = "p({struct b})", .offset = 0, .size = 64},
	{.name = "n", .type = "int", .shape = "i32", .offset = 64, .size = 32},
};
static struct facts_member b_members[] = {
	{.name = "a", .type = "struct a *", .shape = "p({struct a})", .offset = 0, .size = 64},
	{.name = "e", .type = "enum e", .shape = "i32={enum e}", .offset = 64, .size = 32},
};
static struct facts_enumerator enumerators[] = {{.name = "ONE", .value = 1}, {.name = "TWO", .value = 2}};

struct world {
	struct facts_symbol exports[2];
	struct facts_type types[4];
	struct facts_member a[2], b[2];
	struct facts_enumerator e[2];
	struct facts facts;
};

static void build(struct world *w)
{
	*w = (struct world){
		.exports = {{.name = "f", .is_default = TRUE, .declaration = "int (struct a *)", .shape = "i32(p({struct a}))"},
			    {.name = "g", .is_default = TRUE, .declaration = "int (struct b *)", .shape = "i32(p({struct b}))"}},
		.types = {{.name = "enum e", .size = 4, .n_enumerators = 2},
			  {.name = "struct a", .size = 16, .n_members = 2},
			  {.name = "struct b", .size = 16, .n_members = 2},
			  {.name = "struct lonely", .size = 1}},
	};
	memcpy(w->a, a_members, sizeof w->a);
	memcpy(w->b, b_members, sizeof w->b);
	memcpy(w->e, enumerators, sizeof w->e);
	w->types[0].enumerators = w->e;
	w->types[1].members = w->a;
	w->types[2].members = w->b;
	w->facts = (struct facts){.exports = w->exports, .n_exports = 2, .types = w->types, .n_types = 4};
}

static struct facts_symbol fingerprint_after(void (*change)(struct world *w))
{
	struct world w;

	build(&w);
	if (change != NULL)
		change(&w);
	fingerprint_facts(&w.facts);
	struct facts_symbol f = w.exports[0];
	return f;
}

static void rename_member(struct world *w) { w->a[1].name = "count"; }
static void rename_types(struct world *w)
{
	w->types[1].name = "struct aa";
	w->b[0].shape = "p({struct aa})";
	w->exports[0].shape = "i32(p({struct aa}))";
	w->exports[0].declaration = "int (struct aa *)";
}
static void respell(struct world *w) { w->a[1].type = "int32_t"; }
static void grow(struct world *w) { w->types[1].size = 24; }
static void grow_behind(struct world *w) { w->types[2].size = 24; }
static void move(struct world *w) { w->a[1].offset = 96; }
static void widen(struct world *w) { w->a[1].shape = "i64"; }
static void revalue(struct world *w) { w->e[1].value = 3; }
static void rename_value(struct world *w) { w->e[1].name = "DEUX"; }
static void grow_lonely(struct world *w) { w->types[3].size = 2; }
static void rename_symbol(struct world *w) { w->exports[0].name = "ff"; }
static void add_parameter(struct world *w)
{
	w->exports[0].shape = "i32(p({struct a}),i32)";
	w->exports[0].declaration = "int (struct a *, int)";
}
static void add_const(struct world *w) { w->exports[0].declaration = "int (const struct a *)"; }

static const struct row {
	const char *what;
	void (*change)(struct world *w);
	gboolean layout, source; /* does the fingerprint change? */
} rows[] = {
	{"a member's name", rename_member, FALSE, TRUE},
	{"a struct's name", rename_types, FALSE, TRUE},
	{"a type respelled", respell, FALSE, TRUE},
	{"const", add_const, FALSE, TRUE},
	{"an enumerator's name", rename_value, FALSE, TRUE},
	{"a struct's size", grow, TRUE, FALSE},
	{"the size of a struct behind a pointer", grow_behind, TRUE, FALSE},
	{"a member's offset", move, TRUE, FALSE},
	{"a member's shape", widen, TRUE, FALSE},
	{"an enumerator's value", revalue, TRUE, TRUE},
	{"a parameter", add_parameter, TRUE, TRUE},
	{"a struct that is not reached", grow_lonely, FALSE, FALSE},
	{"the symbol's own name", rename_symbol, FALSE, FALSE},
};

START_TEST(test_change)
{
	const struct row *r = &rows[_i];
	struct facts_symbol before = fingerprint_after(NULL), after = fingerprint_after(r->change);

	ck_assert_msg((before.layout != after.layout) == r->layout, "layout: %s", r->what);
	ck_assert_msg((before.source != after.source) == r->source, "source: %s", r->what);
}
END_TEST

START_TEST(test_reach)
{
	struct world w;

	build(&w);
	g_autoptr(reach) r = reach_new(&w.facts);
	for (guint i = 0; i < 3; i++) {
		g_autofree const char **via = reach_exports(r, i);
		ck_assert_str_eq(via[0], "f");
		ck_assert_str_eq(via[1], "g");
		ck_assert_ptr_null(via[2]);
	}
	g_autofree const char **nobody = reach_exports(r, 3);
	ck_assert_ptr_null(nobody[0]);
}
END_TEST

START_TEST(test_components)
{
	struct world w;

	build(&w);
	g_auto(components) c = components_find(&w.facts);
	ck_assert_uint_eq(c.n, 3);
	ck_assert_uint_eq(c.of[1], c.of[2]); /* they point to each other */
	ck_assert_uint_lt(c.of[0], c.of[1]); /* what is led to comes first */
	ck_assert_uint_ne(c.of[3], c.of[1]);
}
END_TEST

/* Numbers that snapshots in people's repositories hold: they may never change. */
START_TEST(test_pinned)
{
	struct facts_symbol f = fingerprint_after(NULL);

	ck_assert_msg(f.layout == G_GUINT64_CONSTANT(0xfc0ec5a5534a4243), "%016" G_GINT64_MODIFIER "x", f.layout);
	ck_assert_msg(f.source == G_GUINT64_CONSTANT(0x5cee84b4dad0fe0c), "%016" G_GINT64_MODIFIER "x", f.source);
}
END_TEST

static Suite *fingerprint_suite(void)
{
	Suite *s = suite_create("fingerprint");
	TCase *t = tcase_create("fingerprint");

	tcase_add_loop_test(t, test_change, 0, G_N_ELEMENTS(rows));
	tcase_add_test(t, test_reach);
	tcase_add_test(t, test_components);
	tcase_add_test(t, test_pinned);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(fingerprint_suite)
