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
	GHashTable *symbols;  /* "name@node" -> struct base_since *; to be read by base_symbols only */
	char *shlibs;         /* a dependency to be taken as it is, or NULL */
	gboolean complete;    /* `symbols` holds every symbol there is, so that a missing one is an error */
	/* Symbols that are still to be put into `symbols`: most libraries of a base are never asked for. */
	GArray *later;	  /* struct base_later; NULL: none */
	GRefString *text; /* what they point into */
	gsize read;	  /* for g_once_init_enter */
};

/* Symbols of one node since one version, a line of abide-base(5). */
struct base_later {
	const char *node, *version;
	char *symbols; /* separated by tabs */
	guint template;
};

/* Since when something is there, and which template says so. */
struct base_since {
	guint template;
	char version[]; /* Debian version */
};

/* What the relations of a package are about. Breaks of a .deb are conflicts. */
enum base_relation {
	BASE_PROVIDES, /* of an rpm, also the files that other packages may require by path */
	BASE_DEPENDS,
	BASE_CONFLICTS,
	BASE_OBSOLETES, /* rpm only */
	BASE_RELATIONS,
};

/* One package of a base. */
struct base_package {
	gboolean available; /* not installed: the system's repositories have it */
	char *name, *version, *arch;
	char *multi_arch; /* deb: "same", "foreign" or "allowed"; NULL: neither */
	/* deb: as a control field has them; rpm: "name" or "name >= evr", separated by tabs. NULL: none. */
	char *relations[BASE_RELATIONS];
};

/* base_package_free: NULL is fine. */
void base_package_free(struct base_package *package);
typedef struct base_package base_package;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(base_package, base_package_free)

/* What a system provides. Only one family's part is in use: deb fills libraries, rpm capabilities, both packages. */
struct base {
	enum package_family family;
	char *name; /* "debian-12", for messages; NULL: nothing has said */
	char *arch; /* the family's name of it; NULL: nothing has said */
	GHashTable *libraries;    /* "libz.so.1" -> struct base_library * */
	GHashTable *capabilities; /* rpm: "libz.so.1(ZLIB_1.2.9)(64bit)" */
	GPtrArray *packages;	  /* struct base_package *, in any order; empty where nothing is known of them */
};

/* base_new: an empty one. base_free: NULL is fine. */
struct base *base_new(enum package_family family);
void base_free(struct base *base);
typedef struct base base;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(base, base_free)

/* base_take_over: move everything out of another base of the same family; libraries of one soname are replaced. */
void base_take_over(struct base *base, struct base *from);

/*
 * base_find: the library of this soname, or NULL.
 *
 * A shlibs file says `libfoo 1.2` for libfoo.so.1.2 and libfoo-1.2.so alike; it is kept under the first name, and found
 * by both.
 */
struct base_library *base_find(const struct base *base, const char *soname);

/* base_add_library: the library of this soname, made when it is new. For readers. */
struct base_library *base_add_library(struct base *base, const char *soname);

/* base_symbols: the table of the library's symbols, complete. Thread-safe, as long as nothing is added to the library. */
GHashTable *base_symbols(const struct base_library *library);

/*
 * base_since_when: since which version a library has a symbol. node NULL: unversioned.
 *
 * NULL when it does not have it, as far as is known: see base_library.complete.
 */
const struct base_since *base_since_when(const struct base_library *library, const char *symbol, const char *node);

/* base_add_since: note a version in a table of base_library; a lower one that is there already stays. */
void base_add_since(GHashTable *table, const char *key, const char *version, guint template);

#endif
