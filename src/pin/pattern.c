/* Version patterns read, and said again in the words of apt, dnf4 and dnf5: see pattern.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/pattern.h"

#include "pin/channel.h"

#include <string.h>

#define DIGITS "0123456789"
#define VERSION_LETTERS G_CSET_A_2_Z G_CSET_a_2_z DIGITS ".+~"

static gboolean refuse(GError **error, const char *text, const char *what)
{
	g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_ARGUMENT,
		    "version '%.80s': %s; write a version (1.0.1), a version with its revision (1.0.1-1) or a prefix (1.0.*)",
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

gboolean pin_pattern_parse(const char *text, struct pin_pattern *pattern, GError **error)
{
	const char *rest = read_epoch(text, &pattern->epoch);
	const char *dash = strrchr(rest, '-');
	gsize length = dash != NULL ? (gsize)(dash - rest) : strlen(rest);

	*pattern = (struct pin_pattern){.epoch = pattern->epoch};
	if (strpbrk(text, "<>=!, |") != NULL)
		return refuse(error, text, "ranges are not taken");
	if (strchr(rest, '*') != NULL)
		return read_prefix(text, rest, pattern, error);
	if (!g_ascii_isdigit(rest[0]))
		return refuse(error, text, "it does not begin with a digit");
	if (length > PIN_PATTERN_LONGEST || (dash != NULL && strlen(dash + 1) > PIN_PATTERN_LONGEST))
		return refuse(error, text, "it is too long");
	memcpy(pattern->version, rest, length);
	if (dash != NULL)
		g_strlcpy(pattern->release, dash + 1, sizeof pattern->release);
	pattern->kind = dash != NULL ? PIN_PATTERN_RELEASE : PIN_PATTERN_VERSION;
	if (pattern->version[strspn(pattern->version, VERSION_LETTERS)] != '\0' ||
	    pattern->release[strspn(pattern->release, VERSION_LETTERS)] != '\0')
		return refuse(error, text, "a character that a version cannot have in both families");
	if (dash != NULL && pattern->release[0] == '\0')
		return refuse(error, text, "nothing after the '-'");
	return TRUE;
}

gboolean pin_pattern_matches(const struct pin_pattern *pattern, const char *version)
{
	guint epoch = 0;
	const char *rest = read_epoch(version, &epoch);
	gsize length = strlen(pattern->version);

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
	}
	return FALSE;
}

char **pin_pattern_deb(const struct pin_pattern *pattern)
{
	g_autofree char *epoch = pattern->epoch > 0 ? g_strdup_printf("%u:", pattern->epoch) : g_strdup("");
	g_autoptr(GPtrArray) patterns = g_ptr_array_new();

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
	}
	g_ptr_array_add(patterns, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&patterns), FALSE);
}

char *pin_pattern_rpm(const struct pin_pattern *pattern, const char *name)
{
	/* The epoch is always there: without it dnf may take a part of the name for the version. */
	return g_strdup_printf("%s-%u:%s%s%s%s", name, pattern->epoch, pattern->version,
			       pattern->kind == PIN_PATTERN_PREFIX ? ".*" : "",
			       pattern->kind == PIN_PATTERN_RELEASE ? "-" : "", pattern->release);
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

guint pin_pattern_bounds(const struct pin_pattern *pattern, struct pin_pattern_bound bounds[2])
{
	g_autofree char *next = NULL;

	if (pattern->kind == PIN_PATTERN_RELEASE) {
		bounds[0].comparator = "=";
		bounds[0].evr = g_strdup_printf("%u:%s-%s", pattern->epoch, pattern->version, pattern->release);
		return 1;
	}
	bounds[0].comparator = ">=";
	bounds[1].comparator = "<";
	if (pattern->kind == PIN_PATTERN_VERSION) {
		/* rpm: "^" sorts right behind the version itself and before everything that is longer. */
		bounds[0].evr = g_strdup_printf("%u:%s", pattern->epoch, pattern->version);
		bounds[1].evr = g_strdup_printf("%u:%s^", pattern->epoch, pattern->version);
		return 2;
	}
	/* rpm: "~~" sorts before a version's pre-releases: 1.0.0~rc1 is in 1.0.*, and 1.1~rc1 is not. */
	next = next_number(pattern->version);
	bounds[0].evr = g_strdup_printf("%u:%s.0~~", pattern->epoch, pattern->version);
	bounds[1].evr = g_strdup_printf("%u:%s~~", pattern->epoch, next);
	return 2;
}
