/* Hostile metadata of a dnf repository that is mirrored: nothing that is accepted leads elsewhere, in blocks of any
 * size. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/dnfsource.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static gboolean note(const char *path, enum digest_kind kind, const char *digest, guint64 size, gpointer user,
		     GError **error)
{
	(void)error;
	g_assert(download_path_is_safe(path) && download_is_digest(kind, digest));
	g_string_append_printf(user, "%s %s %" G_GUINT64_FORMAT "\n", path, digest, size);
	return TRUE;
}

/* What a primary file names, read in two pieces; NULL: it is malformed. */
static char *scan(const char *text, gsize size, gsize cut)
{
	g_autoptr(GString) named = g_string_new(NULL);
	g_autoptr(dnfsource_scan) s = dnfsource_scan_new(note, named);
	gboolean ok = dnfsource_scan_data(text, cut, s, NULL) && dnfsource_scan_data(text + cut, size - cut, s, NULL) &&
		      dnfsource_scan_end(s, NULL);

	return ok ? g_strdup(named->str) : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	g_autoptr(dnfsource) d = dnfsource_parse(text, size, NULL);
	g_autofree char *whole = scan(text, size, 0), *cut = scan(text, size, size / 2);

	g_assert(g_strcmp0(whole, cut) == 0);
	g_assert(d == NULL || dnfsource_primary(d) != NULL);
	for (guint i = 0; d != NULL && i < d->files->len; i++) {
		const struct dnfsource_file *f = d->files->pdata[i];
		g_assert(download_path_is_safe(f->href) && g_str_has_prefix(f->href, "repodata/"));
		g_assert(download_is_digest(f->kind, f->digest));
	}
	return 0;
}
