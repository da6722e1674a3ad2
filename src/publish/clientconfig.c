/* Client configuration: see clientconfig.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/clientconfig.h"
#include "core/file.h"

#include <string.h>

/* Where rpm's keys are kept as files; the .repo file names it. */
#define KEY_FOLDER "/etc/pki/rpm-gpg"

static void file_free(gpointer data)
{
	struct clientconfig_file *f = data;

	g_free(f->path);
	g_free(f->target);
	g_free(f->zypper_target);
	g_free(f);
}

/* The URL as both apt and dnf understand it, without a slash at the end. */
static char *normal_url(const char *url, GError **error)
{
	static const char *const schemes[] = {"http://", "https://", "ftp://", "file:/"};
	gboolean known = FALSE;
	g_autoptr(GString) text = g_string_new(url);

	for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++)
		known |= g_str_has_prefix(url, schemes[i]) && url[strlen(schemes[i])] != '\0';
	for (const char *c = url; *c != '\0'; c++)
		known &= (guchar)*c > ' ' && (guchar)*c < 0x7f;
	if (!known) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT,
			    "'%s' is no URL that apt and dnf both take: http, https, ftp or file, without blanks", url);
		return NULL;
	}
	if (g_str_has_prefix(text->str, "file:/") && !g_str_has_prefix(text->str, "file://"))
		g_string_insert(text, strlen("file:"), "//");
	while (text->str[text->len - 1] == '/')
		g_string_truncate(text, text->len - 1);
	return g_strdup(text->str);
}

/* zypper_dir: NULL for what is not for zypper. */
static gboolean write_one(GPtrArray *files, const struct family *family, const char *outdir, const char *name,
			  const char *target_dir, const char *zypper_dir, GBytes *contents, GError **error)
{
	struct clientconfig_file *f = g_new(struct clientconfig_file, 1);
	gsize size = 0;
	const void *data = g_bytes_get_data(contents, &size);

	*f = (struct clientconfig_file){.path = g_build_filename(outdir, name, NULL),
					.family = family,
					.target = g_build_filename(target_dir, name, NULL),
					.zypper_target = zypper_dir ? g_build_filename(zypper_dir, name, NULL) : NULL};
	g_ptr_array_add(files, f);
	return file_replace(f->path, data, size, 0644, error);
}

static gboolean write_apt(GPtrArray *files, const publication *p, const char *url, const char *outdir, GError **error)
{
	g_autofree char *name = publication_key_name(p);
	g_autofree char *key_file = g_strconcat(name, ".gpg", NULL);
	g_autofree char *sources_file = g_strconcat(name, ".sources", NULL);
	const release *r = p->site.settings;
	g_autoptr(GBytes) key = keyring_export(p->site.keys, (const char *const *)r->signed_by, FALSE, error);
	g_autofree char *signers = g_strjoinv(", ", r->signed_by);
	char *text = g_strdup_printf("# %s (%s), signed by %s\n"
				     "Types: deb\nURIs: %s\nSuites: %s\nComponents: " RELEASE_COMPONENT "\n"
				     "Signed-By: /etc/apt/keyrings/%s\n",
				     r->label, r->suite, signers, url, r->suite, key_file);
	g_autoptr(GBytes) sources = g_bytes_new_take(text, strlen(text));

	return key != NULL &&
	       write_one(files, &family_deb, outdir, sources_file, "/etc/apt/sources.list.d", NULL, sources, error) &&
	       write_one(files, &family_deb, outdir, key_file, "/etc/apt/keyrings", NULL, key, error);
}

static gboolean write_dnf(GPtrArray *files, const publication *p, const char *url, const char *outdir, GError **error)
{
	g_autofree char *name = publication_key_name(p);
	g_autofree char *key_file = g_strconcat("RPM-GPG-KEY-", name, NULL);
	g_autofree char *repo_file = g_strconcat(name, ".repo", NULL);
	const release *r = p->site.settings;
	g_autoptr(GBytes) key = keyring_export(p->site.keys, (const char *const *)r->signed_by, TRUE, error);
	g_autofree char *signers = g_strjoinv(", ", r->signed_by);
	char *text = g_strdup_printf("# signed by %s\n"
				     "[%s]\nname=%s\nbaseurl=%s/rpm/%s\nenabled=1\ngpgcheck=1\nrepo_gpgcheck=1\n"
				     "gpgkey=file://" KEY_FOLDER "/%s\n",
				     signers, name, r->label, url, r->suite, key_file);
	g_autoptr(GBytes) repo = g_bytes_new_take(text, strlen(text));

	return key != NULL &&
	       write_one(files, &family_rpm, outdir, repo_file, "/etc/yum.repos.d", "/etc/zypp/repos.d", repo, error) &&
	       write_one(files, &family_rpm, outdir, key_file, KEY_FOLDER, KEY_FOLDER, key, error);
}

GPtrArray *clientconfig_write(const publication *p, const char *url, const char *outdir, GError **error)
{
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(file_free);
	g_autofree char *base = normal_url(url, error);

	if (base == NULL || !file_make_dirs(outdir, error) || !write_apt(files, p, base, outdir, error) ||
	    !write_dnf(files, p, base, outdir, error))
		return NULL;
	return g_steal_pointer(&files);
}
