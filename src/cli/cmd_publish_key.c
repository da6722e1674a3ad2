/* abide publish key: the keys that sign a suite: shown, added for a rotation, retired after it. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/publish.h"
#include "publish/signers.h"

#include <stdio.h>

struct key_options {
	struct publish_options common;
	char *suite, *add, *retire;
};

/* "never", or the day. */
static char *day_of(gint64 expires)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(expires);

	return expires ? g_date_time_format(date, "%Y-%m-%d") : g_strdup("never");
}

static const char *state_of(const struct keyring_info *info)
{
	return info->revoked ? "revoked" : info->expired ? "expired" : "good";
}

static void print_keys(const struct cli_call *call, const publication *p, const GPtrArray *keys)
{
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_object(b);
	publish_add_suite(b, p);
	json_builder_set_member_name(b, "signers");
	json_builder_begin_array(b);
	for (guint i = 0; i < keys->len; i++) {
		const struct keyring_info *info = keys->pdata[i];
		g_autofree char *day = day_of(info->expires);
		json_builder_begin_object(b);
		member_text(b, "fingerprint", info->fingerprint);
		member_text(b, "user", info->user);
		member_text(b, "expires", day);
		member_text(b, "validity", state_of(info));
		json_builder_end_object(b);
		if (!call->json)
			printf("%s  %s  expires: %s%s%s\n", info->fingerprint, info->user, day,
			       info->revoked || info->expired ? ", " : "",
			       info->revoked || info->expired ? state_of(info) : "");
	}
	json_builder_end_array(b);
	json_builder_end_object(b);
	if (call->json)
		cli_print_json(json_builder_get_root(b));
}

static int show(const struct cli_call *call, keyring *keyring, const publication *p, GError **error)
{
	g_autoptr(GPtrArray) keys = keyring_describe(keyring, (const char *const *)p->site.settings->signed_by, error);

	if (keys == NULL)
		return -1;
	print_keys(call, p, keys);
	return CLI_DONE;
}

static int change(const struct cli_call *call, GError **error)
{
	const struct key_options *options = call->options;
	g_autoptr(publication) p = publish_open_keys(call->arguments[0], options->suite, &options->common, error);

	if (p == NULL ||
	    !(options->add ? signers_add(p, options->add, error) : signers_retire(p, options->retire, error)) ||
	    !signers_publish(p, "key", error))
		return -1;
	int result = show(call, p->site.keys, p, error);
	if (!call->json && options->retire != NULL && p->prepare == NULL)
		printf("packages that are signed by the retired key stay so: while they are published, dnf needs "
		       "both\n");
	publish_print_signing(call, p);
	return result;
}

static int run_key(const struct cli_call *call, GError **error)
{
	const struct key_options *options = call->options;

	if (options->add != NULL && options->retire != NULL) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "--add and --retire: one of them; between the two servers need time to get the new key");
		return -1;
	}
	if (options->add != NULL || options->retire != NULL)
		return change(call, error);
	g_autoptr(publication) p =
		publication_open_settings(call->arguments[0], options->suite ? options->suite : PUBLISH_SUITE, error);
	return p ? show(call, p->site.keys, p, error) : -1;
}

static const struct cli_option key_rows[] = {
	{"suite", 's', CLI_STRING, G_STRUCT_OFFSET(struct key_options, suite), "NAME", "the suite (stable)"},
	{"add", 0, CLI_STRING, G_STRUCT_OFFSET(struct key_options, add), "ID",
	 "have one more key sign, beside those that do"},
	{"retire", 0, CLI_STRING, G_STRUCT_OFFSET(struct key_options, retire), "FINGERPRINT",
	 "no longer have that key sign"},
	PUBLISH_ELSEWHERE_ROWS,
	PUBLISH_ROWS,
	{0},
};

const struct cli_command cmd_publish_key = {
	.name = "publish",
	.verb = "key",
	.arguments = "DIR",
	.least = 1,
	.most = 1,
	.summary = "show the keys that sign, add one, or retire one",
	.options = key_rows,
	.options_size = sizeof(struct key_options),
	.run = run_key,
};
