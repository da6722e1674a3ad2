/* A channel published as a suite: see channel_suite.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/channel_suite.h"

#include "core/digest.h"
#include "core/file.h"
#include "core/yaml.h"
#include "pin/export.h"
#include "publish/fetch.h"
#include "publish/generation.h"
#include "publish/signers.h"

#include <string.h>

struct channel_suite {
	struct channel_suite_request request;
	beside *beside;
};

void channel_suite_free(channel_suite *s)
{
	if (s == NULL)
		return;
	beside_free(s->beside);
	g_free(s);
}

static gboolean refuse_name(GError **error, const struct channel *c, const char *why)
{
	g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_ARGUMENT, "%s: channel '%s' cannot be published as a suite: %s",
		    c->path, c->name, why);
	return FALSE;
}

static gboolean check_name(const struct channel_suite_request *r, GError **error)
{
	const struct channel *c = r->proof->channel;

	if (!release_is_suite(c->name))
		return refuse_name(error, c, "a suite's name has only letters, digits, '.', '-' and '_'");
	if (strcmp(c->name, fleet_suite(r->fleet, c)) == 0 || strcmp(c->name, r->fleet->suite) == 0)
		return refuse_name(error, c, "that is the name of the suite that channels take from; rename the channel");
	return TRUE;
}

/* A suite that somebody fills by hand is not a channel's. */
static gboolean check_ours(const struct channel *c, const publication *suite, GError **error)
{
	if (suite->packages->len == 0 || (suite->last != NULL && suite->last->channel_sha256 != NULL))
		return TRUE;
	return refuse_name(error, c, "the repository has a suite of that name with packages that no channel put there; "
				     "rename the channel");
}

static gboolean has_suite(const char *dir, const char *name)
{
	g_auto(GStrv) suites = publication_suites(dir);

	return g_strv_contains((const char *const *)suites, name);
}

/* Of what stands in the way the first; a note and what is over do not. */
static const struct proof_finding *first_finding(const struct proof *p)
{
	for (guint i = 0; i < p->findings->len; i++) {
		const struct proof_finding *f = p->findings->pdata[i];
		if (f->word == p->word)
			return f;
	}
	return NULL;
}

static gboolean check_proof(const struct proof *p, GError **error)
{
	const struct proof_finding *f = p->word == PROOF_FAILS || p->word == PROOF_UNKNOWN ? first_finding(p) : NULL;

	if (f == NULL)
		return TRUE;
	g_set_error(error, PUBLISH_ERROR, p->word == PROOF_FAILS ? PUBLISH_ERROR_ABI : PUBLISH_ERROR_EVIDENCE,
		    "%s: %s%s%s; abide pin check %s says all that is in the way", p->channel->path, f->host ? f->host->class : "",
		    f->host ? ": " : "", f->text, p->channel->name);
	return FALSE;
}

channel_suite *channel_suite_plan(const struct channel_suite_request *request, GError **error)
{
	const struct proof *p = request->proof;
	g_autoptr(channel_suite) s = g_new0(channel_suite, 1);

	s->request = *request;
	if (!check_name(request, error) || !pin_export_check(p->channel, request->today, error) || !check_proof(p, error))
		return NULL;
	s->beside = beside_plan(p->channel, p->view, request->from, error);
	return s->beside ? g_steal_pointer(&s) : NULL;
}

/* ---- publishing ---- */

/* A new suite is signed by the keys of the one that it is from. */
static publication *create(const struct channel_suite_request *r, const struct publication_writer *writer,
			   GError **error)
{
	const release *like = r->from->site.settings;
	g_autofree char *label = g_strdup_printf("%s (channel %s)", like->label, r->proof->channel->name);
	const struct publication_settings settings = {.key = *like->signed_by,
						      .suite = r->proof->channel->name,
						      .origin = like->origin,
						      .label = label,
						      .valid_days = like->valid_days,
						      .contents = like->contents,
						      .zstd = like->zstd};
	g_autoptr(publication) suite = publication_create(r->from->site.dir, &settings, writer, error);

	if (suite == NULL || like->signed_by[1] == NULL)
		return g_steal_pointer(&suite);
	for (char **key = like->signed_by + 1; *key != NULL; key++)
		if (!signers_add(suite, *key, error))
			return NULL;
	return signers_publish(suite, "key", error) ? g_steal_pointer(&suite) : NULL;
}

static publication *open_suite(const struct channel_suite_request *r, const struct publication_writer *writer,
			       GError **error)
{
	const char *dir = r->from->site.dir, *name = r->proof->channel->name;

	if (!has_suite(dir, name))
		return create(r, writer, error);
	g_autoptr(publication) suite = publication_open_locked(dir, name, writer, error);
	if (suite == NULL || !publication_load_all(suite, error) || !check_ours(r->proof->channel, suite, error))
		return NULL;
	return g_steal_pointer(&suite);
}

static char *digest_of_channel(const struct channel *c, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(c->path, YAMLFILE_CEILING, error);
	gsize size = 0;
	const void *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;

	return bytes ? digest_of(DIGEST_SHA256, data, size) : NULL;
}

/* The view, and what is held beside it; FOLDER gets what is made for that. */
static gboolean assign(publication *suite, const channel_suite *s, const char *folder, gboolean *changes, GError **error)
{
	g_autofree char *digest = digest_of_channel(s->request.proof->channel, error);
	g_autoptr(GPtrArray) entries = g_ptr_array_new(), files = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_extend(entries, s->request.proof->view, NULL, NULL);
	if (digest == NULL || !beside_write(s->beside, suite, folder, entries, files, error))
		return FALSE;
	g_ptr_array_add(files, NULL);
	const struct publication_content content = {
		.entries = entries, .files = (char *const *)files->pdata, .channel_sha256 = digest};
	return publication_assign(suite, s->request.from, &content, "export", changes, error);
}

publication *channel_suite_publish(const channel_suite *s, const struct publication_writer *writer, gboolean *changes,
				   GError **error)
{
	g_autoptr(publication) suite = open_suite(&s->request, writer, error);
	g_autofree char *folder = suite ? g_dir_make_tmp("abide-held-XXXXXX", error) : NULL;

	if (folder == NULL)
		return NULL;
	gboolean good = assign(suite, s, folder, changes, error);
	generation_remove_tree(folder, NULL);
	return good ? g_steal_pointer(&suite) : NULL;
}
