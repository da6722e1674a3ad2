/* Reading a .deb with libarchive: see debread.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/debread.h"
#include "publish/error.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>

#define MOST_CONTROL (1024 * 1024)
#define MOST_ARCHIVE (16 * 1024 * 1024)
#define BLOCK (16 * 1024)

/* Of a payload: after decompression, and of its names. */
#define MOST_PAYLOAD (G_GINT64_CONSTANT(1) << 36)
#define MOST_NAMES (64 * 1024 * 1024)

typedef struct archive archive;
static void archive_close(archive *a)
{
	archive_read_free(a);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(archive, archive_close)

/* What the callbacks of an archive need: the outer one reads the intake, the inner one a member of the outer. */
struct source {
	intake *in;
	archive *outer;
	guint8 block[BLOCK];
	GError *error;
};

static gboolean bad(GError **error, intake *in, const char *what, archive *a)
{
	const char *why = a ? archive_error_string(a) : NULL;

	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "%s: %s%s%s", intake_name(in), what, why ? ": " : "",
		    why ? why : "");
	return FALSE;
}

static la_ssize_t read_intake(archive *a, void *data, const void **block)
{
	struct source *s = data;
	const guint8 *bytes = NULL;
	gssize n = intake_next(s->in, &bytes, s->error ? NULL : &s->error);

	if (n < 0)
		archive_set_error(a, EIO, "cannot read");
	*block = bytes;
	return n;
}

static la_ssize_t read_member(archive *a, void *data, const void **block)
{
	struct source *s = data;
	la_ssize_t n = archive_read_data(s->outer, s->block, sizeof s->block);

	if (n < 0)
		archive_set_error(a, EIO, "cannot read the member");
	*block = s->block;
	return n;
}

/* The next member must have a name that begins so. */
static gboolean expect(archive *outer, intake *in, const char *name, GError **error)
{
	struct archive_entry *member = NULL;
	int r = archive_read_next_header(outer, &member);
	const char *found = r == ARCHIVE_OK ? archive_entry_pathname(member) : NULL;

	if (found != NULL && g_str_has_prefix(found, name))
		return TRUE;
	g_autofree char *what = g_strdup_printf("not a whole Debian package: no member %s where it belongs", name);
	return bad(error, in, what, r == ARCHIVE_OK || r == ARCHIVE_EOF ? NULL : outer);
}

static gboolean check_version(archive *outer, intake *in, GError **error)
{
	char text[8] = "";
	la_ssize_t n = archive_read_data(outer, text, sizeof text - 1);

	if (n >= 4 && strncmp(text, "2.", 2) == 0)
		return TRUE;
	return bad(error, in, "not version 2 of the Debian package format", NULL);
}

void debread_clear(struct debread *d)
{
	g_clear_pointer(&d->control, g_free);
}

/* The name of a file at the archive's top; "" for anything else. */
static const char *top_name(struct archive_entry *member)
{
	const char *name = archive_entry_pathname(member);

	if (name == NULL || archive_entry_filetype(member) != AE_IFREG)
		return "";
	return g_str_has_prefix(name, "./") ? name + 2 : name;
}

static gboolean take_control(archive *inner, struct archive_entry *member, struct debread *d, intake *in, GError **error)
{
	gint64 size = archive_entry_size(member);

	if (size < 0 || size > MOST_CONTROL)
		return bad(error, in, "control file larger than 1 MiB", NULL);
	d->control = g_malloc0((gsize)size + 1);
	return (archive_read_data(inner, d->control, (gsize)size) == size &&
		memchr(d->control, '\0', (gsize)size) == NULL) ||
	       bad(error, in, "control file damaged", NULL);
}

/* The first control file counts, as for dpkg-deb's readers. */
static gboolean take_member(archive *inner, struct archive_entry *member, struct debread *d, intake *in, GError **error)
{
	const char *name = top_name(member);

	if (d->control == NULL && strcmp(name, "control") == 0)
		return take_control(inner, member, d, in, error);
	d->templates |= strcmp(name, "symbols") == 0 || strcmp(name, "shlibs") == 0;
	return TRUE;
}

static gboolean take_members(archive *inner, struct debread *d, intake *in, GError **error)
{
	struct archive_entry *member = NULL;
	gint64 total = 0;
	int r;

	while ((r = archive_read_next_header(inner, &member)) == ARCHIVE_OK || r == ARCHIVE_WARN) {
		gint64 size = archive_entry_size(member);
		total += CLAMP(size, 0, MOST_ARCHIVE);
		if (!take_member(inner, member, d, in, error))
			return FALSE;
		if (size > MOST_ARCHIVE || total > MOST_ARCHIVE || archive_filter_bytes(inner, 0) > MOST_ARCHIVE)
			return bad(error, in, "control archive larger than 16 MiB", NULL);
	}
	if (r != ARCHIVE_EOF)
		return bad(error, in, "control archive damaged", inner);
	return d->control != NULL || bad(error, in, "no control file", NULL);
}

static gboolean read_control(struct source *s, struct debread *d, GError **error)
{
	g_autoptr(archive) inner = archive_read_new();

	archive_read_support_filter_gzip(inner);
	archive_read_support_filter_xz(inner);
	archive_read_support_filter_zstd(inner);
	archive_read_support_format_tar(inner);
	if (archive_read_open(inner, s, NULL, read_member, NULL) != ARCHIVE_OK)
		return bad(error, s->in, "control archive damaged", inner);
	return take_members(inner, d, s->in, error);
}

/* What a line of text can hold and give back: no control characters, no blank at the end. */
static gboolean is_listable(const char *path)
{
	gsize size = strlen(path);

	for (gsize i = 0; i < size; i++)
		if (g_ascii_iscntrl(path[i]))
			return FALSE;
	return size > 0 && path[size - 1] != ' ';
}

static void add_name(GString *names, struct archive_entry *member)
{
	const char *path = archive_entry_pathname(member);

	if (path == NULL || archive_entry_filetype(member) == AE_IFDIR)
		return;
	if (g_str_has_prefix(path, "./"))
		path += 2;
	while (*path == '/')
		path++;
	if (is_listable(path))
		g_string_append_printf(names, "%s\n", path);
}

static gboolean list_payload(archive *inner, intake *in, GString *names, GError **error)
{
	struct archive_entry *member = NULL;
	int r;

	while ((r = archive_read_next_header(inner, &member)) == ARCHIVE_OK || r == ARCHIVE_WARN) {
		add_name(names, member);
		if (archive_filter_bytes(inner, 0) > MOST_PAYLOAD || names->len > MOST_NAMES)
			return bad(error, in, "its payload is larger than 64 GiB, or its list of files than 64 MiB", NULL);
	}
	return r == ARCHIVE_EOF || bad(error, in, "payload damaged", inner);
}

/* The names in the member data.tar, which the outer archive is at. */
static char *read_names(struct source *s, GError **error)
{
	g_autoptr(archive) inner = archive_read_new();
	g_autoptr(GString) names = g_string_new(NULL);

	archive_read_support_filter_gzip(inner);
	archive_read_support_filter_xz(inner);
	archive_read_support_filter_zstd(inner);
	archive_read_support_filter_bzip2(inner);
	archive_read_support_format_tar(inner);
	archive_read_support_format_empty(inner);
	if (archive_read_open(inner, s, NULL, read_member, NULL) != ARCHIVE_OK) {
		bad(error, s->in, "payload damaged", inner);
		return NULL;
	}
	return list_payload(inner, s->in, names, error) ? g_string_free(g_steal_pointer(&names), FALSE) : NULL;
}

gboolean debread_control(intake *in, struct debread *d, char **names, GError **error)
{
	g_autoptr(archive) outer = archive_read_new();
	g_autofree struct source *s = g_new0(struct source, 1);
	struct archive_entry *member;

	if (names != NULL)
		*names = NULL;
	s->in = in;
	s->outer = outer;
	archive_read_support_format_ar(outer);
	gboolean ok = archive_read_open(outer, s, NULL, read_intake, NULL) == ARCHIVE_OK ||
		      bad(error, in, "not a Debian package", outer);
	ok = ok && expect(outer, in, "debian-binary", error) && check_version(outer, in, error) &&
	     expect(outer, in, "control.tar", error) && read_control(s, d, error) &&
	     expect(outer, in, "data.tar", error) &&
	     (names == NULL || (*names = read_names(s, error)) != NULL);
	if (ok && archive_read_next_header(outer, &member) < ARCHIVE_WARN)
		ok = bad(error, in, "not a whole Debian package", outer);
	if (ok)
		return TRUE;
	if (s->error != NULL && error != NULL) {
		g_clear_error(error);
		g_propagate_error(error, g_steal_pointer(&s->error));
	}
	g_clear_error(&s->error);
	if (names != NULL)
		g_clear_pointer(names, g_free);
	return FALSE;
}
