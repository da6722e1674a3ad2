/* Version ranges against the orders that decide on servers: dpkg's own, rpm's own, and the conditions that dnf5 is given. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/version.h"
#include "pin/channel.h"
#include "suite.h"

#include <rpm/rpmver.h>
#include <string.h>

#define SEED 20270131
/* Each asks dpkg once, which takes a millisecond or two. */
#define ASKED_OF_DPKG 200
#define ASKED_OF_RPM 20000

static const char *const words[] = {"<", "<=", "=", ">=", ">"};

/* Versions that are near each other, so that all answers occur: 1, 1.0, 1.0~rc1, 1.10a, 2+b1... */
static char *random_version(GRand *rand, gboolean release)
{
	static const char *const first[] = {"1", "1", "2", "10", "01"};
	static const char *const more[] = {"", ".0", ".1", ".10", "~rc1", "~", "+b1", "a", ".0.1", "1", ".a"};
	g_autoptr(GString) out = g_string_new(g_rand_int_range(rand, 0, 8) == 0 ? "1:" : "");

	g_string_append(out, first[g_rand_int_range(rand, 0, G_N_ELEMENTS(first))]);
	for (int i = g_rand_int_range(rand, 0, 3); i > 0; i--)
		g_string_append(out, more[g_rand_int_range(rand, 0, G_N_ELEMENTS(more))]);
	if (release)
		g_string_append_printf(out, "-%d%s", g_rand_int_range(rand, 1, 3), g_rand_boolean(rand) ? "" : ".el9");
	return g_strdup(out->str);
}

/* A version and a bound, and whether the pattern that the bound is lets the version through. */
struct question {
	char *version, *bound;
	const char *word;
	struct pin_pattern pattern;
};

static void ask(GRand *rand, struct question *q)
{
	g_autofree char *text = NULL;

	q->version = random_version(rand, TRUE);
	q->bound = random_version(rand, g_rand_boolean(rand));
	q->word = words[g_rand_int_range(rand, 0, G_N_ELEMENTS(words))];
	text = g_strdup_printf("%s%s%s", q->word, g_rand_boolean(rand) ? " " : "", q->bound);
	ck_assert_msg(pin_pattern_parse(text, &q->pattern, NULL), "%s", text);
}

static void clear(struct question *q)
{
	g_free(q->version);
	g_free(q->bound);
}

/* What a bound without a revision is held against. */
static char *subject(const struct question *q)
{
	return strchr(q->bound, '-') != NULL ? g_strdup(q->version)
					     : g_strndup(q->version, (gsize)(strrchr(q->version, '-') - q->version));
}

static gboolean dpkg_says(const struct question *q)
{
	static const char *const theirs[] = {"lt", "le", "eq", "ge", "gt"};
	g_autofree char *version = subject(q);
	guint i = 0;
	int status = 0;

	while (strcmp(words[i], q->word) != 0)
		i++;
	const char *argv[] = {"dpkg", "--compare-versions", version, theirs[i], q->bound, NULL};
	ck_assert(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL));
	return status == 0;
}

START_TEST(as_dpkg)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(SEED);
	g_autofree char *dpkg = g_find_program_in_path("dpkg");

	for (int i = 0; dpkg != NULL && i < ASKED_OF_DPKG; i++) {
		struct question q;
		ask(rand, &q);
		ck_assert_msg(pin_pattern_matches(&q.pattern, q.version, version_compare_deb) == dpkg_says(&q), "%s %s %s",
			      q.version, q.word, q.bound);
		clear(&q);
	}
}
END_TEST

static gboolean holds(const char *word, int order)
{
	return order == 0 ? strchr(word, '=') != NULL : *word == (order < 0 ? '<' : '>');
}

/* "1:1.0-1.el9" cut in three; the parts are in TEXT. */
static void cut(char *text, const char **epoch, const char **version, const char **release)
{
	char *colon = strchr(text, ':'), *dash = strrchr(text, '-');

	*epoch = colon != NULL ? text : "0";
	*version = colon != NULL ? colon + 1 : text;
	*release = dash != NULL ? dash + 1 : NULL;
	if (colon != NULL)
		*colon = '\0';
	if (dash != NULL)
		*dash = '\0';
}

/* librpm's order; none: what a release compares to when the other side has none. */
static int rpm_order(const char *a, const char *b, int none)
{
	g_autofree char *left = g_strdup(a), *right = g_strdup(b);
	const char *ea, *va, *ra, *eb, *vb, *rb;

	cut(left, &ea, &va, &ra);
	cut(right, &eb, &vb, &rb);
	int order = rpmvercmp(ea, eb);
	order = order != 0 ? order : rpmvercmp(va, vb);
	return order != 0 ? order : ra == NULL || rb == NULL ? none : rpmvercmp(ra, rb);
}

/* dnf5 asks libsolv, to which a version without a release is less than any with one. */
static gboolean dnf5_takes(const struct pin_pattern *pattern, const char *version)
{
	struct pin_pattern_bound bounds[PIN_PATTERN_BOUNDS_MOST];
	guint n = pin_pattern_bounds(pattern, bounds);
	gboolean taken = TRUE;

	for (guint i = 0; i < n; i++) {
		taken &= holds(bounds[i].comparator, rpm_order(version, bounds[i].evr, 1));
		g_free(bounds[i].evr);
	}
	return taken;
}

START_TEST(as_rpm_and_dnf5)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(SEED);

	for (int i = 0; i < ASKED_OF_RPM; i++) {
		struct question q;
		ask(rand, &q);
		g_autofree char *version = subject(&q);
		gboolean taken = pin_pattern_matches(&q.pattern, q.version, version_compare_rpm);
		ck_assert_msg(taken == holds(q.word, rpm_order(version, q.bound, 0)), "rpm: %s %s %s", q.version, q.word,
			      q.bound);
		ck_assert_msg(taken == dnf5_takes(&q.pattern, q.version), "dnf5: %s %s %s", q.version, q.word, q.bound);
		clear(&q);
	}
}
END_TEST

/* What a range says to apt and dnf 4, which know no ranges: the versions that there are. */
START_TEST(enumerated)
{
	static const char *const versions[] = {"1.0-1", "1.0.1-1", "1.2~rc1-1", "1.2-1", "1:1.1-1", NULL};
	struct pin_pattern pattern;

	ck_assert(pin_pattern_parse(">= 1.0.1, < 1.2", &pattern, NULL));
	g_auto(GStrv) deb = pin_pattern_deb(&pattern, versions);
	g_auto(GStrv) rpm = pin_pattern_rpm(&pattern, "a", versions);
	g_autofree char *debs = g_strjoinv(" ", deb), *rpms = g_strjoinv(" ", rpm);
	ck_assert_str_eq(debs, "1.0.1-1 1.2~rc1-1");
	ck_assert_str_eq(rpms, "a-0:1.0.1-1 a-0:1.2~rc1-1");
	ck_assert(pin_pattern_parse(">= 1:0", &pattern, NULL));
	g_auto(GStrv) epoch = pin_pattern_rpm(&pattern, "a", versions);
	ck_assert_str_eq(epoch[0], "a-1:1.1-1");
	ck_assert_ptr_null(epoch[1]);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("pattern");
	TCase *t = tcase_create("ranges");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, as_dpkg);
	tcase_add_test(t, as_rpm_and_dnf5);
	tcase_add_test(t, enumerated);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(suite)
