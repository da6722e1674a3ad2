/* Text that came from outside, made fit for one line: see text.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/text.h"

char *text_one_line(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	GString *out = g_string_new(NULL);

	for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		g_string_append_unichar(out, g_unichar_isprint(c) && !g_unichar_isspace(c) ? c : ' ');
	}
	return g_strstrip(g_string_free(out, FALSE));
}
