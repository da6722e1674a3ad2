/* What public headers compile into callers: macros and functions with a body, read from preprocessed source. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_INLINED_H
#define INSPECT_INLINED_H

#include "inspect/facts.h"

/* Is this file, as a line marker names it, a public header? is_system: the marker says that it is one of the system's. */
typedef gboolean (*inlined_filter)(const char *path, gboolean is_system, gpointer data);

/*
 * inlined_parse: the macros that public headers leave defined, and the functions that they define.
 *
 * text: what `cc -E -dD` writes (line markers, #define and #undef lines, source; see "Preprocessor Output" in the manual
 *   of cpp), best with -fdirectives-only, which leaves macros in function bodies as they are written.
 * is_expanded: it was written without that; then functions are marked as such (facts_inlined.text).
 *
 * Only tokens count (ctoken.h), and the parameters of a macro by their place. Left out: include guards, names that begin
 * with two underscores (the implementation's own), and what is undefined again. A function is whatever has a parameter
 * list and a body at file level, whether the word `inline` stands there or in a macro; of its specifiers those before
 * `static`, `extern` or `inline` do not count.
 *
 * Returns an array of struct facts_inlined, sorted by name and kind, whose strings live in STRINGS. Any bytes are taken;
 * linear in their number.
 */
GArray *inlined_parse(const char *text, gsize size, gboolean is_expanded, GStringChunk *strings, inlined_filter is_public,
		      gpointer data);

#endif
