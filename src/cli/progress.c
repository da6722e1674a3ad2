/* Progress bars: see progress.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/progress.h"
#include "core/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BEGIN_AFTER G_USEC_PER_SEC
#define DRAW_EVERY (G_USEC_PER_SEC / 10)

/* Narrower terminals get no bar, wider ones no longer bar. */
#define NARROWEST 20
#define BAR_MOST 40

static int width_of_terminal(void)
{
	struct winsize size = {0};

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

static char *numbers(const struct cli_progress *p, enum progress_unit unit, guint64 done, guint64 total)
{
	gint64 spent = MAX(1, g_get_monotonic_time() - p->begun);

	if (unit == PROGRESS_PIECES)
		return total ? g_strdup_printf("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT, done, total)
			     : g_strdup_printf("%" G_GUINT64_FORMAT, done);
	g_autofree char *is = g_format_size(done);
	g_autofree char *of = g_format_size(total);
	guint64 rate = (guint64)((double)done * G_USEC_PER_SEC / (double)spent);
	g_autofree char *per = g_format_size(rate);
	return total ? g_strdup_printf("%s of %s, %s/s", is, of, per) : g_strdup_printf("%s, %s/s", is, per);
}

/* "fetching [#####-----]  50% 1.0 MiB of 2.0 MiB, 1.0 MiB/s name", cut at the terminal's width. */
static void draw(struct cli_progress *p, enum progress_unit unit, guint64 done, guint64 total, const char *what)
{
	int width = width_of_terminal() - 1;
	g_autofree char *count = numbers(p, unit, done, total);
	g_autofree char *base = what ? g_path_get_basename(what) : g_strdup("");
	g_autofree char *name = text_one_line(base);
	g_autoptr(GString) line = g_string_new(p->doing);

	if (width < NARROWEST)
		return;
	if (total > 0) {
		guint64 part = MIN(done, total);
		int bar = MIN(BAR_MOST, width / 4), full = (int)((double)part / (double)total * bar);
		g_string_append(line, " [");
		for (int i = 0; i < bar; i++)
			g_string_append_c(line, i < full ? '#' : '-');
		g_string_append_printf(line, "] %3d%%", (int)((double)part / (double)total * 100));
	}
	g_string_append_printf(line, " %s %s", count, name);
	/* "MiB" is preceded by a no-break space: count characters, not bytes. */
	if (g_utf8_strlen(line->str, -1) > width)
		g_string_truncate(line, (gsize)(g_utf8_offset_to_pointer(line->str, width) - line->str));
	fprintf(stderr, "\r%s\033[K", line->str);
	fflush(stderr);
	p->drawn = TRUE;
}

static void report(gpointer user, enum progress_unit unit, guint64 done, guint64 total, const char *what)
{
	struct cli_progress *p = user;
	gint64 now = g_get_monotonic_time();

	if (now < p->next)
		return;
	p->next = now + DRAW_EVERY;
	draw(p, unit, done, total, what);
}

static gboolean can_draw(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term != NULL && *term != '\0' && strcmp(term, "dumb") != 0;
}

void cli_progress_begin(struct cli_progress *p, const struct cli_call *call, const char *doing)
{
	*p = (struct cli_progress){.progress = {report, p}, .doing = doing, .begun = g_get_monotonic_time()};
	p->next = !call->json && can_draw() ? p->begun + BEGIN_AFTER : G_MAXINT64;
}

void cli_progress_end(struct cli_progress *p)
{
	if (p->drawn) {
		fputs("\r\033[K", stderr);
		fflush(stderr);
	}
	p->drawn = FALSE;
	p->next = G_MAXINT64;
}
