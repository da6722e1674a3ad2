/* Channels read and checked: see channel.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "core/text.h"
#include "pin/channel_private.h"
#include "publish/release.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#define SUFFIX ".yaml"

G_DEFINE_QUARK(channel-error-quark, channel_error)

#define OPTIONAL CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL
#define LIST CYAML_FLAG_POINTER_NULL | CYAML_FLAG_OPTIONAL
/* Longer texts and lists are mistakes. */
#define MOST_NAME 128
#define MOST_PATH 4096
#define MOST_REASON 4096
#define MOST_ELEMENTS 10000

/* Who decided it, why and for how long. */
#define DECISION_FIELDS(type, reason_flags)                                                                            \
	CYAML_FIELD_STRING_PTR("reason", reason_flags, type, reason, 1, MOST_REASON),                                  \
		CYAML_FIELD_STRING_PTR("author", OPTIONAL, type, author, 1, 256),                                      \
		CYAML_FIELD_STRING_PTR("until", OPTIONAL, type, until, 1, 32)

static const cyaml_schema_field_t pin_fields[] = {
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct channel_pin, name, 1, MOST_NAME),
	CYAML_FIELD_STRING_PTR("version", CYAML_FLAG_POINTER, struct channel_pin, version, 1, 512),
	DECISION_FIELDS(struct channel_pin, CYAML_FLAG_POINTER),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t service_fields[] = {
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct channel_service, name, 1, MOST_NAME),
	CYAML_FIELD_STRING_PTR("version", OPTIONAL, struct channel_service, version, 1, 512),
	CYAML_FIELD_STRING_PTR("unit", OPTIONAL, struct channel_service, unit, 1, 256),
	DECISION_FIELDS(struct channel_service, OPTIONAL),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t service_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct channel_service, service_fields)};

static const cyaml_schema_field_t host_fields[] = {
	CYAML_FIELD_STRING_PTR("class", CYAML_FLAG_POINTER, struct channel_host, class, 1, MOST_NAME),
	CYAML_FIELD_STRING_PTR("base", OPTIONAL, struct channel_host, base, 1, MOST_NAME),
	CYAML_FIELD_STRING_PTR("installed", OPTIONAL, struct channel_host, installed, 1, MOST_PATH),
	CYAML_FIELD_SEQUENCE_COUNT("services", LIST, struct channel_host, services, n_services, &service_value, 0,
				   MOST_ELEMENTS),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t held_fields[] = {
	CYAML_FIELD_STRING_PTR("service", CYAML_FLAG_POINTER, struct channel_held, service, 1, MOST_NAME),
	CYAML_FIELD_STRING_PTR("package", CYAML_FLAG_POINTER, struct channel_held, package, 1, MOST_NAME),
	CYAML_FIELD_STRING_PTR("version", CYAML_FLAG_POINTER, struct channel_held, version, 1, 512),
	DECISION_FIELDS(struct channel_held, CYAML_FLAG_POINTER),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t pin_value = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct channel_pin, pin_fields)};
static const cyaml_schema_value_t host_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct channel_host, host_fields)};
static const cyaml_schema_value_t held_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct channel_held, held_fields)};
static const cyaml_schema_value_t name_value = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, MOST_NAME)};

static const cyaml_strval_t others_words[] = {
	{"allow", CHANNEL_OTHERS_ALLOW},
	{"deny", CHANNEL_OTHERS_DENY},
};

static const cyaml_schema_field_t channel_fields[] = {
	CYAML_FIELD_STRING_PTR("channel", CYAML_FLAG_POINTER, struct channel, name, 1, 64),
	CYAML_FIELD_STRING_PTR("suite", OPTIONAL, struct channel, suite, 1, 64),
	CYAML_FIELD_ENUM("others", CYAML_FLAG_OPTIONAL, struct channel, others, others_words,
			 G_N_ELEMENTS(others_words)),
	CYAML_FIELD_SEQUENCE_COUNT("hosts", LIST, struct channel, hosts, n_hosts, &host_value, 0, MOST_ELEMENTS),
	CYAML_FIELD_SEQUENCE_COUNT("restart", LIST, struct channel, restart, n_restart, &name_value, 0, MOST_ELEMENTS),
	CYAML_FIELD_SEQUENCE_COUNT("packages", LIST, struct channel, pins, n_pins, &pin_value, 0, MOST_ELEMENTS),
	CYAML_FIELD_SEQUENCE_COUNT("held", LIST, struct channel, held, n_held, &held_value, 0, MOST_ELEMENTS),
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

gboolean channel_check_unit(const char *name, GError **error)
{
	if (g_ascii_isalnum(*name) && g_str_has_suffix(name, ".service") &&
	    name[strspn(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS ":_.@\\-")] == '\0')
		return TRUE;
	g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_ARGUMENT,
		    "'%.80s' cannot be a service unit of systemd; write it with its suffix, as ask.service", name);
	return FALSE;
}

gboolean channel_is_over(const char *until, const GDate *today)
{
	GDate day;

	return until != NULL && text_parse_day(until, &day) && g_date_compare(&day, today) < 0;
}

gboolean channel_fail(struct yamlfile *file, const char *place, GError *why, GError **error)
{
	yamlfile_fail(file, place, error, CHANNEL_ERROR, CHANNEL_ERROR_INPUT, "%s: %s", place, why->message);
	g_error_free(why);
	return FALSE;
}

/* Where a check stands: a list's element. */
struct spot {
	struct channel *channel;
	const char *element; /* "hosts[0].services[2]" */
	GError **error;
};

/* Why a value of the element cannot stand where it stands. Takes `why` over. */
static gboolean fail_value(const struct spot *at, const char *key, GError *why)
{
	g_autofree char *place = g_strdup_printf("%s.%s", at->element, key);

	return channel_fail(at->channel->file, place, why, at->error);
}

static gboolean G_GNUC_PRINTF(3, 4) fail_words(const struct spot *at, const char *key, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	GError *why = g_error_new_valist(CHANNEL_ERROR, CHANNEL_ERROR_INPUT, format, args);
	va_end(args);
	return fail_value(at, key, why);
}

/* A rule of a package; pattern NULL: it is named, and any version will do. */
static void add_rule(struct channel *c, const char *package, const struct pin_pattern *pattern)
{
	GPtrArray *rules = g_hash_table_lookup(c->rules, package);

	if (rules == NULL) {
		rules = g_ptr_array_new();
		g_hash_table_insert(c->rules, g_strdup(package), rules);
	}
	if (pattern != NULL)
		g_ptr_array_add(rules, (gpointer)pattern);
}

/* A name that is in its list once, a pattern, and a last day; the first two are in the keys of these names. */
static gboolean check_package(const struct spot *at, const char *key, const char *name, GHashTable *seen)
{
	GError *why = NULL;

	if (!channel_check_package(name, &why))
		return fail_value(at, key, why);
	if (seen != NULL && !g_hash_table_add(seen, (gpointer)name))
		return fail_words(at, key, "'%s' is here twice", name);
	return TRUE;
}

static gboolean check_version(const struct spot *at, const char *version, struct pin_pattern *pattern)
{
	GError *why = NULL;

	return pin_pattern_parse(version, pattern, &why) || fail_value(at, "version", why);
}

static gboolean check_until(const struct spot *at, char **until)
{
	GError *why = NULL;

	if (g_strcmp0(*until, CHANNEL_NEVER) == 0)
		g_clear_pointer(until, g_free);
	return *until == NULL || channel_check_until(*until, &why) || fail_value(at, "until", why);
}

static gboolean check_pins(struct channel *c, GError **error)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < c->n_pins; i++) {
		struct channel_pin *pin = &c->pins[i];
		g_autofree char *place = g_strdup_printf("packages[%u]", i);
		const struct spot at = {c, place, error};
		if (!check_package(&at, "name", pin->name, seen) || !check_version(&at, pin->version, &pin->pattern) ||
		    !check_until(&at, &pin->until))
			return FALSE;
		add_rule(c, pin->name, &pin->pattern);
	}
	return TRUE;
}

static gboolean check_service(const struct spot *at, struct channel_service *service, GHashTable *seen)
{
	GError *why = NULL;

	if (g_strcmp0(service->version, CHANNEL_ANY) == 0)
		g_clear_pointer(&service->version, g_free);
	if (!check_package(at, "name", service->name, seen) ||
	    (service->version != NULL && !check_version(at, service->version, &service->pattern)))
		return FALSE;
	if (service->unit == NULL)
		service->unit = g_strdup_printf("%s.service", service->name);
	else if (!channel_check_unit(service->unit, &why))
		return fail_value(at, "unit", why);
	add_rule(at->channel, service->name, service->version != NULL ? &service->pattern : NULL);
	return check_until(at, &service->until);
}

/* Something to see on one line. */
static gboolean is_words(const char *text)
{
	return text_is_plain(text) && text[strspn(text, " ")] != '\0';
}

static gboolean check_host(const struct spot *at, struct channel_host *host, GHashTable *classes)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	GError *why = NULL;

	if (!channel_check_name(host->class, &why))
		return fail_value(at, "class", why);
	if (!g_hash_table_add(classes, host->class))
		return fail_words(at, "class", "'%s' is here twice", host->class);
	if (host->base == NULL && host->installed == NULL)
		return fail_words(at, "base", "the key 'base' or 'installed' is missing: what do these hosts run?");
	if (host->base != NULL && !is_words(host->base))
		return fail_words(at, "base", "not a line of text");
	if (host->installed != NULL && !is_words(host->installed))
		return fail_words(at, "installed", "not a line of text");
	for (guint i = 0; i < host->n_services; i++) {
		g_autofree char *place = g_strdup_printf("%s.services[%u]", at->element, i);
		const struct spot inside = {at->channel, place, at->error};
		if (!check_service(&inside, &host->services[i], seen))
			return FALSE;
	}
	return TRUE;
}

static gboolean check_hosts(struct channel *c, GError **error)
{
	g_autoptr(GHashTable) classes = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < c->n_hosts; i++) {
		g_autofree char *place = g_strdup_printf("hosts[%u]", i);
		const struct spot at = {c, place, error};
		if (!check_host(&at, &c->hosts[i], classes))
			return FALSE;
	}
	return TRUE;
}

gboolean channel_has_service(const struct channel *c, const char *name, const char *but)
{
	for (guint i = 0; i < c->n_hosts; i++)
		for (guint k = 0; k < c->hosts[i].n_services; k++)
			if (strcmp(c->hosts[i].services[k].name, name) == 0 && g_strcmp0(c->hosts[i].class, but) != 0)
				return TRUE;
	return FALSE;
}

static gboolean check_one_held(const struct spot *at, struct channel_held *held, GHashTable *seen)
{
	if (!check_package(at, "service", held->service, NULL) || !check_package(at, "package", held->package, NULL) ||
	    !check_version(at, held->version, &held->pattern) || !check_until(at, &held->until))
		return FALSE;
	if (!channel_has_service(at->channel, held->service, NULL))
		return fail_words(at, "service", "'%s' is a service of no host class of this channel", held->service);
	if (held->pattern.kind != PIN_PATTERN_VERSION && held->pattern.kind != PIN_PATTERN_RELEASE)
		return fail_words(at, "version", "'%s' is more than one version; what is held is exact, as 1.0.1-1",
				  held->version);
	if (!g_hash_table_add(seen, g_strdup_printf("%s %s", held->service, held->package)))
		return fail_words(at, "package", "'%s' is held for '%s' twice", held->package, held->service);
	return TRUE;
}

static gboolean check_held(struct channel *c, GError **error)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < c->n_held; i++) {
		g_autofree char *place = g_strdup_printf("held[%u]", i);
		const struct spot at = {c, place, error};
		if (!check_one_held(&at, &c->held[i], seen))
			return FALSE;
	}
	return TRUE;
}

gboolean channel_check_list(struct yamlfile *file, const char *key, char *const *names, guint n, GError **error)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < n; i++) {
		g_autofree char *place = g_strdup_printf("%s[%u]", key, i);
		GError *why = NULL;
		if (!channel_check_package(names[i], &why))
			return channel_fail(file, place, why, error);
		if (!g_hash_table_add(seen, names[i]))
			return yamlfile_fail(file, place, error, CHANNEL_ERROR, CHANNEL_ERROR_INPUT,
					     "%s: '%s' is here twice", place, names[i]);
	}
	return TRUE;
}

static gboolean check_channel(struct channel *c, const char *name, GError **error)
{
	if (strcmp(c->name, name) != 0)
		return yamlfile_fail(c->file, "channel", error, CHANNEL_ERROR, CHANNEL_ERROR_INPUT,
				     "channel: '%s' does not go with the file's name; expected '%s'", c->name, name);
	if (c->suite != NULL && !release_is_suite(c->suite))
		return yamlfile_fail(c->file, "suite", error, CHANNEL_ERROR, CHANNEL_ERROR_INPUT,
				     "suite: '%s' cannot be a suite's name", c->suite);
	return check_hosts(c, error) && channel_check_list(c->file, "restart", c->restart, c->n_restart, error) &&
	       check_pins(c, error) && check_held(c, error);
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
	c->sha256 = digest_of(DIGEST_SHA256, g_bytes_get_data(text, NULL), g_bytes_get_size(text));
	c->file = g_steal_pointer(&file);
	c->rules = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
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
	g_free(c->sha256);
	yamlfile_free(c->file);
	if (c->rules != NULL)
		g_hash_table_unref(c->rules);
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

const struct channel_host *channel_find_host(const struct channel *c, const char *class)
{
	for (guint i = 0; i < c->n_hosts; i++)
		if (strcmp(c->hosts[i].class, class) == 0)
			return &c->hosts[i];
	return NULL;
}

const GPtrArray *channel_rules(const struct channel *c, const char *package)
{
	return g_hash_table_lookup(c->rules, package);
}

gboolean channel_lets(const struct channel *c, version_compare_fn compare, const char *package, const char *version)
{
	const GPtrArray *rules = channel_rules(c, package);

	for (guint i = 0; rules != NULL && i < rules->len; i++)
		if (!pin_pattern_matches(rules->pdata[i], version, compare))
			return FALSE;
	return TRUE;
}

gboolean channel_wants(const struct channel *c, version_compare_fn compare, const char *package, const char *version)
{
	const GPtrArray *rules = channel_rules(c, package);

	if (rules != NULL && rules->len > 0 && channel_lets(c, compare, package, version))
		return TRUE;
	for (guint i = 0; i < c->n_held; i++)
		if (strcmp(c->held[i].package, package) == 0 && pin_pattern_matches(&c->held[i].pattern, version, compare))
			return TRUE;
	return FALSE;
}
