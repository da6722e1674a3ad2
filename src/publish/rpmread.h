/* Reading an .rpm: signature, digests and the place of its header, checked while the bytes come in. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_RPMREAD_H
#define PUBLISH_RPMREAD_H

#include "publish/intake.h"

#include <glib.h>

/* What is known of an .rpm whose bytes are proved. */
struct rpmread {
	struct intake_sum sum;
	guint64 header_start, header_end; /* of the main header in the file */
};

/*
 * rpmread_check: read the package that IN streams to its end, and prove it.
 *
 * The signature of the main header must be one by CERTIFICATE (OpenPGP public keys, binary) over a digest of at
 * least SHA-256, checked by the same librpm code that checks it on the server; the header's SHA-256 of the payload
 * must be that of the bytes which follow. So every byte a server will use hangs on the key. Digests beside the signature
 * must fit too, as rpm refuses the package otherwise. Formats: rpm's own
 * docs/manual/format.md; sizes are bounded as librpm bounds them.
 *
 * FALSE with PUBLISH_ERROR_INPUT (no whole package; or one from before rpm 4.14, whose header says nothing about its
 * payload), PUBLISH_ERROR_SIGNATURE (none, or not by this key) or PUBLISH_ERROR_DIGEST; each names the package. On
 * TRUE, result->sum.sha256 is the caller's.
 */
gboolean rpmread_check(intake *in, GBytes *certificate, struct rpmread *result, GError **error);

#endif
