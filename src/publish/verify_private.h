/* What the parts of verify share: what is being looked at, and noting what is wrong. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_VERIFY_PRIVATE_H
#define PUBLISH_VERIFY_PRIVATE_H

#include "publish/family.h"
#include "publish/keyring.h"
#include "publish/release.h"
#include "publish/verify.h"

#define MOST_INDEX (1024 * 1024 * 1024)
#define MOST_RELEASE (16 * 1024 * 1024)

/* A package file that some suite names. */
struct verify_package {
	const char *path; /* from the top */
	char *sha256;
	guint64 size;
	const struct family *family;
	const char *suite;   /* the first that names it */
	GBytes *certificate; /* of the suite's signer, for .rpms; NULL: gpg does not have it */
};

struct verify {
	const char *dir;
	const struct verify_options *options;
	verify_report *report;
	keyring *keys;
	char **suites;	       /* all that there are */
	GHashTable *known;     /* paths from the top that something names */
	GHashTable *packages;  /* path -> struct verify_package * */
	GHashTable *key_files; /* path -> what it is to hold (verify_keys.c) */
	GHashTable *retired;   /* paths that a mirror keeps for readers (mirror.h); while strays are looked for */
	GPtrArray *blind;      /* char *: below these folders, "pool/", not all is known that something names */
};

/* One suite while it is looked at. */
struct verify_suite {
	struct verify *v;
	const char *name;
	release *settings;   /* NULL: its Release file is of no use */
	GPtrArray *entries;  /* struct entry *, of both families */
	gboolean whole;	     /* all of them could be read */
	GBytes *certificate; /* the signer's public key; NULL: gpg does not have it */
};

/* verify_note: note a finding. suite NULL: of the directory. text: taken over. */
void verify_note(struct verify *v, enum verify_kind kind, gboolean warning, const char *suite, const char *path,
		 char *text);

/* verify_note_error: note what an error says; its code gives the kind. Frees the error. */
void verify_note_error(struct verify *v, const char *suite, const char *path, GError *error);

/* verify_known: something names this path (from the top; taken over). Returns it, owned by the table. */
const char *verify_known(struct verify *v, char *path);

/*
 * verify_blind: what names the files below a folder ("pool/"; taken over) could not be read: they are not called stray,
 * and the suite is not whole.
 */
void verify_blind(struct verify_suite *s, char *folder);

/* verify_blind_all: the same for everything that belongs to the suite. */
void verify_blind_all(struct verify_suite *s);

/*
 * verify_file: read a file that was signed, and check size and digest.
 *
 * path: from the top; becomes known. size -1: not known. Returns its bytes; NULL when there is something to note.
 */
GBytes *verify_file(struct verify_suite *s, const char *path, gint64 size, const char *sha256);

/*
 * verify_signed_by: check a detached signature of DATA, the file PATH, by one of the suite's keys. FALSE, noted, when
 * it is none.
 */
gboolean verify_signed_by(struct verify_suite *s, GBytes *data, const char *path);

/* verify_add_package: the suite, or a kept state of it, needs this package file. */
void verify_add_package(struct verify_suite *s, const struct family *family, const char *path, const char *sha256,
			guint64 size);

/*
 * verify_release: fill s->settings from InRelease, or, if its signature is of no use, from Release; NULL if from
 * neither.
 */
void verify_release(struct verify_suite *s);

/* verify_signers: take the public keys of the suite's signers from gpg: s->certificate, and what keys/ is to hold. */
void verify_signers(struct verify_suite *s);

/* verify_key_files: servers take keys from keys/, once; nothing that they check tells them later that it was another.
 */
void verify_key_files(struct verify *v);
void verify_key_file_free(gpointer file);

/* verify_deb, verify_rpm: the indexes of one family, from s->settings down; its entries are appended to s->entries. */
void verify_deb(struct verify_suite *s);
void verify_rpm(struct verify_suite *s);

/* verify_order: note entries from FIRST on that are not in order, or not of these architectures (NULL: any). */
void verify_order(struct verify_suite *s, const char *path, const GPtrArray *entries, guint first, const char *arch);

/*
 * verify_history: the states, from the one that the Release file names back to the oldest that is kept, and what they
 * need.
 */
void verify_history(struct verify_suite *s);

/* verify_packages: the files of all packages in v->packages. */
void verify_packages(struct verify *v);

/* verify_strays: files that are not known. */
void verify_strays(struct verify *v);

#endif
