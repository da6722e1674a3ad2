/* The gate: see gate.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/gate.h"
#include "inspect/snapshot.h"
#include "judge/law.h"
#include "judge/group.h"
#include "judge/waiver.h"

/* How many findings an error line has room for; `abide judge` shows all. */
#define SHOWN_FINDINGS 3

void gate_free(struct gate *gate)
{
	if (gate == NULL)
		return;
	facts_free(gate->library);
	facts_free(gate->older);
	verdict_free(gate->verdict);
	history_free(gate->history);
	g_free(gate);
}

/* The worst things, one finding for each: a struct may have many. */
static char *first_findings(const struct verdict *verdict)
{
	g_autoptr(GPtrArray) groups = groups_new(verdict);
	GString *out = g_string_new(NULL);
	guint n = 0;

	for (guint i = 0; i < groups->len; i++) {
		const struct group *g = groups->pdata[i];
		const struct verdict_finding *f = group_head(g);
		if (g->word != verdict->word || ++n > SHOWN_FINDINGS)
			continue;
		g_string_append_printf(out, "%s%s: %s", n == 1 ? "" : "; ", f->subject, f->change);
	}
	if (n > SHOWN_FINDINGS)
		g_string_append_printf(out, "; and %u more", n - SHOWN_FINDINGS);
	return g_string_free(out, FALSE);
}

gboolean gate_judge(const struct verdict *verdict, const struct facts *older, const struct facts *newer, GError **error)
{
	g_autofree char *findings = first_findings(verdict);
	g_autoptr(law) law = law_of(verdict);

	if (verdict_is_releasable(verdict) && law->state != LAW_BROKEN)
		return TRUE;
	if (verdict_is_releasable(verdict)) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_ABI, "%s: this release demands %s; it %s",
			    verdict_word_name(verdict->word), law->demands, law->breach);
		return FALSE;
	}
	if (verdict->word == VERDICT_UNKNOWN) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_EVIDENCE,
			    "UNKNOWN: it cannot be told whether %s may replace %s: %s", newer->path, older->path,
			    findings);
		return FALSE;
	}
	g_set_error(error, PACK_ERROR, PACK_ERROR_ABI,
		    "BREAKS: programs built against %s can misbehave with %s: %s; it needs the soname %s", older->path,
		    newer->path, findings,
		    verdict->next_soname == NULL ? "of a new major version" : verdict->next_soname);
	return FALSE;
}

static gboolean has_abi(const struct manifest *m)
{
	return m->library->abi != NULL && *m->library->abi != '\0';
}

static gboolean has_history(const struct manifest *m)
{
	return m->library->history != NULL && *m->library->history != '\0';
}

/* The snapshot that the next release is judged against is in the development package. */
static gboolean makes_development(const struct manifest_library *library)
{
	return !library->held && (library->split == 0 || (library->split & MANIFEST_DEVELOPMENT) != 0);
}

/* The public headers tell which types count, here and in the snapshot. */
static gboolean read_headers(const struct manifest *m, facts_headers **headers, GError **error)
{
	const struct manifest_list *list = &m->library->headers;
	g_autofree const char **paths = g_new0(const char *, list->n + 1);

	for (guint i = 0; i < list->n; i++)
		paths[i] = list->items[i];
	if (list->n == 0 || (!has_abi(m) && !has_history(m) && !makes_development(m->library)))
		return TRUE;
	*headers = facts_headers_read(paths, error);
	return *headers != NULL || manifest_prefix(m, error, "library.headers");
}

static gboolean read_library(struct gate *g, const struct manifest *m, const facts_headers *headers, GError **error)
{
	g_autofree char *stem = NULL, *version = NULL;
	const char *soname;

	if (snapshot_is(m->library->file)) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT,
			    "%s: an ABI snapshot; name the library that is to be packed", m->library->file);
		return manifest_prefix(m, error, "library.file");
	}
	g->library = facts_read(m->library->file, &(struct facts_sources){.headers = headers}, error);
	if (g->library == NULL)
		return manifest_prefix(m, error, "library.file");
	soname = g->library->soname;
	if (soname == NULL || !names_soname_split(soname, &stem, &version)) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT,
			    "%s: %s; link it with -Wl,-soname,%s.so.1 so that programs know which ABI they need",
			    m->library->file, soname == NULL ? "has no soname" : "its soname has no .so in it",
			    m->name);
		return manifest_prefix(m, error, "library.file");
	}
	return TRUE;
}

static gboolean apply_waivers(struct verdict *verdict, const struct manifest *m, const GDate *today, GError **error)
{
	g_autoptr(waivers) w = NULL;

	if (m->library->waivers == NULL || *m->library->waivers == '\0')
		return TRUE;
	w = waivers_read(m->library->waivers, error);
	if (w == NULL)
		return manifest_prefix(m, error, "library.waivers");
	waivers_apply(w, verdict, today, TRUE);
	return TRUE;
}

/* What the manifest calls this release, as the packages will be called. Caller frees. */
static char *claim_of(const struct manifest *m)
{
	gboolean has_epoch = m->epoch != NULL && *m->epoch != '\0', has_release = m->release != NULL && *m->release != '\0';

	return g_strconcat(has_epoch ? m->epoch : "", has_epoch ? ":" : "", m->version, has_release ? "-" : "",
			   has_release ? m->release : "", NULL);
}

/* A version that is recorded already is packed again only as it was. */
static gboolean check_recorded(const struct gate *g, const struct manifest *m, GError **error)
{
	const struct history_release *r = history_at(g->history, m->version);
	g_autoptr(verdict) v = r == NULL ? NULL : verdict_new(r->facts, g->library);

	if (v == NULL || v->word == VERDICT_SAME)
		return TRUE;
	if (v->word == VERDICT_UNKNOWN)
		return gate_judge(v, r->facts, g->library, error);
	g_autofree char *findings = first_findings(v);
	g_set_error(error, PACK_ERROR, PACK_ERROR_ABI,
		    "%s says that %s is released with another interface (%s: %s); give this one a version of its own",
		    r->path, r->version, verdict_word_name(v->word), findings);
	return FALSE;
}

static gboolean read_history(struct gate *g, const struct manifest *m, GError **error)
{
	if (!has_history(m))
		return TRUE;
	g->history = history_read(m->library->history, g->library->soname, error);
	if (g->history == NULL)
		return manifest_prefix(m, error, "library.history");
	if (!history_check(g->history, m->version, error))
		return manifest_prefix(m, error, "version");
	return check_recorded(g, m, error) || manifest_prefix(m, error, "library.history");
}

/* The release before. */
struct previous {
	const char *path;    /* NULL when this is the first */
	const char *version; /* as the history has it, or NULL */
	const char *key;     /* of the manifest, that names it */
};

static struct previous previous_release(const struct gate *g, const struct manifest *m)
{
	const struct history_release *r = g->history != NULL && !has_abi(m) ? history_before(g->history, m->version) : NULL;

	if (has_abi(m))
		return (struct previous){m->library->abi, NULL, "library.abi"};
	return (struct previous){r ? r->path : NULL, r ? r->version : NULL, "library.history"};
}

static gboolean judge_library(struct gate *g, const struct manifest *m, const facts_headers *headers,
			      const GDate *today, GError **error)
{
	const struct previous previous = previous_release(g, m);

	if (previous.path == NULL)
		return TRUE;
	g->older = facts_read(previous.path, &(struct facts_sources){.headers = headers}, error);
	if (g->older == NULL)
		return manifest_prefix(m, error, previous.key);
	if (g_strcmp0(g->older->soname, g->library->soname) != 0) {
		g_clear_pointer(&g->older, facts_free);
		return TRUE;
	}
	g->verdict = verdict_new(g->older, g->library);
	g_autofree char *claim = claim_of(m);
	verdict_claim(g->verdict, claim);
	if (g->verdict->older_version == NULL)
		g->verdict->older_version = g_strdup(previous.version);
	if (!apply_waivers(g->verdict, m, today, error))
		return FALSE;
	return gate_judge(g->verdict, g->older, g->library, error) || manifest_prefix(m, error, previous.key);
}

struct gate *gate_pass(const struct manifest *manifest, const GDate *today, GError **error)
{
	g_autoptr(gate) g = g_new0(struct gate, 1);
	g_autoptr(facts_headers) headers = NULL;

	if (!read_headers(manifest, &headers, error) || !read_library(g, manifest, headers, error))
		return NULL;
	if (!read_history(g, manifest, error) || !judge_library(g, manifest, headers, today, error))
		return NULL;
	return g_steal_pointer(&g);
}
