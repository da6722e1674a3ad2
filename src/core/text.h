/* Text that came from outside, made fit for a line on a terminal or in a file. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include <glib.h>

/*
 * text_one_line: TEXT without anything that ends a line or steers a terminal.
 *
 * Line ends and other control characters become spaces, space at both ends goes away, bytes that are not UTF-8 become
 * U+FFFD. Caller frees; never NULL.
 */
char *text_one_line(const char *text);

/* text_is_plain: no control characters, line ends and tabs among them, in TEXT; other bytes may be anything. */
gboolean text_is_plain(const char *text);

/* text_parse_day: a day as people write it in files, YYYY-MM-DD. FALSE when it is not one; *day is then unchanged. */
gboolean text_parse_day(const char *text, GDate *day);

#endif
