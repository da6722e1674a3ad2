/* From a manifest to packages: see plan.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/plan.h"
#include "core/file.h"
#include "pack/contents.h"
#include "pack/library.h"

#include <string.h>
#include <sys/stat.h>

#define SCRIPT_CEILING (1024 * 1024)

static const char *const relation_keys[] = {
	[RELATION_DEPENDS] = "depends",	    [RELATION_RECOMMENDS] = "recommends", [RELATION_SUGGESTS] = "suggests",
	[RELATION_CONFLICTS] = "conflicts", [RELATION_REPLACES] = "replaces",	  [RELATION_PROVIDES] = "provides",
};

static const char *const script_keys[] = {
	[PACKAGE_PREINSTALL] = "scripts.preinstall",
	[PACKAGE_POSTINSTALL] = "scripts.postinstall",
	[PACKAGE_PREREMOVE] = "scripts.preremove",
	[PACKAGE_POSTREMOVE] = "scripts.postremove",
};

/* The first line is the summary; both families show it alone in lists. */
static void set_description(struct package *p, const char *description)
{
	const char *end = strchr(description, '\n');

	p->summary = end == NULL ? g_strdup(description) : g_strndup(description, (gsize)(end - description));
	g_strstrip(p->summary);
	p->description = g_strstrip(g_strdup(end == NULL ? "" : end + 1));
}

static struct package *package_of(const struct manifest *m)
{
	struct package *p = package_new(m->name);

	p->source = g_strdup(m->name);
	p->version = g_strdup(m->version);
	p->epoch = g_strdup(m->epoch);
	p->release = g_strdup(m->release);
	p->arch = names_arch_find(m->arch == NULL ? "amd64" : m->arch);
	p->section = g_strdup(m->section);
	p->priority = g_strdup(m->priority);
	p->maintainer = g_strdup(m->maintainer);
	p->vendor = g_strdup(m->vendor);
	p->homepage = g_strdup(m->homepage);
	p->license = g_strdup(m->license);
	set_description(p, m->description);
	return p;
}

/* A family's override takes the place of the whole list, as in nfpm. */
static gboolean add_relations(struct package *p, const struct manifest *m, const struct package_format *format,
			      GError **error)
{
	for (int kind = 0; kind < RELATION_KINDS; kind++) {
		const struct manifest_list *own = &m->overrides[format->family].relations[kind];
		const struct manifest_list *list = own->n > 0 ? own : &m->relations[kind];
		for (guint i = 0; i < list->n; i++) {
			struct relation *r = relation_parse(list->items[i], error);
			if (r == NULL) {
				g_autofree char *key = list == own
							       ? g_strdup_printf("overrides.%s.%s[%u]", format->name,
										 relation_keys[kind], i)
							       : g_strdup_printf("%s[%u]", relation_keys[kind], i);
				return manifest_prefix(m, error, key);
			}
			g_ptr_array_add(p->relations[kind], r);
		}
	}
	return TRUE;
}

static gboolean add_scripts(struct package *p, const struct manifest *m, GError **error)
{
	for (int i = 0; i < PACKAGE_SCRIPTS; i++) {
		if (m->scripts[i] == NULL || *m->scripts[i] == '\0')
			continue;
		p->scripts[i] = file_read(m->scripts[i], SCRIPT_CEILING, error);
		if (p->scripts[i] == NULL)
			return manifest_prefix(m, error, script_keys[i]);
	}
	return TRUE;
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
	struct package *p = package_of(m), *development;

	g_ptr_array_add(packages, p);
	if (!add_relations(p, m, format, error) || !add_scripts(p, m, error) || !contents_add(p, m, error))
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

static gboolean finish(struct package *p, gint64 mtime, const struct package_format *format, const struct base *base,
		       GError **error)
{
	p->mtime = mtime;
	return (format->document == NULL || format->document(p, error)) && package_seal(p, error) &&
	       format->resolve(p, base, error) && format->check(p, error);
}

GPtrArray *plan_packages(const struct manifest *manifest, const struct gate *gate, const struct package_format *format,
			 const struct base *base, GError **error)
{
	g_autoptr(GPtrArray) packages = g_ptr_array_new_with_free_func((GDestroyNotify)package_free);
	gint64 mtime = 0;

	if (!fill(packages, manifest, gate, format, error) || !find_mtime(manifest, packages, &mtime, error))
		return NULL;
	for (guint i = 0; i < packages->len; i++) {
		struct package *p = packages->pdata[i];
		if (!finish(p, mtime, format, base, error)) {
			g_prefix_error(error, "%s: %s %s: ", manifest->path, format->name, p->name);
			return NULL;
		}
	}
	return g_steal_pointer(&packages);
}
