/* The two families of packages: what a repository does for each, behind one table. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_FAMILY_H
#define PUBLISH_FAMILY_H

#include "core/version.h"
#include "publish/generation.h"
#include "publish/intake.h"
#include "publish/keyring.h"
#include "publish/relations.h"
#include "publish/release.h"

#include <glib.h>

/* One published package. */
struct entry {
	const struct family *family;
	char *name;
	char *version; /* with epoch and release, as the family writes it */
	char *arch;
	char *path;   /* of its file, from the repository's top. The identity: two packages of one path are the same */
	char *sha256; /* of the file */
	guint64 size;
	gboolean templates; /* deb, once its file was read: it has a symbols or shlibs file (templates.h) */
	char *record[3]; /* what the indexes say of it, without a last newline. deb: stanza; rpm: primary, filelists, other, */
			 /* the latter two without their heads (rpmindex.c) if it was read from its file */
	GPtrArray *texts; /* GBytes *: what record[] of a published one points into; NULL: it was read from its file */
	gboolean whole;   /* one piece of memory, but for `texts`; else all strings are g_malloc's */
};
typedef struct entry entry;
void entry_free(entry *e);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(entry, entry_free)

/* entry_pack: E, which was read from its file, in one piece of memory: there may be very many. E is freed. */
entry *entry_pack(entry *e);

/* A piece of a larger text. */
struct slice {
	const char *text;
	gsize size;
};

/*
 * entry_published: an entry read back from indexes, in one piece of memory: there may be very many.
 *
 * name, version, arch, path, sha256: copied. texts: a reference is taken. The caller sets size and record[].
 */
entry *entry_published(const struct family *family, GPtrArray *texts, struct slice name, struct slice version,
		       struct slice arch, struct slice path, struct slice sha256);

/* entry_compare: by family, name, version in the family's order, architecture and path; for g_ptr_array_sort. */
gint entry_compare(gconstpointer a, gconstpointer b);

/* One suite of a repository directory, as the families need to see it. */
struct site {
	char *dir;         /* the repository's top */
	release *settings; /* from the signed Release file */
	keyring *keys;
	gint64 when;         /* of the publication being made */
};

/*
 * A family of packages. A new one is a new row in families[] and one file.
 *
 * relations: the names that a record needs or provides (relations.h).
 * directory: below the repository's top, where the indexes are; "%s" stands for the suite.
 * last: the files of that directory that point at all others, in the order of replacing them (generation_new).
 * pair: the two files of it that clients fetch one after the other and that fit only together (readers.h); NULL: none.
 * read: take in one package; NULL with PUBLISH_ERROR_INPUT, PUBLISH_ERROR_SIGNATURE or PUBLISH_ERROR_DIGEST. COPY is
 *   the path of the copy that IN writes, complete and safe from changes once IN is finished.
 * load: append the packages of the published indexes (struct entry *), which are verified from the signature down;
 *   FALSE with PUBLISH_ERROR_SIGNATURE, PUBLISH_ERROR_DIGEST, or PUBLISH_ERROR_INPUT (signed, but not as we write).
 *   Nothing is loaded of a family that a publication leaves as it is.
 * lasting: the paths, from the directory, of the index files named by their digest that the published state has
 *   (char *): readers in the middle of that state need them for a while.
 * render: fill NEXT with the indexes of ENTRIES, all of this family and in the order of entry_compare, and note in the
 *   next Release file R what it says of them. Nothing is published by that and nothing signed: what is to be signed is
 *   added by generation_add_signature. FALSE with an error of codec.h or createrepo.h.
 * carry: the indexes stay as they are: note in R what it says of them, from the present Release file alone. NEXT is NULL
 *   when the directory is not replaced; else their files are carried over (generation_carry), and what of them is signed
 *   is added to be signed again. FALSE with an error of load.
 */
struct family {
	const char *name;
	const guint8 *magic; /* how a package file begins */
	gsize magic_size;
	version_compare_fn compare;
	void (*relations)(const char *record, gsize size, enum relations_side side, relations_fn fn, gpointer user);
	const char *directory;
	const char *const *last;
	const char *const *pair;
	entry *(*read)(const struct site *site, intake *in, const char *copy, GError **error);
	gboolean (*load)(const struct site *site, GPtrArray *entries, GError **error);
	GPtrArray *(*lasting)(const struct site *site);
	gboolean (*render)(const struct site *site, GPtrArray *entries, generation *next, release *r, GError **error);
	gboolean (*carry)(const struct site *site, generation *next, release *r, GError **error);
};

#define FAMILIES 2

/* FAMILIES of them, then a NULL. */
extern const struct family *const families[FAMILIES + 1];
extern const struct family family_deb;
extern const struct family family_rpm;

/* family_index: the row of a family in families[]. */
guint family_index(const struct family *family);

/* family_directory: where the family's indexes of that suite are; caller frees. */
char *family_directory(const struct family *family, const struct site *site);

/* entry_path_in: where the same package is or would be for another suite of the directory; caller frees. */
char *entry_path_in(const entry *e, const char *own_suite, const char *suite);

/* family_of: which family's package IN begins with; NULL with a PUBLISH_ERROR_INPUT. Nothing is consumed. */
const struct family *family_of(intake *in, GError **error);

#endif
