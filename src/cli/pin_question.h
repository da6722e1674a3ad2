/* What check, propose and drift need opened before they can say anything. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_PIN_QUESTION_H
#define CLI_PIN_QUESTION_H

#include "cli/pin.h"
#include "pin/supply.h"

/* A fleet, its channels, and what they take from. */
struct pin_question {
	struct fleet *fleet;
	GPtrArray *channels;
	struct waivers *list;
	struct users_waivers waivers; /* with the day on which things are asked */
	cache *answers;
	struct supply *supply;
};
typedef struct pin_question pin_question;

/*
 * pin_ask: open all that.
 *
 * waivers: a file, or NULL. names: of channels; none: all. FALSE with an error; clear it in any case.
 */
gboolean pin_ask(pin_question *q, const struct pin_options *options, const char *waivers, const char *const *names,
		 GError **error);
void pin_question_clear(pin_question *q);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(pin_question, pin_question_clear)

/* pin_keep_answers: write the cache; where that fails, a warning: what could not be kept is judged again next time. */
void pin_keep_answers(cache *answers);

#endif
