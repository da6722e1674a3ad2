/* Mangled names: see mangled.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/mangled.h"

#include <string.h>

gboolean mangled_is(const char *name)
{
	return g_str_has_prefix(name, "_Z");
}

static gboolean begins_with(const char *name, const char *const *prefixes)
{
	for (; *prefixes != NULL; prefixes++)
		if (g_str_has_prefix(name, *prefixes))
			return TRUE;
	return FALSE;
}

gboolean mangled_is_derived(const char *name)
{
	static const char *const prefixes[] = {"_ZTV", "_ZTT", "_ZTC", "_ZTI", "_ZTS", "_ZTh", "_ZTv",
					       "_ZTc", "_ZTW", "_ZTH", "_ZGV", "_ZGR", NULL};

	return begins_with(name, prefixes);
}

gboolean mangled_is_vtable(const char *name)
{
	static const char *const prefixes[] = {"_ZTV", "_ZTT", "_ZTC", "_ZTI", NULL};

	return begins_with(name, prefixes);
}

gboolean mangled_is_local(const char *name)
{
	static const char *const prefixes[] = {"_ZZ", "_ZNZ", "_ZNKZ", NULL};

	return begins_with(name, prefixes);
}

static gboolean is_variant_letter(char c)
{
	return c == 'C' || c == 'D';
}

gboolean mangled_agree(const char *a, const char *b)
{
	gsize i = 0;

	while (a[i] != '\0' && a[i] == b[i])
		i++;
	if (a[i] == b[i])
		return TRUE;
	return i > 0 && is_variant_letter(a[i - 1]) && g_ascii_isdigit(a[i]) && g_ascii_isdigit(b[i]) &&
	       strcmp(a + i + 1, b + i + 1) == 0;
}

/* Where "C4E" or "D4E" names the constructor or destructor; NULL when it does not. */
static const char *unified_structor(const char *name)
{
	const char *found = NULL;

	if (!mangled_is(name))
		return NULL;
	for (const char *p = name; *p != '\0' && p[1] != '\0'; p++)
		if (is_variant_letter(p[0]) && p[1] == '4' && (p[2] == 'E' || p[2] == 'I'))
			found = found ? found : p;
	return found;
}

char *mangled_variant(const char *name, guint variant)
{
	const char *structor = variant > 0 ? unified_structor(name) : NULL;

	if (variant == 0)
		return g_strdup(name);
	if (structor == NULL)
		return NULL;
	char *other = g_strdup(name);
	other[structor - name + 1] = (char)('0' + variant - 1); /* D0, C1 or D1, C2 or D2 */
	return other;
}

/* What follows a call offset: "hn16_" or "v0_n24_". NULL when there is none. */
static const char *after_offset(const char *text)
{
	guint numbers = *text == 'h' ? 1 : *text == 'v' ? 2 : 0;
	const char *p = text + 1;

	for (guint i = 0; i < numbers; i++) {
		p += strspn(p, "n0123456789");
		if (*p++ != '_')
			return NULL;
	}
	return numbers > 0 ? p : NULL;
}

char *mangled_thunk_target(const char *name)
{
	const char *p = NULL;

	if (g_str_has_prefix(name, "_ZTc")) {
		p = after_offset(name + strlen("_ZTc"));
		p = p ? after_offset(p) : NULL;
	} else if (g_str_has_prefix(name, "_ZTh") || g_str_has_prefix(name, "_ZTv")) {
		p = after_offset(name + strlen("_ZT"));
	}
	return p ? g_strconcat("_Z", p, NULL) : NULL;
}

/* Appends the source name at TEXT ("5shape") and returns what follows it; NULL when there is none. */
static const char *take_name(const char *text, GString *into)
{
	guint64 length;
	char *end;

	if (!g_ascii_isdigit(*text))
		return NULL;
	length = g_ascii_strtoull(text, &end, 10);
	if (length == 0 || length > strlen(end))
		return NULL;
	g_string_append_len(into, end, (gssize)length);
	return end + length;
}

char *mangled_class(const char *name)
{
	if (!mangled_is_vtable(name) || g_str_has_prefix(name, "_ZTC"))
		return NULL;
	g_autoptr(GString) text = g_string_new("struct ");
	const char *p = name + strlen("_ZTV");
	gboolean nested = *p == 'N';
	p += nested;
	if (g_str_has_prefix(p, "St")) {
		g_string_append(text, "std::");
		p += strlen("St");
	}
	for (p = take_name(p, text); nested && p != NULL && g_ascii_isdigit(*p); p = take_name(p, text))
		g_string_append(text, "::");
	return p != NULL && strcmp(p, nested ? "E" : "") == 0 ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}
