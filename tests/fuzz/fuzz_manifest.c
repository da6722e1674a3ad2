/* Fuzzes abide.yaml: reading and expanding it; what reads must have every value that packing relies on. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/stated.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void relations(const struct manifest_list *list)
{
	for (guint i = 0; i < list->n; i++) {
		g_autoptr(relation) r = relation_parse(list->items[i], NULL);
		if (r == NULL)
			continue;
		g_free(relation_deb(r, NULL));
		relation_check_rpm(r, NULL);
	}
}

static void check_stated(const struct stated *stated)
{
	for (int kind = 0; kind < RELATION_KINDS; kind++) {
		relations(&stated->relations[kind]);
		relations(&stated->own->relations[kind]);
	}
	for (guint i = 0; i < stated->n_contents; i++)
		if (stated->contents[i].dst == NULL)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) text = g_bytes_new(data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(manifest) m = manifest_parse("fuzz", text, &error);

	if ((m == NULL) != (error != NULL))
		abort();
	if (m == NULL)
		return 0;
	if (m->name == NULL || m->version == NULL || *m->maintainer == '\0' || *m->description == '\0')
		abort();
	const struct stated main = stated_main(m, PACKAGE_DEB);
	check_stated(&main);
	for (int family = 0; m->library != NULL && family < PACKAGE_FAMILIES; family++) {
		const struct stated development = stated_development(m, family);
		check_stated(&development);
	}
	for (guint i = 0; i < m->deb.fields->len; i++) {
		const struct package_field *f = m->deb.fields->pdata[i];
		if (strpbrk(f->name, "\n:") != NULL || strchr(f->value, '\n') != NULL)
			abort();
	}
	return 0;
}
