/* A package before it is a .deb or an .rpm: see package.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/package.h"
#include "core/digest.h"
#include "pack/changelog.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_SIZE (64 * 1024)

G_DEFINE_QUARK(pack - error - quark, pack_error)

const struct package_format *const package_formats[] = {&deb_format, &rpmpkg_format, NULL};

const struct package_format *package_format_find(const char *name)
{
	for (gsize i = 0; package_formats[i] != NULL; i++)
		if (g_str_equal(package_formats[i]->name, name))
			return package_formats[i];
	return NULL;
}

static void package_file_free(gpointer data)
{
	struct package_file *f = data;

	g_free(f->path);
	g_free(f->owner);
	g_free(f->group);
	g_free(f->target);
	g_free(f->source);
	spool_part_clear(&f->spooled);
	g_clear_pointer(&f->data, g_bytes_unref);
	g_free(f->sha256);
	g_free(f->md5);
	facts_free(f->own_facts);
	g_free(f);
}

struct package *package_new(const char *name)
{
	struct package *p = g_new0(struct package, 1);

	p->name = g_strdup(name);
	p->files = g_ptr_array_new_with_free_func(package_file_free);
	p->found_depends = g_ptr_array_new_with_free_func(g_free);
	for (int i = 0; i < RELATION_KINDS; i++)
		p->relations[i] = g_ptr_array_new_with_free_func((GDestroyNotify)relation_free);
	return p;
}

static void families_clear(struct package *package)
{
	g_free(package->deb.triggers);
	g_clear_pointer(&package->deb.fields, g_ptr_array_unref);
	g_clear_pointer(&package->deb.config, g_bytes_unref);
	g_clear_pointer(&package->deb.templates, g_bytes_unref);
	g_free(package->rpm.group);
	g_free(package->rpm.packager);
	g_free(package->rpm.buildhost);
	g_strfreev(package->rpm.prefixes);
}

struct package *package_beside(const struct package *package, char *name)
{
	g_autofree char *taken = name;
	struct package *p = package_new(taken);

	p->source = g_strdup(package->source);
	p->version = g_strdup(package->version);
	p->epoch = g_strdup(package->epoch);
	p->release = g_strdup(package->release);
	p->arch = package->arch;
	p->priority = g_strdup(package->priority);
	p->maintainer = g_strdup(package->maintainer);
	p->vendor = g_strdup(package->vendor);
	p->homepage = g_strdup(package->homepage);
	p->license = g_strdup(package->license);
	p->multiarch = package->multiarch;
	return p;
}

void package_describe(struct package *package, const char *text)
{
	const char *end = strchr(text, '\n');

	g_free(package->summary);
	g_free(package->description);
	package->summary = end == NULL ? g_strdup(text) : g_strndup(text, (gsize)(end - text));
	g_strstrip(package->summary);
	package->description = g_strstrip(g_strdup(end == NULL ? "" : end + 1));
}

void package_free(struct package *package)
{
	if (package == NULL)
		return;
	char *const strings[] = {package->name,	      package->source,	 package->version,  package->epoch,
				 package->release,    package->section,	 package->priority, package->maintainer,
				 package->vendor,     package->homepage, package->license,  package->summary,
				 package->description};
	for (gsize i = 0; i < G_N_ELEMENTS(strings); i++)
		g_free(strings[i]);
	for (int i = 0; i < RELATION_KINDS; i++)
		g_ptr_array_unref(package->relations[i]);
	for (int i = 0; i < PACKAGE_SCRIPTS; i++)
		g_clear_pointer(&package->scripts[i], g_bytes_unref);
	g_free(package->compression);
	changelog_unref(package->changelog);
	families_clear(package);
	g_ptr_array_unref(package->found_depends);
	g_clear_pointer(&package->build_ids, g_ptr_array_unref);
	g_ptr_array_unref(package->files);
	g_free(package->library);
	g_free(package);
}

char *package_normal_path(const char *path)
{
	g_auto(GStrv) parts = g_strsplit(path, "/", -1);
	GString *out = g_string_new(NULL);

	for (gsize i = 0; parts[i] != NULL; i++) {
		if (*parts[i] == '\0' || g_str_equal(parts[i], "."))
			continue;
		if (i > 0 && (out->len > 0 || *path == '/'))
			g_string_append_c(out, '/');
		g_string_append(out, parts[i]);
	}
	if (out->len == 0 && *path == '/')
		g_string_append_c(out, '/');
	return g_string_free(out, FALSE);
}

struct package_file *package_add(struct package *package, enum package_file_type type, const char *path)
{
	static const mode_t modes[] = {[PACKAGE_FILE] = 0644, [PACKAGE_DIRECTORY] = 0755, [PACKAGE_SYMLINK] = 0777};
	struct package_file *f = g_new0(struct package_file, 1);

	f->path = package_normal_path(path);
	f->type = type;
	f->mode = modes[type];
	f->owner = g_strdup("root");
	f->group = g_strdup("root");
	f->mtime = -1;
	g_ptr_array_add(package->files, f);
	return f;
}

struct package_file *package_add_source(struct package *package, const char *path, const char *source)
{
	struct package_file *f = package_add(package, PACKAGE_FILE, path);
	struct stat st;

	f->source = g_strdup(source);
	if (stat(source, &st) == 0 && (st.st_mode & S_IXUSR) != 0)
		f->mode = 0755;
	return f;
}

struct package_file *package_add_data(struct package *package, const char *path, GBytes *data)
{
	struct package_file *f = package_add(package, PACKAGE_FILE, path);

	f->data = data;
	return f;
}

struct package_file *package_add_spooled(struct package *package, const char *path, struct spool_part part)
{
	struct package_file *f = package_add(package, PACKAGE_FILE, path);

	f->spooled = part;
	return f;
}

struct package_file *package_add_link(struct package *package, const char *path, const char *target)
{
	struct package_file *f = package_add(package, PACKAGE_SYMLINK, path);

	f->target = g_strdup(target);
	return f;
}

static int by_path(gconstpointer a, gconstpointer b)
{
	const struct package_file *const *f = a, *const *g = b;

	return strcmp((*f)->path, (*g)->path);
}

const char **package_sonames(const struct package *package)
{
	const char **sonames = g_new0(const char *, package->files->len + 1);
	guint n = 0;

	for (guint i = 0; i < package->files->len; i++) {
		const struct package_file *f = package->files->pdata[i];
		if (f->facts != NULL && f->facts->soname != NULL)
			sonames[n++] = f->facts->soname;
	}
	return sonames;
}

const struct package_file *package_find(const struct package *package, const char *path)
{
	for (guint i = 0; i < package->files->len; i++) {
		const struct package_file *f = package->files->pdata[i];
		if (g_str_equal(f->path, path))
			return f;
	}
	return NULL;
}

static gboolean refuse(GError **error, enum pack_error code, const char *path, const char *why)
{
	g_set_error(error, PACK_ERROR, (gint)code, "%s: %s", path, why);
	return FALSE;
}

static gboolean refuse_errno(GError **error, const char *path, const char *what)
{
	g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: cannot %s: %s", path, what, g_strerror(errno));
	return FALSE;
}

/* How far below the root a path is after `depth` levels and these components; -1 once it has climbed above it. */
static int depth_after(int depth, const char *path)
{
	g_auto(GStrv) parts = g_strsplit(path, "/", -1);

	for (gsize i = 0; parts[i] != NULL && depth >= 0; i++) {
		if (g_str_equal(parts[i], ".."))
			depth--;
		else if (*parts[i] != '\0' && !g_str_equal(parts[i], "."))
			depth++;
	}
	return depth;
}

static gboolean check_path(const struct package_file *f, GError **error)
{
	g_auto(GStrv) parts = g_strsplit(f->path, "/", -1);

	if (*f->path != '/')
		return refuse(error, PACK_ERROR_MANIFEST, f->path, "the path in the package must begin with /");
	if (g_strv_contains((const char *const *)parts, ".."))
		return refuse(error, PACK_ERROR_MANIFEST, f->path, "the path in the package must not have ..");
	for (const char *p = f->path; *p != '\0'; p++)
		if (g_ascii_iscntrl(*p))
			return refuse(error, PACK_ERROR_MANIFEST, f->path,
				      "the path in the package must not have control characters");
	if (f->type != PACKAGE_SYMLINK)
		return TRUE;
	g_autofree char *parent = g_path_get_dirname(f->path);
	if (*f->target == '\0' || depth_after(*f->target == '/' ? 0 : depth_after(0, parent), f->target) < 0)
		return refuse(error, PACK_ERROR_MANIFEST, f->path, "the link must lead to a path below the root");
	return TRUE;
}

/* What messages call the file that the contents of an entry come from. */
static const char *shown(const struct package_file *file)
{
	return file->source == NULL ? file->path : file->source;
}

static gboolean changed(const struct package_file *file, GError **error)
{
	return refuse(error, PACK_ERROR_INPUT, shown(file), "changed while it was being packed; try again");
}

/* The next bytes of an entry, from its spool or from the open file; as pread(2) returns them. */
static ssize_t read_piece(const struct package_file *file, int fd, void *buffer, gsize size, guint64 at)
{
	return file->spooled.spool != NULL ? spool_read(&file->spooled, buffer, size, at)
					   : pread(fd, buffer, size, (off_t)at);
}

/* Hands the pieces of an entry on, and puts them into the digest. */
static gboolean read_pieces(const struct package_file *file, int fd, digest *sum, package_read_fn take, gpointer user,
			    GError **error)
{
	char buffer[READ_SIZE];
	guint64 total = 0;
	ssize_t n;

	while ((n = read_piece(file, fd, buffer, READ_SIZE, total)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return refuse_errno(error, shown(file), "read");
		total += (guint64)n;
		if (total > file->size)
			return changed(file, error);
		digest_update(sum, buffer, (gsize)n);
		if (!take(buffer, (gsize)n, user, error))
			return FALSE;
	}
	return total == file->size || changed(file, error);
}

static gboolean read_file(const struct package_file *file, package_read_fn take, gpointer user, char **sha256,
			  GError **error)
{
	g_autoptr(digest) sum = digest_new(DIGEST_SHA256);
	gboolean spooled = file->spooled.spool != NULL;
	int fd = spooled ? -1 : open(file->source, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0 && !spooled)
		return refuse_errno(error, file->source, "open");
	gboolean good = read_pieces(file, fd, sum, take, user, error);
	if (fd >= 0)
		close(fd);
	*sha256 = digest_hex(sum);
	return good;
}

gboolean package_read(const struct package_file *file, package_read_fn take, gpointer user, GError **error)
{
	g_autofree char *sha256 = NULL;
	gsize size;

	if (file->data == NULL)
		return read_file(file, take, user, &sha256, error) &&
		       (g_strcmp0(sha256, file->sha256) == 0 || changed(file, error));
	const void *data = g_bytes_get_data(file->data, &size);
	return size == 0 || take(data, size, user, error);
}

static gboolean take_md5(const void *data, gsize size, gpointer user, GError **error)
{
	(void)error;
	digest_update(user, data, size);
	return TRUE;
}

static gboolean seal_digests(struct package_file *f, GError **error)
{
	g_autoptr(digest) md5 = digest_new(DIGEST_MD5);
	gsize size;

	if (f->data == NULL) {
		if (!read_file(f, take_md5, md5, &f->sha256, error))
			return FALSE;
		f->md5 = digest_hex(md5);
		return TRUE;
	}
	const void *data = g_bytes_get_data(f->data, &size);
	f->md5 = digest_of(DIGEST_MD5, data, size);
	f->sha256 = digest_of(DIGEST_SHA256, data, size);
	return TRUE;
}

/* The facts of an ELF file; a static program or an object file has none, as it has no relations to other packages. */
static gboolean seal_facts(struct package_file *f, GError **error)
{
	GError *local = NULL;

	f->own_facts = facts_read_surface(f->source, &local);
	f->facts = f->own_facts;
	if (g_error_matches(local, FACTS_ERROR, FACTS_ERROR_INPUT))
		g_clear_error(&local);
	if (local != NULL)
		g_propagate_error(error, local);
	return local == NULL;
}

/* What was stripped is there already, and its facts are those of the file that it was made of. */
static gboolean seal_source(struct package_file *f, GError **error)
{
	struct stat st;

	if (f->spooled.spool != NULL)
		st = (struct stat){.st_mode = S_IFREG, .st_size = (off_t)f->spooled.size};
	else if (stat(f->source, &st) < 0)
		return refuse_errno(error, shown(f), "open");
	if (!S_ISREG(st.st_mode))
		return refuse(error, PACK_ERROR_INPUT, shown(f), "not a regular file");
	f->size = (guint64)st.st_size;
	return f->source == NULL || f->facts != NULL || !facts_is_elf(f->source) || seal_facts(f, error);
}

static gboolean seal_file(struct package_file *f, GError **error)
{
	if (f->sha256 != NULL)
		return TRUE;
	if (f->data != NULL)
		f->size = g_bytes_get_size(f->data);
	else if (!seal_source(f, error))
		return FALSE;
	return seal_digests(f, error);
}

gboolean package_seal(struct package *package, GError **error)
{
	const struct package_file *previous = NULL;

	g_ptr_array_sort(package->files, by_path);
	for (guint i = 0; i < package->files->len; i++) {
		struct package_file *f = package->files->pdata[i];

		if (!check_path(f, error))
			return FALSE;
		if (previous != NULL && g_str_equal(previous->path, f->path))
			return refuse(error, PACK_ERROR_MANIFEST, f->path, "two entries for one path");
		if (f->type == PACKAGE_SYMLINK)
			f->size = strlen(f->target);
		else if (f->type == PACKAGE_FILE && !seal_file(f, error))
			return FALSE;
		if (f->facts != NULL && package->arch->isa == NULL)
			return refuse(error, PACK_ERROR_MANIFEST, f->path, "machine code in a package for arch: all");
		previous = f;
	}
	return TRUE;
}
