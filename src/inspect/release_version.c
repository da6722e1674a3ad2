/* Which release a library is from: see release_version.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/release_version.h"

#include <archive.h>
#include <archive_entry.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK (64 * 1024)
#define MOST_BYTES (16 * 1024 * 1024)
#define MOST_CONTROL (1024 * 1024)
#define MOST_VERSION 256

/* ---- a file's name ---- */

char *release_version_of_file(const char *path, const char *soname)
{
	const char *number = soname ? strstr(soname, ".so.") : NULL;
	char real[PATH_MAX];

	if (number == NULL || realpath(path, real) == NULL)
		return NULL;
	g_autofree char *base = g_path_get_basename(real);
	gsize stem = (gsize)(number - soname) + strlen(".so."), size = strlen(soname);
	if (!g_str_has_prefix(base, soname) || base[size] != '.' || !g_ascii_isdigit(base[stem]) ||
	    strspn(base + stem, "0123456789.") != strlen(base + stem) || !g_ascii_isdigit(base[strlen(base) - 1]))
		return NULL;
	return g_strdup(base + stem);
}

gboolean release_version_is(const char *text, gsize size)
{
	if (size == 0 || size > MOST_VERSION || !g_ascii_isalnum(*text))
		return FALSE;
	for (gsize i = 0; i < size; i++)
		if (!g_ascii_isalnum(text[i]) && (text[i] == '\0' || strchr(".+-~:^_", text[i]) == NULL))
			return FALSE;
	return TRUE;
}

/* ---- .deb ---- */

typedef struct archive archive;
static void close_archive(archive *a)
{
	archive_read_free(a);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(archive, close_archive)

/* The member of the outer archive in which the inner one is. */
struct member {
	archive *outer;
	guint8 block[BLOCK];
};

static la_ssize_t read_member(archive *a, void *data, const void **block)
{
	struct member *m = data;

	(void)a;
	*block = m->block;
	return archive_read_data(m->outer, m->block, sizeof m->block);
}

static char *version_in(const char *control)
{
	static const char field[] = "\nVersion:";
	const char *line = strstr(control, field), *found = g_str_has_prefix(control, field + 1) ? control : NULL;

	if (found == NULL && line == NULL)
		return NULL;
	found = found ? found + strlen(field + 1) : line + strlen(field);
	found += strspn(found, " \t");
	gsize size = strcspn(found, " \t\r\n");
	return release_version_is(found, size) ? g_strndup(found, size) : NULL;
}

static char *read_control(archive *inner)
{
	struct archive_entry *entry;

	while (archive_filter_bytes(inner, 0) <= MOST_BYTES &&
	       archive_read_next_header(inner, &entry) >= ARCHIVE_WARN) {
		const char *name = archive_entry_pathname(entry);
		gint64 size = archive_entry_size(entry);
		if (name == NULL || (strcmp(name, "./control") != 0 && strcmp(name, "control") != 0))
			continue;
		if (size < 0 || size > MOST_CONTROL)
			return NULL;
		g_autofree char *text = g_malloc0((gsize)size + 1);
		return archive_read_data(inner, text, (gsize)size) == size ? version_in(text) : NULL;
	}
	return NULL;
}

static char *deb_version(int fd)
{
	g_autoptr(archive) outer = archive_read_new(), inner = archive_read_new();
	g_autofree struct member *m = g_new0(struct member, 1);
	struct archive_entry *entry;

	m->outer = outer;
	archive_read_support_format_ar(outer);
	archive_read_support_filter_gzip(inner);
	archive_read_support_filter_xz(inner);
	archive_read_support_filter_zstd(inner);
	archive_read_support_format_tar(inner);
	if (archive_read_open_fd(outer, fd, BLOCK) != ARCHIVE_OK)
		return NULL;
	while (archive_read_next_header(outer, &entry) >= ARCHIVE_WARN) {
		const char *name = archive_entry_pathname(entry);
		if (name != NULL && g_str_has_prefix(name, "data.tar"))
			return NULL;
		if (name != NULL && g_str_has_prefix(name, "control.tar"))
			return archive_read_open(inner, m, NULL, read_member, NULL) == ARCHIVE_OK ? read_control(inner)
												   : NULL;
	}
	return NULL;
}

/* ---- .rpm ---- */

#define LEAD_SIZE 96
#define INTRO_SIZE 16
#define ENTRY_SIZE 16
#define MOST_TAGS 65536

/* Tags and types of docs/manual/tags.md of rpm. */
enum { TAG_VERSION = 1001, TAG_RELEASE = 1002, TAG_EPOCH = 1003 };
enum { TYPE_INT32 = 4, TYPE_STRING = 6 };

/* A header of an .rpm: an index of tags, and the data that it points into. */
struct rpm_header {
	guint8 *bytes; /* the index, then the data, then a NUL */
	guint32 n_tags, data_size;
};

static guint32 be32(const guint8 *p)
{
	return (guint32)p[0] << 24 | (guint32)p[1] << 16 | (guint32)p[2] << 8 | p[3];
}

/* Reads the header at OFFSET and says where it ends; FALSE when there is none that is whole. */
static gboolean read_header(int fd, guint64 offset, struct rpm_header *h, guint64 *end)
{
	static const guint8 magic[] = {0x8e, 0xad, 0xe8, 0x01};
	guint8 intro[INTRO_SIZE];

	if (pread(fd, intro, sizeof intro, (off_t)offset) != sizeof intro || memcmp(intro, magic, sizeof magic) != 0)
		return FALSE;
	h->n_tags = be32(intro + 8);
	h->data_size = be32(intro + 12);
	if (h->n_tags > MOST_TAGS || h->data_size > MOST_BYTES)
		return FALSE;
	gsize size = (gsize)h->n_tags * ENTRY_SIZE + h->data_size;
	h->bytes = g_malloc(size + 1);
	h->bytes[size] = '\0';
	*end = offset + INTRO_SIZE + size;
	return pread(fd, h->bytes, size, (off_t)(offset + INTRO_SIZE)) == (gssize)size;
}

/* The data of a tag of this type, or NULL; NEED bytes of it are there at least. */
static const guint8 *find_tag(const struct rpm_header *h, guint32 tag, guint32 type, guint32 need)
{
	for (guint32 i = 0; i < h->n_tags; i++) {
		const guint8 *e = h->bytes + (gsize)i * ENTRY_SIZE;
		guint32 offset = be32(e + 8);
		if (be32(e) == tag && be32(e + 4) == type && offset < h->data_size && h->data_size - offset >= need)
			return h->bytes + (gsize)h->n_tags * ENTRY_SIZE + offset;
	}
	return NULL;
}

static char *rpm_version_in(const struct rpm_header *h)
{
	const char *version = (const char *)find_tag(h, TAG_VERSION, TYPE_STRING, 1);
	const char *release = (const char *)find_tag(h, TAG_RELEASE, TYPE_STRING, 1);
	const guint8 *epoch = find_tag(h, TAG_EPOCH, TYPE_INT32, 4);

	if (version == NULL || release == NULL || !release_version_is(version, strlen(version)) ||
	    !release_version_is(release, strlen(release)))
		return NULL;
	return epoch != NULL ? g_strdup_printf("%u:%s-%s", be32(epoch), version, release)
			     : g_strdup_printf("%s-%s", version, release);
}

/* The signature's header comes first and is padded to eight bytes. */
static char *rpm_version(int fd)
{
	struct rpm_header signature = {0}, header = {0};
	guint64 end = 0;
	char *version = NULL;

	if (read_header(fd, LEAD_SIZE, &signature, &end) && read_header(fd, (end + 7) & ~(guint64)7, &header, &end))
		version = rpm_version_in(&header);
	g_free(signature.bytes);
	g_free(header.bytes);
	return version;
}

char *release_version_of_package(int fd)
{
	char start[2] = "";

	if (pread(fd, start, sizeof start, 0) != sizeof start || lseek(fd, 0, SEEK_SET) != 0)
		return NULL;
	return start[0] == '!' ? deb_version(fd) : rpm_version(fd);
}
