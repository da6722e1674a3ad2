/* Control archives by libarchive: see control_read.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/control_read.h"
#include "core/text.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST (16 * 1024 * 1024)
#define BLOCK (64 * 1024)

typedef struct archive archive;
static void close_archive(archive *a)
{
	archive_read_free(a);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(archive, close_archive)

/* A package being read. */
struct reading {
	const char *path;
	struct control_file *files;
	guint n;
	GError **error;
};

static gboolean bad(const struct reading *r, const char *what, archive *a)
{
	const char *why = a == NULL ? NULL : archive_error_string(a);
	g_autofree char *line = why == NULL ? NULL : text_one_line(why);

	g_set_error(r->error, PACK_ERROR, PACK_ERROR_INPUT, "%s: %s%s%s", r->path, what, line == NULL ? "" : ": ",
		    line == NULL ? "" : line);
	return FALSE;
}

static gboolean too_large(const struct reading *r)
{
	return bad(r, "its control archive is larger than 16 MiB", NULL);
}

/* The bytes of the entry that an archive stands at; NULL when they are more than are left. */
static GByteArray *read_entry(const struct reading *r, archive *a, gsize left)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	g_autofree char *block = g_malloc(BLOCK);
	la_ssize_t n;

	while ((n = archive_read_data(a, block, BLOCK)) > 0) {
		if ((gsize)n > left - out->len) {
			too_large(r);
			return NULL;
		}
		g_byte_array_append(out, (const guint8 *)block, (guint)n);
	}
	if (n == 0)
		return g_steal_pointer(&out);
	bad(r, "a damaged .deb", a);
	return NULL;
}

static struct control_file *wanted(const struct reading *r, struct archive_entry *entry)
{
	const char *name = archive_entry_pathname(entry);

	if (name == NULL || archive_entry_filetype(entry) != AE_IFREG)
		return NULL;
	name += g_str_has_prefix(name, "./") ? 2 : 0;
	for (guint i = 0; i < r->n; i++)
		if (strcmp(r->files[i].name, name) == 0 && r->files[i].text == NULL)
			return &r->files[i];
	return NULL;
}

/* Every byte is read, and counted, so that no entry that is not wanted can unpack to more than is allowed. */
static gboolean read_entries(const struct reading *r, archive *a)
{
	struct archive_entry *entry;
	gsize left = MOST;
	int state;

	while ((state = archive_read_next_header(a, &entry)) == ARCHIVE_OK || state == ARCHIVE_WARN) {
		struct control_file *f = wanted(r, entry);
		g_autoptr(GByteArray) bytes = read_entry(r, a, left);
		if (bytes == NULL)
			return FALSE;
		left -= bytes->len;
		if (archive_filter_bytes(a, 0) > 2 * MOST)
			return too_large(r);
		if (f != NULL)
			f->text = g_strndup((const char *)bytes->data, bytes->len);
	}
	return state == ARCHIVE_EOF || bad(r, "a damaged .deb", a);
}

static gboolean read_archive(const struct reading *r, const GByteArray *bytes)
{
	g_autoptr(archive) a = archive_read_new();

	archive_read_support_format_tar(a);
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_zstd(a);
	return archive_read_open_memory(a, bytes->data, bytes->len) == ARCHIVE_OK ? read_entries(r, a)
										   : bad(r, "a damaged .deb", a);
}

static gboolean read_package(const struct reading *r, int fd)
{
	g_autoptr(archive) a = archive_read_new();
	struct archive_entry *entry;

	archive_read_support_format_ar(a);
	if (archive_read_open_fd(a, fd, BLOCK) != ARCHIVE_OK)
		return bad(r, "not a .deb", NULL);
	while (archive_read_next_header(a, &entry) == ARCHIVE_OK) {
		const char *name = archive_entry_pathname(entry);
		if (name == NULL || !g_str_has_prefix(name, "control.tar"))
			continue;
		g_autoptr(GByteArray) bytes = read_entry(r, a, MOST);
		return bytes != NULL && read_archive(r, bytes);
	}
	return bad(r, "not a .deb, or a damaged one: no control.tar", NULL);
}

gboolean control_read(const char *path, struct control_file *files, guint n, GError **error)
{
	struct reading r = {path, files, n, error};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return bad(&r, g_strerror(errno), NULL);
	gboolean good = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? read_package(&r, fd)
								    : bad(&r, "not a regular file", NULL);
	close(fd);
	return good;
}
