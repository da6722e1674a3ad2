/* What a manifest states of one of its packages: its relations and contents, a family's own in the place of the others. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_STATED_H
#define PACK_STATED_H

#include "pack/manifest.h"

/* One package in one family. Everything is borrowed from the manifest. */
struct stated {
	const struct manifest *manifest;
	const char *place;		       /* what its keys begin with: "", or "library.dev." */
	const struct manifest_list *relations; /* RELATION_KINDS of them */
	const struct manifest_content *contents;
	guint n_contents;
	enum package_family family;
	const struct manifest_overrides *own; /* of the family */
};

/* stated_main: of the package that the manifest is about. */
struct stated stated_main(const struct manifest *manifest, enum package_family family);

/* stated_development: of the library's development package; the manifest must have a library. */
struct stated stated_development(const struct manifest *manifest, enum package_family family);

/* stated_key: the key of something that stands here, or in this family's overrides. Caller frees. */
char *stated_key(const struct stated *stated, gboolean own, const char *key);

/* stated_relations: add all relations to a package. FALSE with PACK_ERROR_MANIFEST at the place of one that cannot be. */
gboolean stated_relations(struct package *package, const struct stated *stated, GError **error);

#endif
