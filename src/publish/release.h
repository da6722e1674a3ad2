/* apt's Release file: the suite's settings and the digests of its indexes. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_RELEASE_H
#define PUBLISH_RELEASE_H

#include <glib.h>

#define RELEASE_COMPONENT "main"

/* The longest that a Release file may be valid for, ten years: a longer promise is none. */
#define RELEASE_MOST_DAYS 3650

/* The highest number of a state: what JSON numbers hold exactly. */
#define RELEASE_MOST_STATES ((G_GUINT64_CONSTANT(1) << 53) - 1)

/* One index, as the Release file lists it. */
struct release_file {
	char *path; /* from the folder of the Release file: "main/binary-amd64/Packages" */
	char *sha256;
	guint64 size;
};

/*
 * What a Release file says. It is also where the repository's settings are kept: they are signed, and every server
 * that holds a copy holds them too.
 */
struct release {
	char *origin, *label, *suite, *codename;
	char **signed_by;     /* fingerprints of the keys, 40 hexadecimal digits (64 from version 5 keys); at least one */
	char **bases;         /* the declared bases, "NAME:SHA256" (declared.h), often none; never NULL */
	guint64 state;        /* number of the publication, from 1; 0: made before there were states */
	char *state_sha256;   /* of the file history/SUITE/STATE; NULL: no state */
	char *repomd_sha256;  /* of rpm/SUITE/repodata/repomd.xml; NULL: made before there were states */
	gboolean contents;    /* whether there are Contents indexes: lists of the packages' files */
	gboolean zstd;        /* whether dnf's metadata is compressed with zstd, not gzip */
	gint64 date;          /* seconds since 1970 */
	guint valid_days;     /* Valid-Until minus Date; at least 1 */
	char **architectures; /* sorted, "all" among them */
	GPtrArray *files;     /* struct release_file, by path */
};
typedef struct release release;

release *release_new(void);
void release_free(release *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(release, release_free)

/*
 * release_parse: read the text of a Release file (without the signature's lines).
 *
 * NULL with a PUBLISH_ERROR_INPUT that says which field is missing or malformed. Paths that would leave the folder
 * of the Release file are malformed.
 */
release *release_parse(const char *text, gsize size, GError **error);

/*
 * release_text: the Release file, in a new string.
 *
 * Fields as https://wiki.debian.org/DebianRepository/Format has them, and some that apt passes over: Abide-State
 * (number and SHA-256 of the state's file), Abide-Repomd (SHA-256 of dnf's repomd.xml), Abide-Bases, and the settings
 * Abide-Contents (yes) and Abide-Rpm-Compression (zstd). Digests are SHA-256 only: apt has known it since
 * 0.7 and no weaker one is written. The packages for all architectures are in every architecture's index, for readers
 * that know no other, and in binary-all, which apt takes on an architecture that the repository has nothing else for.
 */
char *release_text(const release *r);

/* release_successor: a new Release file with the settings of an old one, and nothing else of it. */
release *release_successor(const release *old, gint64 date);

/* release_is_signer: whether the key of that fingerprint is one of those that sign. */
gboolean release_is_signer(const release *r, const char *fingerprint);

/* release_find: the index of that path, or NULL. */
const struct release_file *release_find(const release *r, const char *path);

/* release_add_file: list one more index; files are sorted by release_text, not by this. */
void release_add_file(release *r, const char *path, const char *sha256, guint64 size);

/* release_by_hash: "main/binary-amd64/by-hash/SHA256/DIGEST", where the same index stays for readers in the middle. */
char *release_by_hash(const struct release_file *file);

/* release_parse_date: an RFC 5322 date as apt writes and reads it, in UTC, to seconds since 1970; FALSE for any other. */
gboolean release_parse_date(const char *text, gint64 *to);

/* release_date_text: the same the other way; caller frees. */
char *release_date_text(gint64 seconds);

/* release_is_safe_path: whether a path stays within the folder that it is relative to. */
gboolean release_is_safe_path(const char *path);

/* release_is_suite: whether a name can be a suite's, and so a folder's: letters, digits, "-", "_" and inner dots. */
gboolean release_is_suite(const char *name);

#endif
