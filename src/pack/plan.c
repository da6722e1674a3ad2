/* From a manifest to packages: see plan.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/plan.h"
#include "core/file.h"
#include "pack/changelog.h"
#include "pack/contents.h"
#include "pack/debug.h"
#include "pack/library.h"
#include "pack/stated.h"

#include <string.h>
#include <sys/stat.h>

#define SCRIPT_CEILING (1024 * 1024)

static const char *const script_keys[] = {
	[PACKAGE_PREINSTALL] = "scripts.preinstall", [PACKAGE_POSTINSTALL] = "scripts.postinstall",
	[PACKAGE_PREREMOVE] = "scripts.preremove",   [PACKAGE_POSTREMOVE] = "scripts.postremove",
	[PACKAGE_PRETRANS] = "rpm.scripts.pretrans", [PACKAGE_POSTTRANS] = "rpm.scripts.posttrans",
	[PACKAGE_VERIFY] = "rpm.scripts.verify",
};

static struct package *package_of(const struct manifest *m, const struct package_format *format)
{
	const char *arch = manifest_arch(m, format->family);
	struct package *p = package_new(m->name);

	p->source = g_strdup(m->source != NULL ? m->source : m->name);
	p->version = g_strdup(m->version);
	p->epoch = g_strdup(m->epoch);
	p->release = g_strdup(m->release);
	p->arch = names_arch_find(arch == NULL ? "amd64" : arch);
	p->section = g_strdup(m->section);
	p->priority = g_strdup(m->priority);
	p->maintainer = g_strdup(m->maintainer);
	p->vendor = g_strdup(m->vendor);
	p->homepage = g_strdup(m->homepage);
	p->license = g_strdup(m->license);
	package_describe(p, m->description);
	if (format->family == PACKAGE_RPM && m->rpm.summary != NULL) {
		g_free(p->summary);
		p->summary = g_strdup(m->rpm.summary);
	}
	return p;
}

static gboolean add_script(GBytes **script, const struct manifest *m, const char *key, const char *path, GError **error)
{
	if (path == NULL || *path == '\0')
		return TRUE;
	*script = file_read(path, SCRIPT_CEILING, error);
	return *script != NULL || manifest_prefix(m, error, key);
}

/* One script in one family; a family's own goes first. */
static const char *script_of(const struct manifest *m, int script, enum package_family family, gboolean *own)
{
	const char *other = m->overrides[family].scripts[script];

	*own = other != NULL && *other != '\0';
	if (script >= PACKAGE_PRETRANS)
		return family == PACKAGE_RPM ? m->rpm.scripts[script] : NULL;
	return *own ? other : m->scripts[script];
}

static gboolean add_scripts(struct package *p, const struct manifest *m, const struct package_format *format,
			    GError **error)
{
	for (int i = 0; i < PACKAGE_SCRIPTS; i++) {
		gboolean own;
		const char *path = script_of(m, i, format->family, &own);
		g_autofree char *key = own ? g_strdup_printf("overrides.%s.%s", format->name, script_keys[i])
					   : g_strdup(script_keys[i]);
		if (!add_script(&p->scripts[i], m, key, path, error))
			return FALSE;
	}
	return TRUE;
}

static char *triggers_text(const struct manifest_deb *deb)
{
	static const char *const names[] = {
		[PACKAGE_INTEREST] = "interest",
		[PACKAGE_INTEREST_AWAIT] = "interest-await",
		[PACKAGE_INTEREST_NOAWAIT] = "interest-noawait",
		[PACKAGE_ACTIVATE] = "activate",
		[PACKAGE_ACTIVATE_AWAIT] = "activate-await",
		[PACKAGE_ACTIVATE_NOAWAIT] = "activate-noawait",
	};
	GString *out = g_string_new(NULL);

	for (int kind = 0; kind < PACKAGE_TRIGGERS; kind++)
		for (guint i = 0; i < deb->triggers[kind].n; i++)
			g_string_append_printf(out, "%s %s\n", names[kind], deb->triggers[kind].items[i]);
	return g_string_free(out, FALSE);
}

/* What the block `deb` or `rpm` says of the package that the manifest is about. */
static gboolean add_own(struct package *p, const struct manifest *m, const struct package_format *format,
			GError **error)
{
	if (format->family == PACKAGE_RPM) {
		p->rpm.prefixes = g_new0(char *, m->rpm.prefixes.n + 1);
		for (guint i = 0; i < m->rpm.prefixes.n; i++)
			p->rpm.prefixes[i] = g_strdup(m->rpm.prefixes.items[i]);
		return TRUE;
	}
	p->deb.triggers = triggers_text(&m->deb);
	p->deb.fields = g_ptr_array_ref(m->deb.fields);
	return add_script(&p->deb.config, m, "deb.scripts.config", m->deb.config, error) &&
	       add_script(&p->deb.templates, m, "deb.scripts.templates", m->deb.templates, error);
}

/* The judgement travels with what was judged. */
static void add_verdict(struct package *p, const struct gate *gate)
{
	g_autofree char *folder = g_build_filename("/usr/share/doc", p->name, NULL);
	g_autofree char *path = g_build_filename(folder, "abi-verdict.json", NULL);
	g_autoptr(JsonNode) node = verdict_json(gate->verdict);
	g_autofree char *json = json_to_string(node, TRUE);
	g_autofree char *text = g_strconcat(json, "\n", NULL);
	gsize size = strlen(text);

	package_add_data(p, path, g_bytes_new_take(g_steal_pointer(&text), size))->flags = PACKAGE_DOC;
	contents_own_folders(p, folder);
}

static gint64 newest_input(const struct manifest *m, const GPtrArray *packages)
{
	struct stat st;
	gint64 newest = stat(m->path, &st) == 0 ? st.st_mtime : 0;

	for (guint i = 0; i < packages->len; i++) {
		const struct package *p = packages->pdata[i];
		for (guint j = 0; j < p->files->len; j++) {
			const struct package_file *f = p->files->pdata[j];
			if (f->source != NULL && stat(f->source, &st) == 0)
				newest = MAX(newest, st.st_mtime);
		}
	}
	return CLAMP(newest, 0, G_MAXUINT32);
}

static gboolean find_mtime(const struct manifest *m, const GPtrArray *packages, gint64 *mtime, GError **error)
{
	const char *epoch = g_getenv("SOURCE_DATE_EPOCH");

	if (m->mtime != NULL)
		return manifest_time(m->mtime, mtime);
	if (epoch == NULL || *epoch == '\0') {
		*mtime = newest_input(m, packages);
		return TRUE;
	}
	if (manifest_time(epoch, mtime))
		return TRUE;
	g_set_error(error, PACK_ERROR, PACK_ERROR_MANIFEST, "SOURCE_DATE_EPOCH: '%s'; expected seconds since 1970",
		    epoch);
	return FALSE;
}

static gboolean fill(GPtrArray *packages, const struct manifest *m, const struct gate *gate,
		     const struct package_format *format, GError **error)
{
	struct package *p = package_of(m, format), *development;
	const struct stated stated = stated_main(m, format->family);

	g_ptr_array_add(packages, p);
	if (!stated_relations(p, &stated, error) || !add_scripts(p, m, format, error) || !add_own(p, m, format, error) ||
	    !contents_add(p, &stated, gate == NULL ? NULL : gate->library->soname, error))
		return FALSE;
	if (gate == NULL)
		return TRUE;
	if (!library_runtime(p, m, gate, format, error))
		return FALSE;
	development = library_development(p, m, gate, format, error);
	if (development == NULL)
		return FALSE;
	g_ptr_array_add(packages, development);
	if (gate->verdict != NULL)
		add_verdict(p, gate);
	return TRUE;
}

/* What every package of a manifest shares. */
static void share(struct package *p, const struct manifest *m, const struct package_format *format,
		  struct changelog *log)
{
	p->compression = g_strdup(manifest_compression(m, format->family));
	p->changelog = log == NULL ? NULL : changelog_ref(log);
	p->rpm.group = g_strdup(m->rpm.group);
	p->rpm.packager = g_strdup(m->rpm.packager);
	p->rpm.buildhost = g_strdup(m->rpm.buildhost);
}

/* Which packages of a library are wanted. A held version's symbols are in the package of the release that it was. */
static guint wanted_of(const struct manifest_library *library)
{
	guint wanted = library == NULL || library->split == 0 ? ~0U : library->split;

	return library != NULL && library->held ? wanted & MANIFEST_RUNTIME : wanted;
}

/* The package of debug symbols joins the others last; those that are not wanted leave. */
static gboolean split(GPtrArray *packages, const struct manifest *m, const struct package_format *format,
		      GError **error)
{
	static const enum manifest_split order[] = {MANIFEST_RUNTIME, MANIFEST_DEVELOPMENT, MANIFEST_DEBUG};
	gboolean strip = m->strip == MANIFEST_ON || (m->strip == MANIFEST_UNSET && m->library != NULL);
	guint wanted = wanted_of(m->library);
	struct package *debug = NULL;

	if (strip &&
	    !debug_split(packages->pdata[0], format, (wanted & MANIFEST_DEBUG) != 0 ? &debug : NULL, error))
		return manifest_prefix(m, error, m->library == NULL ? "strip" : "library.file");
	if (debug != NULL)
		g_ptr_array_add(packages, debug);
	for (guint i = packages->len; m->library != NULL && i > 0; i--)
		if ((wanted & order[i - 1]) == 0)
			g_ptr_array_remove_index(packages, i - 1);
	return TRUE;
}

static gboolean seal(struct package *p, gint64 mtime, const struct package_format *format, GError **error)
{
	p->mtime = mtime;
	return (format->document == NULL || format->document(p, error)) && package_seal(p, error);
}

/* Packages of one manifest install together, so no path may be in two of them. */
static gboolean check_apart(const GPtrArray *packages, GError **error)
{
	g_autoptr(GHashTable) owners = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; packages->len > 1 && i < packages->len; i++) {
		const struct package *p = packages->pdata[i];
		for (guint j = 0; j < p->files->len; j++) {
			const struct package_file *f = p->files->pdata[j];
			const struct package *other = g_hash_table_lookup(owners, f->path);
			if (f->type == PACKAGE_DIRECTORY)
				continue;
			if (other != NULL) {
				g_set_error(error, PACK_ERROR, PACK_ERROR_MANIFEST, "'%s' is in %s and in %s", f->path,
					    other->name, p->name);
				return FALSE;
			}
			g_hash_table_insert(owners, f->path, (gpointer)p);
		}
	}
	return TRUE;
}

static void prefix(GError **error, const struct manifest *m, const struct package_format *format,
		   const struct package *p)
{
	g_prefix_error(error, "%s: %s %s: ", m->path, format->name, p->name);
}

GPtrArray *plan_packages(const struct manifest *manifest, const struct gate *gate, const struct package_format *format,
			 GError **error)
{
	g_autoptr(GPtrArray) packages = g_ptr_array_new_with_free_func((GDestroyNotify)package_free);
	g_autoptr(changelog) log = NULL;
	gint64 mtime = 0;

	if (manifest->changelog != NULL && (log = changelog_read(manifest->changelog, error)) == NULL) {
		manifest_prefix(manifest, error, "changelog");
		return NULL;
	}
	if (!fill(packages, manifest, gate, format, error) || !find_mtime(manifest, packages, &mtime, error) ||
	    !split(packages, manifest, format, error))
		return NULL;
	for (guint i = 0; i < packages->len; i++) {
		struct package *p = packages->pdata[i];
		share(p, manifest, format, log);
		if (!seal(p, mtime, format, error)) {
			prefix(error, manifest, format, p);
			return NULL;
		}
	}
	if (!check_apart(packages, error)) {
		g_prefix_error(error, "%s: %s: ", manifest->path, format->name);
		return NULL;
	}
	return g_steal_pointer(&packages);
}

gboolean plan_finish(const GPtrArray *packages, const struct manifest *manifest, const struct package_format *format,
		     const struct made *made, const struct base *base, GError **error)
{
	for (guint i = 0; i < packages->len; i++) {
		struct package *p = packages->pdata[i];
		const struct base *beside = made_base(made, format->family, p->arch);
		if (!format->resolve(p, beside, base, error) || !format->check(p, error)) {
			prefix(error, manifest, format, p);
			return FALSE;
		}
	}
	return TRUE;
}
