/* Libraries held beside the current one: see held.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/held.h"
#include "core/digest.h"
#include "inspect/container.h"
#include "pack/contents.h"

#include <string.h>
#include <sys/stat.h>

/* Debian's systemd reads /lib/systemd/system, too, which is the same folder there; rpm's knows only this one. */
#define UNITS "/usr/lib/systemd/system/"

/* As long as systemd takes names of units. */
#define MOST_UNIT 255

/* Changed when other bytes are made of the same library. */
#define RECIPE "1"

struct held {
	struct held_origin origin;
	char *upstream; /* the version without epoch and revision */
	char *epoch, *release;
	struct container *container; /* libraries, and what the package says of its licence */
	GPtrArray *facts;	     /* of each file in it: struct facts *, NULL of one that is no library */
	char *folder;
};

void held_free(held *h)
{
	if (h == NULL)
		return;
	g_free(h->upstream);
	g_free(h->epoch);
	g_free(h->release);
	container_free(h->container);
	g_clear_pointer(&h->facts, g_ptr_array_unref);
	g_free(h->folder);
	g_free(h);
}

const char *held_folder(const held *h)
{
	return h->folder;
}

static gboolean refuse(GError **error, const char *path, const char *why, const char *what)
{
	g_autofree char *base = g_path_get_basename(path);

	g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: %s%s", base, why, what);
	return FALSE;
}

/* ---- names ---- */

/* "1:1.0.1-1" in its parts; the revision is what follows the last hyphen in both families. */
static void split_version(const char *version, char **epoch, char **upstream, char **release)
{
	const char *colon = strchr(version, ':'), *start = colon ? colon + 1 : version, *dash = strrchr(start, '-');

	*epoch = colon ? g_strndup(version, (gsize)(colon - version)) : NULL;
	*upstream = dash ? g_strndup(start, (gsize)(dash - start)) : g_strdup(start);
	*release = dash ? g_strdup(dash + 1) : NULL;
}

/* What both families allow in names of packages, in the place of what one of them does not. */
static char *plain(const char *text)
{
	return g_strcanon(g_ascii_strdown(text, -1), "abcdefghijklmnopqrstuvwxyz0123456789.+-", '-');
}

char *held_name(const char *package, const char *version, const struct package_format *format)
{
	g_autofree char *epoch = NULL, *upstream = NULL, *release = NULL;

	split_version(version, &epoch, &upstream, &release);
	g_autofree char *suffix = format->family == PACKAGE_DEB ? plain(upstream) : g_strdup(upstream);
	return g_strconcat(package, "-held-", suffix, NULL);
}

/* "1.0.1-1+acme.2": after every package of the same library that the channel had before. */
static char *release_of(const held *h, const struct held_purpose *purpose)
{
	g_autofree char *channel = plain(purpose->channel);

	g_strdelimit(channel, "-", '.');
	return g_strdup_printf("%s+%s.%" G_GUINT64_FORMAT, h->release ? h->release : "0", channel, purpose->serial);
}

/* What only one package on a server may be: the one that decides for this service. */
static char *seat_of(const held *h, const struct held_unit *unit)
{
	g_autofree char *text = g_strconcat("abide-held-", h->origin.name, "-", unit->name, NULL);

	return plain(text);
}

/* ---- reading ---- */

static gboolean keep_library(const char *path, const struct facts *surface, gpointer user)
{
	(void)path, (void)user;
	return surface->kind == FACTS_LIBRARY && surface->soname != NULL;
}

/* Where a package of either family says on which terms it may be used. */
static gboolean keep_terms(const char *path, gpointer user)
{
	const struct held_origin *origin = user;
	g_autofree char *copyright = g_strconcat("usr/share/doc/", origin->name, "/copyright", NULL);
	g_autofree char *licenses = g_strconcat("usr/share/licenses/", origin->name, "/", NULL);

	return strcmp(path, copyright) == 0 || g_str_has_prefix(path, licenses);
}

static gboolean read_facts(held *h, GError **error)
{
	gboolean any = FALSE;

	for (guint i = 0; i < h->container->files->len; i++) {
		const struct container_file *f = h->container->files->pdata[i];
		struct facts *facts = f->soname ? facts_read_surface_fd(f->fd, f->path, error) : NULL;
		if (f->soname != NULL && facts == NULL)
			return FALSE;
		g_ptr_array_add(h->facts, facts);
		any |= facts != NULL;
	}
	return any || refuse(error, h->origin.path, "no shared library in this package", "");
}

static const struct container_file *first_library(const held *h)
{
	for (guint i = 0; i < h->container->files->len; i++)
		if (h->facts->pdata[i] != NULL)
			return h->container->files->pdata[i];
	g_assert_not_reached();
}

/* "warden" of "libwarden.so.1". */
static char *stem_of(const char *soname)
{
	g_autofree char *stem = NULL, *version = NULL;

	if (!names_soname_split(soname, &stem, &version))
		stem = g_strdup(soname);
	const char *name = g_str_has_prefix(stem, "lib") && stem[3] != '\0' ? stem + 3 : stem;
	return g_ascii_strdown(name, -1);
}

static char *prefix_of(const struct container_file *library)
{
	g_autofree char *path = g_strconcat("/", library->path, NULL), *folder = g_path_get_dirname(path);
	g_autofree char *base = g_path_get_basename(folder);

	if (g_str_has_prefix(folder, "/usr/") || g_str_has_prefix(folder, "/lib")) {
		g_autofree char *stem = stem_of(library->soname);
		return g_strconcat("/opt/", stem, NULL);
	}
	return strcmp(base, "lib") == 0 || strcmp(base, "lib64") == 0 ? g_path_get_dirname(folder)
								     : g_steal_pointer(&folder);
}

/* A colon or a blank would end the entry in LD_LIBRARY_PATH or in Environment=, and systemd reads % and \ as its own. */
static gboolean check_folder(const held *h, GError **error)
{
	gsize good = strspn(h->folder, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+~^-");

	return h->folder[good] == '\0' ||
	       refuse(error, h->origin.path, "cannot be held: a service cannot be told of the folder ", h->folder);
}

held *held_open(const struct held_origin *origin, GError **error)
{
	const struct container_choice choice = {keep_library, keep_terms, (gpointer)origin};
	g_autoptr(held) h = g_new0(held, 1);

	h->origin = *origin;
	split_version(origin->version, &h->epoch, &h->upstream, &h->release);
	h->facts = g_ptr_array_new_with_free_func((GDestroyNotify)facts_free);
	h->container = container_pick(origin->path, &choice, error);
	if (h->container == NULL || !read_facts(h, error))
		return NULL;
	g_autofree char *prefix = prefix_of(first_library(h));
	h->folder = g_strconcat(strcmp(prefix, "/") == 0 ? "" : prefix, "/held/", h->upstream, "/lib", NULL);
	return check_folder(h, error) ? g_steal_pointer(&h) : NULL;
}

/* ---- whether a service can be moved ---- */

/* A service's package being looked through. */
struct looking {
	const held *held;
	char *unit; /* what its unit's file is called, with a slash in front */
	gboolean has_unit;
	char *rpath; /* the first program with a DT_RPATH, or NULL */
};

static gboolean is_held(const held *h, const char *soname)
{
	for (guint i = 0; i < h->facts->len; i++) {
		const struct facts *f = h->facts->pdata[i];
		if (f != NULL && strcmp(f->soname, soname) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean needs_held(const held *h, const struct facts *program)
{
	for (const char **needed = program->needed; needed != NULL && *needed != NULL; needed++)
		if (is_held(h, *needed))
			return TRUE;
	return FALSE;
}

static gboolean look_program(const char *path, const struct facts *surface, gpointer user)
{
	struct looking *l = user;
	gboolean linked = needs_held(l->held, surface);

	if (linked && surface->is_rpath && l->rpath == NULL)
		l->rpath = g_strdup(path);
	return linked;
}

static gboolean look_unit(const char *path, gpointer user)
{
	struct looking *l = user;

	static const char *const folders[] = {"usr/lib/systemd/system", "lib/systemd/system", "etc/systemd/system"};

	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++)
		l->has_unit |= g_str_has_prefix(path, folders[i]) && strcmp(path + strlen(folders[i]), l->unit) == 0;
	return FALSE;
}

static gboolean suits(const struct looking *l, const struct container *c, const char *path, const char *unit,
		      GError **error)
{
	g_autofree char *what = NULL;

	if (!l->has_unit)
		return refuse(error, path, "has no unit ", unit);
	if (l->rpath != NULL) {
		what = g_strconcat(l->rpath, " has a DT_RPATH, where the loader looks before LD_LIBRARY_PATH; link it with "
					     "--enable-new-dtags", NULL);
		return refuse(error, path, "cannot be held: ", what);
	}
	for (guint i = 0; i < c->files->len; i++) {
		const struct container_file *f = c->files->pdata[i];
		if ((f->mode & (S_ISUID | S_ISGID)) == 0)
			continue;
		what = g_strconcat(f->path, " is set-user-ID or set-group-ID, for which the loader passes over "
					    "LD_LIBRARY_PATH", NULL);
		return refuse(error, path, "cannot be held: ", what);
	}
	return TRUE;
}

/* Of letters that are safe in a path, in a relation and in a unit's name (systemd.unit(5)). */
static gboolean check_unit(const char *path, const char *unit, GError **error)
{
	gsize good = strspn(unit, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_.@-");

	return (unit[good] == '\0' && good <= MOST_UNIT && g_str_has_suffix(unit, ".service") && *unit != '.') ||
	       refuse(error, path, "not the name of a service's unit: ", unit);
}

gboolean held_suits(const held *h, const char *path, const char *unit, GError **error)
{
	struct looking l = {.held = h, .unit = g_strconcat("/", unit, NULL)};
	const struct container_choice choice = {look_program, look_unit, &l};
	g_autoptr(container) c = check_unit(path, unit, error) ? container_pick(path, &choice, error) : NULL;
	gboolean good = c != NULL && suits(&l, c, path, unit, error);

	g_free(l.unit);
	g_free(l.rpath);
	return good;
}

/* ---- the package ---- */

char *held_identity(const held *h, const struct held_purpose *purpose)
{
	g_autoptr(GString) text = g_string_new(RECIPE "\n");

	g_string_append_printf(text, "%s\n%s\n%s\n", h->origin.sha256, purpose->channel, h->folder);
	for (guint i = 0; i < purpose->n_units; i++)
		g_string_append_printf(text, "%s %s\n", purpose->units[i].name, purpose->units[i].path);
	return digest_of(DIGEST_SHA256, text->str, text->len);
}

static char *list_units(const struct held_purpose *purpose)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < purpose->n_units; i++)
		g_string_append_printf(text, "%s%s", i == 0 ? "" : ", ", purpose->units[i].name);
	return g_string_free(text, FALSE);
}

static void describe(struct package *p, const held *h, const struct held_purpose *purpose)
{
	g_autofree char *units = list_units(purpose), *identity = held_identity(h, purpose);

	p->summary = g_strdup_printf("%s %s, kept for some services", h->origin.name, h->upstream);
	p->description = g_strdup_printf("The channel %s keeps these services on %s %s, while others move on:\n%s.\n\n"
					 "The library is in %s,\nwhere no program looks by itself. A drop-in of systemd sets\n"
					 "LD_LIBRARY_PATH for these services, from their next start on.\n\n%s",
					 purpose->channel, h->origin.name, h->origin.version, units, h->folder, identity);
}

/* Each member that the origin has; another package of its release says the same. */
static struct package *begin(const held *h, const struct held_purpose *purpose)
{
	g_autofree char *name = held_name(h->origin.name, h->origin.version, h->origin.format);
	struct package *p = package_new(name);

	p->source = g_strdup(name);
	p->epoch = g_strdup(h->epoch);
	p->version = g_strdup(h->upstream);
	p->release = release_of(h, purpose);
	p->arch = names_arch_find(h->origin.arch);
	p->section = g_strdup("libs");
	p->maintainer = g_strdup(h->origin.maintainer);
	p->vendor = g_strdup(h->origin.vendor);
	p->homepage = g_strdup(h->origin.homepage);
	p->license = g_strdup(h->origin.license);
	p->is_private = TRUE;
	p->mtime = CLAMP(first_library(h)->mtime, 0, G_MAXUINT32);
	describe(p, h, purpose);
	return p;
}

static GBytes *contents(const struct container_file *f, GError **error)
{
	g_autoptr(GMappedFile) map = g_mapped_file_new_from_fd(f->fd, FALSE, error);

	return map ? g_mapped_file_get_bytes(map) : NULL;
}

static void add_library(struct package *p, const held *h, const struct container_file *f, const struct facts *facts,
			GBytes *bytes)
{
	g_autofree char *base = g_path_get_basename(f->path);
	g_autofree char *path = g_build_filename(h->folder, base, NULL);
	g_autofree char *link = g_build_filename(h->folder, f->soname, NULL);
	struct package_file *file = package_add_data(p, path, bytes);

	file->mode = h->origin.format->library_mode;
	file->facts = facts;
	if (strcmp(base, f->soname) != 0)
		package_add_link(p, link, base);
}

/* The terms lie in a folder that has the package's name. */
static void add_terms(struct package *p, const held *h, const struct container_file *f, GBytes *bytes)
{
	const char *rest = strstr(f->path, h->origin.name) + strlen(h->origin.name);
	const char *folder = g_str_has_prefix(f->path, "usr/share/doc/") ? "/usr/share/doc/" : "/usr/share/licenses/";
	g_autofree char *path = g_strconcat(folder, p->name, rest, NULL), *parent = g_path_get_dirname(path);

	package_add_data(p, path, bytes)->flags = strcmp(folder, "/usr/share/doc/") == 0 ? PACKAGE_DOC : PACKAGE_LICENSE;
	contents_own_folders(p, parent);
}

static gboolean add_files(struct package *p, const held *h, GError **error)
{
	for (guint i = 0; i < h->container->files->len; i++) {
		const struct container_file *f = h->container->files->pdata[i];
		GBytes *bytes = contents(f, error);
		if (bytes == NULL)
			return FALSE;
		if (h->facts->pdata[i] != NULL)
			add_library(p, h, f, h->facts->pdata[i], bytes);
		else
			add_terms(p, h, f, bytes);
	}
	contents_own_folders(p, h->folder);
	return TRUE;
}

static void add_drop_in(struct package *p, const held *h, const struct held_unit *unit, const char *channel)
{
	g_autofree char *folder = g_strconcat(UNITS, unit->name, ".d", NULL);
	g_autofree char *path = g_strconcat(folder, "/50-abide-held-", h->origin.name, ".conf", NULL);
	g_autofree char *seat = seat_of(h, unit);
	char *text = g_strdup_printf("# The channel %s keeps this service on %s %s: see abide-pin(1).\n"
				     "[Service]\nEnvironment=LD_LIBRARY_PATH=%s\n",
				     channel, h->origin.name, h->origin.version, unit->path);

	package_add_data(p, path, g_bytes_new_take(text, strlen(text)));
	contents_own_folders(p, folder);
	g_ptr_array_add(p->relations[RELATION_PROVIDES], relation_new(seat, RELATION_ANY, NULL));
	g_ptr_array_add(p->relations[RELATION_CONFLICTS], relation_new(seat, RELATION_ANY, NULL));
	if (h->origin.format->family == PACKAGE_DEB) /* in an .rpm that would be Obsoletes, which looks at names alone */
		g_ptr_array_add(p->relations[RELATION_REPLACES], relation_new(seat, RELATION_ANY, NULL));
}

/*
 * What systemd's own packages do for units in either family. rpm's systemd has a file trigger for it as well, but not in
 * every release.
 */
static void add_scripts(struct package *p)
{
	static const char reload[] = "#!/bin/sh\n"
				     "if [ -d /run/systemd/system ]; then systemctl --system daemon-reload >/dev/null 2>&1 || :; fi\n";

	p->scripts[PACKAGE_POSTINSTALL] = g_bytes_new_static(reload, sizeof reload - 1);
	p->scripts[PACKAGE_POSTREMOVE] = g_bytes_new_static(reload, sizeof reload - 1);
}

/* What the library needs, a .deb says as its origin does; an .rpm says it from the ELF file. */
static void add_depends(struct package *p, const held *h)
{
	g_auto(GStrv) clauses = h->origin.depends ? g_strsplit(h->origin.depends, ",", -1) : NULL;

	for (char **clause = clauses; clause != NULL && *clause != NULL; clause++)
		if (*g_strstrip(*clause) != '\0')
			g_ptr_array_add(p->found_depends, g_strdup(*clause));
}

struct package *held_package(const held *h, const struct held_purpose *purpose, GError **error)
{
	const struct package_format *format = h->origin.format;
	g_autoptr(package) p = begin(h, purpose);

	if (p->arch == NULL) {
		refuse(error, h->origin.path, "of an architecture that packages cannot be made for: ", h->origin.arch);
		return NULL;
	}
	for (guint i = 0; i < purpose->n_units; i++)
		add_drop_in(p, h, &purpose->units[i], purpose->channel);
	add_scripts(p);
	add_depends(p, h);
	if (!add_files(p, h, error) || (format->document != NULL && !format->document(p, error)) ||
	    !package_seal(p, error) || !format->check(p, error))
		return NULL;
	return g_steal_pointer(&p);
}
