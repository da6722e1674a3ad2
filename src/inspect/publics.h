/* Which files are a library's public headers: by their real paths, never by their names. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_PUBLICS_H
#define INSPECT_PUBLICS_H

#include <glib.h>

/* The headers that a command line names. Begin with .paths set and the rest zero. */
struct publics {
	const char *const *paths; /* files, and folders that stand for every header below them; NULL-terminated */
	gboolean is_cxx;          /* they are C++ (language.h) */
	GPtrArray *files;         /* char *, absolute: what is to be included, in order */
	GHashTable *from_folder;  /* those of them that only a folder stands for */
	gboolean postponed;       /* FILES was put into another order; of the compiler's driver */
	GHashTable *real;         /* the real paths of all */
	GPtrArray *folders;       /* char *: real paths of the folders that were named, each ending in a slash */
	GPtrArray *beside;        /* those of the folders in which named files are */
	GPtrArray *search;        /* char *: folders in which headers find each other */
	GHashTable *system;       /* real paths that publics_has was told to be the system's */
	GHashTable *answers;      /* of publics_has, by path as asked */
};

/* publics_collect: fill in the rest. FALSE with a FACTS_ERROR_HEADERS: no such file, or no header at all. */
gboolean publics_collect(struct publics *publics, GError **error);

/* publics_leave_out: do not include this one of FILES, if only a folder stands for it. It stays public. */
void publics_leave_out(struct publics *publics, const char *file);

/* publics_postpone: include this one of FILES last, if only a folder stands for it. */
void publics_postpone(struct publics *publics, const char *file);

/*
 * publics_has: is a file that the compiler met a public header?
 *
 * It is when it was named, when it is below a folder that was named, and when it is below the folder of a header that was
 * named and the compiler did not find it as one of the system's: a header's own parts are beside it. is_system: the
 * compiler says now that it is one; that holds for later questions about the file.
 */
gboolean publics_has(struct publics *publics, const char *path, gboolean is_system);

void publics_clear(struct publics *publics);
typedef struct publics publics;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(publics, publics_clear)

#endif
