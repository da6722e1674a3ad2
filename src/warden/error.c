/* Filling the caller's struct warden_error. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "error.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Long paths lose their front: the end tells files apart. */
#define NAME_SHOWN 96

static bool is_printable(uint32_t point)
{
	return point >= 0x20 && (point < 0x7f || point > 0x9f);
}

/*
 * Makes text printable UTF-8, in place: outside bytes may stand in it, and formatting may have cut
 * a character in two.
 */
static void mend(char *text)
{
	size_t length = strlen(text), from = 0, to = 0;

	while (from < length) {
		uint32_t point;
		size_t size = utf8_decode(text + from, length - from, &point);

		if (size != 0 && is_printable(point)) {
			memmove(text + to, text + from, size);
			to += size;
		} else {
			text[to++] = '?';
		}
		from += size != 0 ? size : 1;
	}
	text[to] = '\0';
}

static void drop_cut_character(char text[WARDEN_ERROR_TEXT])
{
	size_t end = WARDEN_ERROR_TEXT - 1, start = end;
	uint32_t point;

	while (start > 0 && end - start < 4 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
		start--;
	if (start > 0 && (unsigned char)text[start - 1] >= 0xc0)
		start--;
	if (start < end && utf8_decode(text + start, end - start, &point) != end - start)
		text[start] = '\0';
}

static void fill_text(struct warden_error *error, size_t used, const char *format, va_list args)
{
	int written = vsnprintf(error->text + used, sizeof error->text - used, format, args);

	if (written > 0 && (size_t)written >= sizeof error->text - used)
		drop_cut_character(error->text);
	mend(error->text);
}

void error_clear(struct warden_error *error)
{
	error->code = WARDEN_OK;
	error->line = 0;
	error->column = 0;
	error->text[0] = '\0';
}

bool error_set(struct warden_error *error, int code, const char *format, ...)
{
	va_list args;

	error_clear(error);
	error->code = code;
	va_start(args, format);
	fill_text(error, 0, format, args);
	va_end(args);
	return false;
}

bool error_memory(struct warden_error *error)
{
	return error_set(error, WARDEN_ERROR_MEMORY, "out of memory");
}

bool error_at(struct warden_error *error, int code, const struct source *source, size_t offset,
	      const char *format, ...)
{
	size_t name_length = strlen(source->name);
	const char *name = source->name;
	va_list args;
	int used;

	if (name_length > NAME_SHOWN)
		name += name_length - NAME_SHOWN;
	error->code = code;
	utf8_position(source->bytes, offset, &error->line, &error->column);
	used = snprintf(error->text, sizeof error->text,
			"%s%s:%u:%u: ", name == source->name ? "" : "...", name,
			(unsigned)error->line, (unsigned)error->column);
	va_start(args, format);
	fill_text(error, used > 0 ? (size_t)used : 0, format, args);
	va_end(args);
	return false;
}
