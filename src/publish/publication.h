/* A suite of a signed repository directory: what publish hands on. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_PUBLICATION_H
#define PUBLISH_PUBLICATION_H

#include "core/progress.h"
#include "publish/claim.h"
#include "publish/error.h"
#include "publish/family.h"
#include "publish/users.h"

#include <glib.h>

/* Where packages wait until all of them are known to be good; what a crash leaves here, the next publisher removes. */
#define PUBLICATION_STAGING ".incoming"

/*
 * The directory, which any web server, file:, NFS or USB disk can serve as it stands:
 *
 *   dists/SUITE/InRelease Release Release.gpg main/binary-ARCH/Packages{,.gz,.xz} by-hash/    apt: DIR SUITE main
 *   pool/main/...                                                                           the .debs, of all suites
 *   rpm/SUITE/repodata/ rpm/SUITE/Packages/                                                 dnf: DIR/rpm/SUITE
 *   history/SUITE/N                                                                         the states (state.h)
 *   keys/NAME.asc keys/NAME.gpg                                                             the public key
 *
 * There is no database beside what is published. The settings are those of the signed Release file; the packages are
 * those of the signed indexes, verified from the signature down whenever a publication is opened. So the user's gpg
 * must have the public key: the one in the directory proves nothing.
 *
 * What readers are promised. Packages come first, then all indexes (transaction.h): a crash at any step leaves the old
 * state or the new one, and the next publisher completes or removes what is left (recovery.h). A published package is
 * never changed: another package with its name, version and architecture is refused.
 *
 * Not thread-safe.
 */
struct publication {
	struct site site;    /* directory, settings, key */
	GPtrArray *packages; /* entry *, of all families that are loaded, in the order of entry_compare */
	gboolean loaded[FAMILIES];
	struct claim claim; /* held if opened for writing */
	char *by, *why;     /* of the publication being made; never NULL then */
	char *prepare;      /* folder that gets what is to be signed, and nothing is published; else NULL */
	char *attach;       /* folder that has the signatures (elsewhere.h); else NULL */
	struct state *last; /* the present state, if opened for writing; NULL: made before there were states */
};
typedef struct publication publication;
void publication_free(publication *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(publication, publication_free)

/* Who publishes, when and why: what the state that is made says. */
struct publication_writer {
	gint64 when;     /* seconds since 1970 */
	guint wait;      /* seconds to wait for another publisher to finish */
	const char *by;  /* one line, not empty */
	const char *why; /* one line; NULL: nothing is said */
	const char *prepare, *attach; /* folders: see struct publication; not both */
	gboolean keys_later;          /* the caller chooses the keys (signers.h) */
};

/* What `init` decides for good. */
struct publication_settings {
	const char *key; /* what gpg knows the key by */
	const char *suite;
	const char *origin; /* NULL: the directory's name */
	const char *label;  /* NULL: the origin */
	guint valid_days;   /* 1 to RELEASE_MOST_DAYS */
	gboolean contents;  /* Contents indexes are made */
	gboolean zstd;      /* dnf's metadata is compressed with zstd */
	const char *const *bases; /* to be declared (declared_write); NULL: none */
};

/*
 * publication_create: make a repository, or one more suite of one, with empty signed indexes of both families.
 *
 * Returns it open for writing. NULL with PUBLISH_ERROR_KEY, PUBLISH_ERROR_EXPIRED, PUBLISH_ERROR_DIRECTORY (somebody
 * else's directory; a suite that is there already), PUBLISH_ERROR_BUSY, PUBLISH_ERROR_INPUT (a setting that cannot be)
 * or G_FILE_ERROR; the directory is then as it was.
 */
publication *publication_create(const char *dir, const struct publication_settings *settings,
				const struct publication_writer *writer, GError **error);

/*
 * publication_open: read a suite with all its packages, without a lock: if it changes meanwhile, one of the states is seen.
 *
 * NULL with PUBLISH_ERROR_DIRECTORY (no such suite), PUBLISH_ERROR_SIGNATURE, PUBLISH_ERROR_EXPIRED,
 * PUBLISH_ERROR_DIGEST (an index is not as it was signed), PUBLISH_ERROR_INPUT or G_FILE_ERROR.
 */
publication *publication_open(const char *dir, const char *suite, GError **error);

/* publication_open_settings: the same without the packages: the settings alone, from the signed Release file. */
publication *publication_open_settings(const char *dir, const char *suite, GError **error);

/*
 * publication_open_locked: open a suite to publish. The key must be at hand. No packages are loaded
 * (publication_load). What a crash left of the last publication is completed.
 *
 * More errors: PUBLISH_ERROR_BUSY, PUBLISH_ERROR_KEY, and PUBLISH_ERROR_ROLLBACK when the time is before the
 * last publication's, as apt would ignore what is published then.
 */
publication *publication_open_locked(const char *dir, const char *suite, const struct publication_writer *writer,
				     GError **error);

/*
 * publication_settings_of: the settings of a suite, from its verified Release file. Errors as publication_open.
 */
release *publication_settings_of(keyring *keys, const char *dir, const char *suite, GError **error);

/* publication_load: read the packages of a family, if they are not yet. Errors as publication_open. */
gboolean publication_load(publication *p, const struct family *family, GError **error);

/* publication_load_all: of all families. */
gboolean publication_load_all(publication *p, GError **error);

/*
 * publication_select: append the packages that NAME[=VERSION][:ARCH] names (selector.h) to FOUND (entry *, not owned), of those
 * loaded. FALSE with a PUBLISH_ERROR_INPUT when there are none.
 */
gboolean publication_select(const publication *p, const char *what, GPtrArray *found, GError **error);

/* How a change is judged (users.h), and what becomes of packages that may not be published yet. */
struct publication_gate {
	struct users_waivers waivers;
	gboolean stage; /* of publication_add and _promote: they wait in the stage (stage.h) */
	const struct progress *progress; /* is told of each package that is read; may be NULL */
};

enum publication_fate {
	PUBLICATION_ADDED,
	PUBLICATION_ALREADY, /* these very bytes were published before, or wait in the stage where that was asked for */
	PUBLICATION_STAGED,
	PUBLICATION_MOVED,   /* from the stage, with those that were given */
};

/* What became of one package. */
struct publication_added {
	const char *source; /* the file given, borrowed; NULL for one that was in the stage or in another suite */
	const entry *entry; /* owned by the publication if it is published, else by this */
	enum publication_fate fate;
	struct entry *own; /* internal */
};

/*
 * publication_add: publish packages, of any family, all or none; with what waits in the stage, if all of it may be.
 *
 * files: with gate->stage there may be none: then the stage is only judged again.
 * judged: receives what the programs of the suite are with it, also when it is refused or waits; NULL when nothing was
 *   judged. The caller frees it.
 *
 * Returns one struct publication_added for each file, in order, and for each package that left the stage. NULL with an error of
 * reading a package (family.h), of users_judge, of users_pass, of G_FILE_ERROR, or PUBLISH_ERROR_DIGEST for one that is
 * published with other bytes; each names the file. The readers' view is then unchanged.
 */
GPtrArray *publication_add(publication *p, char *const *files, const struct publication_gate *gate, struct users **judged,
			   GError **error);

/*
 * publication_promote: publish packages that another suite of the directory has: what each NAME[=VERSION][:ARCH] names.
 *
 * from: the other suite. Returns as publication_add; more errors: those of publication_open and publication_select.
 */
GPtrArray *publication_promote(publication *p, const char *from, char *const *what, const struct publication_gate *gate,
			       struct users **judged, GError **error);

/*
 * publication_remove: no longer publish what each NAME[=VERSION][:ARCH] of WHAT names. The files stay for rollback.
 *
 * judged: as for publication_add. FALSE with PUBLISH_ERROR_INPUT (no such package), an error of departure_pass, or of loading or
 * publishing; nothing is changed then.
 */
gboolean publication_remove(publication *p, char *const *what, const struct publication_gate *gate, struct users **judged,
			    GError **error);

/* publication_unstage: the same for packages that wait in the stage: a new state without them. */
gboolean publication_unstage(publication *p, char *const *what, GError **error);

/*
 * publication_rollback: publish the packages of the state NUMBER again, as a new state. Settings stay as they are.
 *
 * judged: as for publication_add. FALSE with PUBLISH_ERROR_DIRECTORY (no such state), PUBLISH_ERROR_INPUT (it has them
 * already), PUBLISH_ERROR_DIGEST (a file is not the one that was published), an error of departure_pass, or of loading or publishing;
 * nothing is changed then.
 */
gboolean publication_rollback(publication *p, guint64 number, const struct publication_gate *gate, struct users **judged,
			      GError **error);

/*
 * publication_bases: declare other bases (declared.h), as a new state of the same packages.
 *
 * add: as for declared_write; remove: names (declared_is_named). NULL for none. Files of bases that no suite declares any
 * more are removed.
 *
 * FALSE with PUBLISH_ERROR_INPUT (no such base is declared, one is declared already, nothing is to be done), an error of
 * declared_write or of publishing; nothing is changed then.
 */
gboolean publication_bases(publication *p, const char *const *add, const char *const *remove, GError **error);

/* publication_sweep_bases: remove the files of bases that no suite of the directory declares. FALSE with an error of reading. */
gboolean publication_sweep_bases(const struct site *site, GError **error);

/* All that a suite is to hold. Nothing is owned. */
struct publication_content {
	const GPtrArray *entries;   /* const entry *, of the suite FROM, or already in the suite */
	char *const *files;         /* packages that no suite has, NULL-terminated; NULL: none */
	const char *channel_sha256; /* of the channel file that says so (state.h); NULL: no channel does */
};

/*
 * publication_assign: make the suite hold exactly this, as one new state of the verb ACTION; nothing is judged.
 *
 * from: another suite of the directory, with all its packages, as it still is.
 * changes: set to whether a new state was published; none is when the suite, and the channel's digest, are like that already.
 *
 * Packages of FROM are neither copied nor read: their files are in the pool, or get one more name (a copy where the file
 * system has no links). FALSE with PUBLISH_ERROR_STALE (FROM has changed), PUBLISH_ERROR_DIGEST (other bytes are
 * published in a package's place), an error of reading a package (family.h), loading or publishing; nothing is changed then.
 */
gboolean publication_assign(publication *p, const publication *from, const struct publication_content *content,
			    const char *action, gboolean *changes, GError **error);

/* publication_find: the package at that path of the repository, or NULL. Its family must be loaded. */
const entry *publication_find(const publication *p, const char *path);

/* publication_key_name: what the key's files are named by: the origin in lower case, "-" for other than a-z and 0-9. */
char *publication_key_name(const publication *p);

#endif
