/* What a compressor has to offer to be a stream of compress.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_COMPRESS_PRIVATE_H
#define PACK_COMPRESS_PRIVATE_H

#include "pack/compress.h"

/* What every stream has; those of one kind begin with it. */
struct compress {
	const struct compress_kind *kind;
	compress_sink sink;
	gpointer user;
};

/* One way to compress. The functions are those of compress.h. */
struct compress_kind {
	gsize size; /* of its structure, which begin finds zeroed after the part above */
	gboolean (*begin)(compress *compress, const char *name, const char *level, guint threads, GError **error);
	gboolean (*write)(compress *compress, const void *data, gsize size, GError **error);
	gboolean (*finish)(compress *compress, GError **error);
	void (*clear)(compress *compress); /* also when begin failed */
};

extern const struct compress_kind compress_kind_xz, compress_kind_archive;

#endif
