/* Text that came from outside, made fit for one line: see text.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/text.h"

#include <string.h>

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

gboolean text_is_plain(const char *text)
{
	for (; *text != '\0'; text++)
		if (g_ascii_iscntrl(*text))
			return FALSE;
	return TRUE;
}

gboolean text_parse_day(const char *text, GDate *day)
{
	guint n[8];

	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
		return FALSE;
	for (guint i = 0, k = 0; i < 10; i++) {
		if (i == 4 || i == 7)
			continue;
		if (!g_ascii_isdigit(text[i]))
			return FALSE;
		n[k++] = (guint)(text[i] - '0');
	}
	guint year = n[0] * 1000 + n[1] * 100 + n[2] * 10 + n[3];
	guint month = n[4] * 10 + n[5], date = n[6] * 10 + n[7];
	if (!g_date_valid_dmy((GDateDay)date, (GDateMonth)month, (GDateYear)year))
		return FALSE;
	g_date_clear(day, 1);
	g_date_set_dmy(day, (GDateDay)date, (GDateMonth)month, (GDateYear)year);
	return TRUE;
}
