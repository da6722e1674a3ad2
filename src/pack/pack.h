/* Packing, start to end: one manifest becomes packages in a folder, all of them or none. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_PACK_H
#define PACK_PACK_H

#include "pack/base_read.h"
#include "pack/gate.h"

/* One manifest to be packed. Nothing is owned. */
struct pack_job {
	const struct manifest *manifest;
	const struct gate *gate;   /* from gate_pass, NULL without `library:` */
	const struct bases *bases; /* what the targets provide, for dependencies */
};

/* What is asked for. Nothing is owned. */
struct pack_request {
	const struct package_format *const *formats; /* ends with a NULL */
	const char *folder;			     /* must exist */
	const char *key;			     /* an OpenPGP key to sign with; NULL: the manifest's, if any */
};

/* One package as it was written. */
struct pack_output {
	char *path;
	char *name, *version; /* the whole version, as other packages name it */
	const struct package_format *format;
	const struct manifest *manifest; /* borrowed: that it is from */
	guint64 size;
	char *sha256;
};

/*
 * pack_write: make every package of N manifests in every format that is asked for, on all cores.
 *
 * Packages get their names only after all of them are written, signed and on the disk; a package of the same name is
 * replaced. Two packages that would have one name are refused. Should giving a name itself fail, those named before it
 * stay.
 *
 * Returns an array of struct pack_output, which owns them, in the order of the manifests and, for each, of the formats; or
 * NULL with PACK_ERROR, FACTS_ERROR or G_FILE_ERROR of the first that failed, and the folder is as it was.
 */
GPtrArray *pack_write(const struct pack_job *jobs, guint n, const struct pack_request *request, GError **error);

#endif
