/* Pages of HTML: text from outside on its way into them, and how all of them look. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CORE_HTML_H
#define CORE_HTML_H

#include <glib.h>

/*
 * html_escape: append text as HTML; also fit for an attribute in double quotes. Bytes that are not UTF-8, and characters
 * that do not print (controls, those that turn the direction of writing), become U+FFFD. NULL is nothing.
 */
void html_escape(GString *out, const char *text);

/* html_format: append HTML by a format whose only conversions are %s, which is escaped, and %u. */
void html_format(GString *out, const char *format, ...);

/* The colours and plain elements of every page, in the light and in the dark: the beginning of its style sheet. */
extern const char html_look[];

/*
 * html_begin: append everything up to <body>. The page's policy (Content Security Policy) allows this style sheet and this
 * script by their digests, and nothing else: both must stand in the page as they are here.
 */
void html_begin(GString *out, const char *title, const char *style, const char *script);

#endif
