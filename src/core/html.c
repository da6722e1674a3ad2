/* Pages of HTML: see html.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/html.h"
#include "core/digest.h"

#include <string.h>

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

void html_escape(GString *out, const char *text)
{
	g_autofree char *valid = text ? g_utf8_make_valid(text, -1) : NULL;

	for (const char *at = valid; at != NULL && *at != '\0'; at = g_utf8_next_char(at))
		append_character(out, g_utf8_get_char(at));
}

void html_format(GString *out, const char *format, ...)
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
			html_escape(out, va_arg(arguments, const char *));
		else
			g_string_append_printf(out, "%u", va_arg(arguments, guint));
	}
	va_end(arguments);
}

/* Colours keep a contrast of at least 4.5 to 1 on their grounds, in the light and in the dark. */
const char html_look[] =
	":root { color-scheme: light dark; --ground: #fff; --text: #1c2128; --quiet: #57606a;\n"
	"  --line: #d5dae1; --card: #f7f8fa;\n"
	"  --link: #0a58b8; --mark: #ffe58a; --mark-text: #3d2c00; --hole: #eceff3;\n"
	"  --breaks: #b3261e; --unknown: #8a5300; --adds: #1458a8; --same: #1a6b34; --waived: #6a4a9c;\n"
	"  --note: #57606a; --on: #fff;\n"
	"  --minus: #fdeceb; --plus: #e7f6ea }\n"
	"@media (prefers-color-scheme: dark) {\n"
	":root { --ground: #14171c; --text: #e4e8ee; --quiet: #a3adba; --line: #363d48; --card: #1c2027;\n"
	"  --link: #86b8ff;\n"
	"  --mark: #6b5200; --mark-text: #fff3c4; --hole: #262c35;\n"
	"  --breaks: #ff9c94; --unknown: #f3bd62; --adds: #8fc0ff; --same: #85d69b; --waived: #cbb2f5;\n"
	"  --note: #a3adba;\n"
	"  --on: #14171c; --minus: #3c1f20; --plus: #183325 } }\n"
	"* { box-sizing: border-box }\n"
	"html { font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif;\n"
	"  background: var(--ground);\n"
	"  color: var(--text); -webkit-text-size-adjust: 100% }\n"
	"body { margin: 0 }\n"
	"main { max-width: 68rem; margin: 0 auto; padding: 1rem }\n"
	"code, .num, .name, .type, .rule, .change, .part { font-family: ui-monospace, 'SFMono-Regular',\n"
	"  'DejaVu Sans Mono', monospace;\n"
	"  font-size: .875em; overflow-wrap: anywhere }\n"
	"a { color: var(--link); text-underline-offset: .15em }\n"
	"h1, h2, h3, p, ul, dl, dd { margin: 0 }\n"
	"h1 { font-size: 1.35rem; overflow-wrap: anywhere }\n"
	"h2 { font-size: 1.1rem; margin: 2rem 0 .6rem }\n"
	"h3 { font-size: 1.05rem; overflow-wrap: anywhere }\n"
	"h3 code { font-size: 1em }\n";

static char *source_of(const char *text)
{
	g_autoptr(digest) d = digest_new(DIGEST_SHA256);
	guint8 raw[32];

	digest_update(d, text, strlen(text));
	digest_raw(d, raw);
	g_autofree char *base64 = g_base64_encode(raw, sizeof raw);
	return g_strdup_printf("'sha256-%s'", base64);
}

void html_begin(GString *out, const char *title, const char *style, const char *script)
{
	g_autofree char *look = source_of(style), *does = source_of(script);

	g_string_append(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
			     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
			     "<meta name=\"color-scheme\" content=\"light dark\">\n");
	g_string_append_printf(out,
			       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; "
			       "form-action 'none'; style-src %s; script-src %s\">\n",
			       look, does);
	html_format(out, "<title>%s</title>\n", title);
	g_string_append_printf(out, "<style>%s</style>\n</head>\n", style);
}
