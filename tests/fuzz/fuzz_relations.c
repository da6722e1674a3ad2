/* Hostile records of packages: their names and versions are texts of bounded size, and every package finds its links. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/links.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void examine(const struct relations_name *name, gpointer user)
{
	g_assert(*name->name != '\0' && (name->op == RELATION_ANY) == (name->version == NULL));
	if (name->version != NULL)
		((const struct family *)user)->compare(name->version, "1.0");
}

/* Three packages with one record; the middle one arrives, the last one leaves. */
static void find_links(const struct family *family, char *record)
{
	entry entries[] = {
		{.family = family, .name = (char *)"a", .version = (char *)"1", .arch = (char *)"x", .path = (char *)"1"},
		{.family = family, .name = (char *)"b", .version = (char *)"2", .arch = (char *)"x", .path = (char *)"2"},
		{.family = family, .name = (char *)"b", .version = (char *)"3", .arch = (char *)"x", .path = (char *)"3"},
	};
	g_autoptr(GPtrArray) members = members_new();

	for (gsize i = 0; i < G_N_ELEMENTS(entries); i++) {
		entries[i].record[0] = record;
		members_add(members, &entries[i], "", i == 1 ? MEMBER_ARRIVES : i == 2 ? MEMBER_LEAVES : MEMBER_STAYS);
	}
	members_sort(members);
	g_ptr_array_unref(links_find(members));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *record = g_strndup((const char *)data, size);
	g_autofree char *exact = g_memdup2(data, size);

	for (gsize i = 0; families[i] != NULL; i++) {
		families[i]->relations(exact, size, RELATIONS_NEEDS, examine, (gpointer)families[i]);
		families[i]->relations(exact, size, RELATIONS_PROVIDES, examine, (gpointer)families[i]);
		find_links(families[i], record);
	}
	return 0;
}
