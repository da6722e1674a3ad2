/* Debian's paragraphs: see deb822.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/deb822.h"
#include "publish/error.h"

#include <string.h>

/* More than any real paragraph has; keeps the search for doubles from growing with hostile input. */
#define MOST_FIELDS 256

void deb822_clear(struct deb822 *d)
{
	if (d->fields != NULL)
		g_array_unref(d->fields);
	*d = (struct deb822){0};
}

static gboolean bad(GError **error, const char *what, const char *line, gsize size)
{
	g_autofree char *shown = g_strndup(line, MIN(size, 60));
	g_autofree char *escaped = g_strescape(shown, NULL);

	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "%s: \"%s\"", what, escaped);
	return FALSE;
}

static gboolean blank(char c)
{
	return c == ' ' || c == '\t';
}

static gboolean name_character(char c)
{
	return c > ' ' && c < 0x7f && c != ':';
}

static gboolean has_control(const char *line, gsize size)
{
	for (gsize i = 0; i < size; i++)
		if (((guchar)line[i] < ' ' && line[i] != '\t') || line[i] == 0x7f)
			return TRUE;
	return FALSE;
}

static void trim(const char **at, const char *end, gsize *size)
{
	while (*at < end && blank(**at))
		(*at)++;
	while (end > *at && blank(end[-1]))
		end--;
	*size = (gsize)(end - *at);
}

static const struct deb822_field *find(const struct deb822 *d, const char *name, gsize size)
{
	for (guint i = 0; i < d->fields->len; i++) {
		const struct deb822_field *f = &g_array_index(d->fields, struct deb822_field, i);
		if (f->name_size == size && g_ascii_strncasecmp(f->name, name, size) == 0)
			return f;
	}
	return NULL;
}

static gboolean begin_field(struct deb822 *d, const char *line, const char *end, GError **error)
{
	struct deb822_field f = {.name = line};

	while (line + f.name_size < end && name_character(line[f.name_size]))
		f.name_size++;
	if (f.name_size == 0 || line + f.name_size == end || line[f.name_size] != ':' || *line == '#' || *line == '-')
		return bad(error, "not a field", line, (gsize)(end - line));
	if (find(d, f.name, f.name_size) != NULL)
		return bad(error, "the field is there twice", line, f.name_size);
	if (d->fields->len == MOST_FIELDS)
		return bad(error, "too many fields", line, f.name_size);
	f.value = line + f.name_size + 1;
	trim(&f.value, end, &f.value_size);
	g_array_append_val(d->fields, f);
	return TRUE;
}

static gboolean take_line(struct deb822 *d, const char *line, const char *end, GError **error)
{
	if (has_control(line, (gsize)(end - line)))
		return bad(error, "control character in the line", line, (gsize)(end - line));
	if (!blank(*line))
		return begin_field(d, line, end, error);
	if (d->fields->len == 0)
		return bad(error, "not a field", line, (gsize)(end - line));
	struct deb822_field *last = &g_array_index(d->fields, struct deb822_field, d->fields->len - 1);
	last->value_size = (gsize)(end - last->value);
	return TRUE;
}

gboolean deb822_next(struct deb822 *d, const char **cursor, const char *end, GError **error)
{
	const char *line = *cursor;

	if (d->fields == NULL)
		d->fields = g_array_new(FALSE, FALSE, sizeof(struct deb822_field));
	g_array_set_size(d->fields, 0);
	while (line < end && *line == '\n')
		line++;
	d->text = line;
	while (line < end && *line != '\n') {
		const char *newline = memchr(line, '\n', (gsize)(end - line));
		const char *stop = newline ? newline : end;
		if (!take_line(d, line, stop, error))
			return FALSE;
		line = newline ? newline + 1 : end;
	}
	d->size = (gsize)(line - d->text);
	*cursor = line;
	return TRUE;
}

const struct deb822_field *deb822_find(const struct deb822 *d, const char *name)
{
	return find(d, name, strlen(name));
}

char *deb822_get(const struct deb822 *d, const char *name)
{
	const struct deb822_field *f = deb822_find(d, name);

	return f ? g_strndup(f->value, f->value_size) : NULL;
}

gboolean deb822_name_is(const struct deb822_field *field, const char *name)
{
	return strlen(name) == field->name_size && g_ascii_strncasecmp(field->name, name, field->name_size) == 0;
}
