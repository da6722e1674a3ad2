/* abide.yaml: see manifest.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/file.h"
#include "pack/manifest_schema.h"

#include <string.h>

/* Far above any manifest that a person wrote; a wrong file is refused before it is read. */
#define MANIFEST_CEILING (4 * 1024 * 1024)

static void *allocate(void *context, void *old, size_t size)
{
	(void)context;
	return g_realloc(old, size);
}

static void keep_message(cyaml_log_t level, void *context, const char *format, va_list args)
{
	(void)level;
	g_string_append_vprintf(context, format, args);
}

static cyaml_config_t config_of(GString *messages)
{
	return (cyaml_config_t){.log_fn = messages == NULL ? NULL : keep_message,
				.log_ctx = messages,
				.log_level = CYAML_LOG_ERROR,
				.mem_fn = allocate,
				.flags = CYAML_CFG_NO_ALIAS};
}

void manifest_free(struct manifest *manifest)
{
	cyaml_config_t config = config_of(NULL);

	if (manifest == NULL)
		return;
	g_free(manifest->path);
	g_clear_pointer(&manifest->places, g_hash_table_unref);
	cyaml_free(&config, &manifest_schema, manifest, 0);
}

/* The place of a key, or of the nearest key above it. */
static const char *place_of(const struct manifest *m, const char *key)
{
	g_autofree char *shorter = g_strdup(key);
	const char *place = g_hash_table_lookup(m->places, shorter);

	while (place == NULL && *shorter != '\0') {
		char *cut = shorter + strlen(shorter) - 1;
		while (cut > shorter && *cut != '.' && *cut != '[')
			cut--;
		*cut = '\0';
		place = g_hash_table_lookup(m->places, shorter);
	}
	return place == NULL ? m->path : place;
}

gboolean manifest_refuse(const struct manifest *manifest, GError **error, const char *key, const char *format, ...)
{
	g_autofree char *what = NULL;
	va_list args;

	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, PACK_ERROR, PACK_ERROR_MANIFEST, "%s: %s: %s", place_of(manifest, key), key, what);
	return FALSE;
}

gboolean manifest_prefix(const struct manifest *manifest, GError **error, const char *key)
{
	g_prefix_error(error, "%s: %s: ", place_of(manifest, key), key);
	return FALSE;
}

gboolean manifest_time(const char *text, gint64 *seconds)
{
	char *end = NULL;

	*seconds = (gint64)g_ascii_strtoull(text, &end, 10);
	if (!g_ascii_isdigit(*text) || *end != '\0') {
		g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
		g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, utc);
		if (time == NULL)
			return FALSE;
		*seconds = g_date_time_to_unix(time);
	}
	return *seconds >= 0 && *seconds <= G_MAXUINT32;
}

/* ---- ${NAME} ---- */

/* One reference, *p just behind "${"; *p moves behind its "}". */
static gboolean expand_one(const struct manifest *m, const char *key, const char **p, GString *out, GError **error)
{
	const char *close = strchr(*p, '}');
	g_autofree char *name = close == NULL ? NULL : g_strndup(*p, (gsize)(close - *p));
	char *fallback = name == NULL ? NULL : strstr(name, ":-");

	if (name == NULL)
		return manifest_refuse(m, error, key, "'${' without a '}'");
	if (fallback != NULL)
		*fallback = '\0';
	if (*name == '\0' || name[strspn(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_")] != '\0')
		return manifest_refuse(m, error, key, "'${%s}': expected ${NAME} or ${NAME:-TEXT}", name);
	const char *value = g_getenv(name);
	if (fallback != NULL && (value == NULL || *value == '\0'))
		value = fallback + 2;
	if (value == NULL)
		return manifest_refuse(m, error, key,
				       "the environment variable %s is not set; set it, or write ${%s:-TEXT}", name, name);
	if (!g_utf8_validate(value, -1, NULL))
		return manifest_refuse(m, error, key, "the environment variable %s is not UTF-8", name);
	g_string_append(out, value);
	*p = close + 1;
	return TRUE;
}

static gboolean expand(const struct manifest *m, const char *key, char **value, GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (const char *p = *value; *p != '\0';) {
		if (g_str_has_prefix(p, "${")) {
			p += 2;
			if (!expand_one(m, key, &p, out, error))
				return FALSE;
		} else {
			g_string_append_c(out, *p);
			p += g_str_has_prefix(p, "$$") ? 2 : 1;
		}
	}
	g_free(*value);
	*value = g_string_free(g_steal_pointer(&out), FALSE);
	return TRUE;
}

/* ---- loading ---- */

/* An empty value says the same as an absent key. */
static void drop_empty(char **value)
{
	if (*value != NULL && **value == '\0')
		g_clear_pointer(value, g_free);
}

static gboolean check_values(struct manifest *m, GError **error)
{
	gint64 seconds;
	char **optional[] = {&m->arch,	   &m->epoch,	 &m->release, &m->section, &m->priority,
			     &m->vendor, &m->homepage, &m->license, &m->mtime};

	for (gsize i = 0; i < G_N_ELEMENTS(optional); i++)
		drop_empty(optional[i]);
	if (*g_strstrip(m->description) == '\0')
		return manifest_refuse(m, error, "description", "must not be empty");
	if (*g_strstrip(m->maintainer) == '\0' || strchr(m->maintainer, '\n') != NULL)
		return manifest_refuse(m, error, "maintainer", "expected one line, such as 'Name <mail@example.org>'");
	if (m->arch != NULL && names_arch_find(m->arch) == NULL)
		return manifest_refuse(m, error, "arch",
				       "'%s'; expected one of: all amd64 arm64 386 arm7 ppc64le riscv64 s390x", m->arch);
	if (m->mtime != NULL && !manifest_time(m->mtime, &seconds))
		return manifest_refuse(m, error, "mtime", "'%s'; expected 2024-01-31T12:00:00Z or seconds since 1970",
				       m->mtime);
	if (m->epoch != NULL && (strlen(m->epoch) > 9 || m->epoch[strspn(m->epoch, G_CSET_DIGITS)] != '\0'))
		return manifest_refuse(m, error, "epoch", "'%s'; expected a number", m->epoch);
	return TRUE;
}

struct manifest *manifest_parse(const char *path, const char *text, gsize size, GError **error)
{
	g_autoptr(GHashTable) places = manifest_check(path, text, size, error);
	g_autoptr(GString) messages = g_string_new(NULL);
	cyaml_config_t config = config_of(messages);
	g_autoptr(manifest) m = NULL;

	if (places == NULL)
		return NULL;
	cyaml_err_t code =
		cyaml_load_data((const uint8_t *)text, size, &config, &manifest_schema, (cyaml_data_t **)&m, NULL);
	if (code != CYAML_OK || m == NULL) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_MANIFEST, "%s: %s: %s", path, cyaml_strerror(code),
			    g_strdelimit(messages->str, "\n", ' '));
		return NULL;
	}
	m->path = g_strdup(path);
	m->places = g_steal_pointer(&places);
	return manifest_each_string(m, expand, error) && check_values(m, error) ? g_steal_pointer(&m) : NULL;
}

struct manifest *manifest_load(const char *path, GError **error)
{
	GError *local = NULL;
	g_autoptr(GBytes) bytes = file_read(path, MANIFEST_CEILING, &local);

	if (bytes == NULL) {
		g_set_error_literal(error, PACK_ERROR, PACK_ERROR_MANIFEST, local->message);
		g_error_free(local);
		return NULL;
	}
	gsize size;
	const char *text = g_bytes_get_data(bytes, &size);
	return manifest_parse(path, text == NULL ? "" : text, size, error);
}
