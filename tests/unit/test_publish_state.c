/* publish: the records of publications, read and written. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/error.h"
#include "publish/state.h"
#include "suite.h"

#include <string.h>

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HEAD "State: 7\nSuite: stable\nDate: Sat, 01 Jan 2000 00:00:00 UTC\nBy: Jane <j@example.org>\n"
#define TAIL "Action: add\nPrevious: " SHA "\nOldest: 2\n"
#define DEB "deb a 1:1.0-1 amd64 pool/main/a/a/a_1.0-1_amd64.deb " SHA " 10\n"
#define RPM "rpm b 2.0-1 noarch rpm/stable/Packages/b-2.0-1.noarch.rpm " SHA " 0\n"

static state *parse(const char *text, GError **error)
{
	return state_parse("7", text, strlen(text), error);
}

START_TEST(test_state)
{
	const char *text = HEAD "Why: it is time\n" TAIL "Changes:\n + " DEB " - " RPM "Staged:\n " DEB
				"Bases:\n + sys-amd64:" SHA "\n - old-amd64:" SHA "\nWaived:\n deb a with b: x\nRetired:\n deb main/binary-all/by-hash/SHA256/" SHA "\n";
	g_autoptr(state) s = parse(text, NULL);

	ck_assert_ptr_nonnull(s);
	ck_assert_uint_eq(s->number, 7);
	ck_assert_uint_eq(s->oldest, 2);
	ck_assert_int_eq(s->date, 946684800);
	ck_assert_str_eq(s->by, "Jane <j@example.org>");
	ck_assert_str_eq(s->why, "it is time");
	ck_assert_uint_eq(s->changes->len, 2);
	const struct state_item *item = s->changes->pdata[1];
	ck_assert(!item->added);
	ck_assert_ptr_eq(item->family, &family_rpm);
	ck_assert_str_eq(item->version, "2.0-1");
	ck_assert_uint_eq(s->staged->len, 1);
	ck_assert_uint_eq(s->retired->len, 1);
	ck_assert_uint_eq(s->bases->len, 2);
	ck_assert_str_eq(s->bases->pdata[1], "- old-amd64:" SHA);
	ck_assert_uint_eq(s->waived->len, 1);
	g_autofree char *again = state_text(s);
	ck_assert_str_eq(again, text);
}
END_TEST

/* In whatever order packages are taken, the file is the same. */
START_TEST(test_state_is_sorted)
{
	g_autoptr(state) s = parse(HEAD TAIL "Changes:\n + " RPM " + " DEB, NULL);
	g_autofree char *text = state_text(s);

	ck_assert_str_eq(text, HEAD TAIL "Changes:\n + " DEB " + " RPM);
}
END_TEST

/* Fields that a later abide may add are passed over with their lists. */
START_TEST(test_state_of_the_future)
{
	g_autoptr(state) s = parse(HEAD TAIL "Mood: good\nReasons:\n one\n two words\n", NULL);

	ck_assert_ptr_nonnull(s);
	ck_assert_str_eq(s->why, "");
}
END_TEST

static const struct {
	const char *text, *says;
} bad_rows[] = {
	{"", "7:0: missing: State"},
	{HEAD TAIL "Bases:\n sys-amd64:" SHA "\n", "7:9: malformed line of Bases"},
	{HEAD TAIL "Bases:\n + ../sys:" SHA "\n", "7:9: malformed line of Bases"},
	{HEAD "Action: add\nPrevious: " SHA, "7:6: the file ends within the line"},
	{HEAD "Action: add\nOldest: 2\n", "7:6: Previous must be there, but for state 1"},
	{HEAD TAIL "By: x\n", "7:8: a second field By"},
	{HEAD "Why: \x01\n" TAIL, "7:5: not text"},
	{HEAD "Action: add now\n", "7:5: malformed: Action"},
	{HEAD "Action: add\nPrevious: 12\n", "7:6: malformed: Previous"},
	{HEAD "Action: add\nPrevious: " SHA "\nOldest: 8\n", "7:7: Oldest is later than State"},
	{"State: 0\n", "7:1: malformed: State"},
	{"State: 07\n", "7:1: malformed: State"},
	{"State: 99999999999999999999\n", "7:1: malformed: State"},
	{"Suite: ../x\n", "7:1: malformed: Suite"},
	{"By: \n", "7:1: malformed: By"},
	{"Date: yesterday\n", "7:1: malformed: Date"},
	{"Date\n", "7:1: not a field"},
	{HEAD TAIL "Changes: none\n", "7:8: not a list: Changes"},
	{HEAD TAIL "Changes:\n " DEB, "7:9: malformed line of Changes"},
	{HEAD TAIL "Changes:\n * " DEB, "7:9: malformed line of Changes"},
	{HEAD TAIL "Changes:\n + apk a 1 all pool/a " SHA " 1\n", "7:9: malformed line of Changes"},
	{HEAD TAIL "Changes:\n + deb a 1 all pool/../../a " SHA " 1\n", "7:9: malformed line of Changes"},
	{HEAD TAIL "Changes:\n + deb a 1 all /etc/passwd " SHA " 1\n", "7:9: malformed line of Changes"},
	{HEAD TAIL "Changes:\n + deb a 1 all pool/a 12 1\n", "7:9: malformed line of Changes"},
	{HEAD TAIL "Changes:\n + deb a 1 all pool/a " SHA " -1\n", "7:9: malformed line of Changes"},
	{HEAD TAIL "Changes:\n + deb a  1 all pool/a " SHA " 1\n", "7:9: malformed line of Changes"},
	{HEAD TAIL "Staged:\n + " DEB, "7:9: malformed line of Staged"},
	{HEAD TAIL "Retired:\n deb ../x\n", "7:9: malformed line of Retired"},
};

START_TEST(test_state_refuses)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(state) s = parse(bad_rows[_i].text, &error);

	ck_assert_ptr_null(s);
	ck_assert(g_error_matches(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT));
	ck_assert_str_eq(error->message, bad_rows[_i].says);
}
END_TEST

static Suite *publish_state_suite(void)
{
	Suite *s = suite_create("publish state");
	TCase *t = tcase_create("state");

	tcase_add_test(t, test_state);
	tcase_add_test(t, test_state_is_sorted);
	tcase_add_test(t, test_state_of_the_future);
	tcase_add_loop_test(t, test_state_refuses, 0, (int)G_N_ELEMENTS(bad_rows));
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(publish_state_suite)
