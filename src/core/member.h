/* Members of JSON objects, as reports write them. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CORE_MEMBER_H
#define CORE_MEMBER_H

#include <json-glib/json-glib.h>

/*
 * Each adds one member to the object that B is in.
 *
 * member_text: bytes that are not UTF-8, as a name of a file may have, become U+FFFD: JSON is UTF-8 (RFC 8259, 8.1). NULL is null.
 * member_texts: an array of such texts, NULL-terminated; NULL is an empty one.
 * member_array: begins an array; the caller ends it.
 */
void member_text(JsonBuilder *b, const char *name, const char *value);
void member_texts(JsonBuilder *b, const char *name, char *const *values);
void member_number(JsonBuilder *b, const char *name, guint64 value);
void member_flag(JsonBuilder *b, const char *name, gboolean value);
void member_array(JsonBuilder *b, const char *name);

#endif
