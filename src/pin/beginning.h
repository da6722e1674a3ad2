/* A fleet's first files, drafted from what a repository has. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_BEGINNING_H
#define PIN_BEGINNING_H

#include "pin/fleet.h"
#include "publish/publication.h"

/*
 * fleet_beginning: the text of a fleet.yaml with comments, for the suite that is open; caller frees.
 *
 * repository: its directory as the file is to name it. The bases are those that the suite declares; where it declares
 * none, the first of those that come with abide.
 */
char *fleet_beginning(const publication *suite, const char *repository);

/*
 * channel_beginning: the text of a first channel, of hosts of that base; caller frees. Its services are the suite's
 * packages that are no libraries, by their names: a guess for somebody to edit.
 */
char *channel_beginning(const publication *suite, const char *channel, const char *base);

/* beginning_base: the name of the first base of fleet_beginning; caller frees. */
char *beginning_base(const publication *suite);

#endif
