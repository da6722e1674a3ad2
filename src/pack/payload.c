/* The archive inside a package, by libarchive: see payload.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/payload.h"
#include "core/digest.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* dpkg's default, and what `gzip -9n` does. */
const struct payload_compressor payload_xz = {"xz", ".xz", "6"};
const struct payload_compressor payload_gzip = {"gzip", ".gz", "9"};

/* What manifests may name, with the levels that each library has. */
static const struct {
	struct payload_compressor compressor;
	int least, most;
} choices[] = {
	{{"xz", ".xz", "6"}, 0, 9},
	{{"gzip", ".gz", "9"}, 1, 9},
	{{"zstd", ".zst", "19"}, 1, 22},
	{{"none", "", NULL}, 0, 0},
};

gboolean payload_choose(const char *text, struct payload_compressor *compressor, GError **error)
{
	gsize length = strcspn(text, ":");
	const char *level = text[length] == ':' ? text + length + 1 : NULL;
	gint64 number;

	for (gsize i = 0; i < G_N_ELEMENTS(choices); i++) {
		if (strlen(choices[i].compressor.name) != length ||
		    strncmp(choices[i].compressor.name, text, length) != 0)
			continue;
		*compressor = choices[i].compressor;
		if (level == NULL)
			return TRUE;
		compressor->level = level;
		if (choices[i].compressor.level != NULL &&
		    g_ascii_string_to_signed(level, 10, choices[i].least, choices[i].most, &number, NULL))
			return TRUE;
		g_set_error(error, PACK_ERROR, PACK_ERROR_MANIFEST, "'%s': %s has the levels %d to %d", text,
			    choices[i].compressor.name, choices[i].least, choices[i].most);
		return FALSE;
	}
	g_set_error(error, PACK_ERROR, PACK_ERROR_MANIFEST,
		    "'%s'; expected xz, zstd, gzip or none, or one with a level, zstd:19", text);
	return FALSE;
}

/* Bytes on their way: the end of one stage, counted and hashed. */
struct stage {
	digest *sha256;
	guint64 size;
};

/*
 * Two libarchive writers in a row: `files` makes the plain archive and hands it to `raw`, which compresses it, so that
 * both streams can be hashed as they pass.
 */
struct payload {
	struct archive *files, *raw;
	struct stage plain, compressed;
	enum payload_kind kind;
	int fd;
	guint entries;
};

void payload_sums_clear(struct payload_sums *sums)
{
	g_clear_pointer(&sums->sha256, g_free);
	g_clear_pointer(&sums->raw_sha256, g_free);
}

static gboolean failed(GError **error, struct archive *a, const char *what)
{
	const char *why = archive_error_string(a);

	g_set_error(error, PACK_ERROR, PACK_ERROR_WRITE, "cannot %s: %s", what, why == NULL ? "out of memory" : why);
	return FALSE;
}

static void pass(struct stage *stage, const void *data, gsize size)
{
	digest_update(stage->sha256, data, size);
	stage->size += size;
}

static la_ssize_t write_plain(struct archive *a, void *user, const void *data, size_t size)
{
	struct payload *p = user;

	pass(&p->plain, data, size);
	if (archive_write_data(p->raw, data, size) == (la_ssize_t)size)
		return (la_ssize_t)size;
	archive_set_error(a, archive_errno(p->raw), "%s", archive_error_string(p->raw));
	return -1;
}

static la_ssize_t write_compressed(struct archive *a, void *user, const void *data, size_t size)
{
	struct payload *p = user;
	const char *rest = data;

	pass(&p->compressed, data, size);
	for (size_t left = size; left > 0;) {
		ssize_t n = write(p->fd, rest, left);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			archive_set_error(a, n < 0 ? errno : ENOSPC, "%s", g_strerror(n < 0 ? errno : ENOSPC));
			return -1;
		}
		rest += n;
		left -= (size_t)n;
	}
	return (la_ssize_t)size;
}

/* Everything that could make the bytes depend on the machine is set: one thread, no time stamp, no padding. */
static gboolean set_compressor(struct archive *a, const struct payload_compressor *c)
{
	if (c->level == NULL)
		return archive_write_set_format_raw(a) == ARCHIVE_OK &&
		       archive_write_add_filter_none(a) == ARCHIVE_OK &&
		       archive_write_set_bytes_in_last_block(a, 1) == ARCHIVE_OK;
	return archive_write_set_format_raw(a) == ARCHIVE_OK &&
	       archive_write_add_filter_by_name(a, c->name) == ARCHIVE_OK &&
	       archive_write_set_filter_option(a, c->name, "compression-level", c->level) == ARCHIVE_OK &&
	       (!g_str_equal(c->name, "gzip") ||
		archive_write_set_filter_option(a, "gzip", "timestamp", NULL) == ARCHIVE_OK) &&
	       archive_write_set_bytes_in_last_block(a, 1) == ARCHIVE_OK;
}

static gboolean raw_entry(struct archive *a)
{
	struct archive_entry *e = archive_entry_new();

	archive_entry_set_filetype(e, AE_IFREG);
	gboolean good = archive_write_header(a, e) == ARCHIVE_OK;
	archive_entry_free(e);
	return good;
}

payload *payload_new(enum payload_kind kind, const struct payload_compressor *compressor, int fd, GError **error)
{
	g_autoptr(payload) p = g_new0(payload, 1);

	*p = (payload){.kind = kind, .fd = fd, .files = archive_write_new(), .raw = archive_write_new()};
	p->plain.sha256 = digest_new(DIGEST_SHA256);
	p->compressed.sha256 = digest_new(DIGEST_SHA256);
	if (!set_compressor(p->raw, compressor) ||
	    archive_write_open(p->raw, p, NULL, write_compressed, NULL) != ARCHIVE_OK || !raw_entry(p->raw)) {
		failed(error, p->raw, "begin to compress");
		return NULL;
	}
	int format = kind == PAYLOAD_TAR ? archive_write_set_format_gnutar(p->files)
					 : archive_write_set_format_cpio_newc(p->files);
	/* tar ends on a record of 10 KiB, as GNU tar's does; rpm wants nothing after cpio's trailer. */
	if (format != ARCHIVE_OK || (kind == PAYLOAD_CPIO && archive_write_set_bytes_in_last_block(p->files, 1)) ||
	    archive_write_open(p->files, p, NULL, write_plain, NULL) != ARCHIVE_OK) {
		failed(error, p->files, "begin the archive");
		return NULL;
	}
	return g_steal_pointer(&p);
}

void payload_free(payload *payload)
{
	if (payload == NULL)
		return;
	archive_write_fail(payload->files);
	archive_write_free(payload->files);
	archive_write_fail(payload->raw);
	archive_write_free(payload->raw);
	digest_free(payload->plain.sha256);
	digest_free(payload->compressed.sha256);
	g_free(payload);
}

static const __LA_MODE_T entry_types[] = {
	[PACKAGE_FILE] = AE_IFREG, [PACKAGE_DIRECTORY] = AE_IFDIR, [PACKAGE_SYMLINK] = AE_IFLNK};

static struct archive_entry *entry_of(struct payload *p, const struct package_file *f, gint64 mtime)
{
	struct archive_entry *e = archive_entry_new();
	gboolean slash = p->kind == PAYLOAD_TAR && f->type == PACKAGE_DIRECTORY && !g_str_equal(f->path, "/");
	g_autofree char *name = g_strconcat(".", f->path, slash ? "/" : "", NULL);

	archive_entry_set_pathname(e, name);
	archive_entry_set_filetype(e, entry_types[f->type]);
	archive_entry_set_perm(e, f->mode);
	archive_entry_set_mtime(e, f->mtime >= 0 ? f->mtime : mtime, 0);
	archive_entry_set_uname(e, f->owner);
	archive_entry_set_gname(e, f->group);
	archive_entry_set_nlink(e, 1);
	archive_entry_set_ino(e, ++p->entries);
	archive_entry_set_size(e, f->type == PACKAGE_FILE ? (la_int64_t)f->size : 0);
	if (f->type == PACKAGE_SYMLINK)
		archive_entry_set_symlink(e, f->target);
	return e;
}

static gboolean take_piece(const void *data, gsize size, gpointer user, GError **error)
{
	struct payload *p = user;

	if (archive_write_data(p->files, data, size) == (la_ssize_t)size)
		return TRUE;
	return failed(error, p->files, "write");
}

gboolean payload_add(payload *payload, const struct package_file *file, gint64 mtime, GError **error)
{
	struct archive_entry *e = entry_of(payload, file, mtime);
	gboolean good = archive_write_header(payload->files, e) == ARCHIVE_OK;

	archive_entry_free(e);
	if (!good) {
		failed(error, payload->files, "write");
		g_prefix_error(error, "%s: ", file->path);
		return FALSE;
	}
	return file->type != PACKAGE_FILE || package_read(file, take_piece, payload, error);
}

gboolean payload_finish(payload *payload, struct payload_sums *sums, GError **error)
{
	if (archive_write_close(payload->files) != ARCHIVE_OK)
		return failed(error, payload->files, "end the archive");
	if (archive_write_close(payload->raw) != ARCHIVE_OK)
		return failed(error, payload->raw, "compress");
	*sums = (struct payload_sums){payload->compressed.size, payload->plain.size,
				      digest_hex(payload->compressed.sha256), digest_hex(payload->plain.sha256)};
	return TRUE;
}

static la_ssize_t append(struct archive *a, void *user, const void *data, size_t size)
{
	(void)a;
	g_byte_array_append(user, data, (guint)size);
	return (la_ssize_t)size;
}

GBytes *payload_compress(const struct payload_compressor *compressor, const void *data, gsize size, GError **error)
{
	struct archive *a = archive_write_new();
	g_autoptr(GByteArray) out = g_byte_array_new();
	gboolean good = set_compressor(a, compressor) && archive_write_open(a, out, NULL, append, NULL) == ARCHIVE_OK &&
			raw_entry(a) && archive_write_data(a, data, size) == (la_ssize_t)size &&
			archive_write_close(a) == ARCHIVE_OK;

	if (!good)
		failed(error, a, "compress");
	archive_write_free(a);
	return good ? g_byte_array_free_to_bytes(g_steal_pointer(&out)) : NULL;
}
