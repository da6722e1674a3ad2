/* What a program sees of a library: what makes two versions look the same to it, and that those get the same answer. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/fingerprint.h"
#include "judge/consumer.h"
#include "pin/sight.h"
#include "suite.h"

#include <elf.h>
#include <string.h>

/* A library with two functions that take structs, another one, a variable, and a struct that no export leads to. */
struct library {
	struct facts facts;
	struct facts_symbol exports[6];
	struct facts_type types[3];
	struct facts_member members[3][3];
	struct facts_node nodes[2];
	struct facts_property properties[1];
};

static void fill(struct library *l)
{
	const struct facts_symbol exports[] = {
		{.name = "close", .node = "V1", .is_default = TRUE, .declaration = "void (void)", .shape = "v()"},
		{.name = "level", .node = "V1", .is_default = TRUE, .kind = FACTS_OBJECT, .size = 8, .declaration = "long",
		 .shape = "i64"},
		{.name = "open", .node = "V1", .is_default = TRUE, .declaration = "int (struct s *)", .shape = "i32(p({struct s}))"},
		{.name = "other", .node = "V1", .is_default = TRUE, .declaration = "int (struct t *)", .shape = "i32(p({struct t}))"},
	};
	const char *const names[] = {"struct apart", "struct s", "struct t"};

	memset(l, 0, sizeof *l);
	memcpy(l->exports, exports, sizeof exports);
	for (guint i = 0; i < 3; i++) {
		l->members[i][0] = (struct facts_member){.name = "a", .type = "int", .shape = "i32", .size = 32};
		l->members[i][1] = (struct facts_member){.name = "b", .type = "int", .shape = "i32", .offset = 32, .size = 32};
		l->types[i] = (struct facts_type){.name = names[i], .size = 8, .members = l->members[i], .n_members = 2};
	}
	l->nodes[0].name = "V1";
	l->nodes[1] = (struct facts_node){"V2", "V1"};
	l->properties[0] = (struct facts_property){FACTS_LOADING, "stack", "plain"};
	l->facts = (struct facts){
		.path = "lib.so", .bits = 64, .machine = EM_X86_64, .soname = "lib.so.1", .evidence = FACTS_TYPES,
		.exports = l->exports, .n_exports = 4, .nodes = l->nodes, .n_nodes = 1, .types = l->types, .n_types = 3,
		.properties = l->properties, .n_properties = 1,
	};
	fingerprint_facts(&l->facts);
}

static void as_it_was(struct library *l)
{
	l->facts.path = "elsewhere/lib.so";
	l->facts.version = "1.2.3";
	l->facts.build_id = "abcd";
}

static void other_grows(struct library *l)
{
	l->members[2][2] = (struct facts_member){.name = "c", .type = "long", .shape = "i64", .offset = 64, .size = 64};
	l->types[2].n_members = 3;
	l->types[2].size = 16;
}

static void other_goes(struct library *l)
{
	l->facts.n_exports = 3;
	l->facts.n_types = 2;
}

static void one_comes(struct library *l)
{
	l->exports[4] = (struct facts_symbol){.name = "zap", .node = "V2", .is_default = TRUE, .declaration = "int (void)",
					      .shape = "i32()"};
	l->facts.n_exports = 5;
	l->facts.n_nodes = 2;
}

static void other_variable_grows(struct library *l)
{
	l->exports[1].size = 16;
}

static void body_grows(struct library *l)
{
	l->exports[2].size = 1000;
	l->exports[2].address = 4096;
}

static void own_grows(struct library *l)
{
	l->members[1][2] = (struct facts_member){.name = "c", .type = "long", .shape = "i64", .offset = 64, .size = 64};
	l->types[1].n_members = 3;
	l->types[1].size = 16;
}

static void own_is_renamed(struct library *l)
{
	l->members[1][1].name = "bee";
}

static void own_changes_signature(struct library *l)
{
	l->exports[2].declaration = "int (struct s *, int)";
	l->exports[2].shape = "i32(p({struct s}),i32)";
}

static void own_goes(struct library *l)
{
	l->exports[2] = l->exports[3];
	l->facts.n_exports = 3;
}

static void own_moves_node(struct library *l)
{
	l->exports[2].node = "V2";
	l->facts.n_nodes = 2;
}

static void apart_grows(struct library *l)
{
	l->types[0].size = 12;
}

static void forgets_types(struct library *l)
{
	l->facts.evidence = FACTS_NO_DEBUG;
	l->facts.n_types = 0;
	for (guint i = 0; i < 4; i++)
		l->exports[i].declaration = l->exports[i].shape = NULL;
}

static void wants_an_executable_stack(struct library *l)
{
	l->properties[0].value = "executable";
}

static void is_for_another_machine(struct library *l)
{
	l->facts.machine = EM_AARCH64;
}

static void loses_its_node(struct library *l)
{
	l->nodes[0].name = "W1";
	for (guint i = 0; i < 4; i++)
		l->exports[i].node = "W1";
}

static const struct {
	void (*change)(struct library *l);
	gboolean same;
} rows[] = {
	{as_it_was, TRUE}, {other_grows, TRUE}, {other_goes, TRUE}, {one_comes, TRUE}, {other_variable_grows, TRUE},
	{body_grows, TRUE}, {own_grows, FALSE}, {own_is_renamed, FALSE}, {own_changes_signature, FALSE}, {own_goes, FALSE},
	{own_moves_node, FALSE}, {apart_grows, FALSE}, {forgets_types, FALSE}, {wants_an_executable_stack, FALSE},
	{is_for_another_machine, FALSE}, {loses_its_node, FALSE},
};

static const char *needed[] = {"lib.so.1", "libc.so.6", NULL};
static struct facts_need need[] = {{"lib.so.1", "V1"}, {"libc.so.6", "GLIBC_2.34"}};
static struct facts_symbol imports[] = {
	{.name = "close", .node = "V1", .library = "lib.so.1"},
	{.name = "open", .node = "V1", .library = "lib.so.1"},
};
static const struct facts program = {
	.path = "app", .kind = FACTS_PROGRAM, .bits = 64, .machine = EM_X86_64, .needed = needed, .needs = need, .n_needs = 2,
	.imports = imports, .n_imports = 2,
};

static char *look(const struct facts *older, const struct library *l)
{
	g_autoptr(sight) s = sight_new(&program, "lib.so.1", older);
	g_autofree guint8 *unreached = sight_unreached(&l->facts);

	return sight_of(s, &l->facts, unreached);
}

START_TEST(test_rows)
{
	struct library before, after;

	fill(&before);
	fill(&after);
	rows[_i].change(&after);
	fingerprint_facts(&after.facts);
	for (int with_older = 0; with_older < 2; with_older++) {
		const struct facts *older = with_older ? &before.facts : NULL;
		g_autofree char *a = look(older, &before), *b = look(older, &after);
		ck_assert_int_eq(strcmp(a, b) == 0, rows[_i].same);
		if (strcmp(a, b) != 0)
			continue;
		g_autoptr(consumer) one = consumer_new(&program, older, &before.facts, NULL);
		g_autoptr(consumer) two = consumer_new(&program, older, &after.facts, NULL);
		ck_assert_int_eq(one->verdict->word, two->verdict->word);
	}
}
END_TEST

/* Two changes after one another: whatever looks the same has the same findings. */
START_TEST(test_same_sight_same_answer)
{
	struct library before, one, two;

	fill(&before);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		for (gsize k = 0; k < G_N_ELEMENTS(rows); k++) {
			fill(&one);
			fill(&two);
			rows[i].change(&one);
			rows[i].change(&two);
			rows[k].change(&two);
			fingerprint_facts(&one.facts);
			fingerprint_facts(&two.facts);
			g_autofree char *a = look(&before.facts, &one), *b = look(&before.facts, &two);
			if (strcmp(a, b) != 0)
				continue;
			g_autoptr(consumer) x = consumer_new(&program, &before.facts, &one.facts, NULL);
			g_autoptr(consumer) y = consumer_new(&program, &before.facts, &two.facts, NULL);
			ck_assert_int_eq(x->verdict->word, y->verdict->word);
			if (x->verdict->word > VERDICT_ADDS)
				ck_assert_uint_eq(x->verdict->findings->len, y->verdict->findings->len);
		}
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("pin/sight");
	TCase *c = tcase_create("sight");

	tcase_add_loop_test(c, test_rows, 0, G_N_ELEMENTS(rows));
	tcase_add_test(c, test_same_sight_same_answer);
	suite_add_tcase(s, c);
	return s;
}

TEST_MAIN(make_suite)
