/* Publications that change a suite's list without new files: see publication.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/chain.h"
#include "publish/departure.h"
#include "publish/selector.h"
#include "publish/transaction.h"

#include <string.h>

gboolean publication_select(const publication *p, const char *what, GPtrArray *found, GError **error)
{
	g_auto(selector) s = selector_parse(what);
	guint before = found->len;

	for (guint i = 0; i < p->packages->len; i++) {
		entry *e = p->packages->pdata[i];
		if (selector_matches(&s, e->name, e->version, e->arch))
			g_ptr_array_add(found, e);
	}
	if (found->len > before)
		return TRUE;
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT,
		    "%s: suite %s has no such package; abide publish list shows those it has", what,
		    p->site.settings->suite);
	return FALSE;
}

gboolean publication_remove(publication *p, char *const *what, const struct publication_gate *gate, struct users **judged,
			    GError **error)
{
	g_autoptr(transaction) t = transaction_new(p, "remove");
	g_autoptr(GPtrArray) found = g_ptr_array_new(), none = g_ptr_array_new();

	*judged = NULL;
	if (!publication_load_all(p, error))
		return FALSE;
	for (; *what != NULL; what++)
		if (!publication_select(p, *what, found, error))
			return FALSE;
	for (guint i = 0; i < found->len; i++)
		transaction_remove(t, found->pdata[i]);
	return departure_pass(p, t, none, gate, "remove with it the programs that need it", judged, error) &&
	       transaction_publish(t, error);
}

static gboolean unstage(struct state *next, const char *what)
{
	g_auto(selector) s = selector_parse(what);
	guint before = next->staged->len;

	for (guint i = before; i > 0; i--) {
		const struct state_item *item = next->staged->pdata[i - 1];
		if (selector_matches(&s, item->name, item->version, item->arch))
			g_ptr_array_remove_index(next->staged, i - 1);
	}
	return next->staged->len < before;
}

gboolean publication_unstage(publication *p, char *const *what, GError **error)
{
	g_autoptr(transaction) t = transaction_new(p, "unstage");

	for (; *what != NULL; what++) {
		if (unstage(transaction_state(t), *what))
			continue;
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT,
			    "%s: no such package in the stage of suite %s; abide publish list --stage shows what waits", *what,
			    p->site.settings->suite);
		return FALSE;
	}
	return transaction_publish(t, error);
}

/* ---- rollback ---- */

/* A package of an earlier state, from its file in the pool, which must still be the one that was published. */
static entry *read_again(const publication *p, const struct state_item *item, GError **error)
{
	g_autofree char *path = g_build_filename(p->site.dir, item->path, NULL);
	g_autoptr(intake) in = intake_open(path, NULL, error);
	g_autoptr(entry) e = in ? item->family->read(&p->site, in, path, error) : NULL;

	if (e == NULL || (strcmp(e->sha256, item->sha256) == 0 && strcmp(e->path, item->path) == 0))
		return g_steal_pointer(&e);
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
		    "%s: its SHA-256 is %s, the state says %s; it was changed behind abide's back", path, e->sha256,
		    item->sha256);
	return NULL;
}

/* What the earlier state had and the present one has not; RETURNING receives it, borrowed from the transaction. */
static gboolean bring_back(transaction *t, const publication *p, GHashTable *earlier, GPtrArray *returning, GError **error)
{
	GHashTableIter iter;
	gpointer path, item;

	g_hash_table_iter_init(&iter, earlier);
	while (g_hash_table_iter_next(&iter, &path, &item)) {
		if (transaction_find(t, path) != NULL)
			continue;
		entry *e = read_again(p, item, error);
		if (e == NULL)
			return FALSE;
		transaction_add(t, e, NULL);
		g_ptr_array_add(returning, e);
	}
	return TRUE;
}

/* What the present state has and the earlier one had not. Returns how many. */
static guint take_away(transaction *t, const publication *p, GHashTable *earlier)
{
	guint n = 0;

	for (guint i = 0; i < p->packages->len; i++) {
		const entry *e = p->packages->pdata[i];
		if (g_hash_table_contains(earlier, e->path))
			continue;
		transaction_remove(t, e);
		n++;
	}
	return n;
}

gboolean publication_rollback(publication *p, guint64 number, const struct publication_gate *gate, struct users **judged,
			      GError **error)
{
	g_autoptr(transaction) t = transaction_new(p, "rollback");
	g_autoptr(GPtrArray) returning = g_ptr_array_new();

	*judged = NULL;
	if (!publication_load_all(p, error))
		return FALSE;
	g_autoptr(GHashTable) earlier = chain_packages(p, number, error);
	if (earlier == NULL)
		return FALSE;
	guint leaving = take_away(t, p, earlier);
	if (!bring_back(t, p, earlier, returning, error))
		return FALSE;
	transaction_state(t)->returns_to = number;
	if (leaving > 0 || returning->len > 0)
		return departure_pass(p, t, returning, gate, "go back to another state", judged, error) &&
		       transaction_publish(t, error);
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT,
		    "%s: suite %s has the packages of state %" G_GUINT64_FORMAT " already", p->site.dir,
		    p->site.settings->suite, number);
	return FALSE;
}
