/* Version patterns read, and said again in the words of apt, dnf4 and dnf5: see pattern.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/pattern.h"

#include "pin/channel.h"

#include <string.h>

#define DIGITS "0123456789"
#define COMPARATORS "<>=!"
#define VERSION_LETTERS G_CSET_A_2_Z G_CSET_a_2_z DIGITS ".+~"

static gboolean refuse(GError **error, const char *text, const char *what)
{
	g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_ARGUMENT,
		    "version '%.80s': %s; write a version (1.0.1), a version with its revision (1.0.1-1), a prefix (1.0.*) "
		    "or a range (>= 1.0.1, < 1.2)",
		    text, what);
	return FALSE;
}

static gboolean is_numbers(const char *text)
{
	gsize length = strlen(text);

	return g_ascii_isdigit(text[0]) && g_ascii_isdigit(text[length - 1]) && strspn(text, DIGITS ".") == length &&
	       strstr(text, "..") == NULL;
}

static const char *read_epoch(const char *text, guint *epoch)
{
	gsize digits = strspn(text, DIGITS);

	*epoch = 0;
	if (digits == 0 || digits > 9 || text[digits] != ':')
		return text;
	*epoch = (guint)g_ascii_strtoull(text, NULL, 10);
	return text + digits + 1;
}

/* "1:1.0.1-1"; suffix: what follows a version without a revision. */
static char *bound_evr(const struct pin_bound *bound, const char *suffix)
{
	return bound->release[0] != '\0' ? g_strdup_printf("%u:%s-%s", bound->epoch, bound->version, bound->release)
					 : g_strdup_printf("%u:%s%s", bound->epoch, bound->version, suffix);
}

static gboolean read_prefix(const char *text, const char *rest, struct pin_pattern *pattern, GError **error)
{
	gsize length = strlen(rest);

	if (strcmp(rest, "*") == 0)
		return refuse(error, text, "it would let every version through");
	if (length < 3 || strcmp(rest + length - 2, ".*") != 0)
		return refuse(error, text, "'*' stands only at the end and for whole components");
	if (length - 2 > PIN_PATTERN_LONGEST)
		return refuse(error, text, "it is too long");
	pattern->kind = PIN_PATTERN_PREFIX;
	memcpy(pattern->version, rest, length - 2);
	if (!is_numbers(pattern->version))
		return refuse(error, text, "before '.*' there are only numbers joined by dots");
	return TRUE;
}

/* [EPOCH:]VERSION[-RELEASE]; text: the whole pattern, for errors. */
static gboolean read_version(const char *text, const char *one, struct pin_bound *bound, GError **error)
{
	const char *rest = read_epoch(one, &bound->epoch);
	const char *dash = strrchr(rest, '-');
	gsize length = dash != NULL ? (gsize)(dash - rest) : strlen(rest);

	if (!g_ascii_isdigit(rest[0]))
		return refuse(error, text, "it does not begin with a digit");
	if (length > PIN_PATTERN_LONGEST || (dash != NULL && strlen(dash + 1) > PIN_PATTERN_LONGEST))
		return refuse(error, text, "it is too long");
	memcpy(bound->version, rest, length);
	if (dash != NULL)
		g_strlcpy(bound->release, dash + 1, sizeof bound->release);
	if (bound->version[strspn(bound->version, VERSION_LETTERS)] != '\0' ||
	    bound->release[strspn(bound->release, VERSION_LETTERS)] != '\0')
		return refuse(error, text, "a character that a version cannot have in both families");
	if (dash != NULL && bound->release[0] == '\0')
		return refuse(error, text, "nothing after the '-'");
	return TRUE;
}

/* How long each comparator is written; the longer of two that begin alike comes first. */
static const struct {
	const char *text;
	enum pin_comparator comparator;
} comparators[] = {
	{"<=", PIN_LESS_EQUAL}, {">=", PIN_GREATER_EQUAL}, {"<", PIN_LESS}, {">", PIN_GREATER}, {"=", PIN_EQUAL},
};

static gboolean read_bound(const char *text, const char *one, struct pin_bound *bound, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(comparators); i++) {
		if (!g_str_has_prefix(one, comparators[i].text))
			continue;
		bound->comparator = comparators[i].comparator;
		one += strlen(comparators[i].text);
		if (*one != '\0' && strchr(COMPARATORS, *one) != NULL)
			return refuse(error, text, "the comparators are <, <=, =, >= and >");
		return read_version(text, one + strspn(one, " "), bound, error);
	}
	return refuse(error, text, "each bound of a range begins with <, <=, =, >= or >");
}

static gboolean read_range(const char *text, struct pin_pattern *pattern, GError **error)
{
	g_auto(GStrv) words = g_strsplit(text, ",", PIN_PATTERN_RANGE_MOST + 1);

	pattern->kind = PIN_PATTERN_RANGE;
	pattern->n_range = g_strv_length(words);
	if (pattern->n_range > PIN_PATTERN_RANGE_MOST)
		return refuse(error, text, "a range has at most 4 bounds");
	if (strchr(text, '*') != NULL)
		return refuse(error, text, "a bound of a range has no '*'");
	for (guint i = 0; i < pattern->n_range; i++)
		if (!read_bound(text, g_strstrip(words[i]), &pattern->range[i], error))
			return FALSE;
	return TRUE;
}

gboolean pin_pattern_parse(const char *text, struct pin_pattern *pattern, GError **error)
{
	struct pin_bound one = {0};
	const char *rest;

	*pattern = (struct pin_pattern){0};
	if (strpbrk(text, COMPARATORS) != NULL)
		return read_range(text, pattern, error);
	if (strpbrk(text, ", |") != NULL)
		return refuse(error, text, "a list of versions is not taken");
	rest = read_epoch(text, &pattern->epoch);
	if (strchr(rest, '*') != NULL)
		return read_prefix(text, rest, pattern, error);
	if (!read_version(text, text, &one, error))
		return FALSE;
	pattern->kind = one.release[0] != '\0' ? PIN_PATTERN_RELEASE : PIN_PATTERN_VERSION;
	memcpy(pattern->version, one.version, sizeof pattern->version);
	memcpy(pattern->release, one.release, sizeof pattern->release);
	return TRUE;
}

static gboolean bound_holds(const struct pin_bound *bound, const char *version, version_compare_fn compare)
{
	gboolean whole = bound->release[0] != '\0';
	const char *dash = strrchr(version, '-');
	g_autofree char *subject = whole || dash == NULL ? g_strdup(version) : g_strndup(version, (gsize)(dash - version));
	g_autofree char *limit = bound_evr(bound, "");
	int order = compare(subject, limit);

	switch (bound->comparator) {
	case PIN_LESS:
		return order < 0;
	case PIN_LESS_EQUAL:
		return order <= 0;
	case PIN_EQUAL:
		return order == 0;
	case PIN_GREATER_EQUAL:
		return order >= 0;
	case PIN_GREATER:
		return order > 0;
	}
	return FALSE;
}

static gboolean range_matches(const struct pin_pattern *pattern, const char *version, version_compare_fn compare)
{
	for (guint i = 0; i < pattern->n_range; i++)
		if (!bound_holds(&pattern->range[i], version, compare))
			return FALSE;
	return TRUE;
}

gboolean pin_pattern_matches(const struct pin_pattern *pattern, const char *version, version_compare_fn compare)
{
	guint epoch = 0;
	const char *rest = read_epoch(version, &epoch);
	gsize length = strlen(pattern->version);

	if (pattern->kind == PIN_PATTERN_RANGE)
		return range_matches(pattern, version, compare);
	if (epoch != pattern->epoch || strncmp(rest, pattern->version, length) != 0)
		return FALSE;
	rest += length;
	switch (pattern->kind) {
	case PIN_PATTERN_PREFIX:
		return *rest == '.';
	case PIN_PATTERN_VERSION:
		return *rest == '\0' || *rest == '-';
	case PIN_PATTERN_RELEASE:
		return *rest == '-' && strcmp(rest + 1, pattern->release) == 0;
	case PIN_PATTERN_RANGE:
		break;
	}
	return FALSE;
}

/* Those of the versions that a range lets through, behind PREFIX; epoch: 0 is written, too. */
static void add_matching(GPtrArray *out, const struct pin_pattern *range, const char *const *versions,
			 version_compare_fn compare, const char *prefix, gboolean epoch)
{
	for (; versions != NULL && *versions != NULL; versions++) {
		guint ignored;
		gboolean has = read_epoch(*versions, &ignored) != *versions;
		if (pin_pattern_matches(range, *versions, compare))
			g_ptr_array_add(out, g_strconcat(prefix, epoch && !has ? "0:" : "", *versions, NULL));
	}
}

static char **end_list(GPtrArray *list)
{
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_free(list, FALSE);
}

char **pin_pattern_deb(const struct pin_pattern *pattern, const char *const *versions)
{
	g_autofree char *epoch = pattern->epoch > 0 ? g_strdup_printf("%u:", pattern->epoch) : g_strdup("");
	GPtrArray *patterns = g_ptr_array_new();

	switch (pattern->kind) {
	case PIN_PATTERN_PREFIX:
		g_ptr_array_add(patterns, g_strdup_printf("%s%s.*", epoch, pattern->version));
		break;
	case PIN_PATTERN_VERSION:
		g_ptr_array_add(patterns, g_strdup_printf("%s%s", epoch, pattern->version));
		g_ptr_array_add(patterns, g_strdup_printf("%s%s-*", epoch, pattern->version));
		break;
	case PIN_PATTERN_RELEASE:
		g_ptr_array_add(patterns, g_strdup_printf("%s%s-%s", epoch, pattern->version, pattern->release));
		break;
	case PIN_PATTERN_RANGE:
		add_matching(patterns, pattern, versions, version_compare_deb, "", FALSE);
		break;
	}
	return end_list(patterns);
}

char **pin_pattern_rpm(const struct pin_pattern *pattern, const char *name, const char *const *versions)
{
	GPtrArray *lines = g_ptr_array_new();
	g_autofree char *prefix = g_strdup_printf("%s-", name);

	/* The epoch is always there: without it dnf may take a part of the name for the version. */
	if (pattern->kind == PIN_PATTERN_RANGE)
		add_matching(lines, pattern, versions, version_compare_rpm, prefix, TRUE);
	else
		g_ptr_array_add(lines, g_strdup_printf("%s%u:%s%s%s%s", prefix, pattern->epoch, pattern->version,
						       pattern->kind == PIN_PATTERN_PREFIX ? ".*" : "",
						       pattern->kind == PIN_PATTERN_RELEASE ? "-" : "", pattern->release));
	return end_list(lines);
}

/* 1.0 -> 1.1, 1.9 -> 1.10; numbers of any length. */
static char *next_number(const char *version)
{
	const char *last = strrchr(version, '.') ? strrchr(version, '.') + 1 : version;
	GString *out = g_string_new(version);
	gsize first = (gsize)(last - version);

	for (gsize i = out->len; i-- > first;) {
		if (out->str[i] != '9') {
			out->str[i]++;
			return g_string_free(out, FALSE);
		}
		out->str[i] = '0';
	}
	g_string_insert_c(out, (gssize)first, '1');
	return g_string_free(out, FALSE);
}

/*
 * rpm: "^" sorts right behind the version itself and before everything that is longer; an EVR without a release is before
 * every one with a release.
 */
static guint range_bounds(const struct pin_bound *bound, struct pin_pattern_bound *out)
{
	static const char *const words[] = {
		[PIN_LESS] = "<", [PIN_LESS_EQUAL] = "<=", [PIN_EQUAL] = "=", [PIN_GREATER_EQUAL] = ">=", [PIN_GREATER] = ">",
	};
	gboolean below = bound->comparator <= PIN_EQUAL, above = bound->comparator >= PIN_EQUAL;
	guint n = 0;

	if (bound->release[0] != '\0') {
		out[n++] = (struct pin_pattern_bound){words[bound->comparator], bound_evr(bound, "")};
		return n;
	}
	if (above)
		out[n++] = (struct pin_pattern_bound){">=", bound_evr(bound, bound->comparator == PIN_GREATER ? "^" : "")};
	if (below)
		out[n++] = (struct pin_pattern_bound){"<", bound_evr(bound, bound->comparator == PIN_LESS ? "" : "^")};
	return n;
}

guint pin_pattern_bounds(const struct pin_pattern *pattern, struct pin_pattern_bound bounds[PIN_PATTERN_BOUNDS_MOST])
{
	struct pin_bound whole = {.comparator = PIN_EQUAL, .epoch = pattern->epoch};
	g_autofree char *next = NULL;
	guint n = 0;

	if (pattern->kind == PIN_PATTERN_RANGE) {
		for (guint i = 0; i < pattern->n_range; i++)
			n += range_bounds(&pattern->range[i], bounds + n);
		return n;
	}
	if (pattern->kind != PIN_PATTERN_PREFIX) {
		memcpy(whole.version, pattern->version, sizeof whole.version);
		memcpy(whole.release, pattern->release, sizeof whole.release);
		return range_bounds(&whole, bounds);
	}
	/* rpm: "~~" sorts before a version's pre-releases: 1.0.0~rc1 is in 1.0.*, and 1.1~rc1 is not. */
	next = next_number(pattern->version);
	bounds[0] = (struct pin_pattern_bound){">=", g_strdup_printf("%u:%s.0~~", pattern->epoch, pattern->version)};
	bounds[1] = (struct pin_pattern_bound){"<", g_strdup_printf("%u:%s~~", pattern->epoch, next)};
	return 2;
}
