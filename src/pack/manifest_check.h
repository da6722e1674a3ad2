/* What a manifest says beyond its types: values that only one family has, and what abide refuses by name. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_MANIFEST_CHECK_H
#define PACK_MANIFEST_CHECK_H

#include "pack/manifest.h"

/*
 * manifest_check: check what is left after every text was expanded, and bring it into the form that manifest.h says:
 * `version` becomes the whole upstream version, `deb.fields` is read.
 *
 * FALSE with PACK_ERROR_MANIFEST or YAMLFILE_ERROR, at the place of the value.
 */
gboolean manifest_check(struct manifest *manifest, GError **error);

/* A key of nfpm's that abide refuses by name. */
struct manifest_refusal {
	const char *key;
	const char *why;
};

/* manifest_refusals: all of them; ends with a row without a key. */
extern const struct manifest_refusal manifest_refusals[];

#endif
