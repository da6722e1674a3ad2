/* From a manifest to packages, ready to be written. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_PLAN_H
#define PACK_PLAN_H

#include "pack/base.h"
#include "pack/gate.h"
#include "pack/made.h"

/*
 * plan_packages: the packages that a manifest makes in one family: one, or with a `library:` block its runtime and its
 * development package.
 *
 * gate: what gate_pass returned, NULL without `library:`; must live as long as the packages. What the manifest states
 * at its top (relations, contents, scripts) belongs to the runtime package. Every time stamp is the manifest's mtime,
 * else $SOURCE_DATE_EPOCH, else that of the newest input.
 *
 * Returns an array of struct package, sealed, which owns them; or NULL with PACK_ERROR_MANIFEST, PACK_ERROR_INPUT or
 * FACTS_ERROR.
 */
GPtrArray *plan_packages(const struct manifest *manifest, const struct gate *gate, const struct package_format *format,
			 GError **error);

/*
 * plan_finish: find what the packages depend on, and check them: the last step before they are written.
 *
 * made: what the packages provide that are made in the same call, these among them.
 * base: what the target system provides; NULL: no dependencies are looked for.
 *
 * FALSE with PACK_ERROR_MANIFEST, PACK_ERROR_INPUT or PACK_ERROR_DEPENDS.
 */
gboolean plan_finish(const GPtrArray *packages, const struct manifest *manifest, const struct package_format *format,
		     const struct made *made, const struct base *base, GError **error);

#endif
