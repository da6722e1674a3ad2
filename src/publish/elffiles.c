/* Reading the ELF files of published packages: see elffiles.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/elffiles.h"
#include "core/digest.h"
#include "core/file.h"
#include "inspect/facts.h"
#include "inspect/snapshot.h"
#include "publish/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define BLOCK (128 * 1024)
#define MOST_CONF (64 * 1024)
#define CONF_FOLDER "etc/ld.so.conf.d/"

static void library_free(gpointer data)
{
	struct elflibrary *l = data;

	g_free(l->path);
	g_free(l->build_id);
	facts_free(l->facts);
	g_free(l);
}

void elfprograms_free(struct elfprograms *p)
{
	if (p == NULL)
		return;
	container_free(p->container);
	g_clear_pointer(&p->own, g_hash_table_unref);
	g_clear_pointer(&p->debug, g_ptr_array_unref);
	g_free(p);
}

/* ---- bytes that are those of the index ---- */

static char *digest_of_file(const char *path, guint64 *size, GError **error)
{
	g_autoptr(digest) d = digest_new(DIGEST_SHA256);
	g_autofree guint8 *block = g_malloc(BLOCK);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	gssize n = -1;

	*size = 0;
	while (fd >= 0 && (n = read(fd, block, BLOCK)) > 0) {
		digest_update(d, block, (gsize)n);
		*size += (guint64)n;
	}
	if (n < 0)
		file_error(error, errno, path, "read");
	if (fd >= 0)
		close(fd);
	return n < 0 ? NULL : digest_hex(d);
}

/* What arrives was digested a moment ago. */
static gboolean check_bytes(const struct member *m, GError **error)
{
	guint64 size = 0;
	g_autofree char *sha256 = m->move == MEMBER_ARRIVES ? NULL : digest_of_file(m->file, &size, error);

	if (m->move == MEMBER_ARRIVES || (sha256 != NULL && size == m->entry->size && strcmp(sha256, m->entry->sha256) == 0))
		return TRUE;
	if (sha256 != NULL)
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
			    "%s: its SHA-256 is %s, the signed index says %s; it was changed behind abide's back", m->file,
			    sha256, m->entry->sha256);
	return FALSE;
}

static struct container *pick(const struct member *m, const struct container_choice *choice, GError **error)
{
	return check_bytes(m, error) ? container_pick(m->file, choice, error) : NULL;
}

/* "libfoo1_1.0-1_amd64.deb: usr/lib/libfoo.so.1": where the bytes lie for a moment is nobody's concern. */
static char *shown_name(const struct member *m, const char *path)
{
	g_autofree char *base = g_path_get_basename(m->entry->path);

	return g_strdup_printf("%s: %s", base, path);
}

/* ---- the packages beside it ---- */

static const struct member *debug_of(const struct member *m, const GPtrArray *members)
{
	g_autofree char *name = g_strconcat(m->entry->name, m->entry->family == &family_deb ? "-dbgsym" : "-debuginfo", NULL);

	return members_find(members, m->entry->family, name, m->entry->version, m->entry->arch);
}

/* The debug package of the same build, opened for the files that it has of CONTAINER's; NULL with or without an error. */
static GPtrArray *read_debug(const struct member *m, const GPtrArray *members, const struct container *container,
			     GError **error)
{
	const struct member *debug = debug_of(m, members);
	g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; debug != NULL && i < container->files->len; i++) {
		const struct container_file *f = container->files->pdata[i];
		if (f->build_id != NULL)
			g_hash_table_add(wanted, f->build_id);
	}
	if (g_hash_table_size(wanted) == 0 || !check_bytes(debug, error))
		return NULL;
	struct container *c = container_debug(debug->file, wanted, error);
	GPtrArray *list = c ? g_ptr_array_new_with_free_func((GDestroyNotify)container_free) : NULL;
	if (list != NULL)
		g_ptr_array_add(list, c);
	return list;
}

/* Does a package need the package NAME? */
struct need {
	const char *name;
	gboolean found;
};

static void note_need(const struct relations_name *name, gpointer user)
{
	struct need *n = user;

	n->found |= strcmp(name->name, n->name) == 0;
}

/* The development package of the same version: which one it is, only its dependency tells. */
static const struct member *development_of(const struct member *m, const GPtrArray *members)
{
	const char *suffix = m->entry->family == &family_deb ? "-dev" : "-devel";

	for (guint i = 0; i < members->len; i++) {
		const struct member *other = members->pdata[i];
		struct need need = {m->entry->name, FALSE};
		if (other->entry->family != m->entry->family || !g_str_has_suffix(other->entry->name, suffix) ||
		    strcmp(other->entry->version, m->entry->version) != 0 ||
		    strcmp(other->entry->arch, m->entry->arch) != 0)
			continue;
		members_each_relation(other, RELATIONS_NEEDS, note_need, &need);
		if (need.found)
			return other;
	}
	return NULL;
}

char *elffiles_identity(const struct member *m, const GPtrArray *members)
{
	const struct member *const read[] = {m, debug_of(m, members), development_of(m, members)};
	g_autoptr(digest) d = digest_new(DIGEST_SHA256);

	for (gsize i = 0; i < G_N_ELEMENTS(read); i++) {
		const char *sha256 = read[i] ? read[i]->entry->sha256 : "none";
		digest_update(d, sha256, strlen(sha256) + 1);
	}
	return digest_hex(d);
}

static gboolean is_snapshot_path(const char *path, gpointer user)
{
	(void)user;
	return g_str_has_suffix(path, ".abi") && strstr(path, "/abide/") != NULL;
}

static char *contents_of(const struct container_file *f, gsize most, gsize *size)
{
	off_t end = lseek(f->fd, 0, SEEK_END);
	g_autofree char *text = end >= 0 && (guint64)end <= most ? g_malloc((gsize)end + 1) : NULL;

	if (text == NULL || pread(f->fd, text, (gsize)end, 0) != end)
		return NULL;
	text[end] = '\0';
	*size = (gsize)end;
	return g_steal_pointer(&text);
}

static gboolean same_exports(const struct facts *a, const struct facts *b)
{
	if (a->n_exports != b->n_exports || a->machine != b->machine || a->bits != b->bits)
		return FALSE;
	for (guint i = 0; i < a->n_exports; i++)
		if (strcmp(a->exports[i].name, b->exports[i].name) != 0 ||
		    g_strcmp0(a->exports[i].node, b->exports[i].node) != 0)
			return FALSE;
	return TRUE;
}

/* Puts the snapshot of a library in its facts' place, if it tells of the same exports. */
static void take_snapshot(struct elflibrary *l, const struct member *m, const struct container *snapshots)
{
	for (guint i = 0; i < snapshots->files->len; i++) {
		const struct container_file *f = snapshots->files->pdata[i];
		gsize size = 0;
		g_autofree char *text = contents_of(f, SNAPSHOT_CEILING, &size);
		g_autoptr(facts) snapshot = text ? snapshot_parse(f->path, text, size, NULL) : NULL;
		if (snapshot == NULL || g_strcmp0(snapshot->soname, l->facts->soname) != 0 ||
		    !same_exports(snapshot, l->facts))
			continue;
		g_autofree char *shown = shown_name(m, l->path);
		snapshot->path = g_string_chunk_insert(snapshot->strings, shown);
		facts_free(l->facts);
		l->facts = g_steal_pointer(&snapshot);
		return;
	}
}

static gboolean take_snapshots(GPtrArray *libraries, const struct member *m, const GPtrArray *members, GError **error)
{
	const struct container_choice choice = {.other = is_snapshot_path};
	const struct member *development = libraries->len > 0 ? development_of(m, members) : NULL;
	g_autoptr(container) snapshots = development ? pick(development, &choice, error) : NULL;

	for (guint i = 0; snapshots != NULL && i < libraries->len; i++)
		take_snapshot(libraries->pdata[i], m, snapshots);
	return development == NULL || snapshots != NULL;
}

/* ---- libraries ---- */

static gboolean has_soname(const char *path, const struct facts *surface, gpointer user)
{
	(void)path, (void)user;
	return surface->kind == FACTS_LIBRARY && surface->soname != NULL;
}

static gboolean is_conf(const char *path, gpointer user)
{
	(void)user;
	return g_str_has_prefix(path, CONF_FOLDER) && g_str_has_suffix(path, ".conf");
}

/* The folders that ld.so.conf.d names in this package, one a line (ldconfig(8)). */
static GHashTable *named_folders(const struct container *c)
{
	GHashTable *folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < c->files->len; i++) {
		const struct container_file *f = c->files->pdata[i];
		gsize size = 0;
		g_autofree char *text = f->soname == NULL ? contents_of(f, MOST_CONF, &size) : NULL;
		g_auto(GStrv) lines = text ? g_strsplit_set(text, "\n,: \t", -1) : NULL;
		for (char **line = lines; line != NULL && *line != NULL; line++)
			if (**line == '/')
				g_hash_table_add(folders, g_canonicalize_filename(*line, "/"));
	}
	return folders;
}

/* /lib, /usr/lib64, /usr/lib/x86_64-linux-gnu and the like (ld.so(8)). */
static gboolean is_system_folder(const char *folder)
{
	static const char *const tops[] = {"/lib", "/usr/lib", "/usr/local/lib"};

	for (gsize i = 0; i < G_N_ELEMENTS(tops); i++) {
		gsize n = strlen(tops[i]);
		if (strncmp(folder, tops[i], n) != 0)
			continue;
		const char *rest = folder + n, *inner = *rest == '/' ? rest + 1 : NULL;
		if (*rest == '\0' || strcmp(rest, "64") == 0 || strcmp(rest, "32") == 0 || strcmp(rest, "x32") == 0)
			return TRUE;
		if (inner != NULL && strchr(inner, '/') == NULL && strstr(inner, "-linux-") != NULL)
			return TRUE;
	}
	return FALSE;
}

static char *folder_of(const char *path)
{
	g_autofree char *full = g_canonicalize_filename(path, "/");

	return g_path_get_dirname(full);
}

static struct elflibrary *read_library(const struct member *m, const struct container_file *f, GHashTable *folders,
				       const GPtrArray *debug, GError **error)
{
	g_autofree char *shown = shown_name(m, f->path), *folder = folder_of(f->path);
	struct facts *facts = facts_read_fd(f->fd, shown, &(struct facts_sources){.debug_packages = debug}, error);

	if (facts == NULL)
		return NULL;
	struct elflibrary *l = g_new(struct elflibrary, 1);
	*l = (struct elflibrary){g_strdup(f->path), g_strdup(f->build_id), facts,
				 is_system_folder(folder) || g_hash_table_contains(folders, folder)};
	return l;
}

GPtrArray *elffiles_libraries(const struct member *m, const GPtrArray *members, GError **error)
{
	const struct container_choice choice = {.elf = has_soname, .other = is_conf};
	g_autoptr(GPtrArray) libraries = g_ptr_array_new_with_free_func(library_free);
	g_autoptr(container) c = pick(m, &choice, error);
	g_autoptr(GHashTable) folders = c ? named_folders(c) : NULL;
	g_autoptr(GError) cause = NULL;
	g_autoptr(GPtrArray) debug = c ? read_debug(m, members, c, &cause) : NULL;

	if (cause != NULL)
		g_propagate_error(error, g_steal_pointer(&cause));
	else if (c != NULL)
		for (guint i = 0; i < c->files->len; i++) {
			const struct container_file *f = c->files->pdata[i];
			struct elflibrary *l = f->soname ? read_library(m, f, folders, debug, error) : NULL;
			if (l != NULL)
				g_ptr_array_add(libraries, l);
			else if (f->soname != NULL)
				return NULL;
		}
	return c != NULL && cause == NULL && take_snapshots(libraries, m, members, error) ? g_steal_pointer(&libraries)
											    : NULL;
}

/* Would the loader, by the folder that LIBRARY is in? A RUNPATH with $ORIGIN depends on where the program lies: it may be this one. */
static gboolean finds(const struct facts *program, const struct elflibrary *library)
{
	g_autofree char *folder = folder_of(library->path);
	g_auto(GStrv) folders = program->runpath ? g_strsplit(program->runpath, ":", -1) : NULL;

	if (library->is_public)
		return TRUE;
	for (char **f = folders; f != NULL && *f != NULL; f++)
		if (strcmp(*f, folder) == 0 || strchr(*f, '$') != NULL)
			return TRUE;
	return FALSE;
}

const struct elflibrary *elffiles_find(const GPtrArray *libraries, const char *soname, const struct facts *program)
{
	for (guint i = 0; i < libraries->len; i++) {
		const struct elflibrary *l = libraries->pdata[i];
		const struct facts *f = l->facts;
		if (strcmp(f->soname, soname) == 0 && f->machine == program->machine && f->bits == program->bits &&
		    f->big_endian == program->big_endian && finds(program, l))
			return l;
	}
	return NULL;
}

/* ---- programs ---- */

/* What elffiles_programs looks for, and what it notes on the way. */
struct search {
	GHashTable *sonames, *own;
};

static gboolean needs_one(const char *path, const struct facts *surface, gpointer user)
{
	struct search *s = user;

	(void)path;
	if (surface->soname != NULL)
		g_hash_table_add(s->own, g_strdup(surface->soname));
	for (const char **name = surface->needed; name != NULL && *name != NULL; name++)
		if (g_hash_table_contains(s->sonames, *name))
			return TRUE;
	return FALSE;
}

struct elfprograms *elffiles_programs(const struct member *m, const GPtrArray *members, GHashTable *sonames,
				      GError **error)
{
	g_autoptr(elfprograms) p = g_new0(struct elfprograms, 1);
	g_autoptr(GError) cause = NULL;

	p->own = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct search search = {sonames, p->own};
	const struct container_choice choice = {.elf = needs_one, .user = &search};
	p->container = pick(m, &choice, error);
	if (p->container == NULL)
		return NULL;
	p->debug = read_debug(m, members, p->container, &cause);
	if (cause != NULL) {
		g_propagate_error(error, g_steal_pointer(&cause));
		return NULL;
	}
	return g_steal_pointer(&p);
}
