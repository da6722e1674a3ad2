/* YAML files: read into structs by a schema, with errors that say where and what instead, and edited in place. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CORE_YAML_H
#define CORE_YAML_H

#include <cyaml/cyaml.h>
#include <glib.h>

/* The largest file that is read, in bytes: these are files that people write. */
#define YAMLFILE_CEILING ((gsize)1 << 20)

/* What is wrong with a file. Every message begins with "NAME:LINE:COLUMN: ", counted from 1, columns in characters. */
#define YAMLFILE_ERROR yamlfile_error_quark()
GQuark yamlfile_error_quark(void);
enum yamlfile_error {
	YAMLFILE_ERROR_SYNTAX, /* not YAML, or a part of YAML that is not taken: aliases, tags, two documents, a key twice */
	YAMLFILE_ERROR_SCHEMA, /* an unknown or a missing key, or a value of another type */
};

/*
 * A YAML file that has been parsed: its text, and where each value stands in it. Immutable; may be shared between
 * threads.
 *
 * Places are written as people would: "packages[2].version" is the value of the key `version` in the third element of
 * the list `packages`; "" is the whole document. A key that holds a dot or a bracket has no such name.
 */
struct yamlfile;

/*
 * yamlfile_read: read and parse PATH, of at most YAMLFILE_CEILING bytes.
 * yamlfile_parse: parse text that is already in memory; keeps a reference to it. name is what errors call it.
 *
 * Both return a new file for yamlfile_free, or NULL with a G_FILE_ERROR or a YAMLFILE_ERROR_SYNTAX.
 */
struct yamlfile *yamlfile_read(const char *path, GError **error);
struct yamlfile *yamlfile_parse(const char *name, GBytes *text, GError **error);

/* yamlfile_free: NULL is fine. */
void yamlfile_free(struct yamlfile *file);
typedef struct yamlfile yamlfile;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(yamlfile, yamlfile_free)

/* yamlfile_bytes: the text of the file, byte for byte. Returns a new reference. */
GBytes *yamlfile_bytes(const struct yamlfile *file);

/*
 * yamlfile_load: fill in a struct by a libcyaml schema (see cyaml.h).
 *
 * schema: its top is a CYAML_MAPPING with CYAML_FLAG_POINTER. Keys without CYAML_FLAG_OPTIONAL must be there. Strings
 *   take any scalar as it is written (version: 1.10 stays "1.10"); booleans only true/false, yes/no, on/off.
 * value: receives the new struct; free it with yamlfile_release and the same schema.
 *
 * FALSE with a YAMLFILE_ERROR_SCHEMA that names the nearest known key, or the values that there are:
 *
 *     acme.yaml:4:5: unknown key 'versoin'; did you mean 'version'?
 *     acme.yaml:5:11: packages[0].until: expected a text, found a list
 *     acme.yaml:3:5: packages[0]: the key 'reason' is missing
 */
gboolean yamlfile_load(const struct yamlfile *file, const cyaml_schema_value_t *schema, gpointer *value,
			GError **error);
/*
 * yamlfile_load_list: the same for a file whose top is a list: schema is a CYAML_SEQUENCE with CYAML_FLAG_POINTER, and
 * *n receives the number of elements. Free with yamlfile_release_list.
 */
gboolean yamlfile_load_list(const struct yamlfile *file, const cyaml_schema_value_t *schema, gpointer *items, guint *n,
			    GError **error);
void yamlfile_release_list(const cyaml_schema_value_t *schema, gpointer items, guint n);

/* yamlfile_release: free what yamlfile_load made; NULL is fine. */
void yamlfile_release(const cyaml_schema_value_t *schema, gpointer value);

/* yamlfile_has: is there a value, other than nothing at all, at PLACE? */
gboolean yamlfile_has(const struct yamlfile *file, const char *place);

/*
 * yamlfile_keys: the keys of the mapping at PLACE, in their order, NULL-terminated; none where there is nothing.
 *
 * For mappings whose keys are anybody's, which a schema cannot list. The value of one is yamlfile_text of
 * "PLACE.KEY". Caller frees (g_strfreev). NULL with a YAMLFILE_ERROR_SCHEMA when it is no mapping of texts, or when a key
 * has a dot or a bracket.
 */
char **yamlfile_keys(const struct yamlfile *file, const char *place, GError **error);

/* yamlfile_text: the scalar at PLACE (caller frees), or NULL. */
char *yamlfile_text(const struct yamlfile *file, const char *place);

/*
 * yamlfile_fail: set an error "NAME:LINE:COLUMN: message" for the value at PLACE, or for the nearest one above it that
 * the file has. Returns FALSE, for `return yamlfile_fail(...)`.
 */
gboolean yamlfile_fail(const struct yamlfile *file, const char *place, GError **error, GQuark domain, int code,
			const char *format, ...) G_GNUC_PRINTF(6, 7);

/*
 * The edits below return the new text of the whole file, in which every byte outside of the edited value is what it
 * was: comments, quotes, indentation, line ends. They follow the style of the surroundings (block or flow). The caller
 * parses the result before it takes the place of anything: an edit of a layout that nobody foresaw must not be believed.
 */

/* One `key: value` to write; value is text and is quoted when YAML needs it. Arrays end with a pair without a key. */
struct yamlfile_pair {
	const char *key;
	const char *value;
};

/*
 * yamlfile_set: give keys of the mapping at PLACE these values; a key that is not there is added behind the last one.
 * yamlfile_append: add a mapping of these pairs to the end of the list at PLACE ("packages", "hosts[0].services"); makes
 *   the list if needed, but not what it is in.
 * yamlfile_remove: take the element INDEX out of the list at PLACE; comments inside of it go with it.
 *
 * NULL when PLACE, the list or the element is not there, or has another type.
 */
GBytes *yamlfile_set(const struct yamlfile *file, const char *place, const struct yamlfile_pair *pairs);
GBytes *yamlfile_append(const struct yamlfile *file, const char *place, const struct yamlfile_pair *pairs);
GBytes *yamlfile_remove(const struct yamlfile *file, const char *place, guint index);

/*
 * yamlfile_quote: TEXT (UTF-8) as one YAML scalar on one line: plain when it is a harmless word, else in double quotes.
 * Caller frees.
 */
char *yamlfile_quote(const char *text);

#endif
