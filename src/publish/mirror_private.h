/* What the files of the mirror share: mirror.c orders the steps, mirror_*.c know one thing each. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_MIRROR_PRIVATE_H
#define PUBLISH_MIRROR_PRIVATE_H

#include "publish/aptsource.h"
#include "publish/claim.h"
#include "publish/generation.h"
#include "publish/keyring.h"
#include "publish/mirror.h"
#include "publish/release.h"

/* The ceilings of files that nothing vouches for before they are read. */
#define MIRROR_MOST_RELEASE (16 * 1024 * 1024)
#define MIRROR_MOST_REPOMD (4 * 1024 * 1024)
#define MIRROR_MOST_SIGNATURE (1024 * 1024)

/* Of a state, a base and a key file, whose digests are signed, but not their sizes. A state with a million changes has
 * that. */
#define MIRROR_MOST_RECORD (256 * 1024 * 1024)

/* The most that an index may hold after decompression. */
#define MIRROR_MOST_INDEX (G_GUINT64_CONSTANT(4) << 30)

/* One run. */
struct mirror {
	const struct mirror_options *options;
	const char *dir;
	char *parts;
	source *source;
	keyring *keys;
	char *fingerprint;   /* the one key that counts; NULL: any of `keys` */
	gboolean keys_given; /* by a file: then they need not be those of before */
	struct claim claim;
	struct tally tally;
	mirror_result *result;
};

/* One metadata file, and where it goes. */
struct mirror_index {
	struct download *download;
	char *names[2]; /* from the part's directory; one may be NULL */
	char *group; /* files of one group hold the same in different compressions; NULL: no packages are named in it */
	guint64 open_size; /* the most it may hold */
};

/* One directory of metadata: an apt suite, or dnf's repodata. */
struct mirror_part {
	gboolean found;		 /* the source has one */
	gboolean changed;	 /* it is not what the mirror has */
	const char *const *last; /* of its files, those that point at all others (generation_new) */
	char *directory;	 /* from the top: "dists/stable" */
	char *base;		 /* what the paths of its packages are relative to: "" or "rpm/stable/" */
	GPtrArray *tops; /* struct mirror_top *: signatures and what they sign, the one to which all others hang last */
	GPtrArray *indexes; /* struct mirror_index * */
	GPtrArray *keep;    /* char *, from the directory: what the mirror's present generation has named by digest */
	char **signers;
	gint64 date, valid_until;
	release *settings; /* of an apt part that abide made; NULL: of any other */
	guint packages;	   /* that the indexes name, */
	guint64 size;	   /* and their bytes */
};

struct mirror_top {
	char *name;
	GBytes *bytes;
};

void mirror_part_init(struct mirror_part *part);
void mirror_part_clear(struct mirror_part *part);
void mirror_part_add_top(struct mirror_part *part, const char *name, GBytes *bytes);
/* mirror_part_add_index: takes the download over; it goes to NAME and, unless that is NULL, to LASTING, named by its
 * digest. */
struct mirror_index *mirror_part_add_index(struct mirror_part *part, struct download *download, const char *lasting,
					   const char *name);

/* Both parts of one suite, as one publication has them. */
struct mirror_attempt {
	struct mirror *m;
	const char *suite; /* NULL: the dnf repository at the top */
	struct mirror_part apt, dnf;
	GHashTable *wants;  /* path -> struct download *: every package named */
	GHashTable *names;  /* the paths, a set, of the indexes of both parts */
	GHashTable *known;  /* path -> digest: what the mirror's indexes name; made when it is needed */
	GPtrArray *records; /* struct mirror_record * (mirror_records.c): those that the mirror lacks */
	gboolean torn;	    /* the parts were of two publications */
};

/* ---- mirror.c ---- */

/* mirror_path: a path of the mirror; caller frees. */
char *mirror_path(const struct mirror *m, const char *path);

/* mirror_failed: set an error that begins with the source and the file. Returns FALSE. */
gboolean mirror_failed(const struct mirror *m, enum publish_error code, const char *file, const char *what,
		       GError **error);

/* mirror_is_file: whether a path is a regular file of that size; mirror_is_whole: and has the bytes of D. */
gboolean mirror_is_file(const char *path, guint64 size);
gboolean mirror_is_whole(const char *path, const struct download *d);

/* mirror_sync: flush the mirror's file system. FALSE with a G_FILE_ERROR. */
gboolean mirror_sync(const struct mirror *m, GError **error);

/* ---- mirror_part.c ---- */

/*
 * mirror_indexes_fetch: fetch what the mirror lacks of the metadata files of both parts, and note which part changes.
 * FALSE with the errors of source_fetch, and PUBLISH_ERROR_ABSENT when no index of a group is there.
 */
gboolean mirror_indexes_fetch(struct mirror_attempt *a, GError **error);

/* mirror_indexes_read: note every package that a part's indexes name in a->wants. */
gboolean mirror_indexes_read(struct mirror_attempt *a, struct mirror_part *part, GError **error);

/* mirror_is_metadata: whether a path from the top is in a folder of metadata. */
gboolean mirror_is_metadata(const char *path);

/*
 * mirror_want: one more package that is to be in the mirror; path: from the top, safe.
 *
 * fresh: set to whether it was not wanted yet; may be NULL. FALSE with a PUBLISH_ERROR_INPUT: wanted with another
 * digest, or in a folder of metadata.
 */
gboolean mirror_want(struct mirror_attempt *a, const char *path, enum digest_kind kind, const char *digest,
		     guint64 size, gboolean *fresh, GError **error);

/* mirror_parts_publish: let clients see the files of the parts that changed. FALSE with a G_FILE_ERROR. */
gboolean mirror_parts_publish(struct mirror_attempt *a, GError **error);

/*
 * mirror_parts_settle: complete what a crash between the two parts of a suite left: the Release file of the mirror
 * names the repomd.xml that waits. FALSE with a G_FILE_ERROR.
 */
gboolean mirror_parts_settle(const struct mirror *m, const char *suite, GError **error);

/* ---- mirror_packages.c ---- */

/*
 * mirror_packages_fetch: fetch the packages that the mirror lacks and put them into their places, synced. FALSE with
 * the errors of source_fetch, PUBLISH_ERROR_DIGEST (other bytes under a name that the mirror has) or a G_FILE_ERROR.
 */
gboolean mirror_packages_fetch(struct mirror_attempt *a, GError **error);

/* ---- mirror_records.c ---- */

/*
 * What a repository of ours has besides indexes and packages: states, bases and keys.
 *
 * mirror_records_fetch: fetch the states, from the one that the Release file names down to the oldest that is kept, and
 *   the declared bases, as far as the mirror lacks them, and note the packages that only those states need in a->wants.
 *   FALSE with the errors of source_read, PUBLISH_ERROR_DIGEST or PUBLISH_ERROR_INPUT.
 * mirror_records_place: put them into their places, and the public keys of Signed-By into keys/, before they are
 * needed. What the source offers as a key counts only if its fingerprint is signed. FALSE with a G_FILE_ERROR or
 *   PUBLISH_ERROR_KEY.
 * mirror_records_clean: remove states that are not of the chain any more.
 * mirror_records_names: the packages that the states in the mirror need: path -> digest, added to NAMES.
 */
struct mirror_record;
void mirror_record_free(gpointer record);
gboolean mirror_records_fetch(struct mirror_attempt *a, GError **error);
gboolean mirror_records_place(struct mirror_attempt *a, GError **error);
void mirror_records_clean(const struct mirror_attempt *a);
void mirror_records_names(const char *dir, const char *suite, GHashTable *names);

/* ---- mirror_apt.c, mirror_dnf.c ---- */

/*
 * mirror_present_text: what the Release file in DIRECTORY of the mirror says, without a look at its signature: it was
 * proved when it came. file: set to the file's bytes; may be NULL. NULL when there is none. Caller frees.
 */
char *mirror_present_text(const char *dir, const char *directory, GBytes **file);

/*
 * The two kinds of part. plan: read and prove the top files of the source; part->found is FALSE when there are none.
 * Nothing is fetched yet. FALSE with the errors of mirror_run.
 * named: hand every package of one fetched index to FN.
 */
gboolean mirror_plan_apt(struct mirror *m, const char *suite, struct mirror_part *part, GError **error);
gboolean mirror_named_apt(const char *file, guint64 ceiling, aptsource_named_fn fn, gpointer user, GError **error);
gboolean mirror_plan_dnf(struct mirror *m, const char *top, struct mirror_part *part, GError **error);
gboolean mirror_named_dnf(const char *file, guint64 ceiling, aptsource_named_fn fn, gpointer user, GError **error);

/* ---- mirror_trust.c ---- */

/* mirror_trust_open: the keys that count. FALSE with PUBLISH_ERROR_KEY, PUBLISH_ERROR_INPUT or a G_FILE_ERROR. */
gboolean mirror_trust_open(struct mirror *m, GError **error);

/*
 * mirror_trust_signers: whether one of SIGNERS is whom we want: the key given, else one of BEFORE (those of the
 * mirror's present state; NULL when it has none), else anybody in the user's gpg. FALSE with a PUBLISH_ERROR_SIGNATURE.
 */
gboolean mirror_trust_signers(const struct mirror *m, const char *file, char **signers, char **before, GError **error);

/* What counts for age. */
struct mirror_age {
	gint64 date, valid_until;
	guint64 state;
	const char *state_sha256;
};

/*
 * mirror_trust_age: whether a state is neither expired, nor from the future, nor older than the one that the mirror has
 * (BEFORE, NULL for none). FALSE with PUBLISH_ERROR_EXPIRED or PUBLISH_ERROR_ROLLBACK.
 */
gboolean mirror_trust_age(const struct mirror *m, const char *file, const struct mirror_age *age,
			  const struct mirror_age *before, GError **error);

/* ---- mirror_names.c ---- */

/*
 * mirror_names: what all indexes in the mirror name, of all suites and of the generations that are kept: path ->
 * digest. Indexes that cannot be read name nothing. Caller unrefs.
 */
GHashTable *mirror_names(const char *dir);

/* mirror_names_of: those of one directory of metadata, added to NAMES; base as in struct mirror_part. */
void mirror_names_of(const char *dir, const char *directory, const char *base, GHashTable *names);

/*
 * mirror_retire: note the files in NAMES (a set of packages and indexes), as far as the suite does not have them any
 * more, as those that may go, in the file MIRROR_RETIRED, before the metadata that still names them does. mirror_clean:
 * afterwards, remove of all that is noted indexes after TRANSACTION_READER_SECONDS, and packages that no index and no
 * state names; returns how many files.
 */
gboolean mirror_retire(const struct mirror_attempt *a, GHashTable *names, GError **error);
guint mirror_clean(const struct mirror_attempt *a);

#endif
