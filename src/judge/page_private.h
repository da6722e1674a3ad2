/* What the files of the page share. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_PAGE_PRIVATE_H
#define JUDGE_PAGE_PRIVATE_H

#include "core/html.h"
#include "judge/page.h"

/* The style sheet after html_look, and the script that adds a filter: text for <style> and <script>. */
extern const char page_style[], page_script[];

/* page_layout: append both layouts of a type in one table. newer: NULL when the type is gone. */
void page_layout(GString *out, const struct facts_type *older, const struct facts_type *newer);

#endif
