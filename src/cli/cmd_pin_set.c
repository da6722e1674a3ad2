/* abide pin set and unset: channels changed. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/pin.h"
#include "cli/publish.h"
#include "pin/change.h"

/* What set and unset share comes first. */
struct set_options {
	struct pin_options common;
	char *class, *held_for, *reason, *author;
	char *until, *unit, *base, *installed;
};

#define SET_ROWS                                                                                                       \
	{"class", 'c', CLI_STRING, G_STRUCT_OFFSET(struct set_options, class), "CLASS",                               \
	 "not a pin: a service of this class of hosts, or, without PACKAGE, the class itself"},                        \
		{"held-for", 0, CLI_STRING, G_STRUCT_OFFSET(struct set_options, held_for), "SERVICE",                  \
		 "not a pin: held for this service alone, beside what the others use"},                                \
		{"reason", 'r', CLI_STRING, G_STRUCT_OFFSET(struct set_options, reason), "TEXT", "why; must be given"}, \
		{"author", 'a', CLI_STRING, G_STRUCT_OFFSET(struct set_options, author), "NAME",                       \
		 "who decided it (default: the user)"},                                                                \
		PIN_ROWS

static gboolean usage(GError **error, const struct cli_call *call, const char *what)
{
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "abide pin %s: %s; usage: abide pin %s %s", call->command->verb, what,
		    call->command->verb, call->command->arguments);
	return FALSE;
}

/* Which part is meant, and whether there are the arguments that it needs. */
static gboolean check_part(const struct cli_call *call, gboolean set, struct channel_request *r, GError **error)
{
	if (r->class != NULL && r->service != NULL)
		return usage(error, call, "--class and --held-for: one of them");
	r->part = r->service != NULL ? CHANNEL_HELD : r->class == NULL ? CHANNEL_PACKAGE : r->package ? CHANNEL_SERVICE
													  : CHANNEL_CLASS;
	if (r->package == NULL && r->part != CHANNEL_CLASS)
		return usage(error, call, "PACKAGE is missing");
	if (set && r->version == NULL && (r->part == CHANNEL_PACKAGE || r->part == CHANNEL_HELD))
		return usage(error, call, "VERSION is missing");
	if (r->unit != NULL && r->part != CHANNEL_SERVICE)
		return usage(error, call, "--unit is of a service: --class is missing");
	if ((r->base != NULL && r->class == NULL) || (r->installed != NULL && r->part != CHANNEL_CLASS))
		return usage(error, call, "--base and --installed are of a class of hosts");
	if (r->part == CHANNEL_CLASS && r->until != NULL)
		return usage(error, call, "a class of hosts has no last day");
	return TRUE;
}

static gboolean read_request(const struct cli_call *call, gboolean set, struct channel_request *r, GError **error)
{
	const struct set_options *o = call->options;

	*r = (struct channel_request){
		.package = call->n_arguments > 1 ? call->arguments[1] : NULL,
		.version = call->n_arguments > 2 ? call->arguments[2] : NULL,
		.class = o->class,
		.service = o->held_for,
		.reason = o->reason,
		.author = o->author != NULL ? o->author : g_get_user_name(),
	};
	if (set) {
		r->until = o->until;
		r->unit = o->unit;
		r->base = o->base;
		r->installed = o->installed;
	}
	if (!check_part(call, set, r, error) || !publish_time(&r->when, error))
		return FALSE;
	if (o->reason == NULL)
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "abide pin %s: --reason TEXT is missing; say why, for those who come later", call->command->verb);
	return o->reason != NULL;
}

/* A class runs a base that the fleet has. */
static gboolean check_base(const struct fleet *fleet, const char *base, GError **error)
{
	g_autoptr(GString) known = g_string_new(NULL);

	if (fleet == NULL || base == NULL || fleet_find_base(fleet, base) != NULL)
		return TRUE;
	for (guint i = 0; i < fleet->n_bases; i++)
		g_string_append_printf(known, "%s%s", i > 0 ? ", " : "", fleet->bases[i].name);
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--base %s: none of the bases of %s: %s", base, fleet->path,
		    known->len > 0 ? known->str : "it has none yet");
	return FALSE;
}

static int run(const struct cli_call *call, gboolean set, GError **error)
{
	const struct set_options *options = call->options;
	struct channel_request request;
	g_autoptr(fleet) fleet = NULL;

	if (!read_request(call, set, &request, error))
		return -1;
	g_autofree char *dir = pin_find_channels(&options->common, &fleet, error);
	if (dir == NULL || !check_base(fleet, request.base, error))
		return -1;
	g_autoptr(channel) c = (set ? channel_set : channel_unset)(dir, call->arguments[0], &request, error);
	return c != NULL ? pin_print_channel(call, c, error) : -1;
}

static int run_set(const struct cli_call *call, GError **error)
{
	return run(call, TRUE, error);
}

static int run_unset(const struct cli_call *call, GError **error)
{
	return run(call, FALSE, error);
}

static const struct cli_option set_rows[] = {
	SET_ROWS,
	{"until", 'u', CLI_STRING, G_STRUCT_OFFSET(struct set_options, until), "YYYY-MM-DD",
	 "the last day on which it holds (default: no end)"},
	{"unit", 0, CLI_STRING, G_STRUCT_OFFSET(struct set_options, unit), "UNIT",
	 "of a service: its systemd unit (default: PACKAGE.service)"},
	{"base", 'b', CLI_STRING, G_STRUCT_OFFSET(struct set_options, base), "NAME",
	 "of a class: which of the fleet's bases these hosts run"},
	{"installed", 0, CLI_STRING, G_STRUCT_OFFSET(struct set_options, installed), "FILE",
	 "of a class: what abide base capture found on site, by its path from the fleet's folder"},
	{0},
};

static const struct cli_option unset_rows[] = {
	SET_ROWS,
	{0},
};

const struct cli_command cmd_pin_set = {
	.name = "pin",
	.verb = "set",
	.arguments = "CHANNEL [PACKAGE [VERSION]]",
	.least = 1,
	.most = 3,
	.summary = "pin a package of a channel, add a service or hold a library for one",
	.notes = "VERSION is a version (1.0.1), one with its revision (1.0.1-1), a prefix (1.0.*) or a range (>= 1.0.1, < 1.2).",
	.options = set_rows,
	.options_size = sizeof(struct set_options),
	.run = run_set,
};

const struct cli_command cmd_pin_unset = {
	.name = "pin",
	.verb = "unset",
	.arguments = "CHANNEL [PACKAGE]",
	.least = 1,
	.most = 2,
	.summary = "take a pin, a service, a class of hosts or something held out",
	.options = unset_rows,
	.options_size = sizeof(struct set_options),
	.run = run_unset,
};
