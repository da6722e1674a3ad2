/* Whether hosts can install what they are to have, asked for many hosts at once. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_INSTALL_H
#define PIN_INSTALL_H

#include "pin/cache.h"
#include "pin/view.h"

#include <glib.h>

/* What came of one question. */
struct install {
	gboolean known;  /* FALSE: the base does not say which packages it has */
	gboolean found;  /* all of it can be installed */
	char *why;       /* why not, in one line; NULL when it can */
	GPtrArray *gets; /* const entry *: what would be installed from the suite then, sorted */
};

/* Questions about the packages of one suite. Not thread-safe; it uses all cores itself. */
typedef struct installs installs;

/*
 * installs_new: no question yet.
 *
 * bases, packages (all of the suite, const entry *, sorted): must outlive it. answers: for what was asked before; may be NULL,
 * likewise.
 */
installs *installs_new(const view_bases *bases, const GPtrArray *packages, cache *answers);
void installs_free(installs *all);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(installs, installs_free)

/*
 * installs_ask: can a host on this base that sees this view (of view_entries) install all of these by name?
 *
 * names: N; copied. By the rules of closure_request. Questions that come to the same for the solver are one: what is not
 * within reach of what is asked for, and of what the base has, does not count.
 *
 * Returns the number of the question, for installs_find.
 */
guint installs_ask(installs *all, const struct view_base *on, const GPtrArray *view, const char *const *names, guint n);

/* installs_answer: find all answers that are missing, on all cores. FALSE with an error of closure_new. */
gboolean installs_answer(installs *all, GError **error);

/* installs_find: the answer; of installs_answer. Lives as long as ALL. */
const struct install *installs_find(const installs *all, guint question);

/* installs_solved: for how many questions a solver had to be asked so far. */
guint installs_solved(const installs *all);

#endif
