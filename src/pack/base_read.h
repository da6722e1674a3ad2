/* Bases from everywhere that one can be had: by name, from a file, from packages, from an installed system. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_BASE_READ_H
#define PACK_BASE_READ_H

#include "pack/base.h"

/* What is packed for where nothing is named: the oldest Debian that abide has a base of; later ones have what it has. */
#define BASES_DEFAULT "debian-12"
/* Stands for no base at all. */
#define BASES_NONE "none"

/* What the targets provide. All zero: nothing was named. */
struct bases {
	const struct names_arch *arch;
	struct base *of[PACKAGE_FAMILIES]; /* NULL: dependencies of this family are not looked up */
	gboolean system[PACKAGE_FAMILIES]; /* a whole system was named, and not only packages */
};

/*
 * bases_read: what NAMES, each of them as bases_add takes it, stand for together.
 *
 * arch: that of the packages to be made; for all architectures there is no machine code, and nothing to be read.
 *
 * With names of .debs only, or none at all, BASES_DEFAULT is there beneath them; where abide has none of this
 * architecture, nothing is, and whatever a program needs is missing. The requirements of an .rpm are the same on every
 * system: they are held against a base only where one of an rpm system is named. The name BASES_NONE, alone, stands for no
 * base of either family.
 *
 * Returns 0, or the 1-based index of the name that is wrong, with PACK_ERROR_INPUT or a G_FILE_ERROR.
 */
guint bases_read(struct bases *bases, const char *const *names, guint n, const struct names_arch *arch, GError **error);

/*
 * bases_add: add what NAME stands for: a base that comes with abide ("debian-12", of bases->arch); a base file; a .deb or
 * .rpm, whose libraries are then there, too; or a folder of such packages, of which those for other architectures do not
 * count. What comes later takes the place of what was there.
 *
 * FALSE with PACK_ERROR_INPUT, also for another architecture, or a G_FILE_ERROR.
 */
gboolean bases_add(struct bases *bases, const char *name, GError **error);

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

/*
 * base_add_available: add the packages of a Packages index (not compressed) to a base of the deb family: those that are not
 * installed, but that the system's repositories have. FALSE with PACK_ERROR_INPUT or a G_FILE_ERROR.
 */
gboolean base_add_available(struct base *base, const char *index, GError **error);

#endif
