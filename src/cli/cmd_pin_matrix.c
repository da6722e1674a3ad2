/* abide pin matrix: which services and customers run with which versions of a library. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/pin.h"
#include "core/file.h"
#include "pin/matrix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* What is printed where no terminal says how wide it is. */
#define WIDTH 100
#define WIDTH_LEAST 40

struct matrix_options {
	struct pin_options pin;
	char **libraries, **services;
	char *waivers;
	char *html;
};

static guint terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	guint64 width = 0;

	if (columns != NULL && g_ascii_string_to_unsigned(columns, 10, WIDTH_LEAST, G_MAXUINT16, &width, NULL))
		return (guint)width;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return MAX(size.ws_col, WIDTH_LEAST);
	return WIDTH;
}

static gboolean write_page(const struct matrix *m, const char *path, GError **error)
{
	g_autofree char *text = matrix_page(m);

	return file_replace(path, text, strlen(text), 0644, error);
}

static void print(const struct cli_call *call, const struct matrix *m)
{
	if (call->json) {
		cli_print_json(matrix_json(m));
		return;
	}
	g_autofree char *text = matrix_text(m, terminal_width());
	fputs(text, stdout);
}

/* What could not be kept is judged again next time. */
static void save(cache *answers)
{
	g_autoptr(GError) cause = NULL;

	if (!cache_save(answers, &cause))
		fprintf(stderr, "abide: warning: answers are not kept: %s\n", cause->message);
}

static int run(const struct cli_call *call, GError **error)
{
	const struct matrix_options *o = call->options;
	g_autoptr(fleet) fleet = pin_open_fleet(&o->pin, error);
	g_autoptr(GPtrArray) channels = fleet ? fleet_channels(fleet, (const char *const *)call->arguments, error) : NULL;
	g_autoptr(waivers) list = NULL;
	struct users_waivers waivers = {0};

	if (channels == NULL || !cli_today(&waivers.today, error))
		return -1;
	if (o->waivers != NULL && (list = waivers_read(o->waivers, error)) == NULL)
		return -1;
	waivers.list = list;
	const struct matrix_request request = {fleet, channels, (const char *const *)o->libraries,
					       (const char *const *)o->services, &waivers, waivers.today};
	g_autofree char *path = cache_path();
	g_autoptr(cache) answers = cache_open(path);
	g_autoptr(matrix) m = matrix_new(&request, answers, error);
	if (m == NULL || (o->html != NULL && !write_page(m, o->html, error)))
		return -1;
	save(answers);
	print(call, m);
	return CLI_DONE;
}

static const struct cli_option rows[] = {
	{"library", 'l', CLI_STRINGS, G_STRUCT_OFFSET(struct matrix_options, libraries), "PACKAGE",
	 "only this library; may be given again (default: the fleet's, else all that a service is linked to)"},
	{"service", 's', CLI_STRINGS, G_STRUCT_OFFSET(struct matrix_options, services), "PACKAGE",
	 "only this service; may be given again"},
	{"waivers", 0, CLI_STRING, G_STRUCT_OFFSET(struct matrix_options, waivers), "FILE",
	 "findings that somebody decided to live with, as abide-waivers(5)"},
	{"html", 0, CLI_STRING, G_STRUCT_OFFSET(struct matrix_options, html), "FILE",
	 "write it as a page that needs no other file, too"},
	PIN_FLEET_ROW,
	{0},
};

const struct cli_command cmd_pin_matrix = {
	.name = "pin",
	.verb = "matrix",
	.arguments = "[CUSTOMER...]",
	.most = G_MAXUINT,
	.summary = "show which services and customers run with which versions of a library, without being rebuilt",
	.options = rows,
	.options_size = sizeof(struct matrix_options),
	.run = run,
};
