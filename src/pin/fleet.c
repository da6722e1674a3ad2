/* Fleets read and checked: see fleet.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/fleet.h"

#include "pack/base_text.h"
#include "pin/channel_private.h"
#include "publish/release.h"

#include <string.h>

#define OPTIONAL CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL
#define LIST CYAML_FLAG_POINTER_NULL | CYAML_FLAG_OPTIONAL
#define MOST_NAME 128
#define MOST_PATH 4096
#define MOST_ELEMENTS 10000

static const cyaml_schema_field_t base_fields[] = {
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct fleet_base, name, 1, MOST_NAME),
	CYAML_FIELD_STRING_PTR("base", CYAML_FLAG_POINTER, struct fleet_base, base, 1, MOST_PATH),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t base_value = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct fleet_base, base_fields)};
static const cyaml_schema_value_t name_value = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, MOST_NAME)};

static const cyaml_schema_field_t fleet_fields[] = {
	CYAML_FIELD_STRING_PTR("fleet", CYAML_FLAG_POINTER, struct fleet, name, 1, 64),
	CYAML_FIELD_STRING_PTR("repository", CYAML_FLAG_POINTER, struct fleet, repository, 1, MOST_PATH),
	CYAML_FIELD_STRING_PTR("suite", OPTIONAL, struct fleet, suite, 1, 64),
	CYAML_FIELD_STRING_PTR("channels", OPTIONAL, struct fleet, channels, 1, MOST_PATH),
	CYAML_FIELD_SEQUENCE_COUNT("bases", LIST, struct fleet, bases, n_bases, &base_value, 0, MOST_ELEMENTS),
	CYAML_FIELD_SEQUENCE_COUNT("libraries", LIST, struct fleet, libraries, n_libraries, &name_value, 0, MOST_ELEMENTS),
	CYAML_FIELD_SEQUENCE_COUNT("restart", LIST, struct fleet, restart, n_restart, &name_value, 0, MOST_ELEMENTS),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t fleet_schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct fleet, fleet_fields)};

static gboolean fail_twice(const struct fleet *fleet, const char *place, const char *name, GError **error)
{
	return yamlfile_fail(fleet->file, place, error, CHANNEL_ERROR, CHANNEL_ERROR_INPUT, "%s: '%s' is here twice", place,
			     name);
}

static gboolean check_bases(const struct fleet *fleet, GError **error)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < fleet->n_bases; i++) {
		g_autofree char *place = g_strdup_printf("bases[%u].name", i);
		if (!g_hash_table_add(seen, fleet->bases[i].name))
			return fail_twice(fleet, place, fleet->bases[i].name, error);
	}
	return TRUE;
}

static gboolean check_fleet(const struct fleet *fleet, GError **error)
{
	GError *why = NULL;

	if (!channel_check_name(fleet->name, &why))
		return channel_fail(fleet->file, "fleet", why, error);
	if (!release_is_suite(fleet->suite))
		return yamlfile_fail(fleet->file, "suite", error, CHANNEL_ERROR, CHANNEL_ERROR_INPUT,
				     "suite: '%s' cannot be a suite's name", fleet->suite);
	return check_bases(fleet, error) &&
	       channel_check_list(fleet->file, "libraries", fleet->libraries, fleet->n_libraries, error) &&
	       channel_check_list(fleet->file, "restart", fleet->restart, fleet->n_restart, error);
}

char *fleet_resolve(const struct fleet *fleet, const char *path)
{
	g_autofree char *folder = g_path_get_dirname(fleet->path);

	return g_path_is_absolute(path) || strcmp(folder, ".") == 0 ? g_strdup(path) : g_build_filename(folder, path, NULL);
}

/* A name that comes with abide stays; a file in the fleet's own folder gets a "/", so that it never is taken for one. */
static char *resolve_base(const struct fleet *fleet, const char *base)
{
	g_autoptr(GBytes) shipped = strchr(base, '/') == NULL ? base_shipped(base, "") : NULL;
	g_autofree char *path = NULL;

	if (shipped != NULL)
		return g_strdup(base);
	path = fleet_resolve(fleet, base);
	return strchr(path, '/') != NULL ? g_steal_pointer(&path) : g_strconcat("./", path, NULL);
}

static void take(char **place, char *text)
{
	g_free(*place);
	*place = text;
}

static void resolve_paths(struct fleet *fleet)
{
	take(&fleet->repository, fleet_resolve(fleet, fleet->repository));
	take(&fleet->channels, fleet_resolve(fleet, fleet->channels != NULL ? fleet->channels : FLEET_CHANNELS));
	for (guint i = 0; i < fleet->n_bases; i++)
		take(&fleet->bases[i].base, resolve_base(fleet, fleet->bases[i].base));
}

struct fleet *fleet_parse(const char *path, GBytes *text, GError **error)
{
	g_autoptr(yamlfile) file = yamlfile_parse(path, text, error);
	g_autoptr(fleet) fleet = NULL;
	gpointer loaded = NULL;

	if (file == NULL || !yamlfile_load(file, &fleet_schema, &loaded, error))
		return NULL;
	fleet = loaded;
	fleet->path = g_strdup(path);
	fleet->file = g_steal_pointer(&file);
	if (fleet->suite == NULL)
		fleet->suite = g_strdup(FLEET_SUITE);
	resolve_paths(fleet);
	return check_fleet(fleet, error) ? g_steal_pointer(&fleet) : NULL;
}

struct fleet *fleet_read(const char *path, GError **error)
{
	g_autoptr(GBytes) text = file_read(path, YAMLFILE_CEILING, error);

	return text != NULL ? fleet_parse(path, text, error) : NULL;
}

void fleet_free(struct fleet *fleet)
{
	if (fleet == NULL)
		return;
	g_free(fleet->path);
	yamlfile_free(fleet->file);
	yamlfile_release(&fleet_schema, fleet);
}

const struct fleet_base *fleet_find_base(const struct fleet *fleet, const char *name)
{
	for (guint i = 0; i < fleet->n_bases; i++)
		if (strcmp(fleet->bases[i].name, name) == 0)
			return &fleet->bases[i];
	return NULL;
}

const char *fleet_suite(const struct fleet *fleet, const struct channel *channel)
{
	return channel->suite != NULL ? channel->suite : fleet->suite;
}

static gboolean check_channel_bases(const struct fleet *fleet, const struct channel *c, GError **error)
{
	for (guint i = 0; i < c->n_hosts; i++) {
		g_autofree char *place = g_strdup_printf("hosts[%u].base", i);
		const char *base = c->hosts[i].base;
		if (base != NULL && fleet_find_base(fleet, base) == NULL)
			return yamlfile_fail(c->file, place, error, CHANNEL_ERROR, CHANNEL_ERROR_INPUT,
					     "%s: '%s' is none of the bases of %s", place, base, fleet->path);
	}
	return TRUE;
}

GPtrArray *fleet_channels(const struct fleet *fleet, const char *const *names, GError **error)
{
	g_autoptr(GPtrArray) channels = g_ptr_array_new_with_free_func((GDestroyNotify)channel_free);
	gboolean all = names == NULL || *names == NULL;
	g_auto(GStrv) found = all ? channel_names(fleet->channels, error) : g_strdupv((char **)names);

	if (found == NULL)
		return NULL;
	for (char **name = found; *name != NULL; name++) {
		struct channel *c = channel_read(fleet->channels, *name, error);
		if (c == NULL)
			return NULL;
		g_ptr_array_add(channels, c);
		if (!check_channel_bases(fleet, c, error))
			return NULL;
	}
	return g_steal_pointer(&channels);
}
