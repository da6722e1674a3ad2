/* Hostile metadata of an apt repository that is mirrored: nothing that is accepted leads elsewhere, in blocks of any
 * size. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/aptsource.h"

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

/* What an index names, read in two pieces; *ok: whether it is well-formed. */
static char *scan(const char *text, gsize size, gsize cut, gboolean *ok)
{
	g_autoptr(GString) named = g_string_new(NULL);
	g_auto(aptsource_scan_state) s = {.named = note, .user = named};

	*ok = aptsource_scan(text, cut, &s, NULL) && aptsource_scan(text + cut, size - cut, &s, NULL) &&
	      aptsource_scan_end(&s, NULL);
	return g_strdup(named->str);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	gboolean whole_ok = FALSE, cut_ok = FALSE;
	g_autofree char *inner = aptsource_clear_text(text, size);
	g_autoptr(aptsource) a = aptsource_parse(inner, strlen(inner), NULL);
	g_autofree char *whole = scan(text, size, 0, &whole_ok), *cut = scan(text, size, size / 2, &cut_ok);

	g_assert(strcmp(whole, cut) == 0 && whole_ok == cut_ok);
	for (guint i = 0; a != NULL && i < a->files->len; i++) {
		const struct aptsource_file *f = a->files->pdata[i];
		g_autofree char *by_hash = aptsource_by_hash(f);
		g_assert(download_path_is_safe(f->path) && download_is_digest(f->kind, f->digest));
		g_assert(download_path_is_safe(by_hash) && aptsource_find(a, f->path) == f);
	}
	return 0;
}
