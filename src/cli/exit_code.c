/* Which exit code an error of any room becomes: one table. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cli.h"
#include "pack/error.h"
#include "pin/channel.h"
#include "publish/error.h"

struct exit_row {
	GQuark (*domain)(void);
	int code;
	enum cli_exit exit;
};

/* Errors not listed are CLI_FAILED. */
static const struct exit_row exit_rows[] = {
	{cli_error_quark, CLI_ERROR_USAGE, CLI_USAGE},
	{pack_error_quark, PACK_ERROR_ABI, CLI_INCOMPATIBLE},
	{pack_error_quark, PACK_ERROR_DEPENDS, CLI_INCOMPATIBLE},
	{pack_error_quark, PACK_ERROR_EVIDENCE, CLI_UNKNOWN},
	{publish_error_quark, PUBLISH_ERROR_EXPIRED, CLI_REFUSED},
	{publish_error_quark, PUBLISH_ERROR_SIGNATURE, CLI_REFUSED},
	{publish_error_quark, PUBLISH_ERROR_DIGEST, CLI_REFUSED},
	{publish_error_quark, PUBLISH_ERROR_ROLLBACK, CLI_REFUSED},
	{publish_error_quark, PUBLISH_ERROR_ABI, CLI_INCOMPATIBLE},
	{publish_error_quark, PUBLISH_ERROR_EVIDENCE, CLI_UNKNOWN},
	{publish_error_quark, PUBLISH_ERROR_STALE, CLI_REFUSED},
	{channel_error_quark, CHANNEL_ERROR_ARGUMENT, CLI_USAGE},
	{channel_error_quark, CHANNEL_ERROR_EXPIRED, CLI_REFUSED},
};

int cli_exit_code(const GError *error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(exit_rows); i++)
		if (error->domain == exit_rows[i].domain() && error->code == exit_rows[i].code)
			return exit_rows[i].exit;
	return CLI_FAILED;
}
