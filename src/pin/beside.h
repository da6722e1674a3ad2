/* Side by side: the packages that keep services of a channel on a library version that the others have left. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_BESIDE_H
#define PIN_BESIDE_H

#include "pin/channel.h"
#include "publish/publication.h"

/* What is to be made, one package for each library, version and architecture (pack/held.h). */
typedef struct beside beside;

/*
 * beside_plan: find out what `held:` of a channel makes, and that it can be.
 *
 * view: what the channel lets through (const entry *, sorted); services are taken from there, in the newest version. from: the
 * suite that the libraries are taken from, in any version that it has. Both and the channel must outlive the plan.
 *
 * NULL with CHANNEL_ERROR_MISSING (no such service in the view, or no such version of the library), CHANNEL_ERROR_INPUT (two
 * builds of one version of a library), or an error of held_open and held_suits.
 */
beside *beside_plan(const struct channel *channel, const GPtrArray *view, const publication *from, GError **error);
void beside_free(beside *b);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(beside, beside_free)

/*
 * beside_write: make the packages, signed where their family's are.
 *
 * suite: the channel's, open for writing and loaded. What it has already, made of the same things for the same services,
 *   stays as it is.
 * folder: where packages are written.
 * kept: receives the packages that stay (const entry *, of the suite). files: receives the paths of the others (char *).
 *
 * FALSE with a PACK_ERROR or G_FILE_ERROR.
 */
gboolean beside_write(const beside *b, const publication *suite, const char *folder, GPtrArray *kept, GPtrArray *files,
		      GError **error);

#endif
