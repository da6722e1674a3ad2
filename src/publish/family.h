/* The two families of packages: what a repository does for each, behind one table. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_FAMILY_H
#define PUBLISH_FAMILY_H

#include "core/version.h"
#include "publish/generation.h"
#include "publish/intake.h"
#include "publish/keyring.h"
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
	char *record[3]; /* what the indexes say of it, verbatim. deb: stanza; rpm: primary, filelists, other */
};
typedef struct entry entry;
void entry_free(entry *e);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(entry, entry_free)

/* entry_compare: by family, name, version in the family's order, architecture and path; for g_ptr_array_sort. */
gint entry_compare(gconstpointer a, gconstpointer b);

/* One suite of a repository directory, as the families need to see it. */
struct site {
	char *dir;         /* the repository's top */
	release *settings; /* from the signed Release file */
	keyring *keys;
	GBytes *certificate; /* the public key, binary */
	gint64 when;         /* of the publication being made */
};

/*
 * A family of packages. A new one is a new row in families[] and one file.
 *
 * directory: below the repository's top, where the indexes are; "%s" stands for the suite.
 * last: the files of that directory that point at all others, in the order of replacing them (generation_new).
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
 *   when the directory is not replaced; else their files are carried over (generation_carry).
 */
struct family {
	const char *name;
	const guint8 *magic; /* how a package file begins */
	gsize magic_size;
	version_compare_fn compare;
	const char *directory;
	const char *const *last;
	entry *(*read)(const struct site *site, intake *in, const char *copy, GError **error);
	gboolean (*load)(const struct site *site, GPtrArray *entries, GError **error);
	GPtrArray *(*lasting)(const struct site *site);
	gboolean (*render)(const struct site *site, GPtrArray *entries, generation *next, release *r, GError **error);
	void (*carry)(const struct site *site, generation *next, release *r);
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
