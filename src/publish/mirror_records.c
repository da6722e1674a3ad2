/* What a mirror has of a repository that abide made besides indexes and packages: states, bases and keys. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/file.h"
#include "publish/chain.h"
#include "publish/declared.h"
#include "publish/fetch.h"
#include "publish/mirror_private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A file that waits among the parts, to be put into its place. */
struct mirror_record {
	char *staged;
	char *path; /* from the top */
};

void mirror_record_free(gpointer record)
{
	struct mirror_record *r = record;

	g_free(r->staged);
	g_free(r->path);
	g_free(r);
}

/* ---- one file ---- */

static gboolean has_digest(GBytes *bytes, const char *sha256)
{
	gsize size = 0;
	const void *data = g_bytes_get_data(bytes, &size);
	g_autofree char *found = digest_of(DIGEST_SHA256, data, size);

	return strcmp(found, sha256) == 0;
}

/* A file of ours, if it is there and as it was signed. */
static GBytes *read_own(const char *path, const char *sha256)
{
	g_autoptr(GBytes) bytes = access(path, F_OK) == 0 ? file_read(path, MIRROR_MOST_RECORD, NULL) : NULL;

	return bytes != NULL && has_digest(bytes, sha256) ? g_steal_pointer(&bytes) : NULL;
}

/* From the source into the part's name, proved. */
static GBytes *fetch(struct mirror *m, const char *path, const char *sha256, const char *staged, GError **error)
{
	g_autoptr(GBytes) bytes = source_read(m->source, path, MIRROR_MOST_RECORD, error);
	gsize size = 0;
	const void *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;

	if (bytes == NULL)
		return NULL;
	if (!has_digest(bytes, sha256)) {
		mirror_failed(m, PUBLISH_ERROR_DIGEST, path, "its digest is not the one that is signed", error);
		return NULL;
	}
	if (!file_replace(staged, data, size, 0644, error))
		return NULL;
	m->tally.files++;
	m->tally.bytes += size;
	return g_steal_pointer(&bytes);
}

/* The bytes of a file whose digest is signed: the mirror's own, or those that are now to be put into its place. */
static GBytes *obtain(struct mirror_attempt *a, const char *path, const char *sha256, GError **error)
{
	g_autofree char *own = mirror_path(a->m, path), *staged = g_build_filename(a->m->parts, sha256, NULL);
	g_autoptr(GBytes) bytes = read_own(own, sha256);

	if (bytes != NULL)
		return g_steal_pointer(&bytes);
	if ((bytes = read_own(staged, sha256)) == NULL && (bytes = fetch(a->m, path, sha256, staged, error)) == NULL)
		return NULL;
	struct mirror_record *r = g_new(struct mirror_record, 1);
	*r = (struct mirror_record){.staged = g_steal_pointer(&staged), .path = g_strdup(path)};
	g_ptr_array_add(a->records, r);
	return g_steal_pointer(&bytes);
}

/* ---- states and bases ---- */

static char *state_path(const char *suite, guint64 number)
{
	return g_strdup_printf("history/%s/%" G_GUINT64_FORMAT, suite, number);
}

static state *obtain_state(struct mirror_attempt *a, guint64 number, const char *sha256, GError **error)
{
	g_autofree char *path = state_path(a->suite, number);
	g_autoptr(GBytes) bytes = obtain(a, path, sha256, error);
	gsize size = 0;
	const char *text = bytes ? g_bytes_get_data(bytes, &size) : NULL;
	g_autoptr(state) s = text ? state_parse(path, text, size, error) : NULL;

	if (s == NULL || (s->number == number && s->oldest <= number && strcmp(s->suite, a->suite) == 0))
		return g_steal_pointer(&s);
	mirror_failed(a->m, PUBLISH_ERROR_INPUT, path, "signed, but it is another state", error);
	return NULL;
}

static gboolean want_items(struct mirror_attempt *a, const GPtrArray *items, gboolean removed_only, GError **error)
{
	for (guint i = 0; i < items->len; i++) {
		const struct state_item *item = items->pdata[i];
		if (removed_only && item->added)
			continue;
		if (!download_path_is_safe(item->path))
			return mirror_failed(a->m, PUBLISH_ERROR_INPUT, item->path,
					     "a state names it, but it leads elsewhere", error);
		if (!mirror_want(a, item->path, DIGEST_SHA256, item->sha256, item->size, NULL, error))
			return FALSE;
	}
	return TRUE;
}

/* As chain_needed has it: what the oldest state removed, none that is kept has. */
static gboolean want_state(struct mirror_attempt *a, const state *s, gboolean oldest, GError **error)
{
	return want_items(a, s->staged, FALSE, error) && (oldest || want_items(a, s->changes, TRUE, error));
}

static gboolean fetch_states(struct mirror_attempt *a, const release *settings, GError **error)
{
	g_autofree char *sha256 = g_strdup(settings->state_sha256);
	guint64 oldest = 0;

	for (guint64 number = settings->state; sha256 != NULL; number--) {
		g_autoptr(state) s = obtain_state(a, number, sha256, error);
		if (s == NULL)
			return FALSE;
		oldest = oldest ? oldest : s->oldest;
		if (!want_state(a, s, number == oldest, error))
			return FALSE;
		g_free(sha256);
		sha256 = number > oldest ? g_strdup(s->previous_sha256) : NULL;
	}
	return TRUE;
}

gboolean mirror_records_fetch(struct mirror_attempt *a, GError **error)
{
	const release *settings = a->apt.settings;

	if (settings == NULL)
		return TRUE;
	for (char **word = settings->bases; *word != NULL; word++) {
		g_autofree char *path = declared_path(*word);
		g_autoptr(GBytes) base = obtain(a, path, strchr(*word, ':') + 1, error);
		if (base == NULL)
			return FALSE;
	}
	return fetch_states(a, settings, error);
}

static void add_items(GHashTable *names, const GPtrArray *items, gboolean removed_only)
{
	for (guint i = 0; i < items->len; i++) {
		const struct state_item *item = items->pdata[i];
		if (!removed_only || !item->added)
			g_hash_table_replace(names, g_strdup(item->path), g_strdup(item->sha256));
	}
}

/* What a suite of the mirror says of itself, if abide made it. */
static release *settings_of(const char *dir, const char *suite)
{
	g_autofree char *directory = g_build_filename("dists", suite, NULL);
	g_autofree char *text = mirror_present_text(dir, directory, NULL);
	release *r = text ? release_parse(text, strlen(text), NULL) : NULL;

	if (r != NULL && r->state_sha256 != NULL && strcmp(r->suite, suite) == 0)
		return r;
	release_free(r);
	return NULL;
}

void mirror_records_names(const char *dir, const char *suite, GHashTable *names)
{
	g_autoptr(release) settings = settings_of(dir, suite);
	struct site site = {.dir = (char *)dir, .settings = settings};
	g_autoptr(GPtrArray) states = settings ? chain_load(&site, 0, NULL) : NULL;

	for (guint i = 0; states != NULL && i < states->len; i++) {
		const state *s = states->pdata[i];
		add_items(names, s->staged, FALSE);
		if (i + 1 < states->len)
			add_items(names, s->changes, TRUE);
	}
}

/* ---- keys ---- */

/* Those of the suite, and of the mirror's other suites with the same origin: one file serves them all. */
static char **signers_of_origin(const struct mirror_attempt *a)
{
	g_auto(GStrv) suites = publication_suites(a->m->dir);
	g_autoptr(GStrvBuilder) all = g_strv_builder_new();

	g_strv_builder_addv(all, (const char **)a->apt.settings->signed_by);
	for (char **suite = suites; *suite != NULL; suite++) {
		g_autoptr(release) other = strcmp(*suite, a->suite) != 0 ? settings_of(a->m->dir, *suite) : NULL;
		if (other != NULL && strcmp(other->origin, a->apt.settings->origin) == 0)
			g_strv_builder_addv(all, (const char **)other->signed_by);
	}
	return g_strv_builder_end(all);
}

/* The keys that the source offers under that name, in a keyring of their own; NULL: none that can be used. */
static keyring *offered(struct mirror *m, const char *name)
{
	g_autofree char *path = g_strdup_printf("keys/%s.gpg", name);
	g_autofree char *staged = g_build_filename(m->parts, "keys", NULL);
	g_autoptr(GBytes) bytes = source_read(m->source, path, MIRROR_MOST_SIGNATURE, NULL);
	gsize size = 0;
	const void *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;

	return data != NULL && file_replace(staged, data, size, 0644, NULL) ? keyring_new_from(staged, NULL) : NULL;
}

struct export
{
	struct mirror *m;
	const char *name;
	gboolean asked;	      /* the source */
	keyring *source;      /* what it offers, or NULL */
	GByteArray *files[2]; /* binary, armored */
};

/* One key, chosen by its signed fingerprint: as we have it, else as the source has it. One that neither has is left
 * out. */
static void add_key(struct export *e, const char *fingerprint)
{
	const char *const one[] = {fingerprint, NULL};

	for (int armored = 0; armored <= 1; armored++) {
		g_autoptr(GBytes) key = keyring_export(e->m->keys, one, armored, NULL);
		gsize size = 0;
		if (key == NULL && !e->asked) {
			e->asked = TRUE;
			e->source = offered(e->m, e->name);
		}
		if (key == NULL && e->source != NULL)
			key = keyring_export(e->source, one, armored, NULL);
		const void *data = key ? g_bytes_get_data(key, &size) : NULL;
		if (data != NULL)
			g_byte_array_append(e->files[armored], data, (guint)size);
	}
}

static gboolean write_keys(const struct export *e, GError **error)
{
	static const char *const endings[] = {"gpg", "asc"};
	g_autofree char *folder = mirror_path(e->m, "keys");

	if (!file_make_dirs(folder, error))
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
		g_autofree char *path = g_strdup_printf("%s/%s.%s", folder, e->name, endings[i]);
		if (e->files[i]->len > 0 && !file_replace(path, e->files[i]->data, e->files[i]->len, 0644, error))
			return FALSE;
	}
	return TRUE;
}

/* keys/NAME.gpg and .asc: what Signed-By names, whatever the source has there. */
static gboolean make_keys(struct mirror_attempt *a, const char *name, GError **error)
{
	struct export e = {.m = a->m, .name = name, .files = {g_byte_array_new(), g_byte_array_new()}};
	g_auto(GStrv) signers = signers_of_origin(a);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (char **s = signers; *s != NULL; s++)
		if (g_hash_table_add(seen, *s))
			add_key(&e, *s);
	gboolean ok = write_keys(&e, error);
	g_byte_array_unref(e.files[0]);
	g_byte_array_unref(e.files[1]);
	keyring_free(e.source);
	return ok;
}

/* ---- into place ---- */

static gboolean place(const struct mirror *m, const struct mirror_record *r, GError **error)
{
	g_autofree char *to = mirror_path(m, r->path), *folder = g_path_get_dirname(to);

	if (!file_make_dirs(folder, error))
		return FALSE;
	return rename(r->staged, to) == 0 || file_error(error, errno, to, "write");
}

gboolean mirror_records_place(struct mirror_attempt *a, GError **error)
{
	const publication p = {.site.settings = a->apt.settings};

	if (a->apt.settings == NULL)
		return TRUE;
	g_autofree char *name = publication_key_name(&p), *key = g_strdup_printf("%s/keys/%s.gpg", a->m->dir, name);
	for (guint i = 0; i < a->records->len; i++)
		if (!place(a->m, a->records->pdata[i], error))
			return FALSE;
	if ((a->apt.changed || access(key, F_OK) < 0) && !make_keys(a, name, error))
		return FALSE;
	return a->records->len == 0 || mirror_sync(a->m, error);
}

static guint64 oldest_of(const struct mirror_attempt *a)
{
	struct site site = {.dir = (char *)a->m->dir, .settings = a->apt.settings};
	g_autoptr(state) last = chain_last(&site, NULL);

	return last ? last->oldest : 0;
}

void mirror_records_clean(const struct mirror_attempt *a)
{
	g_autofree char *folder = a->apt.settings ? g_build_filename(a->m->dir, "history", a->suite, NULL) : NULL;
	g_autoptr(GDir) dir = folder ? g_dir_open(folder, 0, NULL) : NULL;
	guint64 oldest = dir ? oldest_of(a) : 0, number = 0;
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		if (!g_ascii_string_to_unsigned(name, 10, oldest, a->apt.settings->state, &number, NULL))
			unlink(path);
	}
}
