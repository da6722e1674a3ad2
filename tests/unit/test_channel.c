/* Channels: version patterns in the words of three package managers, last days, edits that change one pin only. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/version.h"
#include "core/yaml.h"
#include "pin/channel.h"
#include "pin/change.h"
#include "pin/export.h"
#include "pin/report.h"
#include "suite.h"

#include <fnmatch.h>
#include <glib/gstdio.h>
#include <string.h>

/* Which versions each pattern lets through; the same in both families. */
static const struct {
	const char *pattern, *version;
	gboolean taken;
} matches[] = {
	{"1.0.*", "1.0.0-1", TRUE},
	{"1.0.*", "1.0.12-3.el9", TRUE},
	{"1.0.*", "1.0.1~rc1-1", TRUE},
	{"1.0.*", "1.0.0~rc1-1", TRUE},
	{"1.0.*", "1.0-1", FALSE},
	{"1.0.*", "1.0a-1", FALSE},
	{"1.0.*", "1.1.0-1", FALSE},
	{"1.0.*", "1.1.0~rc1-1", FALSE},
	{"1.0.*", "1.1~rc1-1", FALSE},
	{"1.0.*", "1.10.0-1", FALSE},
	{"1.0.*", "0.9.9-1", FALSE},
	{"1.0.*", "1:1.0.1-1", FALSE},
	{"1:1.0.*", "1:1.0.1-1", TRUE},
	{"1:1.0.*", "1.0.1-1", FALSE},
	{"9.*", "9.0-1", TRUE},
	{"9.*", "10.0-1", FALSE},
	{"9.*", "10~rc1-1", FALSE},
	{"1.0.1", "1.0.1-1", TRUE},
	{"1.0.1", "1.0.1-2.el9", TRUE},
	{"1.0.1", "1.0.1.1-1", FALSE},
	{"1.0.1", "1.0.1~rc1-1", FALSE},
	{"1.0.1", "1.0.10-1", FALSE},
	{"1.0.1", "1.0.1a-1", FALSE},
	{"1.0.1-2", "1.0.1-2", TRUE},
	{"1.0.1-2", "1.0.1-2.el9", FALSE},
	{"1.0.1-2", "1.0.1-20", FALSE},
	{"1.0.1-2", "1.0.1-1", FALSE},
};

static gboolean deb_takes(const struct pin_pattern *pattern, const char *version)
{
	g_auto(GStrv) globs = pin_pattern_deb(pattern, NULL);

	for (char **g = globs; *g != NULL; g++)
		if (fnmatch(*g, version, 0) == 0)
			return TRUE;
	return FALSE;
}

/* As dnf5 does: every bound must hold; an EVR without a release is less than one with it. */
static gboolean rpm_takes(const struct pin_pattern *pattern, const char *version)
{
	struct pin_pattern_bound bounds[PIN_PATTERN_BOUNDS_MOST];
	guint n = pin_pattern_bounds(pattern, bounds);
	gboolean taken = TRUE;

	for (guint i = 0; i < n; i++) {
		int order = version_compare_rpm(version, bounds[i].evr);
		if (order == 0 && strchr(bounds[i].evr, '-') == NULL)
			order = 1;
		taken &= order == 0 ? strchr(bounds[i].comparator, '=') != NULL
				    : strchr(bounds[i].comparator, order < 0 ? '<' : '>') != NULL;
		g_free(bounds[i].evr);
	}
	return taken;
}

START_TEST(pattern_takes)
{
	struct pin_pattern pattern;

	ck_assert(pin_pattern_parse(matches[_i].pattern, &pattern, NULL));
	ck_assert_msg(deb_takes(&pattern, matches[_i].version) == matches[_i].taken, "deb: %s %s", matches[_i].pattern,
		      matches[_i].version);
	ck_assert_msg(rpm_takes(&pattern, matches[_i].version) == matches[_i].taken, "rpm: %s %s", matches[_i].pattern,
		      matches[_i].version);
}
END_TEST

/* What ranges let through, by the order of dpkg (first) and of rpm. */
static const struct {
	const char *pattern, *version;
	gboolean deb, rpm;
} ranges[] = {
	{">= 1.0.1", "1.0.1-1", TRUE, TRUE},
	{">= 1.0.1", "1.0.1~rc1-1", FALSE, FALSE},
	{">= 1.0.1, < 1.2", "1.1.9-3", TRUE, TRUE},
	{">= 1.0.1, < 1.2", "1.2-1", FALSE, FALSE},
	{">= 1.0.1, < 1.2", "1.2~rc1-1", TRUE, TRUE},
	{">= 1.0.1, < 1.2~", "1.2~rc1-1", FALSE, FALSE},
	{">= 1.0.1, < 1.2", "1.10-1", FALSE, FALSE},
	{">= 1.0.1, < 1.2", "1:1.1-1", FALSE, FALSE},
	{">1.0.1", "1.0.1-9", FALSE, FALSE},
	{">1.0.1", "1.0.1.1-1", TRUE, TRUE},
	{"> 1.0.1-2", "1.0.1-3", TRUE, TRUE},
	{"> 1.0.1-2", "1.0.1-2", FALSE, FALSE},
	{"<= 1.0.1", "1.0.1-9.el9", TRUE, TRUE},
	{"<= 1.0.1", "1.0.1+b1-1", FALSE, FALSE},
	{"<= 1.0+1", "1.0.1-1", FALSE, TRUE}, /* to rpm all separators are one */
	{"= 1.0.1", "1.0.1-9", TRUE, TRUE},
	{"= 1.0.1-2", "1.0.1-2.el9", FALSE, FALSE},
	{"< 1.0.1", "1.0a-1", TRUE, TRUE},
	{">= 1:1.0", "2.0-1", FALSE, FALSE},
	{">= 1:1.0", "1:1.0-1", TRUE, TRUE},
	{">= 2, < 1", "1.5-1", FALSE, FALSE},
	{">= 1.0", "1.0", TRUE, TRUE},
};

START_TEST(range_takes)
{
	struct pin_pattern pattern;

	ck_assert(pin_pattern_parse(ranges[_i].pattern, &pattern, NULL));
	ck_assert_msg(pin_pattern_matches(&pattern, ranges[_i].version, version_compare_deb) == ranges[_i].deb,
		      "deb: %s %s", ranges[_i].pattern, ranges[_i].version);
	ck_assert_msg(pin_pattern_matches(&pattern, ranges[_i].version, version_compare_rpm) == ranges[_i].rpm,
		      "rpm: %s %s", ranges[_i].pattern, ranges[_i].version);
	if (strchr(ranges[_i].version, '-') != NULL)
		ck_assert_msg(rpm_takes(&pattern, ranges[_i].version) == ranges[_i].rpm, "dnf5: %s %s",
			      ranges[_i].pattern, ranges[_i].version);
}
END_TEST

static const struct {
	const char *pattern, *why;
} refused[] = {
	{"", "does not begin with a digit"},
	{"v1", "does not begin with a digit"},
	{"1.0, 1.1", "a list of versions is not taken"},
	{"1.0 | 1.1", "a list of versions is not taken"},
	{">= 1.0, 1.1", "each bound of a range begins with"},
	{">= 1.0 < 1.1", "a character that a version cannot have"},
	{">= 1.0,", "each bound of a range begins with"},
	{"!= 1.0", "each bound of a range begins with"},
	{">> 1.0", "the comparators are"},
	{"=> 1.0", "the comparators are"},
	{">= v1", "does not begin with a digit"},
	{">= 1.0.*", "a bound of a range has no '*'"},
	{">= 1, < 2, > 1, <= 3, = 1", "at most 4 bounds"},
	{"*", "it would let every version through"},
	{"1.*.2", "'*' stands only at the end"},
	{"1.0*", "'*' stands only at the end"},
	{"1.0-*", "'*' stands only at the end"},
	{".*", "'*' stands only at the end"},
	{"1..*", "only numbers joined by dots"},
	{"1.0rc.*", "only numbers joined by dots"},
	{"1.0-1.*", "only numbers joined by dots"},
	{"1.0_1", "a character that a version cannot have"},
	{"1-2-3", "a character that a version cannot have"},
	{"1.0\n", "a character that a version cannot have"},
	{"1.0-", "nothing after the '-'"},
	{"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0", "it is too long"},
	{"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.*", "it is too long"},
};

START_TEST(pattern_refuses)
{
	struct pin_pattern pattern;
	g_autoptr(GError) error = NULL;

	ck_assert(!pin_pattern_parse(refused[_i].pattern, &pattern, &error));
	ck_assert(g_error_matches(error, CHANNEL_ERROR, CHANNEL_ERROR_ARGUMENT));
	ck_assert_msg(strstr(error->message, refused[_i].why) != NULL, "%s", error->message);
}
END_TEST

START_TEST(bounds_count_in_decimal)
{
	static const struct {
		const char *pattern, *bound;
	} rows[] = {{"1.0.*", "0:1.1~~"}, {"1.9.*", "0:1.10~~"}, {"99.*", "0:100~~"}, {"2:1.199.*", "2:1.200~~"}};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct pin_pattern pattern;
		struct pin_pattern_bound bounds[PIN_PATTERN_BOUNDS_MOST];
		ck_assert(pin_pattern_parse(rows[i].pattern, &pattern, NULL));
		ck_assert_uint_eq(pin_pattern_bounds(&pattern, bounds), 2);
		ck_assert_str_eq(bounds[1].evr, rows[i].bound);
		g_free(bounds[0].evr);
		g_free(bounds[1].evr);
	}
}
END_TEST

static struct channel *parse(const char *text, GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

	return channel_parse("channels/acme.yaml", "acme", bytes, error);
}

#define PIN(fields) "channel: acme\npackages:\n  - {name: a, version: 1.0, reason: r, " fields "}\n"

START_TEST(last_day_still_holds)
{
	g_autoptr(channel) c = parse(PIN("until: 2027-01-31"), NULL);
	GDate day;

	ck_assert_ptr_nonnull(c);
	g_date_clear(&day, 1);
	g_date_set_dmy(&day, 31, G_DATE_JANUARY, 2027);
	ck_assert(!channel_is_over(c->pins[0].until, &day));
	g_date_add_days(&day, 1);
	ck_assert(channel_is_over(c->pins[0].until, &day));
}
END_TEST

START_TEST(never_is_no_day)
{
	g_autoptr(channel) c = parse(PIN("until: never"), NULL);
	GDate day;

	ck_assert_ptr_nonnull(c);
	ck_assert_ptr_null(c->pins[0].until);
	g_date_clear(&day, 1);
	g_date_set_dmy(&day, 1, G_DATE_JANUARY, 9999);
	ck_assert(!channel_is_over(c->pins[0].until, &day));
}
END_TEST

START_TEST(bad_days)
{
	static const char *const rows[] = {"2027-02-29", "2027-1-31", "31.01.2027", "2027-13-01", "2027-01-3x", "soon"};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strdup_printf(PIN("until: %s"), rows[i]);
		g_autoptr(GError) error = NULL;
		ck_assert_ptr_null(parse(text, &error));
		ck_assert(g_error_matches(error, CHANNEL_ERROR, CHANNEL_ERROR_INPUT));
		ck_assert(g_str_has_prefix(error->message, "channels/acme.yaml:3:47: packages[0].until: "));
	}
}
END_TEST

/* A folder of its own for each test that writes. */
static char *dir;

static void make_dir(void)
{
	dir = g_dir_make_tmp("abide-channel-XXXXXX", NULL);
	ck_assert_ptr_nonnull(dir);
}

static void remove_dir(void)
{
	g_autofree char *path = g_strdup_printf("%s/acme.yaml", dir);
	g_autofree char *record = g_strdup_printf("%s/acme.log", dir);

	g_unlink(path);
	g_unlink(record);
	g_rmdir(dir);
	g_free(dir);
}

static char *contents(void)
{
	g_autofree char *path = g_strdup_printf("%s/acme.yaml", dir);
	char *text = NULL;

	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	return text;
}

START_TEST(set_then_unset_gives_the_same_file)
{
	const struct channel_request first = {.package = "a", .version = "1.0.*", .reason = "why: \"this\"", .author = "me"};
	const struct channel_request second = {.package = "b", .version = "2.0-1", .reason = "é", .until = "2027-01-31"};
	g_autoptr(channel) one = channel_set(dir, "acme", &first, NULL);
	g_autofree char *before = contents();
	g_autoptr(channel) two = channel_set(dir, "acme", &second, NULL);
	const struct channel_pin *b = channel_find(two, "b");

	ck_assert_ptr_nonnull(b);
	ck_assert_str_eq(b->until, "2027-01-31");
	ck_assert_ptr_null(b->author);
	ck_assert_str_eq(channel_find(two, "a")->reason, "why: \"this\"");
	g_autoptr(channel) three = channel_unset(dir, "acme", &second, NULL);
	g_autofree char *after = contents();
	ck_assert_uint_eq(three->n_pins, 1);
	ck_assert_str_eq(before, after);
}
END_TEST

START_TEST(refused_requests_make_no_file)
{
	static const struct channel_request rows[] = {
		{.package = "a b", .version = "1.0", .reason = "r"},
		{.package = "a", .version = "=>1.0", .reason = "r"},
		{.package = "a", .version = "1.0", .reason = "\t"},
		{.package = "a", .version = "1.0", .reason = "r", .author = ""},
		{.package = "a", .version = "1.0", .reason = "\xff"},
		{.package = "a", .version = "1.0", .reason = "r", .until = "tomorrow"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		ck_assert_ptr_null(channel_set(dir, "acme", &rows[i], &error));
		ck_assert(g_error_matches(error, CHANNEL_ERROR, CHANNEL_ERROR_ARGUMENT));
	}
	g_auto(GStrv) names = channel_names(dir, NULL);
	ck_assert_uint_eq(g_strv_length(names), 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("channel");
	TCase *pure = tcase_create("pure"), *files = tcase_create("files");

	tcase_add_loop_test(pure, pattern_takes, 0, G_N_ELEMENTS(matches));
	tcase_add_loop_test(pure, range_takes, 0, G_N_ELEMENTS(ranges));
	tcase_add_loop_test(pure, pattern_refuses, 0, G_N_ELEMENTS(refused));
	tcase_add_test(pure, bounds_count_in_decimal);
	tcase_add_test(pure, last_day_still_holds);
	tcase_add_test(pure, never_is_no_day);
	tcase_add_test(pure, bad_days);
	tcase_add_checked_fixture(files, make_dir, remove_dir);
	tcase_add_test(files, set_then_unset_gives_the_same_file);
	tcase_add_test(files, refused_requests_make_no_file);
	suite_add_tcase(s, pure);
	suite_add_tcase(s, files);
	return s;
}

TEST_MAIN(suite)
