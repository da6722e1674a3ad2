/* Version order of dpkg and of rpm: see version.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/version.h"

#include <string.h>

/* A stretch of text; versions are split without copying. */
struct span {
	const char *at, *end;
};

struct evr {
	struct span epoch, version, release;
};

static struct evr evr_split(const char *text)
{
	const char *end = text + strlen(text);
	const char *colon = text;
	const char *dash = strrchr(text, '-');
	struct evr v = {.epoch = {text, text}, .version = {text, end}, .release = {end, end}};

	while (g_ascii_isdigit(*colon))
		colon++;
	if (*colon == ':' && colon > text) {
		v.epoch.end = colon;
		v.version.at = colon + 1;
	}
	if (dash != NULL && dash >= v.version.at) {
		v.version.end = dash;
		v.release.at = dash + 1;
	}
	return v;
}

/* Two runs of digits of any length, by value: no number type can overflow. */
static int compare_digits(struct span *a, struct span *b)
{
	const char *a_from, *b_from;

	while (a->at < a->end && *a->at == '0')
		a->at++;
	while (b->at < b->end && *b->at == '0')
		b->at++;
	a_from = a->at;
	b_from = b->at;
	while (a->at < a->end && g_ascii_isdigit(*a->at))
		a->at++;
	while (b->at < b->end && g_ascii_isdigit(*b->at))
		b->at++;
	if (a->at - a_from != b->at - b_from)
		return a->at - a_from < b->at - b_from ? -1 : 1;
	return memcmp(a_from, b_from, (gsize)(a->at - a_from));
}

static int compare_epochs(struct span a, struct span b)
{
	return compare_digits(&a, &b);
}

/* dpkg's weights: `~` < end of part (or a digit) < letters < the rest. */
static int deb_weight(const struct span *s)
{
	if (s->at == s->end || g_ascii_isdigit(*s->at))
		return 0;
	if (*s->at == '~')
		return -1;
	return g_ascii_isalpha(*s->at) ? (guchar)*s->at : (guchar)*s->at + 256;
}

static int compare_deb_part(struct span a, struct span b)
{
	while (a.at < a.end || b.at < b.end) {
		while ((a.at < a.end && !g_ascii_isdigit(*a.at)) || (b.at < b.end && !g_ascii_isdigit(*b.at))) {
			int difference = deb_weight(&a) - deb_weight(&b);
			if (difference != 0)
				return difference;
			a.at++;
			b.at++;
		}
		int difference = compare_digits(&a, &b);
		if (difference != 0)
			return difference;
	}
	return 0;
}

int version_compare_deb(const char *a, const char *b)
{
	struct evr x = evr_split(a), y = evr_split(b);
	int difference = compare_epochs(x.epoch, y.epoch);

	if (difference == 0)
		difference = compare_deb_part(x.version, y.version);
	if (difference == 0)
		difference = compare_deb_part(x.release, y.release);
	return difference;
}

static gboolean rpm_separator(char c)
{
	return !g_ascii_isalnum(c) && c != '~' && c != '^';
}

static gboolean at_mark(const struct span *s, char mark)
{
	return s->at < s->end && *s->at == mark;
}

/* The run of letters at the front, taken off it. */
static struct span take_letters(struct span *s)
{
	struct span run = *s;

	while (s->at < s->end && g_ascii_isalpha(*s->at))
		s->at++;
	run.end = s->at;
	return run;
}

static int compare_letters(struct span *a, struct span *b)
{
	struct span x = take_letters(a), y = take_letters(b);
	gsize n = (gsize)MIN(x.end - x.at, y.end - y.at);
	int difference = memcmp(x.at, y.at, n);

	return difference != 0 ? difference : (int)((x.end - x.at) - (y.end - y.at));
}

static int compare_rpm_part(struct span a, struct span b)
{
	for (;;) {
		while (a.at < a.end && rpm_separator(*a.at))
			a.at++;
		while (b.at < b.end && rpm_separator(*b.at))
			b.at++;
		if (at_mark(&a, '~') || at_mark(&b, '~')) {
			if (!at_mark(&a, '~'))
				return 1;
			if (!at_mark(&b, '~'))
				return -1;
			a.at++, b.at++;
			continue;
		}
		if (at_mark(&a, '^') || at_mark(&b, '^')) {
			if (a.at == a.end || b.at == b.end)
				return a.at == a.end ? -1 : 1;
			if (!at_mark(&a, '^') || !at_mark(&b, '^'))
				return at_mark(&a, '^') ? -1 : 1;
			a.at++, b.at++;
			continue;
		}
		if (a.at == a.end || b.at == b.end)
			return (a.at < a.end) - (b.at < b.end);
		gboolean a_number = g_ascii_isdigit(*a.at), b_number = g_ascii_isdigit(*b.at);
		if (a_number != b_number)
			return a_number ? 1 : -1;
		int difference = a_number ? compare_digits(&a, &b) : compare_letters(&a, &b);
		if (difference != 0)
			return difference;
	}
}

int version_compare_rpm(const char *a, const char *b)
{
	struct evr x = evr_split(a), y = evr_split(b);
	int difference = compare_epochs(x.epoch, y.epoch);

	if (difference == 0)
		difference = compare_rpm_part(x.version, y.version);
	if (difference == 0 && x.release.at < x.release.end && y.release.at < y.release.end)
		difference = compare_rpm_part(x.release, y.release);
	return difference;
}
