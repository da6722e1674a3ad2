/* Reading .deb and .rpm with libarchive: see container.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/container.h"
#include "core/text.h"
#include "inspect/reader.h"
#include "inspect/release_version.h"

#include <archive.h>
#include <archive_entry.h>
#include <elfutils/libdwelf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK (64 * 1024)
#define MOST_UNPACKED (G_GINT64_CONSTANT(8) << 30)
#define MOST_ENTRIES 1000000
#define MOST_FILE (G_GINT64_CONSTANT(1) << 30)
#define MOST_KEPT_BYTES (G_GINT64_CONSTANT(2) << 30)
#define MOST_KEPT 512
/* A small package is not allowed as much: real libraries are compressed to a tenth, all zeros to a thousandth. */
#define LEAST_KEPT (G_GINT64_CONSTANT(64) << 20)
#define MOST_KEPT_RATIO 64
#define LEAST_UNPACKED (G_GINT64_CONSTANT(1) << 30)
#define MOST_UNPACKED_RATIO 1024

static const char deb_magic[] = "!<arch>\ndebian-binary";
static const char old_deb_magic[] = "0.939000\n";
static const char rpm_magic[] = "\xed\xab\xee\xdb";

typedef struct archive archive;
static void close_archive(archive *a)
{
	archive_read_free(a);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(archive, close_archive)

/* A package being read. */
struct reading {
	struct container *container;
	GHashTable *wanted; /* build-ids of debug files, else NULL */
	const struct container_choice *choice; /* of container_pick, else NULL; libraries are asked for when both are */
	gint64 unpacked, kept;
	gint64 most_unpacked, most_kept;
	guint entries;
	archive *outer; /* of a .deb: the ar archive in which data.tar is */
	guint8 inner_block[BLOCK], block[BLOCK];
};

static void file_free(gpointer data)
{
	struct container_file *f = data;

	if (f->fd >= 0)
		close(f->fd);
	g_free(f->path);
	g_free(f->soname);
	g_free(f->build_id);
	g_free(f);
}
typedef struct container_file container_file;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(container_file, file_free)

static gboolean refuse(const struct reading *r, enum facts_error code, const char *what, archive *a, GError **error)
{
	const char *why = a ? archive_error_string(a) : NULL;
	g_autofree char *line = why ? text_one_line(why) : NULL;

	g_set_error(error, FACTS_ERROR, code, "%s: %s%s%s", r->container->path, what, line ? ": " : "",
		    line ? line : "");
	return FALSE;
}

/* Copies the entry that A stands at, of which N bytes are in the block already, into memory. */
static gboolean copy_entry(struct reading *r, archive *a, la_ssize_t n, int fd, GError **error)
{
	gint64 size = 0;

	for (; n > 0; n = archive_read_data(a, r->block, sizeof r->block)) {
		size += n;
		r->kept += n;
		if (size > MOST_FILE || r->kept > r->most_kept)
			return refuse(r, FACTS_ERROR_INPUT,
				      "its ELF files are larger than 1 GiB each, 2 GiB together, or 64 times the package", NULL,
				      error);
		for (la_ssize_t at = 0, written; at < n; at += written)
			if ((written = write(fd, r->block + at, (gsize)(n - at))) < 0)
				return refuse(r, FACTS_ERROR_INPUT, g_strerror(errno), NULL, error);
	}
	return n == 0 || refuse(r, FACTS_ERROR_CORRUPT, "damaged package", a, error);
}

static char *build_id_of(int fd)
{
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	const void *bits = NULL;
	gssize size = elf && elf_kind(elf) == ELF_K_ELF ? dwelf_elf_gnu_build_id(elf, &bits) : 0;
	char *hex = size > 0 ? facts_hex(bits, (gsize)size) : NULL;

	elf_end(elf);
	return hex;
}

static gboolean keep_debug(struct reading *r, container_file *f, gboolean *keep)
{
	f->build_id = build_id_of(f->fd);
	*keep = f->build_id != NULL &&
		(g_hash_table_contains(r->wanted, f->build_id) || strstr(f->path, ".dwz/") != NULL);
	return TRUE;
}

static gboolean keep_library(struct reading *r, container_file *f, gboolean *keep, GError **error)
{
	g_autofree char *shown = g_strdup_printf("%s: %s", r->container->path, f->path);
	GError *local = NULL;
	g_autoptr(facts) facts = facts_read_surface_fd(f->fd, shown, &local);

	if (facts == NULL && g_error_matches(local, FACTS_ERROR, FACTS_ERROR_CORRUPT)) {
		g_propagate_error(error, local);
		return FALSE;
	}
	g_clear_error(&local);
	*keep = facts != NULL && facts->kind == FACTS_LIBRARY && facts->soname != NULL;
	if (*keep) {
		f->soname = g_strdup(facts->soname);
		f->build_id = g_strdup(facts->build_id);
	}
	return TRUE;
}

static void keep_chosen(const struct reading *r, container_file *f, gboolean is_elf, gboolean *keep)
{
	g_autoptr(facts) facts = is_elf ? facts_read_surface_fd(f->fd, f->path, NULL) : NULL;

	*keep = !is_elf || (facts != NULL && r->choice->elf(f->path, facts, r->choice->user));
	if (*keep && facts != NULL) {
		f->soname = g_strdup(facts->soname);
		f->build_id = g_strdup(facts->build_id);
	}
}

static gboolean is_asked_for(const struct reading *r, const char *path, gboolean is_elf)
{
	const struct container_choice *c = r->choice;

	return c == NULL || (is_elf ? c->elf != NULL : c->other(path, c->user));
}

static gboolean keep_file(struct reading *r, container_file *f, gboolean is_elf, gboolean *keep, GError **error)
{
	if (r->choice != NULL)
		keep_chosen(r, f, is_elf, keep);
	else
		return r->wanted ? keep_debug(r, f, keep) : keep_library(r, f, keep, error);
	return TRUE;
}

/* Takes the entry that A stands at when it is a file of the kind asked for. */
static gboolean take_entry(struct reading *r, archive *a, struct archive_entry *entry, GError **error)
{
	const char *name = archive_entry_pathname(entry);
	gint64 kept_before = r->kept;
	gboolean keep = FALSE;
	la_ssize_t n = archive_read_data(a, r->block, sizeof r->block);

	if (n < 0)
		return refuse(r, FACTS_ERROR_CORRUPT, "damaged package", a, error);
	gboolean is_elf = n >= SELFMAG && memcmp(r->block, ELFMAG, SELFMAG) == 0;
	if (!is_elf && (r->choice == NULL || r->choice->other == NULL))
		return TRUE;
	g_autoptr(container_file) f = g_new0(struct container_file, 1);
	f->fd = -1;
	f->mode = archive_entry_perm(entry);
	f->mtime = archive_entry_mtime(entry);
	f->path = text_one_line(name ? name + (g_str_has_prefix(name, "./") ? 2 : 0) : "(unreadable name)");
	if (!is_asked_for(r, f->path, is_elf))
		return TRUE;
	if (r->container->files->len >= MOST_KEPT)
		return refuse(r, FACTS_ERROR_INPUT, "more than 512 libraries, programs or debug files", NULL, error);
	f->fd = memfd_create("abide", MFD_CLOEXEC);
	if (f->fd < 0)
		return refuse(r, FACTS_ERROR_INPUT, g_strerror(errno), NULL, error);
	if (!copy_entry(r, a, n, f->fd, error) || !keep_file(r, f, is_elf, &keep, error))
		return FALSE;
	if (keep)
		g_ptr_array_add(r->container->files, g_steal_pointer(&f));
	else
		r->kept = kept_before;
	return TRUE;
}

static gboolean take_entries(struct reading *r, archive *a, GError **error)
{
	struct archive_entry *entry;
	int result;

	while ((result = archive_read_next_header(a, &entry)) == ARCHIVE_OK || result == ARCHIVE_WARN) {
		gint64 size = MAX(archive_entry_size(entry), 0);
		if (size > r->most_unpacked - r->unpacked || ++r->entries > MOST_ENTRIES)
			return refuse(r, FACTS_ERROR_INPUT,
				      "unpacks to more than 8 GiB, a million files, or 1,024 times the package", NULL,
				      error);
		r->unpacked += size;
		if (archive_entry_filetype(entry) == AE_IFREG && !take_entry(r, a, entry, error))
			return FALSE;
	}
	return result == ARCHIVE_EOF || refuse(r, FACTS_ERROR_CORRUPT, "damaged package", a, error);
}

static void support_compression(archive *a)
{
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_bzip2(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_lzma(a);
	archive_read_support_filter_zstd(a);
}

static la_ssize_t read_outer(archive *a, void *data, const void **block)
{
	struct reading *r = data;
	la_ssize_t n = archive_read_data(r->outer, r->inner_block, sizeof r->inner_block);

	if (n < 0)
		archive_set_error(a, EIO, "%s", archive_error_string(r->outer));
	*block = r->inner_block;
	return n;
}

static gboolean read_deb(struct reading *r, int fd, GError **error)
{
	g_autoptr(archive) outer = archive_read_new(), inner = archive_read_new();
	struct archive_entry *entry;
	const char *name = NULL;

	r->outer = outer;
	archive_read_support_format_ar(outer);
	if (archive_read_open_fd(outer, fd, BLOCK) != ARCHIVE_OK)
		return refuse(r, FACTS_ERROR_CORRUPT, "damaged package", outer, error);
	while (archive_read_next_header(outer, &entry) >= ARCHIVE_WARN &&
	       !((name = archive_entry_pathname(entry)) != NULL && g_str_has_prefix(name, "data.tar")))
		name = NULL;
	if (name == NULL)
		return refuse(r, FACTS_ERROR_CORRUPT, "damaged package: no member data.tar", NULL, error);
	support_compression(inner);
	archive_read_support_format_tar(inner);
	if (archive_read_open(inner, r, NULL, read_outer, NULL) != ARCHIVE_OK)
		return refuse(r, FACTS_ERROR_CORRUPT, "damaged package", inner, error);
	if (!take_entries(r, inner, error))
		return FALSE;
	/* The tar archive may end before its member does: ask for what follows, to see that the member is whole. */
	int result = archive_read_next_header(outer, &entry);
	return result == ARCHIVE_OK || result == ARCHIVE_EOF ||
	       refuse(r, FACTS_ERROR_CORRUPT, "damaged package", outer, error);
}

/* deb-old(5): after the magic a line with the size of control.tar.gz, that member, and data.tar.gz. */
static gboolean read_old_deb(struct reading *r, int fd, GError **error)
{
	g_autoptr(archive) a = archive_read_new();
	char line[16] = "";
	const gsize start = sizeof old_deb_magic - 1;
	gssize n = pread(fd, line, sizeof line - 1, (off_t)start);
	char *end = n > 0 ? memchr(line, '\n', (gsize)n) : NULL;
	guint64 control = end ? g_ascii_strtoull(line, NULL, 10) : 0;

	if (control == 0 || control > G_MAXINT32 ||
	    lseek(fd, (off_t)(start + (gsize)(end + 1 - line) + control), SEEK_SET) < 0)
		return refuse(r, FACTS_ERROR_CORRUPT, "damaged package: no size of control.tar.gz", NULL, error);
	support_compression(a);
	archive_read_support_format_tar(a);
	if (archive_read_open_fd(a, fd, BLOCK) != ARCHIVE_OK)
		return refuse(r, FACTS_ERROR_CORRUPT, "damaged package", a, error);
	return take_entries(r, a, error);
}

static gboolean read_rpm(struct reading *r, int fd, GError **error)
{
	g_autoptr(archive) a = archive_read_new();

	archive_read_support_filter_rpm(a);
	support_compression(a);
	archive_read_support_format_cpio(a);
	if (archive_read_open_fd(a, fd, BLOCK) != ARCHIVE_OK)
		return refuse(r, FACTS_ERROR_CORRUPT, "damaged package", a, error);
	return take_entries(r, a, error);
}

static gsize read_magic(int fd, char *magic, gsize size)
{
	gssize n = pread(fd, magic, size, 0);

	return n > 0 ? (gsize)n : 0;
}

static gboolean is_deb(const char *magic, gsize n)
{
	return n >= sizeof deb_magic - 1 && memcmp(magic, deb_magic, sizeof deb_magic - 1) == 0;
}

static gboolean is_old_deb(const char *magic, gsize n)
{
	return n >= sizeof old_deb_magic - 1 && memcmp(magic, old_deb_magic, sizeof old_deb_magic - 1) == 0;
}

static gboolean is_rpm(const char *magic, gsize n)
{
	return n >= sizeof rpm_magic - 1 && memcmp(magic, rpm_magic, sizeof rpm_magic - 1) == 0;
}

gboolean container_is_package(const char *path)
{
	char magic[sizeof deb_magic];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	gsize n = fd >= 0 ? read_magic(fd, magic, sizeof magic) : 0;

	if (fd >= 0)
		close(fd);
	return is_deb(magic, n) || is_old_deb(magic, n) || is_rpm(magic, n);
}

static void set_ceilings(struct reading *r, int fd)
{
	struct stat st;
	gint64 size = fstat(fd, &st) == 0 ? MIN(st.st_size, MOST_UNPACKED) : 0;

	r->most_unpacked = CLAMP(size * MOST_UNPACKED_RATIO, LEAST_UNPACKED, MOST_UNPACKED);
	r->most_kept = CLAMP(size * MOST_KEPT_RATIO, LEAST_KEPT, MOST_KEPT_BYTES);
}

/* What of the package is kept, WANTED and CHOICE say; see struct reading. */
static struct container *read_open(int fd, const char *path, GHashTable *wanted, const struct container_choice *choice,
				   GError **error)
{
	g_autoptr(container) c = g_new0(struct container, 1);
	g_autofree struct reading *r = g_new0(struct reading, 1);
	char magic[sizeof deb_magic];
	gboolean good = FALSE;

	c->path = g_strdup(path);
	c->files = g_ptr_array_new_with_free_func(file_free);
	r->container = c;
	r->wanted = wanted;
	r->choice = choice;
	set_ceilings(r, fd);
	c->version = release_version_of_package(fd);
	lseek(fd, 0, SEEK_SET);
	gsize n = read_magic(fd, magic, sizeof magic);
	if (is_deb(magic, n))
		good = read_deb(r, fd, error);
	else if (is_old_deb(magic, n))
		good = read_old_deb(r, fd, error);
	else if (is_rpm(magic, n))
		good = read_rpm(r, fd, error);
	else
		refuse(r, FACTS_ERROR_INPUT, "neither a .deb nor an .rpm", NULL, error);
	return good ? g_steal_pointer(&c) : NULL;
}

static struct container *read_package(const char *path, GHashTable *wanted, const struct container_choice *choice,
				      GError **error)
{
	int fd = facts_open(path, error);

	if (fd < 0)
		return NULL;
	struct container *c = read_open(fd, path, wanted, choice, error);
	close(fd);
	return c;
}

static int compare_sonames(const void *a, const void *b)
{
	const struct container_file *const *x = a, *const *y = b;

	return strcmp((*x)->soname, (*y)->soname);
}

struct container *container_libraries(const char *path, GError **error)
{
	g_autoptr(container) c = read_package(path, NULL, NULL, error);

	if (c == NULL)
		return NULL;
	if (c->files->len == 0) {
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_INPUT, "%s: no shared library in this package", path);
		return NULL;
	}
	g_ptr_array_sort(c->files, compare_sonames);
	for (guint i = 1; i < c->files->len; i++) {
		const struct container_file *a = c->files->pdata[i - 1], *b = c->files->pdata[i];
		if (strcmp(a->soname, b->soname) != 0)
			continue;
		g_autofree char *soname = text_one_line(a->soname);
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_INPUT,
			    "%s: two libraries with the soname %s, %s and %s; unpack it and name the one you mean", path,
			    soname, a->path, b->path);
		return NULL;
	}
	return g_steal_pointer(&c);
}

struct container *container_pick(const char *path, const struct container_choice *choice, GError **error)
{
	return read_package(path, NULL, choice, error);
}

struct container *container_debug(const char *path, GHashTable *wanted, GError **error)
{
	return read_package(path, wanted, NULL, error);
}

const struct container_file *container_find(const struct container *container, const char *build_id)
{
	for (guint i = 0; i < container->files->len; i++) {
		const struct container_file *f = container->files->pdata[i];
		if (g_strcmp0(f->build_id, build_id) == 0)
			return f;
	}
	return NULL;
}

void container_free(struct container *container)
{
	if (container == NULL)
		return;
	g_clear_pointer(&container->files, g_ptr_array_unref);
	g_free(container->path);
	g_free(container->version);
	g_free(container);
}
