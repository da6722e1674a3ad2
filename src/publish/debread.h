/* Reading a .deb: its control archive, and the names in its payload. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_DEBREAD_H
#define PUBLISH_DEBREAD_H

#include "publish/intake.h"

#include <glib.h>

/* What a control archive has. */
struct debread {
	char *control;      /* the control file's text */
	gboolean templates; /* whether there is a symbols or a shlibs file: the package has libraries */
};
typedef struct debread debread;
void debread_clear(struct debread *d);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(debread, debread_clear)

/*
 * debread_control: the control archive of the package that IN streams, of any compression that dpkg writes.
 *
 * names: set to the paths of the payload that are no directories, without "/" at the front, each on a line, in the order
 *   of the archive; caller frees. Those that a line of text cannot hold (control characters, a blank at the end) are left
 *   out. NULL: the payload is not unpacked.
 *
 * The ar members are checked to be those of deb(5), whole and in order. Nothing is taken on trust: the control file may be
 * 1 MiB large, its archive 16 MiB after decompression, the payload 64 GiB, its names 64 MiB.
 *
 * IN is not finished. FALSE with a PUBLISH_ERROR_INPUT that names the package; D is to be cleared in any case.
 */
gboolean debread_control(intake *in, struct debread *d, char **names, GError **error);

#endif
