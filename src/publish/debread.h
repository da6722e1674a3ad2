/* Reading a .deb: its control file, as a stanza for the Packages index. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_DEBREAD_H
#define PUBLISH_DEBREAD_H

#include "publish/intake.h"

#include <glib.h>

/*
 * debread_control: the control file of the package that IN streams, of either compression that dpkg writes.
 *
 * names: set to the paths of the payload that are no directories, without "/" at the front, each on a line, in the order
 *   of the archive; caller frees. Those that a line of text cannot hold (control characters, a blank at the end) are left
 *   out. NULL: the payload is not unpacked.
 *
 * The ar members are checked to be those of deb(5), whole and in order. Nothing is taken on trust: the control file may be
 * 1 MiB large, its archive 16 MiB after decompression, the payload 64 GiB, its names 64 MiB.
 *
 * Returns the text (caller frees; IN is not finished), or NULL with a PUBLISH_ERROR_INPUT that names the package.
 */
char *debread_control(intake *in, char **names, GError **error);

#endif
