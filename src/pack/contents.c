/* The entries that a manifest lists: see contents.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/contents.h"
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
	if (errno == ENOENT && strpbrk(path, "*?[") != NULL)
		return refuse(error, path,
			      "no such file; patterns are not supported: name the files, or use type: tree");
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

static gboolean check_dst(struct entry *e, GHashTable *taken, GError **error)
{
	const char *dst = e->content->dst;
	g_auto(GStrv) parts = g_strsplit(dst, "/", -1);
	char *before;

	if (*dst != '/')
		return manifest_refuse(e->manifest, error, e->dst_key, "'%s' must begin with /", dst);
	if (g_strv_contains((const char *const *)parts, ".."))
		return manifest_refuse(e->manifest, error, e->dst_key, "'%s' must not have ..", dst);
	g_autofree char *base = g_path_get_basename(e->content->src == NULL ? "" : e->content->src);
	gboolean inside = g_str_has_suffix(dst, "/") && e->content->type != MANIFEST_DIRECTORY &&
			  e->content->type != MANIFEST_TREE;
	g_autofree char *path = inside ? g_build_filename(dst, base, NULL) : g_strdup(dst);
	e->path = package_normal_path(path);
	before = g_hash_table_lookup(taken, e->path);
	if (before != NULL)
		return manifest_refuse(e->manifest, error, e->dst_key, "'%s' is given twice, first in %s", e->path,
				       before);
	g_hash_table_insert(taken, g_strdup(e->path), g_strdup(e->dst_key));
	return TRUE;
}

static gboolean add_source(struct package *p, struct entry *e, GError **error)
{
	const char *src = e->content->src;
	gboolean tree = e->content->type == MANIFEST_TREE;
	struct stat st;

	if (!stat_source(src, &st, error))
		return manifest_prefix(e->manifest, error, e->src_key);
	if (tree && S_ISDIR(st.st_mode))
		return contents_add_tree(p, src, e->path, error) || manifest_prefix(e->manifest, error, e->src_key);
	if (tree)
		refuse(error, src, "not a folder, as type: tree wants");
	else if (S_ISDIR(st.st_mode))
		refuse(error, src, "a folder; say type: tree to pack what is in it");
	else if (!S_ISREG(st.st_mode))
		refuse(error, src, "not a regular file");
	else
		return package_add_source(p, e->path, src) != NULL;
	return manifest_prefix(e->manifest, error, e->src_key);
}

static gboolean add_entry(struct package *p, struct entry *e, GError **error)
{
	static const guint flags[] = {[MANIFEST_CONFIG] = PACKAGE_CONFIG,
				      [MANIFEST_CONFIG_NOREPLACE] = PACKAGE_CONFIG | PACKAGE_NOREPLACE,
				      [MANIFEST_TREE] = 0};
	const struct manifest_content *c = e->content;
	guint first = p->files->len;

	if (c->type != MANIFEST_DIRECTORY && (c->src == NULL || *c->src == '\0'))
		return manifest_refuse(e->manifest, error, e->src_key, "missing");
	if (c->type == MANIFEST_DIRECTORY)
		package_add(p, PACKAGE_DIRECTORY, e->path);
	else if (c->type == MANIFEST_SYMLINK)
		package_add_link(p, e->path, c->src);
	else if (!add_source(p, e, error))
		return FALSE;
	for (guint i = first; i < p->files->len; i++)
		((struct package_file *)p->files->pdata[i])->flags = flags[c->type];
	return TRUE;
}

static gboolean apply_info(struct package *p, guint first, struct entry *e, GError **error)
{
	const struct manifest_file_info *info = &e->content->file_info;
	gint64 mtime = -1;

	if (info->mtime != NULL && !manifest_time(info->mtime, &mtime))
		return manifest_refuse(e->manifest, error, e->dst_key,
				       "file_info.mtime: '%s'; expected 2024-01-31T12:00:00Z "
				       "or seconds since 1970",
				       info->mtime);
	for (guint i = first; i < p->files->len; i++) {
		struct package_file *f = p->files->pdata[i];
		gboolean alone = f->type == PACKAGE_FILE || e->content->type == MANIFEST_DIRECTORY;
		f->mtime = mtime;
		if (info->mode != 0 && alone)
			f->mode = info->mode;
		if (info->owner != NULL) {
			g_free(f->owner);
			f->owner = g_strdup(info->owner);
		}
		if (info->group != NULL) {
			g_free(f->group);
			f->group = g_strdup(info->group);
		}
	}
	return TRUE;
}

static gboolean check_coinstall(const struct package *p, guint first, const struct entry *e, const char *soname,
				GError **error)
{
	return soname == NULL || e->content->unversioned || coinstall_check(p, first, soname, error) ||
	       manifest_prefix(e->manifest, error, e->dst_key);
}

gboolean contents_add(struct package *package, const struct manifest *manifest, const char *soname, GError **error)
{
	g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

	for (guint i = 0; i < manifest->n_contents; i++) {
		guint first = package->files->len;
		g_auto(entry) e = {.manifest = manifest,
				   .content = &manifest->contents[i],
				   .src_key = g_strdup_printf("contents[%u].src", i),
				   .dst_key = g_strdup_printf("contents[%u].dst", i)};
		if (!check_dst(&e, taken, error) || !add_entry(package, &e, error) ||
		    !apply_info(package, first, &e, error) || !check_coinstall(package, first, &e, soname, error))
			return FALSE;
	}
	return TRUE;
}
