/* Pairs as answers that are kept, and what they follow from: see pair_private.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/pair_private.h"

#include <string.h>

void pair_key(const struct bench *b, const struct piece *p, const struct shelf *library, gboolean allowed,
	      const GPtrArray *uses, guint8 key[CACHE_KEY_SIZE])
{
	cache_key *k = cache_key_new("pair");

	cache_key_add(k, p->id);
	cache_key_add(k, library->id);
	cache_key_add(k, allowed ? "allowed" : "disallowed");
	cache_key_add(k, b->waivers_digest);
	for (guint i = 0; i < uses->len; i++) {
		const struct use *u = uses->pdata[i];
		cache_key_add(k, u->file);
		cache_key_add(k, u->soname);
		cache_key_add(k, u->before ? u->before->id : NULL);
		cache_key_add(k, u->before ? u->before->member->entry->path : NULL);
		for (guint n = 0; n < u->names->len; n++)
			cache_key_add(k, u->names->pdata[n]);
		cache_key_add(k, NULL);
	}
	cache_key_end(k, key);
}

GVariant *pair_pack(const struct pair *p)
{
	GVariantBuilder findings;

	g_variant_builder_init(&findings, G_VARIANT_TYPE("a(sssas)"));
	for (guint i = 0; i < p->findings->len; i++) {
		const struct pair_finding *f = p->findings->pdata[i];
		g_variant_builder_add(&findings, "(sss^as)", f->rule, f->subject, f->change, f->symbols);
	}
	return g_variant_new(PAIR_TYPE, p->told, p->linked, (guchar)p->word, p->before ? p->before->path : NULL,
			     p->file, p->soname, p->reason, p->waivers, &findings);
}

static const entry *entry_at(const GPtrArray *shelves, const char *path)
{
	for (guint i = 0; path != NULL && i < shelves->len; i++) {
		const entry *e = ((const struct shelf *)shelves->pdata[i])->member->entry;
		if (strcmp(e->path, path) == 0)
			return e;
	}
	return NULL;
}

gboolean pair_unpack(const GPtrArray *shelves, GVariant *value, struct pair *p)
{
	g_autoptr(GVariantIter) findings = NULL;
	g_autofree char *before = NULL;
	struct pair_finding f;
	guchar word;

	g_variant_get(value, PAIR_TYPE, &p->told, &p->linked, &word, &before, &p->file, &p->soname, &p->reason,
		      &p->waivers, &findings);
	while (g_variant_iter_next(findings, "(sss^as)", &f.rule, &f.subject, &f.change, &f.symbols))
		g_ptr_array_add(p->findings, g_memdup2(&f, sizeof f));
	p->word = MIN(word, USERS_BREAKS);
	p->before = entry_at(shelves, before);
	return before == NULL || p->before != NULL;
}
