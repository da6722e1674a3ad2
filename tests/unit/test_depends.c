/* depends.c: from what a program uses to the dependencies that dpkg-shlibdeps would write. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/base_debian.h"
#include "pack/depends.h"
#include "sample.h"
#include "suite.h"

/* Two libraries with version nodes, one without, one of which only some symbols may be used, one with a shlibs file only. */
static const char symbols[] = "libfoo.so.1 libfoo1 #MINVER#\n"
			      "| libfoo1 #MINVER#, libfoo1 (<< 3)\n"
			      " FOO_1@FOO_1 1.0\n"
			      " old@FOO_1 1.0\n"
			      " new@FOO_1 2.1\n"
			      " bound@FOO_1 1.9 1\n"
			      "libbar.so.2 libbar2 #MINVER# | libbar-other2\n"
			      " bar@Base 0.5\n"
			      " new_bar@Base 0.9-3~\n"
			      "libnull.so.0 libnull0 #MINVER#\n"
			      " null@Base 0\n"
			      "libonly.so.1 libonly1 #MINVER#\n"
			      "| libonly1 (= 7)\n"
			      " only@Base 7 1\n"
			      "libempty.so.1 libempty1 #MINVER#\n";

#define NONE {NULL, NULL, NULL}

static const struct {
	const char *needed[4];
	struct {
		const char *name, *node, *library;
	} imports[3];
	const char *depends; /* joined; NULL: refused */
	const char *error;   /* a part of the message */
} rows[] = {
	{{"libfoo.so.1"}, {NONE}, "libfoo1 (>= 1.0)", NULL},
	{{"libfoo.so.1"}, {{"old", "FOO_1", "libfoo.so.1"}}, "libfoo1 (>= 1.0)", NULL},
	{{"libfoo.so.1"}, {{"new", "FOO_1", "libfoo.so.1"}, {"old", "FOO_1", "libfoo.so.1"}}, "libfoo1 (>= 2.1)", NULL},
	{{"libfoo.so.1"}, {{"bound", "FOO_1", "libfoo.so.1"}}, "libfoo1 (<< 3), libfoo1 (>= 1.9)", NULL},
	{{"libfoo.so.1"},
	 {{"bound", "FOO_1", "libfoo.so.1"}, {"new", "FOO_1", "libfoo.so.1"}},
	 "libfoo1 (<< 3), libfoo1 (>= 2.1)",
	 NULL},
	{{"libbar.so.2"}, {NONE}, "libbar2 (>= 0.5) | libbar-other2", NULL},
	{{"libbar.so.2"}, {{"new_bar", NULL, NULL}}, "libbar2 (>= 0.9-3~) | libbar-other2", NULL},
	{{"libnull.so.0", "libbar.so.2"}, {{"bar", NULL, NULL}}, "libbar2 (>= 0.5) | libbar-other2, libnull0", NULL},
	{{"libonly.so.1"}, {{"only", NULL, NULL}}, "libonly1 (= 7)", NULL},
	{{"libempty.so.1"}, {NONE}, "libempty1", NULL},
	{{"libdb-5.3.so"}, {{"db", "DB_5", "libdb-5.3.so"}}, "libdb5.3", NULL},
	{{"libown.so.1"}, {{"own", "OWN_9", "libown.so.1"}}, "", NULL},
	{{NULL}, {{"elsewhere", NULL, NULL}}, "", NULL},
	{{"libgone.so.1"}, {NONE}, NULL, "needs libgone.so.1, which no package of debian-0 has"},
	{{"libfoo.so.1"}, {{"old", "FOO_2", "libfoo.so.1"}}, NULL, "needs old@FOO_2 of libfoo.so.1, which no package of debian-0"},
	{{"libfoo.so.1"}, {{"never", "FOO_1", "libfoo.so.1"}}, NULL, "needs never@FOO_1 of libfoo.so.1, which"},
};

static void facts_of(struct facts *f, struct facts_symbol *imports, int row)
{
	*f = (struct facts){.path = "prog", .needed = (const char **)rows[row].needed, .imports = imports};
	for (guint i = 0; i < G_N_ELEMENTS(rows[row].imports) && rows[row].imports[i].name != NULL; i++)
		imports[f->n_imports++] = (struct facts_symbol){.name = rows[row].imports[i].name,
								.node = rows[row].imports[i].node,
								.library = rows[row].imports[i].library};
}

static struct base *sample(void)
{
	struct base *b = base_new(PACKAGE_DEB);

	b->name = g_strdup("debian-0");
	ck_assert(base_debian_symbols(b, "symbols", symbols, NULL));
	ck_assert(base_debian_shlibs(b, "shlibs", "libdb 5.3 libdb5.3\n", NULL));
	return b;
}

static char *joined(const struct depends *d)
{
	g_autoptr(GPtrArray) list = depends_list(d);

	g_ptr_array_add(list, NULL);
	return g_strjoinv(", ", (char **)list->pdata);
}

START_TEST(test_rows)
{
	static const char *const own[] = {"libown.so.1", NULL};
	struct facts_symbol imports[G_N_ELEMENTS(rows[0].imports)] = {{0}};
	struct facts f;
	g_autoptr(base) b = sample();
	g_autoptr(depends) d = depends_new(NULL, b);
	g_autoptr(GError) error = NULL;

	facts_of(&f, imports, _i);
	gboolean good = depends_add(d, &f, own, &error);
	ck_assert_msg(good == (rows[_i].depends != NULL), "%s", error ? error->message : "");
	if (!good) {
		ck_assert(g_error_matches(error, PACK_ERROR, PACK_ERROR_DEPENDS));
		ck_assert_msg(strstr(error->message, rows[_i].error) != NULL, "%s", error->message);
		return;
	}
	g_autofree char *list = joined(d);
	ck_assert_str_eq(list, rows[_i].depends);
}
END_TEST

/* A weak symbol that nobody has is not needed to run. */
START_TEST(test_weak)
{
	const char *needed[] = {"libfoo.so.1", NULL}, *own[] = {NULL};
	struct facts_symbol weak = {.name = "never", .node = "FOO_1", .library = "libfoo.so.1", .weak = TRUE};
	struct facts f = {.path = "prog", .needed = needed, .imports = &weak, .n_imports = 1};
	g_autoptr(base) b = sample();
	g_autoptr(depends) d = depends_new(NULL, b);

	ck_assert(depends_add(d, &f, own, NULL));
	g_autofree char *list = joined(d);
	ck_assert_str_eq(list, "libfoo1 (>= 1.0)");
}
END_TEST

/* Of all files of a package the highest demand counts. */
START_TEST(test_several)
{
	static const int files[] = {2, 1, 6};
	const char *own[] = {NULL};
	g_autoptr(base) b = sample();
	g_autoptr(depends) d = depends_new(NULL, b);

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		struct facts_symbol imports[G_N_ELEMENTS(rows[0].imports)] = {{0}};
		struct facts f;
		facts_of(&f, imports, files[i]);
		ck_assert(depends_add(d, &f, own, NULL));
	}
	g_autofree char *list = joined(d);
	ck_assert_str_eq(list, "libbar2 (>= 0.9-3~) | libbar-other2, libfoo1 (>= 2.1)");
}
END_TEST

/* Packages that are made together: the library's provides to the base, then the program's is resolved. */
START_TEST(test_made_together)
{
	const char *needed[] = {"libwarden.so.1", "libc.so.6", NULL};
	struct facts_symbol newer = {.name = "warden_count", .node = "LIBWARDEN_1.1", .library = "libwarden.so.1"};
	struct facts f = {.path = "prog", .kind = FACTS_PROGRAM, .bits = 64, .needed = needed, .imports = &newer, .n_imports = 1};
	g_autoptr(package) library = sample_library(), program = package_new("program");
	g_autoptr(base) b = sample();

	ck_assert(base_debian_shlibs(b, "shlibs", "libc 6 libc6\n", NULL));
	package_add_data(program, "/usr/bin/program", g_bytes_new_static("not ELF\n", 8))->facts = &f;
	program->arch = names_arch_find("amd64");
	ck_assert(package_seal(library, NULL) && package_seal(program, NULL));
	ck_assert(!deb_format.resolve(program, NULL, b, NULL));
	ck_assert(deb_format.provide(library, b, NULL) && deb_format.provide(program, b, NULL));
	g_ptr_array_add(program->relations[RELATION_DEPENDS], relation_new("libwarden1", RELATION_ANY, NULL));
	ck_assert(deb_format.resolve(program, NULL, b, NULL));
	ck_assert_uint_eq(program->relations[RELATION_DEPENDS]->len, 0);
	ck_assert_uint_eq(program->found_depends->len, 2);
	ck_assert_str_eq(program->found_depends->pdata[0], "libc6");
	ck_assert_str_eq(program->found_depends->pdata[1], "libwarden1 (>= 1.1.0)");
}
END_TEST

START_TEST(test_made_together_rpm)
{
	g_autoptr(package) library = sample_library();
	g_autoptr(base) b = base_new(PACKAGE_RPM);

	ck_assert(package_seal(library, NULL) && rpmpkg_format.provide(library, b, NULL));
	ck_assert(g_hash_table_contains(b->capabilities, "libwarden.so.1(LIBWARDEN_1.1)(64bit)"));
	ck_assert(!rpmpkg_format.resolve(library, NULL, b, NULL));
	for (gsize i = 0; i < G_N_ELEMENTS(sample_needs); i++)
		g_hash_table_add(b->capabilities, g_strdup_printf("libc.so.6(%s)(64bit)", sample_needs[i].node));
	g_hash_table_add(b->capabilities, g_strdup("libc.so.6()(64bit)"));
	g_hash_table_add(b->capabilities, g_strdup("rtld(GNU_HASH)"));
	ck_assert(rpmpkg_format.resolve(library, NULL, b, NULL));
}
END_TEST

static Suite *depends_suite(void)
{
	Suite *s = suite_create("depends");
	TCase *t = tcase_create("depends");

	tcase_add_loop_test(t, test_rows, 0, G_N_ELEMENTS(rows));
	tcase_add_test(t, test_weak);
	tcase_add_test(t, test_several);
	tcase_add_test(t, test_made_together);
	tcase_add_test(t, test_made_together_rpm);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(depends_suite)
