/* What a manifest states of one package: see stated.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/stated.h"

static const char *const relation_keys[] = {
	[RELATION_DEPENDS] = "depends",		  [RELATION_RECOMMENDS] = "recommends",
	[RELATION_SUGGESTS] = "suggests",	  [RELATION_CONFLICTS] = "conflicts",
	[RELATION_REPLACES] = "replaces",	  [RELATION_PROVIDES] = "provides",
	[RELATION_PREDEPENDS] = "deb.predepends", [RELATION_BREAKS] = "deb.breaks",
};

struct stated stated_main(const struct manifest *m, enum package_family family)
{
	return (struct stated){m, "", m->relations, m->contents, m->n_contents, family, &m->overrides[family]};
}

struct stated stated_development(const struct manifest *m, enum package_family family)
{
	static const struct manifest_development nothing = {0};
	const struct manifest_development *d = m->library->dev == NULL ? &nothing : m->library->dev;

	return (struct stated){m,		"library.dev.", d->relations,	      d->contents,
			       d->n_contents, family,		&d->overrides[family]};
}

char *stated_key(const struct stated *stated, gboolean own, const char *key)
{
	return g_strconcat(stated->place, own ? "overrides." : "", !own ? "" : stated->family == PACKAGE_DEB ? "deb." : "rpm.",
			   key, NULL);
}

/* The list of one kind, and the key that it stands at; a family's own takes the place of the whole, as in nfpm. */
static const struct manifest_list *relations_of(const struct stated *s, enum relation_kind kind, char **key)
{
	static const struct manifest_list none = {0};
	const struct manifest_list *own = &s->own->relations[kind];

	if (kind == RELATION_PREDEPENDS || kind == RELATION_BREAKS) {
		*key = g_strdup(relation_keys[kind]);
		if (s->family != PACKAGE_DEB || *s->place != '\0')
			return &none;
		return kind == RELATION_BREAKS ? &s->manifest->deb.breaks : &s->manifest->deb.predepends;
	}
	*key = stated_key(s, own->n > 0, relation_keys[kind]);
	return own->n > 0 ? own : &s->relations[kind];
}

/* What a kind of relation cannot be. */
static gboolean check_relation(const struct relation *r, enum relation_kind kind, GError **error)
{
	const char *why = NULL;

	if (r->alternative != NULL && kind != RELATION_DEPENDS && kind != RELATION_PREDEPENDS &&
	    kind != RELATION_RECOMMENDS && kind != RELATION_SUGGESTS)
		why = "has no alternatives: name one package in each line";
	else if (kind == RELATION_PROVIDES && r->op != RELATION_ANY && r->op != RELATION_EQUAL)
		why = "provides no range of versions: write 'NAME (= VERSION)'";
	if (why == NULL)
		return TRUE;
	g_set_error(error, PACK_ERROR, PACK_ERROR_MANIFEST, "'%s': a package %s", r->name, why);
	return FALSE;
}

gboolean stated_relations(struct package *package, const struct stated *stated, GError **error)
{
	for (int kind = 0; kind < RELATION_KINDS; kind++) {
		g_autofree char *key = NULL;
		const struct manifest_list *list = relations_of(stated, kind, &key);
		for (guint i = 0; i < list->n; i++) {
			g_autoptr(relation) r = relation_parse(list->items[i], error);
			if (r == NULL || !check_relation(r, kind, error)) {
				g_autofree char *place = g_strdup_printf("%s[%u]", key, i);
				return manifest_prefix(stated->manifest, error, place);
			}
			g_ptr_array_add(package->relations[kind], g_steal_pointer(&r));
		}
	}
	return TRUE;
}
