/* What a manifest says beyond its types: see manifest_check.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/manifest_check.h"
#include "pack/manifest_schema.h"
#include "pack/payload.h"

#include <string.h>

const struct manifest_refusal manifest_refusals[] = {
	{"deb.signature", "a .deb carries no signature here: apt verifies the repository's, which abide publish makes"},
	{"deb.scripts.rules", "a built package has no rules; debian/rules is for source packages"},
	{"deb.arch_variant", "dpkg knows no variants of an architecture; name the architecture in deb.arch"},
	{"rpm.signature.key_file", "abide reads no key files: import the key into gpg and name it in key_id"},
	{"rpm.signature.key_passphrase", "abide takes no passphrases: gpg's agent asks for them"},
	{NULL, NULL},
};

/* Fields that abide writes itself, or that dpkg does not want in a built package. */
static const char *const own_fields[] = {
	"Package",  "Source",	  "Version",  "Architecture", "Maintainer",	"Installed-Size",     "Pre-Depends",
	"Depends",  "Recommends", "Suggests", "Conflicts",    "Breaks",		"Replaces",	      "Provides",
	"Section",  "Priority",	  "Homepage", "Description",  "Build-Ids",	"Auto-Built-Package", "Multi-Arch",
	"Filename", "Size",	  "Status",   "Conffiles",    "Config-Version",
};

static gboolean check_refusals(const struct manifest *m, GError **error)
{
	for (const struct manifest_refusal *r = manifest_refusals; r->key != NULL; r++)
		if (yamlfile_has(m->yaml, r->key))
			return manifest_refuse(m, error, r->key, "%s", r->why);
	return TRUE;
}

/* ---- the version ---- */

/* MAJOR.MINOR.PATCH: where it ends, or NULL. */
static const char *numbers_end(const char *p)
{
	for (int i = 0; i < 3; i++) {
		gsize digits = strspn(p, G_CSET_DIGITS);
		if (digits == 0 || (i < 2 && p[digits] != '.'))
			return NULL;
		p += digits + (i < 2);
	}
	return p;
}

/* Takes 1.2.3-PRERELEASE+METADATA apart (semver.org 2.0.0, 2); what the manifest states of them itself goes first. */
static void split_semver(struct manifest *m)
{
	const char *begin = m->version + (*m->version == 'v' && g_ascii_isdigit(m->version[1]));
	const char *end = numbers_end(begin);
	g_autofree char *whole = g_strdup(begin);

	if (end == NULL || (*end != '-' && *end != '+' && *end != '\0')) {
		g_free(m->version);
		m->version = g_steal_pointer(&whole);
		return;
	}
	char *rest = whole + (end - begin), *metadata = strchr(rest, '+');
	gboolean prerelease = *rest == '-';
	if (metadata != NULL)
		*metadata++ = '\0';
	if (prerelease && m->prerelease == NULL)
		m->prerelease = g_strdup(rest + 1);
	if (metadata != NULL && m->version_metadata == NULL)
		m->version_metadata = g_strdup(metadata);
	*rest = '\0';
	g_free(m->version);
	m->version = g_strdup(whole);
}

/* `-` would begin Debian's revision, and rpm has none in a version; `_`, nfpm's choice for rpm, is unknown to dpkg. */
static gboolean check_version(struct manifest *m, GError **error)
{
	if (m->platform != NULL && !g_str_equal(m->platform, "linux"))
		return manifest_refuse(m, error, "platform", "'%s'; packages are for linux", m->platform);
	if (m->version_schema == MANIFEST_SEMVER)
		split_semver(m);
	if (m->prerelease != NULL)
		g_strdelimit(m->prerelease, "-", '.');
	if (m->version_metadata != NULL)
		g_strdelimit(m->version_metadata, "-", '.');
	char *whole = g_strconcat(m->version, m->prerelease == NULL ? "" : "~",
				  m->prerelease == NULL ? "" : m->prerelease, m->version_metadata == NULL ? "" : "+",
				  m->version_metadata == NULL ? "" : m->version_metadata, NULL);
	g_free(m->version);
	m->version = whole;
	return TRUE;
}

/* ---- modes, owners ---- */

gboolean manifest_mode(const char *text, mode_t *mode)
{
	const char *digits = g_str_has_prefix(text, "0o") ? text + 2 : text;

	if (*text != '0' || *digits == '\0' || strlen(digits) > 6 || digits[strspn(digits, "01234567")] != '\0')
		return FALSE;
	*mode = (mode_t)g_ascii_strtoull(digits, NULL, 8);
	return *mode <= 07777;
}

static gboolean check_mode(const struct manifest *m, const char *key, const char *text, GError **error)
{
	mode_t mode;

	return text == NULL || manifest_mode(text, &mode) ||
	       manifest_refuse(m, error, key, "'%s'; expected permission bits in octal, such as 0644", text);
}

static gboolean check_account(const struct manifest *m, const char *key, const char *what, const char *name,
			      GError **error)
{
	gsize n = name == NULL ? 0 : strlen(name);

	if (name == NULL || (n > 0 && n <= 32 && *name != '-' &&
			     name[strspn(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-.+$")] == '\0'))
		return TRUE;
	return manifest_refuse(m, error, key, "%s '%s'; expected the name of an account", what, name);
}

static gboolean check_contents(const struct manifest *m, const char *where, const struct manifest_content *contents,
			       guint n, GError **error)
{
	for (guint i = 0; i < n; i++) {
		const struct manifest_file_info *info = &contents[i].file_info;
		g_autofree char *at = g_strdup_printf("%scontents[%u].file_info", where, i);
		g_autofree char *mode = g_strconcat(at, ".mode", NULL), *time = g_strconcat(at, ".mtime", NULL);
		gint64 seconds;
		if (!check_mode(m, mode, info->mode, error) || !check_account(m, at, "owner", info->owner, error) ||
		    !check_account(m, at, "group", info->group, error))
			return FALSE;
		if (info->mtime != NULL && !manifest_time(info->mtime, &seconds))
			return manifest_refuse(m, error, time,
					       "'%s'; expected 2024-01-31T12:00:00Z or seconds since 1970",
					       info->mtime);
	}
	return TRUE;
}

static gboolean check_development(const struct manifest *m, GError **error)
{
	const struct manifest_development *d = m->library == NULL ? NULL : m->library->dev;

	return d == NULL ||
	       (check_contents(m, "library.dev.", d->contents, d->n_contents, error) &&
		check_contents(m, "library.dev.overrides.deb.", d->overrides[PACKAGE_DEB].contents,
			       d->overrides[PACKAGE_DEB].n_contents, error) &&
		check_contents(m, "library.dev.overrides.rpm.", d->overrides[PACKAGE_RPM].contents,
			       d->overrides[PACKAGE_RPM].n_contents, error));
}

static gboolean check_modes(const struct manifest *m, GError **error)
{
	return check_mode(m, "umask", m->umask, error) &&
	       check_mode(m, "overrides.deb.umask", m->overrides[PACKAGE_DEB].umask, error) &&
	       check_mode(m, "overrides.rpm.umask", m->overrides[PACKAGE_RPM].umask, error) &&
	       check_contents(m, "", m->contents, m->n_contents, error) &&
	       check_contents(m, "overrides.deb.", m->overrides[PACKAGE_DEB].contents,
			      m->overrides[PACKAGE_DEB].n_contents, error) &&
	       check_contents(m, "overrides.rpm.", m->overrides[PACKAGE_RPM].contents,
			      m->overrides[PACKAGE_RPM].n_contents, error) &&
	       check_development(m, error);
}

/* ---- deb and rpm ---- */

const char *manifest_arch(const struct manifest *manifest, enum package_family family)
{
	const char *own = family == PACKAGE_DEB ? manifest->deb.arch : manifest->rpm.arch;

	return own == NULL ? manifest->arch : own;
}

const char *manifest_compression(const struct manifest *manifest, enum package_family family)
{
	return family == PACKAGE_DEB ? manifest->deb.compression : manifest->rpm.compression;
}

static gboolean check_families(const struct manifest *m, GError **error)
{
	static const struct {
		enum package_family family;
		const char *arch, *compression;
	} rows[] = {{PACKAGE_DEB, "deb.arch", "deb.compression"}, {PACKAGE_RPM, "rpm.arch", "rpm.compression"}};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *arch = manifest_arch(m, rows[i].family);
		const char *compression = manifest_compression(m, rows[i].family);
		struct payload_compressor c;
		if (arch != NULL && names_arch_find(arch) == NULL)
			return manifest_refuse(m, error, rows[i].arch,
					       "'%s'; expected one of: all amd64 arm64 386 arm7 ppc64le riscv64 s390x",
					       arch);
		if (compression != NULL && !payload_choose(compression, &c, error))
			return manifest_prefix(m, error, rows[i].compression);
	}
	for (guint i = 0; i < m->rpm.prefixes.n; i++) {
		g_autofree char *key = g_strdup_printf("rpm.prefixes[%u]", i);
		if (*m->rpm.prefixes.items[i] != '/')
			return manifest_refuse(m, error, key, "'%s' must begin with /", m->rpm.prefixes.items[i]);
	}
	return TRUE;
}

/* deb-triggers(5): a name is printable ASCII without spaces, or a path. */
static gboolean check_triggers(const struct manifest *m, GError **error)
{
	for (int kind = 0; kind < PACKAGE_TRIGGERS; kind++)
		for (guint i = 0; i < m->deb.triggers[kind].n; i++) {
			const char *name = m->deb.triggers[kind].items[i];
			gboolean good = *name != '\0';
			for (const char *p = name; *p != '\0'; p++)
				good = good && g_ascii_isgraph(*p);
			if (!good)
				return manifest_refuse(m, error, "deb.triggers",
						       "'%s'; a trigger is a word or a path without spaces", name);
		}
	return TRUE;
}

static gboolean is_own_field(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(own_fields); i++)
		if (g_ascii_strcasecmp(own_fields[i], name) == 0)
			return TRUE;
	return FALSE;
}

/* Debian Policy 5.1 on names; a value is one line, for what the lines of a longer one mean depends on the field. */
static gboolean check_field(const struct manifest *m, const char *key, const struct package_field *f, GError **error)
{
	gboolean name = *f->name != '#' && *f->name != '-', value = *f->value != '\0';

	for (const char *p = f->name; *p != '\0'; p++)
		name = name && g_ascii_isgraph(*p) && *p != ':';
	for (const char *p = f->value; *p != '\0'; p++)
		value = value && !g_ascii_iscntrl(*p);
	if (!name)
		return manifest_refuse(m, error, key, "not the name of a control field");
	if (is_own_field(f->name))
		return manifest_refuse(m, error, key, "abide writes this field itself");
	return value || manifest_refuse(m, error, key, "must be one line, and not empty");
}

void package_field_free(gpointer field)
{
	struct package_field *f = field;

	g_free(f->name);
	g_free(f->value);
	g_free(f);
}

static gboolean read_fields(struct manifest *m, GError **error)
{
	g_auto(GStrv) names = yamlfile_keys(m->yaml, "deb.fields", error);

	if (names == NULL)
		return FALSE;
	m->deb.fields = g_ptr_array_new_with_free_func(package_field_free);
	for (gsize i = 0; names[i] != NULL; i++) {
		g_autofree char *key = g_strconcat("deb.fields.", names[i], NULL);
		struct package_field *f = g_new0(struct package_field, 1);
		f->name = g_strdup(names[i]);
		f->value = yamlfile_text(m->yaml, key);
		g_ptr_array_add(m->deb.fields, f);
		if (!manifest_expand(m, key, &f->value, error) || !check_field(m, key, f, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean check_source(const struct manifest *m, GError **error)
{
	return m->source == NULL || names_check_deb(m->source, error) || manifest_prefix(m, error, "source");
}

gboolean manifest_check(struct manifest *manifest, GError **error)
{
	return check_refusals(manifest, error) && check_source(manifest, error) && check_version(manifest, error) &&
	       check_modes(manifest, error) && check_families(manifest, error) &&
	       check_triggers(manifest, error) && read_fields(manifest, error);
}
