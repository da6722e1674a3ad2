/* dnf's metadata: packages described by libcreaterepo_c, and read back from what was published. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_RPMINDEX_H
#define PUBLISH_RPMINDEX_H

#include "publish/family.h"
#include "publish/rpmread.h"
#include "publish/segments.h"

#include <glib.h>

/* The three files of the metadata; record[] of an rpm's entry is in this order. */
enum rpmindex_part {
	RPMINDEX_PRIMARY,
	RPMINDEX_FILELISTS,
	RPMINDEX_OTHER,
	RPMINDEX_PARTS,
};

/* rpmindex_part_name: "primary", "filelists", "other". */
const char *rpmindex_part_name(enum rpmindex_part part);

/*
 * rpmindex_entry: the entry of a package for the suite SUITE.
 *
 * name: for errors. file: the package, which must not change meanwhile. proof: from rpmread_check.
 *
 * Its file time is its build time: the time at which a copy was made would differ in every repository. NULL with a
 * PUBLISH_ERROR_INPUT: librpm cannot read it, or its name, version or architecture cannot be a file's name; or with the
 * error of createrepo_load.
 */
entry *rpmindex_entry(const char *name, const char *file, const char *suite, const struct rpmread *proof,
		      GError **error);

/*
 * rpmindex_parse: append the packages of published metadata to ENTRIES.
 *
 * parts: the three XML files, in memory that nobody else reads: the entries keep them and cut them into strings in place.
 * They are ours: the packages are taken as they stand, byte for byte, so that adding one does not mean to write all the
 * others again.
 *
 * FALSE with a PUBLISH_ERROR_INPUT.
 */
gboolean rpmindex_parse(GBytes *const parts[RPMINDEX_PARTS], const char *suite, GPtrArray *entries, GError **error);

/* rpmindex_write: one of the three XML files. */
void rpmindex_write(const GPtrArray *entries, enum rpmindex_part part, segments *to);

/* rpmindex_text: the same in memory, for readers of XML; entries may be of several suites. */
GBytes *rpmindex_text(GPtrArray *entries, enum rpmindex_part part);

#endif
