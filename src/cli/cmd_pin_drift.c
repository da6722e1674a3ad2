/* abide pin drift: what a host has against what its channel says. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/pin_question.h"
#include "core/file.h"
#include "pin/drift.h"

#include <stdio.h>

struct drift_options {
	struct pin_options pin;
	char *installed, *class;
};

/* The class that is named, or the only one. */
static const struct channel_host *choose_class(const struct channel *c, const char *name, GError **error)
{
	const struct channel_host *host = name ? channel_find_host(c, name) : c->n_hosts == 1 ? &c->hosts[0] : NULL;
	g_autoptr(GString) classes = g_string_new(NULL);

	for (guint i = 0; i < c->n_hosts; i++)
		g_string_append_printf(classes, "%s%s", i > 0 ? ", " : "", c->hosts[i].class);
	if (host == NULL && c->n_hosts == 0)
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_MISSING, "%s: it has no host classes", c->path);
	else if (host == NULL && name != NULL)
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_MISSING, "%s: there is no class %s; there are: %s", c->path,
			    name, classes->str);
	else if (host == NULL)
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "abide pin drift: %s has several host classes; name one with --class: %s", c->name, classes->str);
	return host;
}

static int run(const struct cli_call *call, GError **error)
{
	const struct drift_options *o = call->options;
	g_auto(pin_question) q = {0};

	if (o->installed == NULL) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "abide pin drift: --installed FILE is missing");
		return -1;
	}
	g_autoptr(GBytes) text = file_read(o->installed, INSTALLED_CEILING, error);
	g_autoptr(installed) list = text ? installed_parse(o->installed, text, error) : NULL;
	if (list == NULL || !pin_ask(&q, &o->pin, NULL, (const char *const *)call->arguments, error))
		return -1;
	const struct channel *channel = q.channels->pdata[0];
	const struct channel_host *host = choose_class(channel, o->class, error);
	g_autoptr(drift) d = host ? drift_make(q.supply, channel, host, list, error) : NULL;
	if (d == NULL)
		return -1;
	if (call->json) {
		cli_print_json(drift_json(d));
	} else {
		g_autofree char *shown = drift_text(d);
		fputs(shown, stdout);
	}
	return drift_any(d) ? CLI_INCOMPATIBLE : CLI_DONE;
}

static const struct cli_option rows[] = {
	{"installed", 'i', CLI_STRING, G_STRUCT_OFFSET(struct drift_options, installed), "FILE",
	 "what the host has: of dpkg-query -W, rpm -qa or abide base capture; must be given"},
	{"class", 'c', CLI_STRING, G_STRUCT_OFFSET(struct drift_options, class), "NAME",
	 "which host class it is of (default: the only one)"},
	PIN_FLEET_ROW,
	{0},
};

const struct cli_command cmd_pin_drift = {
	.name = "pin",
	.verb = "drift",
	.arguments = "CHANNEL",
	.least = 1,
	.most = 1,
	.summary = "compare what a host has installed with what its channel says",
	.notes = "Exit code 4: the host is not what its channel says.",
	.options = rows,
	.options_size = sizeof(struct drift_options),
	.run = run,
};
