/* apt's indexes, from the Release file down: see verify.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "publish/codec.h"
#include "publish/debindex.h"
#include "publish/verify_private.h"

#include <string.h>
#include <sys/stat.h>

/* "main/binary-amd64/Packages" and its compressed forms have an architecture; caller frees. NULL: another file. */
static char *arch_of(const char *path)
{
	static const char prefix[] = RELEASE_COMPONENT "/binary-";
	const char *arch = g_str_has_prefix(path, prefix) ? path + strlen(prefix) : NULL;
	const char *slash = arch ? strchr(arch, '/') : NULL;

	return slash && g_str_has_prefix(slash, "/Packages") ? g_strndup(arch, (gsize)(slash - arch)) : NULL;
}

/* Architectures share the packages that are for all of them. */
static void read_packages(struct verify_suite *s, const char *path, GBytes *text, GHashTable *seen)
{
	g_autoptr(GHashTable) seen_here = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	g_autofree char *arch = arch_of(path + strlen("dists//") + strlen(s->name));
	GError *error = NULL;
	gsize size = 0;
	const char *data = g_bytes_get_data(text, &size);

	if (!debindex_parse(data, size, seen_here, entries, &error)) {
		verify_note_error(s->v, s->name, path, error);
		verify_blind(s, g_strdup("pool/"));
		return;
	}
	verify_order(s, path, entries, 0, arch);
	for (guint i = 0; i < entries->len; i++) {
		entry *e = entries->pdata[i];
		if (!g_hash_table_add(seen, g_strdup(e->path)))
			continue;
		entries->pdata[i] = NULL;
		g_ptr_array_add(s->entries, e);
	}
}

/* The compressed form must be one of the same text, or clients would see different packages. */
static void check_packed(struct verify_suite *s, const char *path, const struct release_file *file, GBytes *bytes)
{
	g_autofree char *plain_path = g_strndup(file->path, (gsize)(strrchr(file->path, '.') - file->path));
	const struct release_file *plain = release_find(s->settings, plain_path);
	GError *error = NULL;
	gsize size = 0;

	if (plain == NULL)
		return;
	g_autoptr(GBytes) text = codec_decode(bytes, MOST_INDEX, &error);
	if (text == NULL) {
		verify_note_error(s->v, s->name, path, error);
		return;
	}
	const void *data = g_bytes_get_data(text, &size);
	g_autofree char *sha256 = digest_of(DIGEST_SHA256, data, size);
	if (strcmp(sha256, plain->sha256) != 0)
		verify_note(s->v, VERIFY_FORMAT, FALSE, s->name, path,
			    g_strdup_printf("not the contents of %s", plain_path));
}

static gboolean is_same_file(const struct verify_suite *s, const char *path, const char *other)
{
	g_autofree char *a = g_build_filename(s->v->dir, path, NULL), *b = g_build_filename(s->v->dir, other, NULL);
	struct stat x, y;

	return lstat(a, &x) == 0 && lstat(b, &y) == 0 && S_ISREG(x.st_mode) && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

/* The same index under the name that apt asks for; usually the same file. */
static void check_by_hash(struct verify_suite *s, const char *path, const struct release_file *file)
{
	g_autofree char *by_hash = release_by_hash(file);
	g_autofree char *other = g_strdup_printf("dists/%s/%s", s->name, by_hash);

	if (is_same_file(s, path, other)) {
		verify_known(s->v, g_strdup(other));
		return;
	}
	g_autoptr(GBytes) bytes = verify_file(s, other, (gint64)file->size, file->sha256);
}

void verify_deb(struct verify_suite *s)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < s->settings->files->len; i++) {
		const struct release_file *file = s->settings->files->pdata[i];
		g_autofree char *path = g_strdup_printf("dists/%s/%s", s->name, file->path),
				*arch = arch_of(file->path);
		g_autoptr(GBytes) bytes = verify_file(s, path, (gint64)file->size, file->sha256);
		check_by_hash(s, path, file);
		if (bytes == NULL && g_str_has_suffix(path, "/Packages"))
			verify_blind(s, g_strdup("pool/"));
		if (bytes == NULL || arch == NULL)
			continue;
		if (g_str_has_suffix(path, "/Packages"))
			read_packages(s, path, bytes, seen);
		else
			check_packed(s, path, file, bytes);
	}
}
