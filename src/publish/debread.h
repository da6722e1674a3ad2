/* Reading a .deb: its control file, as a stanza for the Packages index. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_DEBREAD_H
#define PUBLISH_DEBREAD_H

#include "publish/intake.h"

#include <glib.h>

/*
 * debread_control: the control file of the package that IN streams, of either compression that dpkg writes.
 *
 * The ar members are checked to be those of deb(5), whole and in order; the payload is not unpacked. Nothing is taken
 * on trust: the control file may be 1 MiB large, its archive 16 MiB after decompression.
 *
 * Returns the text (caller frees; IN is not finished), or NULL with a PUBLISH_ERROR_INPUT that names the package.
 */
char *debread_control(intake *in, GError **error);

#endif
