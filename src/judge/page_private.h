/* What the files of the page share. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_PAGE_PRIVATE_H
#define JUDGE_PAGE_PRIVATE_H

#include "judge/page.h"

/* The style sheet, and the script that adds a filter: text for <style> and <script>. */
extern const char page_style[], page_script[];

/*
 * page_escape: append text as HTML; also fit for an attribute in double quotes. Bytes that are not UTF-8, and characters
 * that do not print (controls, those that turn the direction of writing), become U+FFFD. NULL is nothing.
 */
void page_escape(GString *out, const char *text);

/* page_format: append HTML by a format whose only conversions are %s, which is escaped, and %u. */
void page_format(GString *out, const char *format, ...);

/* page_layout: append both layouts of a type in one table. newer: NULL when the type is gone. */
void page_layout(GString *out, const struct facts_type *older, const struct facts_type *newer);

#endif
