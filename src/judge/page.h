/* The report as a page of HTML: one file that needs no other, no network and no script. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_PAGE_H
#define JUDGE_PAGE_H

#include "judge/consumer.h"

/* A page that is being written: a section for each judgement that is added to it. */
struct page;

struct page *page_new(void);

/* page_free: NULL is fine. */
void page_free(struct page *page);
typedef struct page page;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(page, page_free)

/*
 * page_add_verdict: a section for a verdict: word, demands, evidence, findings in groups (group.h), and of each type
 * that stands in the way of a release, or whose findings are waived, both layouts side by side.
 *
 * older, newer: the facts that it was judged by.
 */
void page_add_verdict(struct page *page, const struct verdict *verdict, const struct facts *older,
		      const struct facts *newer);

/* page_add_consumer: the same for one program. older: NULL when there was none. */
void page_add_consumer(struct page *page, const struct consumer *consumer, const struct facts *older);

/* page_add_lone: a section for a library that only one of two packages has. */
void page_add_lone(struct page *page, enum verdict_word word, const char *name, const char *why);

/*
 * page_text: the page as written so far; its title has the worst word. Several sections get a table of contents.
 *
 * Valid UTF-8; whatever was read from files is escaped, and characters that do not print are replaced. Caller frees.
 */
char *page_text(const struct page *page);

#endif
