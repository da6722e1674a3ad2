/* Lists of what is installed on a host, as people fetch them. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_INSTALLED_H
#define PIN_INSTALLED_H

#include "pack/base.h"

#include <glib.h>

/* The largest list that is read, in bytes. */
#define INSTALLED_CEILING (16u << 20)

/* One package on a host. */
struct installed_package {
	char *name;
	char *version; /* of an .rpm without its epoch, unless the list is an abide-base(5) */
	char *arch;    /* NULL: the list does not say */
};

/* A list, sorted by name. */
struct installed {
	enum package_family family;
	GPtrArray *packages; /* struct installed_package * */
};
typedef struct installed installed;

/*
 * installed_parse: read what `dpkg-query -W` prints (NAME[:ARCH], a tab, VERSION; without a version it is not installed),
 * `rpm -qa` (NAME-VERSION-RELEASE.ARCH, or without .ARCH), or abide base capture writes (abide-base(5)).
 *
 * name: only named, in errors. Empty lines are passed over, and so are rpm's keys. NULL with a CHANNEL_ERROR_INPUT that
 * begins with NAME:LINE, or with an error of base_parse.
 */
installed *installed_parse(const char *name, GBytes *text, GError **error);
void installed_free(installed *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(installed, installed_free)

/* installed_find: the first package of that name that runs on a system of that architecture, or NULL. */
const struct installed_package *installed_find(const installed *list, const char *name, const char *arch);

#endif
