/* abide pin propose: the newest version of a library that each customer can take today. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/pin_question.h"
#include "pin/propose.h"

#include <stdio.h>

struct propose_options {
	struct pin_options pin;
	char *library, *waivers;
};

static void print(const struct cli_call *call, const proposals *p, const struct fleet *fleet)
{
	if (call->json) {
		cli_print_json(proposals_json(p, fleet));
		return;
	}
	g_autofree char *text = proposals_text(p);
	fputs(text, stdout);
}

static int run(const struct cli_call *call, GError **error)
{
	const struct propose_options *o = call->options;
	g_auto(pin_question) q = {0};

	if (!pin_ask(&q, &o->pin, o->waivers, (const char *const *)call->arguments, error))
		return -1;
	g_autoptr(proofs) proved = proofs_make(q.supply, &q.waivers.today, error);
	g_autoptr(proposals) p = proved ? proposals_make(q.supply, proved, o->library, error) : NULL;
	if (p == NULL)
		return -1;
	pin_keep_answers(q.answers);
	print(call, p, q.fleet);
	return CLI_DONE;
}

static const struct cli_option rows[] = {
	{"library", 'l', CLI_STRING, G_STRUCT_OFFSET(struct propose_options, library), "PACKAGE",
	 "only this library (default: all of the fleet's that a service uses)"},
	{"waivers", 'w', CLI_STRING, G_STRUCT_OFFSET(struct propose_options, waivers), "FILE",
	 "findings that somebody decided to live with, as abide-waivers(5)"},
	PIN_FLEET_ROW,
	{0},
};

const struct cli_command cmd_pin_propose = {
	.name = "pin",
	.verb = "propose",
	.arguments = "[CUSTOMER...]",
	.most = G_MAXUINT,
	.summary = "find the newest library that each customer can take today, and what stops the next",
	.options = rows,
	.options_size = sizeof(struct propose_options),
	.run = run,
};
