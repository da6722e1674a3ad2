/* What an rpm system or package provides to programs: sonames and version nodes. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_BASE_RPM_H
#define PACK_BASE_RPM_H

#include "pack/base.h"

/*
 * base_rpm_root: the soname capabilities of every package in the rpm database below ROOT, and the architecture of the
 * first that has one.
 *
 * ROOT must be absolute. Reads rpm's configuration, once in a process, and the database with librpm; not while other
 * threads use librpm. Returns a new base without a name, or NULL with PACK_ERROR_INPUT.
 */
struct base *base_rpm_root(const char *root, GError **error);

/* base_rpm_package: those of one .rpm. Digests and signatures are not checked. NULL with PACK_ERROR_INPUT. */
struct base *base_rpm_package(const char *path, GError **error);

#endif
