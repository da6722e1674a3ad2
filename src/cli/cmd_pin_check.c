/* abide pin check: can every customer have what it is pinned to, without anything being rebuilt? */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/pin_question.h"
#include "pin/proof.h"

#include <stdio.h>

struct check_options {
	struct pin_options pin;
	char *waivers;
};

static int exit_of(const proofs *p)
{
	static const int codes[PROOF_WORDS] = {
		[PROOF_UNKNOWN] = CLI_UNKNOWN, [PROOF_EXPIRED] = CLI_REFUSED, [PROOF_FAILS] = CLI_INCOMPATIBLE};

	return codes[proofs_worst(p)];
}

static void print(const struct cli_call *call, const proofs *p, const struct fleet *fleet)
{
	if (call->json) {
		cli_print_json(proofs_json(p, fleet));
		return;
	}
	g_autofree char *text = proofs_text(p, call->n_arguments > 0);
	fputs(text, stdout);
}

static int run(const struct cli_call *call, GError **error)
{
	const struct check_options *o = call->options;
	g_auto(pin_question) q = {0};

	if (!pin_ask(&q, &o->pin, o->waivers, (const char *const *)call->arguments, error))
		return -1;
	g_autoptr(proofs) p = proofs_make(q.supply, &q.waivers.today, error);
	if (p == NULL)
		return -1;
	pin_keep_answers(q.answers);
	print(call, p, q.fleet);
	return exit_of(p);
}

static const struct cli_option rows[] = {
	{"waivers", 'w', CLI_STRING, G_STRUCT_OFFSET(struct check_options, waivers), "FILE",
	 "findings that somebody decided to live with, as abide-waivers(5)"},
	PIN_FLEET_ROW,
	{0},
};

const struct cli_command cmd_pin_check = {
	.name = "pin",
	.verb = "check",
	.arguments = "[CUSTOMER...]",
	.most = G_MAXUINT,
	.summary = "prove that every customer can have what it is pinned to, without rebuilding anything",
	.options = rows,
	.options_size = sizeof(struct check_options),
	.run = run,
};
