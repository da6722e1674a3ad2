/* What commands print: JSON, and colour where a person looks. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void cli_print_json(JsonNode *node)
{
	g_autofree char *text = json_to_string(node, TRUE);

	puts(text);
	json_node_unref(node);
}

char *cli_paint(enum cli_colour colour, const char *text)
{
	static const char *const codes[] = {
		[CLI_GREEN] = "32", [CLI_YELLOW] = "33", [CLI_RED] = "31"};
	const char *no_color = getenv("NO_COLOR");

	if (!isatty(STDOUT_FILENO) || (no_color != NULL && *no_color != '\0'))
		return g_strdup(text);
	return g_strdup_printf("\033[%sm%s\033[0m", codes[colour], text);
}
