/* A base: what a target system, such as Debian 12, provides to programs; where a .deb's dependencies come from. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_BASE_H
#define PACK_BASE_H

#include "pack/package.h"

/* What deb-symbols(5) calls the node of symbols without versions. */
#define BASE_UNVERSIONED "Base"

/*
 * One shared library of a base, as its package's symbols file (deb-symbols(5)) or shlibs file (deb-shlibs(5)) has it.
 *
 * A dependency is a template: "libtinfo6 #MINVER#, libtinfo6 (<< 6.5~)"; #MINVER# becomes "(>= VERSION)", or nothing.
 */
struct base_library {
	char *soname;
	GPtrArray *templates; /* char *; the first is the usual one; none: the library is known by `shlibs` only */
	GHashTable *nodes;    /* version node, "Base" for none -> struct base_since *: of all its symbols but those below */
	GHashTable *symbols;  /* "name@node" -> struct base_since * */
	char *shlibs;         /* a dependency to be taken as it is, or NULL */
	gboolean complete;    /* `symbols` holds every symbol there is, so that a missing one is an error */
};

/* Since when something is there, and which template says so. */
struct base_since {
	char *version; /* Debian version */
	guint template;
};

/* What a system provides. Only one family's part is in use: deb fills libraries, rpm capabilities. */
struct base {
	enum package_family family;
	char *name; /* "debian-12", for messages; NULL while nothing was added */
	char *arch; /* the family's name of it; NULL: none stated */
	GHashTable *libraries;    /* "libz.so.1" -> struct base_library * */
	GHashTable *capabilities; /* rpm: "libz.so.1(ZLIB_1.2.9)(64bit)" */
};

/* base_new: an empty one. base_free: NULL is fine. */
struct base *base_new(enum package_family family);
void base_free(struct base *base);
typedef struct base base;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(base, base_free)

/* base_names: the bases that come with abide, NULL-terminated and sorted: "debian-12-amd64". Caller frees with g_strfreev. */
char **base_names(void);

/*
 * base_text: the base as a file, abide-base(5) (caller frees). Same contents, same bytes.
 *
 * For each version node the lowest version of its symbols is written, and by name only the symbols that came later: a
 * tenth of the symbols files, and the same dependencies for every program that can be linked there.
 */
char *base_text(const struct base *base);

/*
 * base_parse: add what a file in that format holds. name: for messages.
 *
 * FALSE with PACK_ERROR_INPUT, "NAME:LINE: what is wrong": also when it is for another family or architecture.
 */
gboolean base_parse(struct base *base, const char *name, GBytes *text, GError **error);

/* base_family_of: which family a base file is for; FALSE with PACK_ERROR_INPUT when it is none. */
gboolean base_family_of(const char *name, GBytes *text, enum package_family *family, GError **error);

/* base_shipped: the text of one that comes with abide, by name with or without "-ARCH"; NULL when there is none. */
GBytes *base_shipped(const char *name, const char *arch);

/* base_take_over: move everything out of another base of the same family; libraries of one soname are replaced. */
void base_take_over(struct base *base, struct base *from);

/* base_find: the library of this soname, or NULL. */
struct base_library *base_find(const struct base *base, const char *soname);

/* base_add_library: the library of this soname, made when it is new. For readers (base_debian.h). */
struct base_library *base_add_library(struct base *base, const char *soname);

/*
 * base_since_when: since which version a library has a symbol. node NULL: unversioned.
 *
 * NULL when it does not have it, as far as is known: see base_library.complete.
 */
const struct base_since *base_since_when(const struct base_library *library, const char *symbol, const char *node);

/* base_add_since: note a version; a lower one that is there already stays. */
void base_add_since(GHashTable *table, const char *key, const char *version, guint template);

#endif
