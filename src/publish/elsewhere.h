/* Signatures made on another machine: what is to be signed goes there in a folder and comes back in it. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_ELSEWHERE_H
#define PUBLISH_ELSEWHERE_H

#include "publish/generation.h"
#include "publish/release.h"
#include "publish/state.h"

#include <glib.h>

/*
 * The folder has the texts to be signed (Release, and repomd.xml when that changes), the file of the state that they
 * publish (state), and later the signatures: InRelease, Release.gpg, repomd.xml.asc, as any gpg makes them.
 *
 * Nothing waits in the repository meanwhile. The same packages at the same time give the same bytes: so the publication
 * is made again when the signatures are there, at the time that the state says, and what comes out must be what was
 * signed.
 */

/* One signature to be made, of a file of the folder. */
struct elsewhere_signature {
	const char *text; /* "Release" */
	const char *path; /* "InRelease" */
	enum keyring_signature kind;
};

/* elsewhere_signatures: all that there can be; ends with a NULL text. */
extern const struct elsewhere_signature elsewhere_signatures[];

/*
 * elsewhere_write: put the texts of the generations' signatures and the state's file into FOLDER, which is made if it
 * is not there. An earlier preparation in it is replaced, other files stay. FALSE with a G_FILE_ERROR.
 */
gboolean elsewhere_write(const char *folder, generation *const *generations, gsize n, const char *state_file,
			 GError **error);

/* elsewhere_is: whether FOLDER looks like one that elsewhere_write made. */
gboolean elsewhere_is(const char *folder);

/* What a folder says of itself, for who is to sign it. */
struct elsewhere {
	release *release;
	state *state;
	gboolean has_repomd;
};
void elsewhere_free(struct elsewhere *e);
typedef struct elsewhere elsewhere;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(elsewhere, elsewhere_free)

/*
 * elsewhere_read: what a folder holds, once its parts fit together: the Release file names the digests of the state's
 * file and of repomd.xml.
 *
 * NULL with PUBLISH_ERROR_DIGEST (they do not), PUBLISH_ERROR_INPUT (malformed) or G_FILE_ERROR.
 */
elsewhere *elsewhere_read(const char *folder, GError **error);

/*
 * elsewhere_sign: make all the signatures that a folder asks for, by the keys that its Release file names. FALSE with
 * the errors of keyring_choose_all, keyring_sign or G_FILE_ERROR.
 */
gboolean elsewhere_sign(const char *folder, const elsewhere *e, keyring *keys, GError **error);

/*
 * elsewhere_take: give a generation the signatures of FOLDER, each of which is good and by all the keys FINGERPRINTS.
 *
 * FALSE with PUBLISH_ERROR_STALE when the folder's text is not the one to be signed now, with the errors of
 * keyring_accept, or G_FILE_ERROR: a signature is missing.
 */
gboolean elsewhere_take(const char *folder, generation *g, keyring *keys, const char *const *fingerprints,
			GError **error);

#endif
