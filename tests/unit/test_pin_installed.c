/* installed.c: lists of what is installed on a host. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/channel.h"
#include "pin/installed.h"
#include "suite.h"

#include <string.h>

/* The text, and "NAME VERSION ARCH" of each package; or what the error says. */
static const struct {
	const char *text, *packages, *error;
} rows[] = {
	{"bash\t5.2-1\nlibc6:amd64\t2.36-9\n", "bash 5.2-1 -,libc6 2.36-9 amd64", NULL},
	{"gone\t\nbash\t1:5.2-1", "bash 1:5.2-1 -", NULL},
	{"bash-5.1.8-9.el9.x86_64\nlib-warden1-1.0.1-1.el9.noarch\n", "bash 5.1.8-9.el9 x86_64,lib-warden1 1.0.1-1.el9 noarch", NULL},
	{"bash-5.1.8-9.el9\n", "bash 5.1.8-9.el9 -", NULL},
	{"gpg-pubkey-fd431d51-4ae0493b\nbash-5-1.noarch\n", "bash 5-1 noarch", NULL},
	{"abide-base\t1\nfamily\tdeb\nname\tx\narch\tamd64\npackage\tbash\t5.2\tamd64\navailable\tzsh\t5\tamd64\n", "bash 5.2 amd64", NULL},
	{"", NULL, "list:1: there is nothing in this list"},
	{"\n\n", NULL, "list:1: there is nothing in this list"},
	{"bash\t5.2-1\nbash-5.1.8-9.el9.x86_64\n", NULL, "list:2: 'bash-5.1.8-9.el9.x86_64' is no line of dpkg-query -W or rpm -qa"},
	{"\t5.2-1\n", NULL, "list:1: '5.2-1' is no line"},
	{"a\tb\tc\n", NULL, "list:1: 'a b c' is no line"},
	{"bash\n", NULL, "list:1: 'bash' is no line"},
	{"-1-1\n", NULL, "list:1: '-1-1' is no line"},
	{"a--1\n", NULL, "list:1: 'a--1' is no line"},
	{"a-1-\n", NULL, "list:1: 'a-1-' is no line"},
	{"ii  bash  5.2-1  amd64\n", NULL, "list:1: 'ii  bash  5.2-1  amd64' is no line"},
};

START_TEST(test_list)
{
	g_autoptr(GBytes) text = g_bytes_new_static(rows[_i].text, strlen(rows[_i].text));
	g_autoptr(GError) error = NULL;
	g_autoptr(installed) list = installed_parse("list", text, &error);
	g_autoptr(GString) said = g_string_new(NULL);

	ck_assert_msg((list == NULL) == (rows[_i].error != NULL), "%s", error ? error->message : "it reads");
	for (guint i = 0; list != NULL && i < list->packages->len; i++) {
		const struct installed_package *p = list->packages->pdata[i];
		g_string_append_printf(said, "%s%s %s %s", i ? "," : "", p->name, p->version, p->arch ? p->arch : "-");
	}
	if (list != NULL)
		ck_assert_str_eq(said->str, rows[_i].packages);
	else
		ck_assert_msg(g_str_has_prefix(error->message, rows[_i].error), "%s", error->message);
}
END_TEST

START_TEST(test_find)
{
	static const char text[] = "a\t1\nlibc6:amd64\t2\nlibc6:i386\t3\nz\t4\n";
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
	g_autoptr(installed) list = installed_parse("list", bytes, NULL);

	ck_assert_str_eq(installed_find(list, "libc6", "amd64")->version, "2");
	ck_assert_str_eq(installed_find(list, "libc6", "i386")->version, "3");
	ck_assert_ptr_null(installed_find(list, "libc6", "arm64"));
	ck_assert_str_eq(installed_find(list, "a", "amd64")->version, "1");
	ck_assert_str_eq(installed_find(list, "z", "amd64")->version, "4");
	ck_assert_ptr_null(installed_find(list, "b", "amd64"));
}
END_TEST

START_TEST(test_no_text)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static("a\t1\0b", 5);
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(installed_parse("list", bytes, &error));
	ck_assert(g_error_matches(error, CHANNEL_ERROR, CHANNEL_ERROR_INPUT));
}
END_TEST

static Suite *installed_suite(void)
{
	Suite *s = suite_create("pin installed");
	TCase *t = tcase_create("installed");

	tcase_add_loop_test(t, test_list, 0, G_N_ELEMENTS(rows));
	tcase_add_test(t, test_find);
	tcase_add_test(t, test_no_text);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(installed_suite)
