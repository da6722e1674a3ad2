/* What the files of the mirror share: mirror.c orders the steps, mirror_*.c know one thing each. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_MIRROR_PRIVATE_H
#define PUBLISH_MIRROR_PRIVATE_H

#include "publish/aptsource.h"
#include "publish/claim.h"
#include "publish/keyring.h"
#include "publish/mirror.h"

/* The ceilings of files that nothing vouches for before they are read. */
#define MIRROR_MOST_RELEASE (16 * 1024 * 1024)
#define MIRROR_MOST_REPOMD (4 * 1024 * 1024)
#define MIRROR_MOST_SIGNATURE (1024 * 1024)

/* The most that an index may hold after decompression. */
#define MIRROR_MOST_INDEX (G_GUINT64_CONSTANT(4) << 30)

/* One run. */
struct mirror {
	const struct mirror_options *options;
	const char *dir;
	char *parts;
	source *source;
	keyring *keys;
	char *fingerprint;  /* the one key that counts; NULL: any of `keys` */
	gboolean keys_given; /* by a file: then they need not be those of before */
	struct claim claim;
	struct tally tally;
	mirror_result *result;
};

/* One metadata file, and where it goes. */
struct mirror_index {
	struct download *download;
	char *names[2];     /* from the part's directory; one may be NULL */
	char *group;        /* files of one group hold the same in different compressions; NULL: no packages are named in it */
	guint64 open_size;  /* the most it may hold */
};

/* One directory of metadata: an apt suite, or dnf's repodata. */
struct mirror_part {
	gboolean found;      /* the source has one */
	gboolean changed;    /* it is not what the mirror has */
	char *directory;     /* from the top: "dists/stable" */
	char *base;          /* what the paths of its packages are relative to: "" or "rpm/stable/" */
	GPtrArray *tops;     /* struct mirror_top *: signatures and what they sign, the one to which all others hang last */
	GPtrArray *indexes;  /* struct mirror_index * */
	GPtrArray *keep;     /* char *, from the directory: what the mirror's present generation has named by digest */
	char **signers;
	gint64 date, valid_until;
	guint64 state;
	char *state_sha256;
	char *repomd_sha256; /* of the dnf part of the same publication, or NULL */
	guint packages;
	guint64 size;
};

struct mirror_top {
	char *name;
	GBytes *bytes;
};

void mirror_part_init(struct mirror_part *part);
void mirror_part_clear(struct mirror_part *part);
void mirror_part_add_top(struct mirror_part *part, const char *name, GBytes *bytes);
/* mirror_part_add_index: takes the download over; it goes to NAME and, unless that is NULL, to LASTING, named by its digest. */
struct mirror_index *mirror_part_add_index(struct mirror_part *part, struct download *download, const char *lasting,
					   const char *name);

/* Both parts of one suite, as one publication has them. */
struct mirror_attempt {
	struct mirror *m;
	const char *suite; /* NULL: the dnf repository at the top */
	struct mirror_part apt, dnf;
	GHashTable *wants; /* path -> struct download *: every package named */
	GHashTable *known; /* path -> digest: what the mirror's indexes name; made when it is needed */
	gboolean torn;     /* the parts were of two publications */
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

/* ---- mirror_part.c ---- */

/*
 * mirror_indexes_fetch: fetch what the mirror lacks of the metadata files of both parts, and note which part changes.
 * FALSE with the errors of source_fetch, and PUBLISH_ERROR_ABSENT when no index of a group is there.
 */
gboolean mirror_indexes_fetch(struct mirror_attempt *a, GError **error);

/* mirror_indexes_read: note every package that a part's indexes name in a->wants. */
gboolean mirror_indexes_read(struct mirror_attempt *a, struct mirror_part *part, GError **error);

/* mirror_part_publish: let clients see the part's files. FALSE with a G_FILE_ERROR: they see the old ones. */
gboolean mirror_part_publish(struct mirror *m, const struct mirror_part *part, GError **error);

/* ---- mirror_packages.c ---- */

/*
 * mirror_packages_fetch: fetch the packages that the mirror lacks and put them into their places, synced. FALSE with the errors of
 * source_fetch, PUBLISH_ERROR_DIGEST (other bytes under a name that the mirror has) or a G_FILE_ERROR.
 */
gboolean mirror_packages_fetch(struct mirror_attempt *a, GError **error);

/* ---- mirror_apt.c, mirror_dnf.c ---- */

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
 * mirror_trust_signers: whether one of SIGNERS is whom we want: the key given, else one of BEFORE (those of the mirror's
 * present state; NULL when it has none), else anybody in the user's gpg. FALSE with a PUBLISH_ERROR_SIGNATURE.
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
 * mirror_names: what all indexes in the mirror name, of all suites and of the generations that are kept: path -> digest.
 * Indexes that cannot be read name nothing. Caller unrefs.
 */
GHashTable *mirror_names(const char *dir);

/* mirror_names_of: those of one directory of metadata, added to NAMES; base as in struct mirror_part. */
void mirror_names_of(const char *dir, const char *directory, const char *base, GHashTable *names);

/*
 * mirror_retire: note the packages in NAMES (a set) as those that may go, before the metadata that still names them does.
 * mirror_clean: remove those noted, in this run or one that was stopped, which nothing names any more; returns how many.
 */
gboolean mirror_retire(struct mirror *m, GHashTable *names, GError **error);
guint mirror_clean(struct mirror *m);

#endif
