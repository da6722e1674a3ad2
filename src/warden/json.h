/* A strict JSON reader (RFC 8259), pulled by its caller. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARDEN_JSON_H
#define WARDEN_JSON_H

#include "error.h"
#include "memory.h"

#define JSON_DEPTH_MAX 128

/*
 * The source must be UTF-8. `at` is where the next value or separator, perhaps after white space,
 * begins.
 */
struct json {
	const struct source *source;
	size_t at;
	int depth;
	struct warden_error *error;
};

/* An object or array that is being read. */
struct json_list {
	char close;
	bool started;
};

/*
 * All functions return false with json->error filled if the text does not have what is asked for.
 *
 * An array or object is read as: json_open(), then as long as json_more() says so, one value each
 * (in an object, a key before it).
 */

/* Skips white space; returns the first byte of what follows, '\0' at the end of the text. */
char json_peek(struct json *json);

/* Enters an array ('[') or an object ('{'); `expected` names it in the error. */
bool json_open(struct json *json, char open, struct json_list *list, const char *expected);

/* Whether one more member follows: then reads up to it, else past the closing bracket. */
bool json_more(struct json *json, struct json_list *list, bool *more);

/* Appends the value of a string to out. */
bool json_string(struct json *json, struct buffer *out, const char *expected);

/* Reads an object's key into out, which is emptied, and the colon. */
bool json_key(struct json *json, struct buffer *out);

/* Checks and passes over one value of any kind. */
bool json_skip(struct json *json);

/* Checks that nothing but white space is left. */
bool json_end(struct json *json);

#endif
