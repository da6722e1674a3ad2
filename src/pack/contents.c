/* The entries that a manifest lists: see contents.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/contents.h"
#include "pack/sources.h"
#include "pack/coinstall.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* Folders of the Filesystem Hierarchy Standard that are not ours to own; everything above them is neither. */
static const char *const shared_folders[] = {
	"/bin",
	"/boot",
	"/dev",
	"/etc",
	"/etc/ld.so.conf.d",
	"/etc/systemd",
	"/etc/systemd/system",
	"/home",
	"/lib",
	"/lib64",
	"/media",
	"/mnt",
	"/opt",
	"/proc",
	"/root",
	"/run",
	"/sbin",
	"/srv",
	"/sys",
	"/tmp",
	"/usr",
	"/usr/bin",
	"/usr/include",
	"/usr/lib",
	"/usr/lib/pkgconfig",
	"/usr/lib/systemd",
	"/usr/lib/systemd/system",
	"/usr/lib64",
	"/usr/lib64/pkgconfig",
	"/usr/libexec",
	"/usr/local",
	"/usr/local/bin",
	"/usr/local/include",
	"/usr/local/lib",
	"/usr/sbin",
	"/usr/share",
	"/usr/share/doc",
	"/usr/share/man",
	"/var",
	"/var/cache",
	"/var/lib",
	"/var/log",
	"/var/spool",
	"/var/tmp",
};

static gboolean is_shared(const char *path)
{
	for (gsize i = 0; i < G_N_ELEMENTS(shared_folders); i++)
		if (g_str_equal(path, shared_folders[i]))
			return TRUE;
	/* Debian's multiarch folders, and their pkgconfig */
	return g_str_equal(path, "/") || (g_str_has_prefix(path, "/usr/lib/") && strstr(path, "-linux-gnu") != NULL &&
					  (strchr(path + 9, '/') == NULL || g_str_has_suffix(path, "/pkgconfig")));
}

void contents_own_folders(struct package *package, const char *path)
{
	g_autofree char *folder = g_strdup(path);

	while (!is_shared(folder)) {
		if (package_find(package, folder) == NULL)
			package_add(package, PACKAGE_DIRECTORY, folder);
		char *parent = g_path_get_dirname(folder);
		g_free(folder);
		folder = parent;
	}
}

static gboolean refuse(GError **error, const char *path, const char *why)
{
	g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: %s", path, why);
	return FALSE;
}

static gboolean stat_source(const char *path, struct stat *st, GError **error)
{
	if (stat(path, st) == 0)
		return TRUE;
	if (errno == ENOENT && lstat(path, st) == 0)
		return refuse(error, path, "a link to nowhere");
	return refuse(error, path, errno == ENOENT ? "no such file" : g_strerror(errno));
}

static gboolean add_link_of(struct package *p, const char *source, const char *path, GError **error)
{
	g_autofree char *target = g_file_read_link(source, NULL);

	if (target == NULL)
		return refuse(error, source, "the link cannot be read");
	package_add_link(p, path, target);
	return TRUE;
}

gboolean contents_add_tree(struct package *package, const char *source, const char *path, GError **error)
{
	g_autoptr(GDir) dir = g_dir_open(source, 0, NULL);
	const char *name;

	if (dir == NULL)
		return refuse(error, source, "the folder cannot be read");
	if (!is_shared(path) && package_find(package, path) == NULL)
		package_add(package, PACKAGE_DIRECTORY, path);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *from = g_build_filename(source, name, NULL);
		g_autofree char *to = g_build_filename(path, name, NULL);
		gboolean good = TRUE;
		struct stat st;

		if (lstat(from, &st) < 0)
			return refuse(error, from, g_strerror(errno));
		if (S_ISDIR(st.st_mode))
			good = contents_add_tree(package, from, to, error);
		else if (S_ISLNK(st.st_mode))
			good = add_link_of(package, from, to, error);
		else if (S_ISREG(st.st_mode))
			package_add_source(package, to, from);
		else
			good = refuse(error, from, "neither a file, a folder nor a link");
		if (!good)
			return FALSE;
	}
	return TRUE;
}

/* One entry being added: what it says, and how errors name it. */
struct entry {
	const struct manifest *manifest;
	const struct manifest_content *content;
	const char *umask; /* NULL: modes are not those of the sources */
	char *src_key, *dst_key;
	char *path;
};

static void entry_clear(struct entry *e)
{
	g_free(e->src_key);
	g_free(e->dst_key);
	g_free(e->path);
}
typedef struct entry entry;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(entry, entry_clear)

/* What an entry of each type becomes. */
static const struct {
	gboolean rpm_only;
	gboolean source; /* its src is a file or a folder, and may be a pattern */
	guint flags;
} types[] = {
	[MANIFEST_FILE] = {FALSE, TRUE, 0},
	[MANIFEST_CONFIG] = {FALSE, TRUE, PACKAGE_CONFIG},
	[MANIFEST_CONFIG_NOREPLACE] = {FALSE, TRUE, PACKAGE_CONFIG | PACKAGE_NOREPLACE},
	[MANIFEST_CONFIG_MISSINGOK] = {FALSE, TRUE, PACKAGE_CONFIG | PACKAGE_MISSINGOK},
	[MANIFEST_SYMLINK] = {FALSE, FALSE, 0},
	[MANIFEST_DIRECTORY] = {FALSE, FALSE, 0},
	[MANIFEST_TREE] = {FALSE, FALSE, 0},
	[MANIFEST_GHOST] = {TRUE, FALSE, PACKAGE_GHOST},
	[MANIFEST_DOC] = {TRUE, TRUE, PACKAGE_DOC},
	[MANIFEST_LICENSE] = {TRUE, TRUE, PACKAGE_LICENSE},
	[MANIFEST_README] = {TRUE, TRUE, PACKAGE_README},
};

static gboolean is_for(const struct manifest_content *c, enum package_family family)
{
	static const enum manifest_packager own[] = {[PACKAGE_DEB] = MANIFEST_DEB, [PACKAGE_RPM] = MANIFEST_RPM};

	return (c->packager == MANIFEST_EVERY || c->packager == own[family]) &&
	       (family == PACKAGE_RPM || !types[c->type].rpm_only);
}

static gboolean is_globbed(const struct entry *e)
{
	return types[e->content->type].source && !e->manifest->disable_globbing && sources_is_pattern(e->content->src);
}

static gboolean check_dst(struct entry *e, GError **error)
{
	const struct manifest_content *c = e->content;
	g_auto(GStrv) parts = g_strsplit(c->dst, "/", -1);
	gboolean inside = g_str_has_suffix(c->dst, "/") && (types[c->type].source || c->type == MANIFEST_SYMLINK);

	if (*c->dst != '/')
		return manifest_refuse(e->manifest, error, e->dst_key, "'%s' must begin with /", c->dst);
	if (g_strv_contains((const char *const *)parts, ".."))
		return manifest_refuse(e->manifest, error, e->dst_key, "'%s' must not have ..", c->dst);
	if (c->type != MANIFEST_DIRECTORY && c->type != MANIFEST_GHOST && (c->src == NULL || *c->src == '\0'))
		return manifest_refuse(e->manifest, error, e->src_key, "missing");
	inside = inside && !is_globbed(e) && !g_file_test(c->src, G_FILE_TEST_IS_DIR);
	g_autofree char *base = g_path_get_basename(inside ? c->src : "");
	g_autofree char *path = inside ? g_build_filename(c->dst, base, NULL) : g_strdup(c->dst);
	e->path = package_normal_path(path);
	return TRUE;
}

/* A file, or everything below a folder. */
static gboolean add_source(struct package *p, const char *src, const char *path, GError **error)
{
	struct stat st;

	if (!stat_source(src, &st, error))
		return FALSE;
	if (S_ISDIR(st.st_mode))
		return contents_add_tree(p, src, path, error);
	if (!S_ISREG(st.st_mode))
		return refuse(error, src, "not a regular file");
	package_add_source(p, path, src);
	return TRUE;
}

static gboolean add_pattern(struct package *p, const struct entry *e, GError **error)
{
	gsize stem = 0;
	g_autoptr(GPtrArray) found = sources_match(e->content->src, &stem, error);

	if (found != NULL && found->len == 0)
		return refuse(error, e->content->src, "no file matches this pattern");
	for (guint i = 0; found != NULL && i < found->len; i++) {
		const char *src = found->pdata[i];
		g_autofree char *path = g_build_filename(e->path, src + stem, NULL);
		if (!add_source(p, src, path, error))
			return FALSE;
	}
	return found != NULL;
}

static gboolean add_entry(struct package *p, const struct entry *e, GError **error)
{
	const char *src = e->content->src;
	gboolean good = TRUE;

	switch (e->content->type) {
	case MANIFEST_DIRECTORY:
		package_add(p, PACKAGE_DIRECTORY, e->path);
		break;
	case MANIFEST_SYMLINK:
		package_add_link(p, e->path, src);
		break;
	case MANIFEST_GHOST:
		package_add_data(p, e->path, g_bytes_new_static("", 0));
		break;
	case MANIFEST_TREE:
		good = g_file_test(src, G_FILE_TEST_IS_DIR) || !g_file_test(src, G_FILE_TEST_EXISTS) ||
		       refuse(error, src, "not a folder, as type: tree wants");
		good = good && add_source(p, src, e->path, error);
		break;
	default:
		good = is_globbed(e) ? add_pattern(p, e, error) : add_source(p, src, e->path, error);
	}
	return good || manifest_prefix(e->manifest, error, e->src_key);
}

/* nfpm's: the source's own mode without what `umask` takes from it. */
static void apply_umask(struct package_file *f, const char *umask)
{
	struct stat st;
	mode_t mask;

	if (umask != NULL && manifest_mode(umask, &mask) && f->source != NULL && stat(f->source, &st) == 0)
		f->mode = st.st_mode & 07777 & ~mask;
}

static void set_text(char **where, const char *text)
{
	if (text == NULL)
		return;
	g_free(*where);
	*where = g_strdup(text);
}

static void apply_info(struct package *p, guint first, const struct entry *e)
{
	const struct manifest_file_info *info = &e->content->file_info;
	gint64 mtime = -1;
	mode_t mode;

	if (info->mtime != NULL)
		manifest_time(info->mtime, &mtime);
	for (guint i = first; i < p->files->len; i++) {
		struct package_file *f = p->files->pdata[i];
		gboolean alone = f->type == PACKAGE_FILE || e->content->type == MANIFEST_DIRECTORY;
		f->flags = f->type == PACKAGE_FILE ? types[e->content->type].flags : 0;
		f->mtime = mtime;
		apply_umask(f, e->umask);
		if (info->mode != NULL && alone && manifest_mode(info->mode, &mode))
			f->mode = mode;
		set_text(&f->owner, info->owner);
		set_text(&f->group, info->group);
	}
}

/* Two entries for one path, whichever of their files they are; folders may be met again. */
static gboolean check_taken(const struct package *p, guint first, const struct entry *e, GHashTable *taken,
			    GError **error)
{
	for (guint i = first; i < p->files->len; i++) {
		const struct package_file *f = p->files->pdata[i];
		const char *before = g_hash_table_lookup(taken, f->path);
		if (before != NULL)
			return manifest_refuse(e->manifest, error, e->dst_key, "'%s' is given twice, first in %s",
					       f->path, before);
		g_hash_table_insert(taken, g_strdup(f->path), g_strdup(e->dst_key));
	}
	return TRUE;
}

static gboolean check_coinstall(const struct package *p, guint first, const struct entry *e, const char *soname,
				GError **error)
{
	return soname == NULL || e->content->unversioned || coinstall_check(p, first, soname, error) ||
	       manifest_prefix(e->manifest, error, e->dst_key);
}

gboolean contents_add(struct package *package, const struct stated *stated, const char *soname, GError **error)
{
	g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	const struct manifest *m = stated->manifest;
	const char *umask = m->overrides[stated->family].umask;
	gboolean own = stated->own->n_contents > 0;
	g_autofree char *where = stated_key(stated, own, "contents");
	guint n = own ? stated->own->n_contents : stated->n_contents;

	for (guint i = 0; i < n; i++) {
		guint first = package->files->len;
		g_auto(entry) e = {.manifest = m,
				   .content = own ? &stated->own->contents[i] : &stated->contents[i],
				   .umask = umask == NULL ? m->umask : umask,
				   .src_key = g_strdup_printf("%s[%u].src", where, i),
				   .dst_key = g_strdup_printf("%s[%u].dst", where, i)};
		if (!is_for(e.content, stated->family))
			continue;
		if (!check_dst(&e, error) || !add_entry(package, &e, error) ||
		    !check_taken(package, first, &e, taken, error) || !check_coinstall(package, first, &e, soname, error))
			return FALSE;
		apply_info(package, first, &e);
	}
	return TRUE;
}
