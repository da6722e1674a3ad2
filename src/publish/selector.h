/* Which packages somebody means by NAME[=VERSION][:ARCH]. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_SELECTOR_H
#define PUBLISH_SELECTOR_H

#include <glib.h>

/* Each part is a name or a pattern in which "*" stands for any text and "?" for one character: no package has those in it. */
struct selector {
	char *name, *version, *arch; /* version, arch: NULL for any */
};
typedef struct selector selector;

/* selector_parse: any text is one; for selector_clear. */
struct selector selector_parse(const char *text);
void selector_clear(struct selector *s);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(selector, selector_clear)

/* selector_matches: whether it means that package. */
gboolean selector_matches(const struct selector *s, const char *name, const char *version, const char *arch);

#endif
