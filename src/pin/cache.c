/* The file of kept answers: see cache.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/cache.h"
#include "core/digest.h"
#include "core/file.h"
#include "pin/cache_private.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "abide-cache 1\n"
#define MAGIC_SIZE (sizeof MAGIC - 1)
#define HEADER_SIZE (MAGIC_SIZE + 2 * CACHE_KEY_SIZE)
#define RECORD_SIZE (CACHE_KEY_SIZE + 8)
#define SECONDS_OF_DAY (24 * 60 * 60)

/* A day of use that is older than this is written anew, even if nothing else is new. */
#define STALE_DAYS 7

struct answer {
	guint8 key[CACHE_KEY_SIZE];
	GBytes *bytes;
	guint32 day; /* of its last use */
};

struct cache {
	char *path; /* NULL: memory only */
	guint8 tool[CACHE_KEY_SIZE];
	guint32 today;
	GHashTable *answers; /* struct answer, a set */
	gboolean changed;
	GMutex lock;
};

static void answer_free(gpointer data)
{
	struct answer *a = data;

	g_bytes_unref(a->bytes);
	g_free(a);
}

static guint hash_key(gconstpointer key)
{
	guint hash;

	memcpy(&hash, key, sizeof hash);
	return hash;
}

static gboolean same_key(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, CACHE_KEY_SIZE) == 0;
}

char *cache_path(void)
{
	return g_build_filename(g_get_user_cache_dir(), "abide", "answers", NULL);
}

/* ---- which build this is ---- */

static int find_build_id(struct dl_phdr_info *info, size_t size, void *user)
{
	const guint8 **found = user;

	(void)size;
	for (guint i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		const guint8 *at = (const guint8 *)(info->dlpi_addr + segment->p_vaddr), *end = at + segment->p_memsz;
		while (segment->p_type == PT_NOTE && (gsize)(end - at) >= sizeof(ElfW(Nhdr))) {
			const ElfW(Nhdr) *note = (const void *)at;
			gsize name = (note->n_namesz + 3u) & ~3u;
			if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && memcmp(note + 1, "GNU", 4) == 0)
				*found = at;
			at += MIN(sizeof *note + name + ((note->n_descsz + 3u) & ~3u), (gsize)(end - at));
		}
	}
	return 1; /* the first is the program itself */
}

/* Without a build-id the program's own bytes tell it from another build. */
static void identify_tool(guint8 tool[CACHE_KEY_SIZE])
{
	const guint8 *note = NULL;
	g_autoptr(digest) d = digest_new(DIGEST_SHA256);

	dl_iterate_phdr(find_build_id, &note);
	if (note != NULL) {
		const ElfW(Nhdr) *header = (const void *)note;
		digest_update(d, note, sizeof *header + 4 + header->n_descsz);
	} else {
		g_autoptr(GBytes) self = file_read("/proc/self/exe", CACHE_CEILING, NULL);
		gsize size = 0;
		const void *data = self ? g_bytes_get_data(self, &size) : NULL;
		digest_update(d, data, size);
	}
	digest_raw(d, tool);
}

/* ---- reading ---- */

static guint32 number_at(const guint8 *at)
{
	return (guint32)at[0] | (guint32)at[1] << 8 | (guint32)at[2] << 16 | (guint32)at[3] << 24;
}

/* One answer at *OFFSET, which is moved behind it; FALSE when it does not fit. */
static gboolean read_answer(GBytes *file, gsize *offset, struct answer *a)
{
	gsize size, left;
	const guint8 *data = g_bytes_get_data(file, &size);

	left = size - *offset;
	if (left < RECORD_SIZE)
		return FALSE;
	const guint8 *at = data + *offset;
	gsize length = number_at(at + CACHE_KEY_SIZE + 4);
	if (length > left - RECORD_SIZE)
		return FALSE;
	memcpy(a->key, at, CACHE_KEY_SIZE);
	a->day = number_at(at + CACHE_KEY_SIZE);
	a->bytes = g_bytes_new_from_bytes(file, *offset + RECORD_SIZE, length);
	*offset += RECORD_SIZE + length;
	return TRUE;
}

static gboolean is_whole(GBytes *file, const guint8 tool[CACHE_KEY_SIZE])
{
	gsize size;
	const guint8 *data = g_bytes_get_data(file, &size);
	g_autoptr(digest) d = digest_new(DIGEST_SHA256);
	guint8 rest[CACHE_KEY_SIZE];

	if (size < HEADER_SIZE || memcmp(data, MAGIC, MAGIC_SIZE) != 0 ||
	    memcmp(data + MAGIC_SIZE, tool, CACHE_KEY_SIZE) != 0)
		return FALSE;
	digest_update(d, data + HEADER_SIZE, size - HEADER_SIZE);
	digest_raw(d, rest);
	return memcmp(data + MAGIC_SIZE + CACHE_KEY_SIZE, rest, CACHE_KEY_SIZE) == 0;
}

/* Those that C has already stay as they are. */
static void take_answers(struct cache *c, GBytes *file)
{
	gsize offset = HEADER_SIZE;
	struct answer a;

	while (read_answer(file, &offset, &a)) {
		if (g_hash_table_contains(c->answers, a.key))
			g_bytes_unref(a.bytes);
		else
			g_hash_table_add(c->answers, g_memdup2(&a, sizeof a));
	}
}

/* A file that somebody else can write to proves nothing. */
static gboolean is_own(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() && (st.st_mode & 022) == 0;
}

static void take_file(struct cache *c)
{
	g_autoptr(GBytes) file = c->path && is_own(c->path) ? file_read(c->path, CACHE_CEILING, NULL) : NULL;

	if (file != NULL && is_whole(file, c->tool))
		take_answers(c, file);
}

static struct cache *new_cache(const char *path)
{
	struct cache *c = g_new0(struct cache, 1);

	c->path = g_strdup(path);
	c->today = (guint32)(g_get_real_time() / G_USEC_PER_SEC / SECONDS_OF_DAY);
	c->answers = g_hash_table_new_full(hash_key, same_key, answer_free, NULL);
	g_mutex_init(&c->lock);
	return c;
}

cache *cache_open(const char *path)
{
	struct cache *c = new_cache(path);

	identify_tool(c->tool);
	take_file(c);
	return c;
}

cache *cache_parse(GBytes *file, const guint8 tool[CACHE_KEY_SIZE])
{
	struct cache *c = is_whole(file, tool) ? new_cache(NULL) : NULL;

	if (c != NULL)
		take_answers(c, file);
	return c;
}

guint cache_count(const cache *c)
{
	return g_hash_table_size(c->answers);
}

void cache_free(cache *c)
{
	if (c == NULL)
		return;
	g_free(c->path);
	g_hash_table_unref(c->answers);
	g_mutex_clear(&c->lock);
	g_free(c);
}

/* ---- keys ---- */

struct cache_key {
	digest *digest;
};

cache_key *cache_key_new(const char *kind)
{
	cache_key *key = g_new(cache_key, 1);

	key->digest = digest_new(DIGEST_SHA256);
	cache_key_add(key, kind);
	return key;
}

void cache_key_add(cache_key *key, const char *part)
{
	guint64 size = part ? strlen(part) : G_MAXUINT64;

	digest_update(key->digest, &size, sizeof size);
	if (part != NULL)
		digest_update(key->digest, part, (gsize)size);
}

void cache_key_end(cache_key *key, guint8 digest[CACHE_KEY_SIZE])
{
	digest_raw(key->digest, digest);
	digest_free(key->digest);
	g_free(key);
}

/* ---- answers ---- */

static GBytes *find_bytes(cache *c, const guint8 *key)
{
	g_mutex_lock(&c->lock);
	struct answer *a = g_hash_table_lookup(c->answers, key);
	if (a != NULL) {
		c->changed |= a->day + STALE_DAYS < c->today;
		a->day = c->today;
	}
	GBytes *bytes = a ? g_bytes_ref(a->bytes) : NULL;
	g_mutex_unlock(&c->lock);
	return bytes;
}

GVariant *cache_find(cache *c, const guint8 key[CACHE_KEY_SIZE], const char *type)
{
	g_autoptr(GBytes) bytes = c ? find_bytes(c, key) : NULL;

	if (bytes == NULL)
		return NULL;
	/* Serialised values must be aligned, which a place in the file is not. */
	gsize size;
	const void *data = g_bytes_get_data(bytes, &size);
	g_autoptr(GBytes) copy = g_bytes_new(data, size);
	g_autoptr(GVariant) value = g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE(type), copy, FALSE));
	return g_variant_is_normal_form(value) ? g_steal_pointer(&value) : NULL;
}

void cache_put(cache *c, const guint8 key[CACHE_KEY_SIZE], GVariant *value)
{
	g_autoptr(GVariant) own = g_variant_ref_sink(value);
	struct answer a;

	if (c == NULL)
		return;
	g_mutex_lock(&c->lock);
	if (!g_hash_table_contains(c->answers, key)) {
		memcpy(a.key, key, CACHE_KEY_SIZE);
		a.day = c->today;
		a.bytes = g_variant_get_data_as_bytes(own);
		g_hash_table_add(c->answers, g_memdup2(&a, sizeof a));
		c->changed = TRUE;
	}
	g_mutex_unlock(&c->lock);
}

/* ---- writing ---- */

static void append_number(GByteArray *out, guint32 n)
{
	const guint8 bytes[4] = {n & 0xff, n >> 8 & 0xff, n >> 16 & 0xff, n >> 24};

	g_byte_array_append(out, bytes, sizeof bytes);
}

/* What would make the file too large is left out; so is what nobody has asked for in a long time. */
static void append_answers(GByteArray *out, const struct cache *c)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, c->answers);
	while (g_hash_table_iter_next(&iter, &value, NULL)) {
		const struct answer *a = value;
		gsize size;
		const void *data = g_bytes_get_data(a->bytes, &size);
		if (a->day + CACHE_DAYS < c->today || size > CACHE_CEILING ||
		    out->len + RECORD_SIZE + size > CACHE_CEILING)
			continue;
		g_byte_array_append(out, a->key, CACHE_KEY_SIZE);
		append_number(out, a->day);
		append_number(out, (guint32)size);
		g_byte_array_append(out, data, (guint)size);
	}
}

GByteArray *cache_bytes(const cache *c)
{
	static const guint8 none[CACHE_KEY_SIZE];
	GByteArray *out = g_byte_array_new();
	g_autoptr(digest) d = digest_new(DIGEST_SHA256);

	g_byte_array_append(out, (const guint8 *)MAGIC, MAGIC_SIZE);
	g_byte_array_append(out, c->tool, CACHE_KEY_SIZE);
	g_byte_array_append(out, none, CACHE_KEY_SIZE);
	append_answers(out, c);
	digest_update(d, out->data + HEADER_SIZE, out->len - HEADER_SIZE);
	digest_raw(d, out->data + MAGIC_SIZE + CACHE_KEY_SIZE);
	return out;
}

gboolean cache_save(cache *c, GError **error)
{
	if (c == NULL || c->path == NULL || !c->changed)
		return TRUE;
	g_autofree char *folder = g_path_get_dirname(c->path);
	if (g_mkdir_with_parents(folder, 0700) != 0)
		return file_error(error, errno, folder, "make");
	take_file(c);
	g_autoptr(GByteArray) bytes = cache_bytes(c);
	c->changed = FALSE;
	return file_replace(c->path, bytes->data, bytes->len, 0600, error);
}
