/* Debian's "Field: value" paragraphs: control files, Packages and Release. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_DEB822_H
#define PUBLISH_DEB822_H

#include <glib.h>

/* One field, as slices of the text it was read from. */
struct deb822_field {
	const char *name;
	gsize name_size;
	const char *value; /* without the blanks around it; further lines with the blank that begins them */
	gsize value_size;
};

/* One paragraph. fields: GArray of struct deb822_field, in file order; valid as long as the text. */
struct deb822 {
	const char *text;
	gsize size; /* up to the end of the last line, newline included */
	GArray *fields;
};
typedef struct deb822 deb822;
void deb822_clear(struct deb822 *d);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(deb822, deb822_clear)

/*
 * deb822_next: read the paragraph at *cursor and move *cursor behind it.
 *
 * d: zero-initialised, or from an earlier call, whose array is used again.
 * cursor, end: the rest of the text; blank lines before a paragraph are skipped.
 *
 * Returns TRUE with d->fields empty at the end of the text, and FALSE with a PUBLISH_ERROR_INPUT for a line that is
 * no field, a field that is there twice, and a NUL or other control character. Field names are printable ASCII
 * without colon (Debian Policy 5.1).
 */
gboolean deb822_next(struct deb822 *d, const char **cursor, const char *end, GError **error);

/* deb822_find: the field of that name (case does not matter), or NULL. */
const struct deb822_field *deb822_find(const struct deb822 *d, const char *name);

/* deb822_get: the value of a field in a new string, or NULL. */
char *deb822_get(const struct deb822 *d, const char *name);

/* deb822_name_is: whether a field has that name. */
gboolean deb822_name_is(const struct deb822_field *field, const char *name);

#endif
