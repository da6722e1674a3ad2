/* The documents that Debian Policy wants in every package: see deb.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/changelog.h"
#include "pack/deb.h"
#include "pack/payload.h"

#include <string.h>

/* SPDX names of the licences whose text every Debian system has. */
static const char *const common_licenses[][2] = {
	{"Apache-2.0", "Apache-2.0"},  {"Artistic-1.0", "Artistic"},
	{"BSD-3-Clause", "BSD"},       {"CC0-1.0", "CC0-1.0"},
	{"GPL-2.0-only", "GPL-2"},     {"GPL-2.0-or-later", "GPL-2"},
	{"GPL-3.0-only", "GPL-3"},     {"GPL-3.0-or-later", "GPL-3"},
	{"LGPL-2.1-only", "LGPL-2.1"}, {"LGPL-2.1-or-later", "LGPL-2.1"},
	{"LGPL-3.0-only", "LGPL-3"},   {"LGPL-3.0-or-later", "LGPL-3"},
	{"MPL-1.1", "MPL-1.1"},	       {"MPL-2.0", "MPL-2.0"},
};

static const char *common_license(const char *license)
{
	for (gsize i = 0; i < G_N_ELEMENTS(common_licenses); i++)
		if (g_str_equal(license, common_licenses[i][0]))
			return common_licenses[i][1];
	return NULL;
}

static char *copyright_text(const struct package *p)
{
	const char *license = p->license == NULL ? "unspecified" : p->license, *common = common_license(license);
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(p->mtime);
	GString *out = g_string_new("Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n");

	g_string_append_printf(out, "Upstream-Name: %s\n", p->source);
	if (p->homepage != NULL)
		g_string_append_printf(out, "Source: %s\n", p->homepage);
	g_string_append_printf(out, "\nFiles: *\nCopyright: %d %s\nLicense: %s\n", g_date_time_get_year(time),
			       p->vendor == NULL ? p->maintainer : p->vendor, license);
	if (common != NULL)
		g_string_append_printf(out,
				       " On Debian systems, the text of this license is in\n"
				       " /usr/share/common-licenses/%s.\n",
				       common);
	else
		g_string_append_printf(out, " The terms are those of the vendor%s%s.\n",
				       p->homepage == NULL ? "" : "; see ", p->homepage == NULL ? "" : p->homepage);
	return g_string_free(out, FALSE);
}

static GBytes *compressed_changelog(const struct package *p, GError **error)
{
	g_autofree char *version = deb_version(p), *date = changelog_mail_date(p->mtime);
	g_autofree char *text =
		p->changelog != NULL
			? changelog_debian(p->changelog, p->source, p->version, p->release)
			: g_strdup_printf("%s (%s) unstable; urgency=medium\n\n  * Release %s.\n\n -- %s  %s\n",
					  p->source, version, p->version, p->maintainer, date);

	return payload_compress(&payload_gzip, text, strlen(text), error);
}

static void add_document(struct package *p, const char *folder, const char *name, GBytes *data)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	if (package_find(p, path) == NULL)
		package_add_data(p, path, data)->flags = PACKAGE_DOC;
	else
		g_bytes_unref(data);
}

gboolean deb_document(struct package *package, GError **error)
{
	g_autofree char *folder = g_build_filename("/usr/share/doc", package->name, NULL);
	char *text = copyright_text(package);
	GBytes *log;

	add_document(package, folder, "copyright", g_bytes_new_take(text, strlen(text)));
	log = compressed_changelog(package, error);
	if (log == NULL)
		return FALSE;
	add_document(package, folder, package->release == NULL ? "changelog.gz" : "changelog.Debian.gz", log);
	return TRUE;
}
