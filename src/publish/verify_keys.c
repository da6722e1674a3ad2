/* The public keys that servers take from a repository: see verify.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/file.h"
#include "publish/publication.h"
#include "publish/verify_private.h"

#include <string.h>

/* What a file of keys/ is to hold: the keys of all suites of one origin, one after the other, in any order. */
struct key_file {
	GPtrArray *keys; /* GBytes *, as gpg has them */
	const char *suite;
};

void verify_key_file_free(gpointer data)
{
	struct key_file *f = data;

	g_ptr_array_unref(f->keys);
	g_free(f);
}

static gboolean is_same(gconstpointer a, gconstpointer b)
{
	return g_bytes_equal(a, b);
}

static void expect(struct verify_suite *s, const char *name, const char *suffix, GBytes *key)
{
	const char *path = verify_known(s->v, g_strdup_printf("keys/%s%s", name, suffix));
	struct key_file *f = g_hash_table_lookup(s->v->key_files, path);

	if (f == NULL) {
		f = g_new0(struct key_file, 1);
		f->keys = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
		f->suite = s->name;
		g_hash_table_insert(s->v->key_files, (gpointer)path, f);
	}
	if (key != NULL && !g_ptr_array_find_with_equal_func(f->keys, key, is_same, NULL))
		g_ptr_array_add(f->keys, g_bytes_ref(key));
}

void verify_signers(struct verify_suite *s)
{
	publication p = {.site.settings = s->settings};
	g_autofree char *name = publication_key_name(&p);
	g_autoptr(GByteArray) all = g_byte_array_new();

	for (char **signer = s->settings->signed_by; *signer != NULL; signer++) {
		const char *const one[] = {*signer, NULL};
		g_autoptr(GBytes) binary = keyring_export(s->v->keys, one, FALSE, NULL);
		g_autoptr(GBytes) armored = keyring_export(s->v->keys, one, TRUE, NULL);
		gsize size = 0;
		const void *data = binary ? g_bytes_get_data(binary, &size) : NULL;
		if (data != NULL)
			g_byte_array_append(all, data, (guint)size);
		expect(s, name, ".gpg", binary);
		expect(s, name, ".asc", armored);
	}
	if (all->len > 0)
		s->certificate = g_byte_array_free_to_bytes(g_steal_pointer(&all));
}

/* The length of the key that the file has at AT; 0: none of those that it is to have. */
static gsize key_at(const struct key_file *f, const char *at, gsize left)
{
	for (guint i = 0; i < f->keys->len; i++) {
		gsize size = 0;
		const char *key = g_bytes_get_data(f->keys->pdata[i], &size);
		if (size > 0 && size <= left && memcmp(at, key, size) == 0)
			return size;
	}
	return 0;
}

/* Whether the file has these keys and no others. only_some: there may be others. */
static gboolean has_keys(const struct key_file *f, GBytes *file, gboolean only_some)
{
	gsize left = 0, size;
	const char *at = g_bytes_get_data(file, &left);
	guint found = 0;

	for (; left > 0; at += size, left -= size) {
		size = key_at(f, at, left);
		found += size > 0;
		if (size == 0 && !only_some)
			return FALSE;
		size = MAX(size, 1);
	}
	return found >= f->keys->len;
}

static void check_key_file(struct verify *v, const char *path, const struct key_file *f)
{
	g_autofree char *full = g_build_filename(v->dir, path, NULL);
	GError *error = NULL;
	g_autoptr(GBytes) file = file_read(full, MOST_RELEASE, &error);

	if (file == NULL)
		verify_note_error(v, f->suite, path, error);
	else if (f->keys->len > 0 && !has_keys(f, file, v->options->suite != NULL))
		verify_note(v, VERIFY_SIGNATURE, FALSE, f->suite, path,
			    g_strdup("not the public key that signs, as gpg has it, or not that alone"));
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(a, b);
}

void verify_key_files(struct verify *v)
{
	g_autoptr(GList) paths = g_list_sort(g_hash_table_get_keys(v->key_files), compare_names);

	for (GList *path = paths; path != NULL; path = path->next)
		check_key_file(v, path->data, g_hash_table_lookup(v->key_files, path->data));
}
