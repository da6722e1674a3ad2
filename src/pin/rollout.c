/* Inventories: see rollout.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/rollout.h"

#include "core/file.h"
#include "core/yaml.h"
#include "publish/clientconfig.h"

#include <string.h>
#include <unistd.h>

/* The files being made. */
struct writing {
	const struct fleet *fleet;
	const view_bases *bases;
	const char *dir;
	GString *groups; /* inventory/abide.yaml */
	GString *hosts;	 /* inventory/hosts.yaml */
	GHashTable *names; /* of groups, each with whose it is: char * -> char * */
	GPtrArray *paths;  /* char *: what was written */
};

/* ---- names ---- */

/* What Ansible takes for the name of a group: letters, digits and "_", no digit first. */
static char *group_name(const char *channel, const char *class)
{
	char *name = class ? g_strconcat(channel, "_", class, NULL) : g_strdup(channel);

	g_strcanon(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", '_');
	if (!g_ascii_isdigit(*name))
		return name;
	char *safe = g_strconcat("_", name, NULL);
	g_free(name);
	return safe;
}

static gboolean name_group(struct writing *w, const struct channel *c, const char *class, char **name, GError **error)
{
	char *whose = class ? g_strdup_printf("channel %s, class %s", c->name, class) : g_strdup_printf("channel %s", c->name);
	const char *other;

	*name = group_name(c->name, class);
	other = strcmp(*name, "abide") == 0 || strcmp(*name, "all") == 0 ? "the fleet" : g_hash_table_lookup(w->names, *name);
	if (other != NULL) {
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_INPUT,
			    "%s: %s and %s would both be Ansible's group '%s'; rename one", c->path, whose, other, *name);
		g_free(whose);
		return FALSE;
	}
	g_hash_table_insert(w->names, g_strdup(*name), whose);
	return TRUE;
}

/* ---- one host class ---- */

static void add_line(GString *out, guint depth, const char *key, const char *value)
{
	g_autofree char *quoted = yamlfile_quote(value);

	g_string_append_printf(out, "%*s%s: %s\n", (int)(2 * depth), "", key, quoted);
}

static void add_list(GString *out, guint depth, const char *key, const GPtrArray *values)
{
	g_string_append_printf(out, "%*s%s:%s\n", (int)(2 * depth), "", key, values->len == 0 ? " []" : "");
	for (guint i = 0; i < values->len; i++) {
		g_autofree char *quoted = yamlfile_quote(values->pdata[i]);
		g_string_append_printf(out, "%*s- %s\n", (int)(2 * depth + 2), "", quoted);
	}
}


/* "ask=1.0-1" for apt, "ask-1.0-1" for dnf: in the version that servers of the channel see. */
static gboolean add_package(GPtrArray *packages, const struct rollout_channel *r, const struct view_base *on,
			    const char *name, GError **error)
{
	const entry *e = view_candidate(r->suite->packages, on->family, on->base->arch, name);

	if (e == NULL) {
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_MISSING,
			    "%s: suite %s has no %s for %s; publish it with --publish", r->channel->path,
			    r->suite->site.settings->suite, name, on->name);
		return FALSE;
	}
	g_autofree char *text = g_strconcat(e->name, on->family == &family_deb ? "=" : "-", e->version, NULL);
	if (!g_ptr_array_find_with_equal_func(packages, text, g_str_equal, NULL))
		g_ptr_array_add(packages, g_steal_pointer(&text));
	return TRUE;
}

/* Services first, then what is pinned and wanted there, then what is held for one of the services. */
static gboolean add_packages(GPtrArray *packages, GPtrArray *held, const struct rollout_channel *r,
			     const view_target *target, GError **error)
{
	for (guint i = 0; i < target->services->len; i++)
		if (!add_package(packages, r, target->on, g_array_index(target->services, struct view_service, i).name, error))
			return FALSE;
	for (guint i = 0; i < target->pins->len; i++) {
		const struct view_pin *pin = &g_array_index(target->pins, struct view_pin, i);
		if (pin->wanted && pin->entry != NULL && !add_package(packages, r, target->on, pin->pin->name, error))
			return FALSE;
	}
	for (guint i = 0; i < r->channel->n_held; i++) {
		const struct channel_held *h = &r->channel->held[i];
		gboolean here = FALSE;
		for (guint k = 0; k < target->services->len; k++)
			here |= strcmp(g_array_index(target->services, struct view_service, k).name, h->service) == 0;
		g_autofree char *name = here ? view_held_name(h) : NULL;
		if (name == NULL || g_ptr_array_find_with_equal_func(held, name, g_str_equal, NULL))
			continue;
		if (!add_package(packages, r, target->on, name, error))
			return FALSE;
		g_ptr_array_add(held, g_steal_pointer(&name));
	}
	return TRUE;
}

static guint place_of(char *const *order, guint n, const char *service)
{
	for (guint i = 0; i < n; i++)
		if (strcmp(order[i], service) == 0)
			return i;
	return n;
}

/* In what order services restart. */
struct order {
	char *const *names;
	guint n;
};

static gint compare_services(gconstpointer a, gconstpointer b, gpointer user)
{
	const struct view_service *const *x = a, *const *y = b;
	const struct order *o = user;
	guint i = place_of(o->names, o->n, (*x)->name), j = place_of(o->names, o->n, (*y)->name);

	return i != j ? (i < j ? -1 : 1) : strcmp((*x)->name, (*y)->name);
}

/* Those of services that the channel names: what else runs there is not its business. */
static GPtrArray *units_of(const struct fleet *fleet, const view_target *target)
{
	const struct channel *c = target->channel;
	struct order order = {c->n_restart > 0 ? c->restart : fleet->restart, c->n_restart > 0 ? c->n_restart : fleet->n_restart};
	g_autoptr(GPtrArray) services = g_ptr_array_new();
	GPtrArray *units = g_ptr_array_new();

	for (guint i = 0; i < target->services->len; i++) {
		struct view_service *s = &g_array_index(target->services, struct view_service, i);
		if (s->service != NULL)
			g_ptr_array_add(services, s);
	}
	g_ptr_array_sort_with_data(services, compare_services, &order);
	for (guint i = 0; i < services->len; i++)
		g_ptr_array_add(units, ((const struct view_service *)services->pdata[i])->service->unit);
	return units;
}

static GPtrArray *targets_of(const GPtrArray *files, const struct family *family)
{
	GPtrArray *targets = g_ptr_array_new();

	for (guint i = 0; i < files->len; i++) {
		const struct clientconfig_file *f = files->pdata[i];
		if (f->family == family)
			g_ptr_array_add(targets, f->target);
	}
	return targets;
}

static gboolean add_class(struct writing *w, const struct rollout_channel *r, const struct channel_host *host,
			  const GPtrArray *files, GError **error)
{
	const struct view_base *on = view_bases_find(w->bases, host);
	g_autoptr(view_target) target = view_target_new(w->bases, r->channel, host, r->view, r->from->packages);
	g_autoptr(GPtrArray) packages = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) held = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) units = units_of(w->fleet, target), targets = targets_of(files, on->family);
	g_autofree char *name = NULL, *repository = publication_key_name(r->suite);

	if (!name_group(w, r->channel, host->class, &name, error) || !add_packages(packages, held, r, target, error))
		return FALSE;
	g_string_append_printf(w->groups, "            %s:\n              vars:\n", name);
	add_line(w->groups, 8, "abide_channel", r->channel->name);
	add_line(w->groups, 8, "abide_class", host->class);
	add_line(w->groups, 8, "abide_family", on->family->name);
	add_line(w->groups, 8, "abide_repository", repository);
	add_list(w->groups, 8, "abide_files", targets);
	add_list(w->groups, 8, "abide_packages", packages);
	add_list(w->groups, 8, "abide_held", held);
	add_list(w->groups, 8, "abide_units", units);
	g_string_append_printf(w->hosts, "%s:\n  hosts: {}\n", name);
	return TRUE;
}

/* ---- one channel ---- */

static gboolean add_channel(struct writing *w, const struct rollout_channel *r, const char *url, GError **error)
{
	g_autofree char *folder = g_build_filename(w->dir, "files", r->channel->name, NULL), *name = NULL;
	g_autoptr(GPtrArray) files = clientconfig_write(r->suite, url, folder, error);

	if (files == NULL || !name_group(w, r->channel, NULL, &name, error))
		return FALSE;
	for (guint i = 0; i < files->len; i++)
		g_ptr_array_add(w->paths, g_strdup(((const struct clientconfig_file *)files->pdata[i])->path));
	g_string_append_printf(w->groups, "        %s:\n          children:%s\n", name, r->channel->n_hosts == 0 ? " {}" : "");
	for (guint i = 0; i < r->channel->n_hosts; i++)
		if (!add_class(w, r, &r->channel->hosts[i], files, error))
			return FALSE;
	return TRUE;
}

/* ---- the files ---- */

static gboolean put(struct writing *w, const char *below, const char *text, gboolean once, GError **error)
{
	g_autofree char *path = g_build_filename(w->dir, below, NULL), *folder = g_path_get_dirname(path);

	if (once && access(path, F_OK) == 0)
		return TRUE;
	if (!file_make_dirs(folder, error) || !file_replace(path, text, strlen(text), 0644, error))
		return FALSE;
	g_ptr_array_add(w->paths, g_steal_pointer(&path));
	return TRUE;
}

static void writing_begin(struct writing *w)
{
	w->groups = g_string_new(NULL);
	w->hosts = g_string_new("# The servers of each class, written by hand: this file is made once and never changed by abide.\n"
				"#\n#   acme_web:\n#     hosts:\n#       web1.acme.example:\n#       web2.acme.example:\n");
	w->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	w->paths = g_ptr_array_new_with_free_func(g_free);
	g_string_append_printf(w->groups,
			       "# Fleet %s, written by `abide pin export --ansible`. What is changed here is lost at the next\n"
			       "# export: servers belong into hosts.yaml.\n"
			       "all:\n  children:\n    abide:\n      children:\n",
			       w->fleet->name);
}

static void writing_clear(struct writing *w)
{
	g_string_free(w->groups, TRUE);
	g_string_free(w->hosts, TRUE);
	g_hash_table_unref(w->names);
	g_ptr_array_unref(w->paths);
}
typedef struct writing writing;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(writing, writing_clear)

char **rollout_write(const struct fleet *fleet, const view_bases *bases, const struct rollout_channel *channels, guint n,
		     const char *url, const char *dir, GError **error)
{
	g_auto(writing) w = {.fleet = fleet, .bases = bases, .dir = dir};

	writing_begin(&w);
	for (guint i = 0; i < n; i++)
		if (!add_channel(&w, &channels[i], url, error))
			return NULL;
	if (!put(&w, "rollout.yaml", rollout_playbook, FALSE, error) ||
	    !put(&w, "inventory/abide.yaml", w.groups->str, FALSE, error) ||
	    !put(&w, "inventory/hosts.yaml", w.hosts->str, TRUE, error))
		return NULL;
	g_ptr_array_add(w.paths, NULL);
	return g_strdupv((char **)w.paths->pdata);
}
