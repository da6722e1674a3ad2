/* An option whose value is the version of a release. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cli.h"
#include "inspect/release_version.h"

#include <string.h>

gboolean cli_check_version(const char *option, const char *value, GError **error)
{
	if (value == NULL || release_version_is(value, strlen(value)))
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    "--%s '%s': not a version; expected letters, digits and . + - ~ : ^ _ after a first letter or digit",
		    option, value);
	return FALSE;
}
