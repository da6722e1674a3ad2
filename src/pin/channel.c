/* Channels read and checked: see channel.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/text.h"
#include "pin/channel_private.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#define SUFFIX ".yaml"

G_DEFINE_QUARK(channel-error-quark, channel_error)

static const cyaml_schema_field_t pin_fields[] = {
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct channel_pin, name, 1, 128),
	CYAML_FIELD_STRING_PTR("version", CYAML_FLAG_POINTER, struct channel_pin, version, 1, 128),
	CYAML_FIELD_STRING_PTR("reason", CYAML_FLAG_POINTER, struct channel_pin, reason, 1, 4096),
	CYAML_FIELD_STRING_PTR("author", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct channel_pin, author, 1, 256),
	CYAML_FIELD_STRING_PTR("until", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct channel_pin, until, 1, 32),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t pin_value = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct channel_pin, pin_fields)};

static const cyaml_schema_field_t channel_fields[] = {
	CYAML_FIELD_STRING_PTR("channel", CYAML_FLAG_POINTER, struct channel, name, 1, 64),
	CYAML_FIELD_SEQUENCE_COUNT("packages", CYAML_FLAG_POINTER_NULL | CYAML_FLAG_OPTIONAL, struct channel, pins,
				   n_pins, &pin_value, 0, 10000),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t channel_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct channel, channel_fields)};

gboolean channel_check_name(const char *name, GError **error)
{
	if (g_ascii_isalnum(*name) && strlen(name) <= 64 &&
	    name[strspn(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-")] == '\0')
		return TRUE;
	g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_ARGUMENT,
		    "'%.80s' cannot be a channel's name: letters, digits, '-' and '_', beginning with a letter or digit",
		    name);
	return FALSE;
}

gboolean channel_check_package(const char *name, GError **error)
{
	if (g_ascii_isalnum(*name) && name[strspn(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "+._-")] == '\0')
		return TRUE;
	g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_ARGUMENT,
		    "'%.80s' cannot be a package's name: letters, digits, '+', '.', '-' and '_', no wildcards", name);
	return FALSE;
}

gboolean channel_check_until(const char *until, GError **error)
{
	GDate day;

	if (text_parse_day(until, &day))
		return TRUE;
	g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_ARGUMENT, "'%.40s' is not a day; write YYYY-MM-DD, as 2027-01-31",
		    until);
	return FALSE;
}

gboolean channel_pin_expired(const struct channel_pin *pin, const GDate *today)
{
	GDate day;

	return pin->until != NULL && text_parse_day(pin->until, &day) && g_date_compare(&day, today) < 0;
}

/* Why a value cannot stand where it stands: ERROR, with the place before it. Takes `why` over. */
static gboolean fail_value(const struct channel *c, guint index, const char *key, GError *why, GError **error)
{
	g_autofree char *place = g_strdup_printf("packages[%u].%s", index, key);

	yamlfile_fail(c->file, place, error, CHANNEL_ERROR, CHANNEL_ERROR_INPUT, "%s: %s", place, why->message);
	g_error_free(why);
	return FALSE;
}

static gboolean check_pin(struct channel *c, guint index, GHashTable *seen, GError **error)
{
	struct channel_pin *pin = &c->pins[index];
	GError *why = NULL;

	if (!channel_check_package(pin->name, &why))
		return fail_value(c, index, "name", why, error);
	if (!g_hash_table_add(seen, pin->name)) {
		g_set_error(&why, CHANNEL_ERROR, CHANNEL_ERROR_INPUT, "'%s' is in this channel twice", pin->name);
		return fail_value(c, index, "name", why, error);
	}
	if (!pin_pattern_parse(pin->version, &pin->pattern, &why))
		return fail_value(c, index, "version", why, error);
	if (g_strcmp0(pin->until, CHANNEL_NEVER) == 0)
		g_clear_pointer(&pin->until, g_free);
	if (pin->until != NULL && !channel_check_until(pin->until, &why))
		return fail_value(c, index, "until", why, error);
	return TRUE;
}

static gboolean check_channel(struct channel *c, const char *name, GError **error)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	if (strcmp(c->name, name) != 0)
		return yamlfile_fail(c->file, "channel", error, CHANNEL_ERROR, CHANNEL_ERROR_INPUT,
				     "channel: '%s' does not go with the file's name; expected '%s'", c->name, name);
	for (guint i = 0; i < c->n_pins; i++)
		if (!check_pin(c, i, seen, error))
			return FALSE;
	return TRUE;
}

struct channel *channel_parse(const char *path, const char *name, GBytes *text, GError **error)
{
	g_autoptr(yamlfile) file = yamlfile_parse(path, text, error);
	g_autoptr(channel) c = NULL;
	gpointer loaded = NULL;

	if (file == NULL || !yamlfile_load(file, &channel_schema, &loaded, error))
		return NULL;
	c = loaded;
	c->path = g_strdup(path);
	c->file = g_steal_pointer(&file);
	return check_channel(c, name, error) ? g_steal_pointer(&c) : NULL;
}

char *channel_path(const char *dir, const char *name)
{
	return g_strdup_printf("%s/%s" SUFFIX, dir, name);
}

struct channel *channel_read(const char *dir, const char *name, GError **error)
{
	g_autofree char *path = channel_path(dir, name);
	g_autoptr(GBytes) text = NULL;

	if (!channel_check_name(name, error))
		return NULL;
	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_MISSING,
			    "%s: there is no channel '%s'; abide pin set makes it", path, name);
		return NULL;
	}
	text = file_read(path, YAMLFILE_CEILING, error);
	return text != NULL ? channel_parse(path, name, text, error) : NULL;
}

void channel_free(struct channel *c)
{
	if (c == NULL)
		return;
	g_free(c->path);
	yamlfile_free(c->file);
	yamlfile_release(&channel_schema, c);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **channel_names(const char *dir, GError **error)
{
	DIR *folder = opendir(dir);
	GPtrArray *names;

	if (folder == NULL) {
		file_error(error, errno, dir, "open");
		return NULL;
	}
	names = g_ptr_array_new();
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
		if (entry->d_name[0] != '.' && g_str_has_suffix(entry->d_name, SUFFIX))
			g_ptr_array_add(names, g_strndup(entry->d_name, strlen(entry->d_name) - strlen(SUFFIX)));
	closedir(folder);
	g_ptr_array_sort(names, by_name);
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}

const struct channel_pin *channel_find(const struct channel *c, const char *package)
{
	for (guint i = 0; i < c->n_pins; i++)
		if (strcmp(c->pins[i].name, package) == 0)
			return &c->pins[i];
	return NULL;
}
