/* The archive inside a package, by libarchive: see payload.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/payload.h"
#include "core/digest.h"
#include "pack/compress.h"

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

/* A libarchive writer makes the plain archive, a compressor takes it; both streams are hashed as they pass. */
struct payload {
	struct archive *files;
	compress *compress;
	GError *error; /* why the compressor would take no more */
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

static gboolean failed(struct payload *p, const char *what, GError **error)
{
	const char *why = archive_error_string(p->files);

	if (p->error != NULL)
		g_propagate_error(error, g_steal_pointer(&p->error));
	else
		g_set_error(error, PACK_ERROR, PACK_ERROR_WRITE, "cannot %s: %s", what,
			    why == NULL ? "out of memory" : why);
	return FALSE;
}

static void pass(struct stage *stage, const void *data, gsize size)
{
	if (stage->sha256 != NULL)
		digest_update(stage->sha256, data, size);
	stage->size += size;
}

static la_ssize_t write_plain(struct archive *a, void *user, const void *data, size_t size)
{
	struct payload *p = user;

	pass(&p->plain, data, size);
	if (p->error == NULL && compress_write(p->compress, data, size, &p->error))
		return (la_ssize_t)size;
	archive_set_error(a, EIO, "cannot compress");
	return -1;
}

static gboolean write_compressed(const void *data, gsize size, gpointer user, GError **error)
{
	struct payload *p = user;
	const char *rest = data;

	pass(&p->compressed, data, size);
	while (size > 0) {
		ssize_t n = write(p->fd, rest, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			g_set_error(error, PACK_ERROR, PACK_ERROR_WRITE, "cannot write: %s",
				    g_strerror(n < 0 ? errno : ENOSPC));
			return FALSE;
		}
		rest += n;
		size -= (gsize)n;
	}
	return TRUE;
}

payload *payload_new(enum payload_kind kind, const struct payload_compressor *compressor, guint threads, int fd,
		     GError **error)
{
	g_autoptr(payload) p = g_new0(payload, 1);

	*p = (payload){.kind = kind, .fd = fd, .files = archive_write_new()};
	if (kind == PAYLOAD_CPIO) {
		p->plain.sha256 = digest_new(DIGEST_SHA256);
		p->compressed.sha256 = digest_new(DIGEST_SHA256);
	}
	p->compress = compress_new(compressor->name, compressor->level, threads, write_compressed, p, error);
	if (p->compress == NULL)
		return NULL;
	int format = kind == PAYLOAD_TAR ? archive_write_set_format_gnutar(p->files)
					 : archive_write_set_format_cpio_newc(p->files);
	/* tar ends on a record of 10 KiB, as GNU tar's does; rpm wants nothing after cpio's trailer. */
	if (format != ARCHIVE_OK || (kind == PAYLOAD_CPIO && archive_write_set_bytes_in_last_block(p->files, 1)) ||
	    archive_write_open(p->files, p, NULL, write_plain, NULL) != ARCHIVE_OK) {
		failed(p, "begin the archive", error);
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
	compress_free(payload->compress);
	digest_free(payload->plain.sha256);
	digest_free(payload->compressed.sha256);
	g_clear_error(&payload->error);
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
	return failed(p, "write", error);
}

gboolean payload_add(payload *payload, const struct package_file *file, gint64 mtime, GError **error)
{
	struct archive_entry *e = entry_of(payload, file, mtime);
	gboolean good = archive_write_header(payload->files, e) == ARCHIVE_OK;

	archive_entry_free(e);
	if (!good) {
		failed(payload, "write", error);
		g_prefix_error(error, "%s: ", file->path);
		return FALSE;
	}
	return file->type != PACKAGE_FILE || package_read(file, take_piece, payload, error);
}

static char *hex_of(const struct stage *stage)
{
	return stage->sha256 == NULL ? NULL : digest_hex(stage->sha256);
}

gboolean payload_finish(payload *payload, struct payload_sums *sums, GError **error)
{
	if (archive_write_close(payload->files) != ARCHIVE_OK)
		return failed(payload, "end the archive", error);
	if (!compress_finish(payload->compress, error))
		return FALSE;
	*sums = (struct payload_sums){payload->compressed.size, payload->plain.size, hex_of(&payload->compressed),
				      hex_of(&payload->plain)};
	return TRUE;
}

static gboolean append(const void *data, gsize size, gpointer user, GError **error)
{
	(void)error;
	g_byte_array_append(user, data, (guint)size);
	return TRUE;
}

GBytes *payload_compress(const struct payload_compressor *compressor, const void *data, gsize size, GError **error)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	g_autoptr(compress) c = compress_new(compressor->name, compressor->level, 1, append, out, error);

	if (c == NULL || !compress_write(c, data, size, error) || !compress_finish(c, error))
		return NULL;
	return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}
