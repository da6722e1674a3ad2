/* What the files of the command judge share. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_JUDGE_H
#define CLI_JUDGE_H

#include "cli/cli.h"
#include "inspect/input.h"
#include "judge/consumer.h"
#include "judge/page.h"
#include "judge/waiver.h"

struct judge_options {
	char **headers;
	char **old_headers;
	char **debug_dirs;
	char **debug_packages;
	char **used_by; /* programs */
	char *floor;    /* a program */
	char *waivers;
	char *old_version, *new_version;
	char *released; /* a folder or repository */
	char *html; /* a file to write the page to */
	gboolean explain;
};

/* What the forms of the command work on; all of it read. */
struct judge_input {
	const struct cli_call *call;
	const GPtrArray *libraries; /* struct facts *, in the order of the command line */
	const GPtrArray *programs;  /* struct facts *; one for judge_floor */
	const struct waivers *waivers; /* NULL for none */
	struct page *page;             /* what is shown is added to it; NULL without --html */
	GDate today;
};

/* judge_used_by: print what the last library, in place of the one before it if there is one, does to each program. */
int judge_used_by(const struct cli_call *call, const struct judge_input *input);

/* judge_floor: print which library is the oldest that has everything that the program uses. */
int judge_floor(const struct cli_call *call, const struct judge_input *input);

/*
 * judge_released: print, for each library of INPUTS, what it is after the newest release that options->released holds,
 * and whether it keeps the release law. Returns the exit code, or -1 with an error of released_find.
 */
int judge_released(const struct judge_input *input, const GPtrArray *inputs, const struct input_sources *sources,
		   GError **error);

/*
 * judge_pair: judge one library, show the verdict, and return its word.
 *
 * list: NULL, or an array that is being built, which the verdict is added to instead.
 */
enum verdict_word judge_pair(const struct judge_input *input, const struct facts *older, const struct facts *newer,
			     JsonBuilder *list);

/* judge_packages: the same for all libraries of two packages, or of a package and a file; the worst word. */
enum verdict_word judge_packages(const struct judge_input *input, const struct input *older, const struct input *newer);

/* judge_exit: the exit code for a word. */
enum cli_exit judge_exit(enum verdict_word word);

/* judge_print: a report that begins with WORD, which is painted. */
void judge_print(enum verdict_word word, const char *text);

#endif
