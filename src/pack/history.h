/* The recorded releases of a library: since which of them it has had each symbol. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_HISTORY_H
#define PACK_HISTORY_H

#include "core/file.h"
#include "inspect/facts.h"

/*
 * A history is a folder of ABI snapshots (abide-abi(5)), one of each release, which a project keeps beside its sources.
 *
 * The version of a release is in the name of its file: STEM.so.VERSION.abi with the stem of the soname
 * (libfoo.so.1.2.3.abi), or ANYTHING-VERSION.abi (libfoo.so.1-1.2.3.abi, libfoo-1.2.3.abi); else in the snapshot's
 * `version` line. It is an upstream version, without epoch and Debian revision.
 */
struct history_release {
	char *version, *path;
	struct facts *facts;
};

struct history {
	GPtrArray *releases; /* struct history_release *, of one soname, lowest version first */
};

/*
 * history_read: the releases of one soname.
 *
 * path: a folder, of which every *.abi counts, or one snapshot. Snapshots of other sonames are passed over. A folder
 *   that is not there is an error, or else a mistyped name would make any library a first release.
 *
 * Returns a new history, which may be empty, for history_free; or NULL with G_FILE_ERROR, FACTS_ERROR, or
 * PACK_ERROR_INPUT for a snapshot without version and for two of one version.
 */
struct history *history_read(const char *path, const char *soname, GError **error);

/* history_free: NULL is fine. */
void history_free(struct history *history);
typedef struct history history;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(history, history_free)

/* history_version: the version in the name of a snapshot's file (caller frees); NULL when there is none in it. */
char *history_version(const char *path, const char *soname);

/* history_before: the newest release below this version, or NULL. */
const struct history_release *history_before(const struct history *history, const char *version);

/* history_at: the release of this version ("1.0" is "1.00" to dpkg), or NULL. */
const struct history_release *history_at(const struct history *history, const char *version);

/* history_check: refuse a version that is lower than a recorded one, with PACK_ERROR_INPUT. */
gboolean history_check(const struct history *history, const char *version, GError **error);

/*
 * history_check_exports: when this version is recorded already, refuse a library that exports other symbols than it
 * did, with PACK_ERROR_ABI: nobody could ask for the one that has them. gate_pass compares types, too.
 */
gboolean history_check_exports(const struct history *history, const char *version, const struct facts *library,
			       GError **error);

/*
 * history_since: the version since which every recorded release has had a symbol, or NULL when the newest has not.
 *
 * A symbol that was gone for some releases counts from its return, as for dpkg-gensymbols: what depends on it must not
 * meet those. name NULL: the version node itself. node NULL: the symbol without version.
 */
const char *history_since(const struct history *history, const char *name, const char *node);

/*
 * history_begin: begin to record a release: write its snapshot, which atomic_file_commit on `file` then names
 * FOLDER/SONAME-VERSION.abi.
 *
 * history: what is in the folder. Where that has the version already, nothing is begun, and `file` stays closed.
 *
 * Returns the path (caller frees), or NULL with G_FILE_ERROR; PACK_ERROR_EVIDENCE for facts without types, against
 * which nothing could be judged; PACK_ERROR_INPUT for a soname or version that no file name can carry.
 */
char *history_begin(const struct history *history, const char *folder, const struct facts *facts, const char *version,
		    struct atomic_file *file, GError **error);

#endif
