/* Cedar identifiers and entity types. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARDEN_IDENTIFIER_H
#define WARDEN_IDENTIFIER_H

#include <stdbool.h>
#include <stddef.h>

/* The longest entity type, and the longest id, in bytes. */
#define NAME_LENGTH_MAX 65536

/*
 * The length of the identifier that bytes begin with ([_a-zA-Z][_a-zA-Z0-9]*), 0 if there is none.
 */
size_t identifier_length(const char *bytes, size_t length);

/* Whether Cedar keeps this word for itself, so that it cannot be part of an entity type. */
bool identifier_is_reserved(const char *bytes, size_t length);

/*
 * Whether the bytes are an entity type in normal form: identifiers that are not reserved, joined by
 * "::".
 */
bool type_is_valid(const char *bytes, size_t length);

/* Whether the last identifier of an entity type is "Action". */
bool type_is_action(const char *bytes, size_t length);

#endif
