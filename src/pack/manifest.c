/* abide.yaml: see manifest.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/manifest_check.h"
#include "pack/manifest_schema.h"

#include <string.h>

void manifest_free(struct manifest *manifest)
{
	if (manifest == NULL)
		return;
	g_free(manifest->path);
	yamlfile_free(manifest->yaml);
	g_clear_pointer(&manifest->deb.fields, g_ptr_array_unref);
	yamlfile_release(&manifest_schema, manifest);
}

gboolean manifest_refuse(const struct manifest *manifest, GError **error, const char *key, const char *format, ...)
{
	g_autofree char *what = NULL;
	va_list args;

	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	return yamlfile_fail(manifest->yaml, key, error, PACK_ERROR, PACK_ERROR_MANIFEST, "%s: %s", key, what);
}

gboolean manifest_prefix(const struct manifest *manifest, GError **error, const char *key)
{
	if (error == NULL || *error == NULL)
		return FALSE;
	g_autoptr(GError) cause = g_steal_pointer(error);
	return yamlfile_fail(manifest->yaml, key, error, cause->domain, cause->code, "%s: %s", key, cause->message);
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
				       "the environment variable %s is not set; set it, or write ${%s:-TEXT}", name,
				       name);
	if (!g_utf8_validate(value, -1, NULL))
		return manifest_refuse(m, error, key, "the environment variable %s is not UTF-8", name);
	g_string_append(out, value);
	*p = close + 1;
	return TRUE;
}

gboolean manifest_expand(const struct manifest *m, const char *key, char **value, GError **error)
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

/*
 * Values that become one field of a control file or header. An empty one says the same as an absent key; a line break
 * in one (from an environment variable, say) would begin another field.
 */
static gboolean check_lines(struct manifest *m, GError **error)
{
	const struct {
		const char *key;
		char **value;
	} rows[] = {
		{"source", &m->source},
		{"arch", &m->arch},
		{"epoch", &m->epoch},
		{"release", &m->release},
		{"section", &m->section},
		{"priority", &m->priority},
		{"vendor", &m->vendor},
		{"homepage", &m->homepage},
		{"license", &m->license},
		{"mtime", &m->mtime},
		{"version", &m->version},
		{"maintainer", &m->maintainer},
		{"changelog", &m->changelog},
		{"umask", &m->umask},
		{"platform", &m->platform},
		{"prerelease", &m->prerelease},
		{"version_metadata", &m->version_metadata},
		{"deb.arch", &m->deb.arch},
		{"deb.compression", &m->deb.compression},
		{"deb.scripts.config", &m->deb.config},
		{"deb.scripts.templates", &m->deb.templates},
		{"rpm.arch", &m->rpm.arch},
		{"rpm.compression", &m->rpm.compression},
		{"rpm.group", &m->rpm.group},
		{"rpm.summary", &m->rpm.summary},
		{"rpm.packager", &m->rpm.packager},
		{"rpm.buildhost", &m->rpm.buildhost},
		{"rpm.signature.key_id", &m->rpm.signature.key_id},
		{"overrides.deb.umask", &m->overrides[PACKAGE_DEB].umask},
		{"overrides.rpm.umask", &m->overrides[PACKAGE_RPM].umask},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (const char *p = *rows[i].value; p != NULL && *p != '\0'; p++)
			if (g_ascii_iscntrl(*p))
				return manifest_refuse(m, error, rows[i].key,
						       "must be one line without control characters");
		if (*rows[i].value != NULL && **rows[i].value == '\0' && rows[i].value != &m->maintainer)
			g_clear_pointer(rows[i].value, g_free);
	}
	return m->version != NULL || manifest_refuse(m, error, "version", "must not be empty");
}

static gboolean check_values(struct manifest *m, GError **error)
{
	gint64 seconds;

	if (!check_lines(m, error))
		return FALSE;
	if (*g_strstrip(m->description) == '\0')
		return manifest_refuse(m, error, "description", "must not be empty");
	if (*g_strstrip(m->maintainer) == '\0')
		return manifest_refuse(m, error, "maintainer", "expected 'Name <mail@example.org>'");
	if (m->arch != NULL && names_arch_find(m->arch) == NULL)
		return manifest_refuse(m, error, "arch",
				       "'%s'; expected one of: all amd64 arm64 386 arm7 ppc64le riscv64 s390x",
				       m->arch);
	if (m->mtime != NULL && !manifest_time(m->mtime, &seconds))
		return manifest_refuse(m, error, "mtime", "'%s'; expected 2024-01-31T12:00:00Z or seconds since 1970",
				       m->mtime);
	if (m->epoch != NULL && (strlen(m->epoch) > 9 || m->epoch[strspn(m->epoch, G_CSET_DIGITS)] != '\0'))
		return manifest_refuse(m, error, "epoch", "'%s'; expected a number", m->epoch);
	return TRUE;
}

/* Takes the parsed file over. */
static struct manifest *load(const char *path, struct yamlfile *yaml, GError **error)
{
	g_autoptr(yamlfile) file = yaml;
	g_autoptr(manifest) m = NULL;
	gpointer value = NULL;

	if (file == NULL || !yamlfile_load(file, &manifest_schema, &value, error))
		return NULL;
	m = value;
	m->path = g_strdup(path);
	m->yaml = g_steal_pointer(&file);
	return manifest_each_string(m, manifest_expand, error) && check_values(m, error) && manifest_check(m, error)
		       ? g_steal_pointer(&m)
		       : NULL;
}

struct manifest *manifest_parse(const char *path, GBytes *text, GError **error)
{
	return load(path, yamlfile_parse(path, text, error), error);
}

struct manifest *manifest_load(const char *path, GError **error)
{
	return load(path, yamlfile_read(path, error), error);
}
