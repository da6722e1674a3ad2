/* Bases from everywhere that one can be had: by name, from a file, from packages, from an installed system. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_BASE_READ_H
#define PACK_BASE_READ_H

#include "pack/base.h"

/* One of each family, as far as named; NULL for a family of which nothing was. */
struct bases {
	struct base *of[PACKAGE_FAMILIES];
};

/*
 * bases_add: add what NAME stands for: a base that comes with abide ("debian-12", of the architecture ARCH); a base file;
 * a .deb or .rpm, whose libraries are then there, too; or a folder of such packages. What comes later goes before.
 *
 * FALSE with PACK_ERROR_INPUT or a G_FILE_ERROR.
 */
gboolean bases_add(struct bases *bases, const char *name, const char *arch, GError **error);

/* bases_clear: free what was added. */
void bases_clear(struct bases *bases);
typedef struct bases bases; /* for g_auto(bases) b = {0}; */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(bases, bases_clear)

/*
 * base_capture: the base that the system installed below ROOT is, by the database of dpkg, or else of rpm.
 *
 * name: what to call it; NULL: as its os-release(5) does, "debian-12". NULL with PACK_ERROR_INPUT or a G_FILE_ERROR.
 */
struct base *base_capture(const char *root, const char *name, GError **error);

#endif
