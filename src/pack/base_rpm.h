/* What an rpm system or package provides to programs: sonames and version nodes. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_BASE_RPM_H
#define PACK_BASE_RPM_H

#include "pack/base.h"

/*
 * base_rpm_root: add the soname capabilities of every package in the rpm database below ROOT.
 *
 * Reads rpm's configuration, once in a process, and the database with librpm; not while other threads use librpm. FALSE
 * with PACK_ERROR_INPUT.
 */
gboolean base_rpm_root(struct base *base, const char *root, GError **error);

/* base_rpm_package: add those of one .rpm. Digests and signatures are not checked. FALSE with PACK_ERROR_INPUT. */
gboolean base_rpm_package(struct base *base, const char *path, GError **error);

#endif
