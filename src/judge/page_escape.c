/* Text from outside on its way into HTML: see page_private.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/page_private.h"

#define REPLACEMENT 0xfffd

static void append_character(GString *out, gunichar c)
{
	switch (c) {
	case '<':
		g_string_append(out, "&lt;");
		break;
	case '>':
		g_string_append(out, "&gt;");
		break;
	case '&':
		g_string_append(out, "&amp;");
		break;
	case '"':
		g_string_append(out, "&quot;");
		break;
	default:
		g_string_append_unichar(out, g_unichar_isprint(c) ? c : REPLACEMENT);
	}
}

void page_escape(GString *out, const char *text)
{
	g_autofree char *valid = text ? g_utf8_make_valid(text, -1) : NULL;

	for (const char *at = valid; at != NULL && *at != '\0'; at = g_utf8_next_char(at))
		append_character(out, g_utf8_get_char(at));
}

void page_format(GString *out, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	for (; *format != '\0'; format++) {
		if (*format != '%') {
			g_string_append_c(out, *format);
			continue;
		}
		format++;
		if (*format == 's')
			page_escape(out, va_arg(arguments, const char *));
		else
			g_string_append_printf(out, "%u", va_arg(arguments, guint));
	}
	va_end(arguments);
}
