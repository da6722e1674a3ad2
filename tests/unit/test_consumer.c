/* The verdict for one program, over facts that are written down here. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/consumer.h"
#include "suite.h"

#include <elf.h>
#include <string.h>

static struct facts_symbol exports[] = {
	{.name = "close", .node = "V1", .is_default = TRUE, .declaration = "void (void)"},
	{.name = "level", .node = "V1", .is_default = TRUE, .kind = FACTS_OBJECT, .size = 8},
	{.name = "open", .node = "V1", .is_default = TRUE, .declaration = "int (struct s *)"},
};
static struct facts_symbol bare_exports[] = {
	{.name = "close", .is_default = TRUE}, {.name = "open", .is_default = TRUE}};
static struct facts_node nodes[] = {{.name = "V1"}, {.name = "V2", .parent = "V1"}};

static struct facts library(void)
{
	return (struct facts){
		.path = "lib.so", .bits = 64, .machine = EM_X86_64, .soname = "lib.so.1", .evidence = FACTS_TYPES,
		.exports = exports, .n_exports = 3, .nodes = nodes, .n_nodes = 1,
	};
}

/* A library without version nodes. */
static struct facts bare_library(void)
{
	struct facts l = library();

	l.exports = bare_exports;
	l.n_exports = 2;
	l.n_nodes = 0;
	return l;
}

static const char *needed[] = {"lib.so.1", "libc.so.6", NULL};
static struct facts_need need[] = {{"lib.so.1", "V1"}, {"libc.so.6", "GLIBC_2.34"}};

static struct facts program(struct facts_symbol *imports, guint n)
{
	return (struct facts){
		.path = "app", .kind = FACTS_PROGRAM, .bits = 64, .machine = EM_X86_64, .needed = needed,
		.needs = need, .n_needs = 2, .imports = imports, .n_imports = n,
	};
}

/* The program of programs without versions: only libc's are required. */
static struct facts bare_program(struct facts_symbol *imports, guint n)
{
	struct facts p = program(imports, n);

	p.needs = need + 1;
	p.n_needs = 1;
	return p;
}

static const struct verdict_finding *only_finding(const struct consumer *c, const char *rule)
{
	ck_assert_uint_eq(c->verdict->findings->len, 1);
	const struct verdict_finding *f = c->verdict->findings->pdata[0];
	ck_assert_str_eq(f->rule->id, rule);
	return f;
}

static const char *use(const struct consumer *c, guint i)
{
	return g_array_index(c->uses, struct consumer_use, i).symbol->name;
}

START_TEST(test_uses)
{
	struct facts_symbol imports[] = {
		{.name = "printf", .node = "GLIBC_2.34", .library = "libc.so.6"},
		{.name = "open", .node = "V1", .library = "lib.so.1"},
		{.name = "close", .node = "GLIBC_2.34", .library = "libc.so.6"},
	};
	struct facts p = program(imports, 3), l = library();
	g_autoptr(consumer) c = consumer_new(&p, NULL, &l, NULL);

	ck_assert_int_eq(c->verdict->word, VERDICT_SAME);
	ck_assert_uint_eq(c->verdict->findings->len, 0);
	ck_assert(c->needs && !c->types_known);
	ck_assert_uint_eq(c->uses->len, 1);
	ck_assert_str_eq(use(c, 0), "open");
	ck_assert_uint_eq(c->nodes->len, 1);
	ck_assert_str_eq(c->nodes->pdata[0], "V1");
}
END_TEST

START_TEST(test_node_missing)
{
	struct facts_need wants[] = {{"lib.so.1", "V2"}};
	struct facts p = program(NULL, 0), l = library();

	p.needs = wants;
	p.n_needs = 1;
	g_autoptr(consumer) c = consumer_new(&p, NULL, &l, NULL);
	ck_assert_int_eq(c->verdict->word, VERDICT_BREAKS);
	ck_assert_str_eq(only_finding(c, "node-missing")->subject, "V2");
}
END_TEST

START_TEST(test_library_lost_all_nodes)
{
	struct facts_symbol imports[] = {{.name = "open", .node = "V1", .library = "lib.so.1"}};
	struct facts p = program(imports, 1), l = bare_library();
	g_autoptr(consumer) c = consumer_new(&p, NULL, &l, NULL);

	ck_assert_int_eq(c->verdict->word, VERDICT_SAME);
	only_finding(c, "node-missing");
}
END_TEST

START_TEST(test_weak_import)
{
	struct facts_symbol imports[] = {{.name = "gone", .node = "V1", .library = "lib.so.1", .weak = TRUE}};
	struct facts p = program(imports, 1), l = library();

	{
		g_autoptr(consumer) c = consumer_new(&p, NULL, &l, NULL);
		ck_assert_int_eq(c->verdict->word, VERDICT_SAME);
		ck_assert_str_eq(only_finding(c, "import-missing")->subject, "gone@V1");
	}
	imports[0].weak = FALSE;
	g_autoptr(consumer) c = consumer_new(&p, NULL, &l, NULL);
	ck_assert_int_eq(c->verdict->word, VERDICT_BREAKS);
}
END_TEST

START_TEST(test_unversioned)
{
	struct facts_symbol imports[] = {
		{.name = "open"}, {.name = "stop"}, {.name = "__gmon_start__", .weak = TRUE}};
	struct facts p = bare_program(imports, 3), l = bare_library();
	const char *two[] = {"lib.so.1", "libother.so.3", "libc.so.6", NULL};

	{
		g_autoptr(consumer) c = consumer_new(&p, NULL, &l, NULL);
		ck_assert_uint_eq(c->uses->len, 2); /* nobody else can have stop */
		ck_assert_str_eq(only_finding(c, "import-missing")->subject, "stop");
	}
	p.needed = two;
	g_autoptr(consumer) c = consumer_new(&p, NULL, &l, NULL);
	ck_assert_uint_eq(c->uses->len, 1); /* libother may have it */
	ck_assert_int_eq(c->verdict->word, VERDICT_SAME);
}
END_TEST

/* A copy of four bytes of a variable that has eight: as an import with a version, and as a symbol of the program. */
START_TEST(test_copies)
{
	struct facts_symbol versioned[] = {{.name = "level", .node = "V1", .library = "lib.so.1", .kind = FACTS_OBJECT,
					    .size = 4, .address = 0x4000}};
	struct facts_symbol own[] = {{.name = "level", .kind = FACTS_OBJECT, .size = 4, .address = 0x4000},
				     {.name = "mine", .kind = FACTS_OBJECT, .size = 4, .address = 0x4008}};
	struct facts l = library(), p = program(versioned, 1);

	if (_i == 1) {
		p = program(NULL, 0);
		p.exports = own;
		p.n_exports = 2;
	}
	g_autoptr(consumer) c = consumer_new(&p, NULL, &l, NULL);
	ck_assert_int_eq(c->verdict->word, VERDICT_BREAKS);
	ck_assert_str_eq(only_finding(c, "copy-size")->change, "the program holds 4 bytes, the library has 8");
	ck_assert_uint_eq(c->uses->len, 1);
	ck_assert(g_array_index(c->uses, struct consumer_use, 0).copied);
}
END_TEST

START_TEST(test_not_needed)
{
	const char *others[] = {"libc.so.6", NULL};
	struct facts_symbol imports[] = {{.name = "open"}};
	struct facts p = bare_program(imports, 1), l = library();

	p.needed = others;
	g_autoptr(consumer) c = consumer_new(&p, NULL, &l, NULL);
	ck_assert(!c->needs);
	ck_assert_uint_eq(c->uses->len, 0);
	ck_assert_int_eq(c->verdict->word, VERDICT_SAME);
	only_finding(c, "not-needed");
}
END_TEST

START_TEST(test_without_soname_the_file_name_counts)
{
	struct facts p = bare_program(NULL, 0), l = bare_library();

	l.soname = NULL;
	l.path = "/opt/lib.so.1";
	g_autoptr(consumer) c = consumer_new(&p, NULL, &l, NULL);
	ck_assert(c->needs);
}
END_TEST

/* close and open became variables: the program of the row meets one, both or neither. */
static const struct {
	const char *imports[2];
	guint findings;
} touched[] = {
	{{"close"}, 1}, {{"open"}, 1}, {{"close", "open"}, 2}, {{"level"}, 0}, {{NULL}, 0},
};

START_TEST(test_only_what_is_imported)
{
	struct facts_symbol changed[] = {exports[0], exports[1], exports[2]}, imports[2];
	struct facts a = library(), b = library();
	guint n = 0;

	changed[0].kind = changed[2].kind = FACTS_OBJECT;
	b.exports = changed;
	for (; n < 2 && touched[_i].imports[n] != NULL; n++)
		imports[n] = (struct facts_symbol){.name = touched[_i].imports[n], .node = "V1", .library = "lib.so.1"};
	struct facts p = program(imports, n);
	g_autoptr(consumer) c = consumer_new(&p, &a, &b, NULL);
	guint broken = 0;
	for (guint i = 0; i < c->verdict->findings->len; i++)
		broken += ((struct verdict_finding *)c->verdict->findings->pdata[i])->word == VERDICT_BREAKS;
	ck_assert_uint_eq(broken, touched[_i].findings);
	ck_assert(c->types_known);
}
END_TEST

START_TEST(test_removed_is_said_once)
{
	struct facts_symbol imports[] = {{.name = "open", .node = "V1", .library = "lib.so.1"}};
	struct facts p = program(imports, 1), a = library(), b = library();

	b.n_exports = 2;
	b.soname = NULL;
	g_autoptr(consumer) c = consumer_new(&p, &a, &b, NULL);
	ck_assert_uint_eq(c->verdict->findings->len, 2);
	ck_assert_str_eq(((struct verdict_finding *)c->verdict->findings->pdata[0])->rule->id, "import-missing");
	ck_assert_str_eq(((struct verdict_finding *)c->verdict->findings->pdata[1])->rule->id, "soname-changed");
}
END_TEST

START_TEST(test_added_is_nothing_to_it)
{
	struct facts_symbol imports[] = {{.name = "close", .node = "V1", .library = "lib.so.1"}};
	struct facts p = program(imports, 1), a = library(), b = library();

	a.n_exports = 2;
	b.n_nodes = 2;
	g_autoptr(consumer) c = consumer_new(&p, &a, &b, NULL);
	ck_assert_int_eq(c->verdict->word, VERDICT_SAME);
	ck_assert_uint_eq(c->verdict->findings->len, 0);
}
END_TEST

START_TEST(test_floor)
{
	struct facts_symbol imports[] = {{.name = "open"}};
	struct facts p = bare_program(imports, 1), first = bare_library(), second = bare_library();
	const char *two[] = {"lib.so.1", "libother.so.3", "libc.so.6", NULL};
	const struct facts *libraries[] = {&first, &second, &second};
	g_autoptr(GPtrArray) all = NULL, few = NULL;

	p.needed = two; /* only a later release can tell that open is the library's */
	first.n_exports = 1;
	ck_assert_int_eq(consumer_floor(&p, libraries, 3, &all), 1);
	ck_assert_uint_eq(all->len, 3);
	ck_assert_int_eq(consumer_worst(all), VERDICT_BREAKS);
	second.soname = first.soname = "lib.so.2";
	ck_assert_int_eq(consumer_floor(&p, libraries, 3, &few), -1);
}
END_TEST

START_TEST(test_each_rule_is_explained)
{
	for (guint i = 0; consumer_rules[i] != NULL; i++) {
		ck_assert_ptr_nonnull(consumer_rules[i]->why);
		for (guint j = 0; verdict_rules[j] != NULL; j++)
			ck_assert_str_ne(consumer_rules[i]->id, verdict_rules[j]->id);
	}
}
END_TEST

static Suite *consumer_suite(void)
{
	Suite *s = suite_create("consumer");
	TCase *t = tcase_create("consumer");

	tcase_add_test(t, test_uses);
	tcase_add_test(t, test_node_missing);
	tcase_add_test(t, test_library_lost_all_nodes);
	tcase_add_test(t, test_weak_import);
	tcase_add_test(t, test_unversioned);
	tcase_add_loop_test(t, test_copies, 0, 2);
	tcase_add_test(t, test_not_needed);
	tcase_add_test(t, test_without_soname_the_file_name_counts);
	tcase_add_loop_test(t, test_only_what_is_imported, 0, G_N_ELEMENTS(touched));
	tcase_add_test(t, test_removed_is_said_once);
	tcase_add_test(t, test_added_is_nothing_to_it);
	tcase_add_test(t, test_floor);
	tcase_add_test(t, test_each_rule_is_explained);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(consumer_suite)
