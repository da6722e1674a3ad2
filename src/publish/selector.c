/* What somebody means by a package: see selector.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/selector.h"

#include <string.h>

void selector_clear(struct selector *s)
{
	g_free(s->name);
	g_free(s->version);
	g_free(s->arch);
}

/* A version may hold a colon (its epoch) before which there are only digits; an architecture is no number. */
struct selector selector_parse(const char *text)
{
	g_autofree char *rest = g_strdup(text);
	char *equals = strchr(rest, '='), *colon = strrchr(rest, ':');
	gboolean epoch = FALSE;

	if (equals != NULL)
		*equals++ = '\0';
	if (colon != NULL && equals != NULL && colon > equals) {
		epoch = strspn(equals, "0123456789") == (gsize)(colon - equals);
		epoch = epoch && g_ascii_isdigit(colon[1]);
	}
	if (colon != NULL && !epoch)
		*colon++ = '\0';
	return (struct selector){.name = g_strdup(rest),
				 .version = equals ? g_strdup(equals) : NULL,
				 .arch = colon && !epoch ? g_strdup(colon) : NULL};
}

/* Where there is no pattern, text may be anything. */
static gboolean fits(const char *pattern, const char *text)
{
	if (pattern == NULL)
		return TRUE;
	return strpbrk(pattern, "*?") ? g_pattern_match_simple(pattern, text) : strcmp(pattern, text) == 0;
}

gboolean selector_matches(const struct selector *s, const char *name, const char *version, const char *arch)
{
	return fits(s->name, name) && fits(s->version, version) && fits(s->arch, arch);
}
