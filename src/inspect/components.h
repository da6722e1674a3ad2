/* The strongly connected components of the graph of types. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_COMPONENTS_H
#define INSPECT_COMPONENTS_H

#include "inspect/facts.h"

/*
 * Component c has the types members[starts[c]] to members[starts[c + 1] - 1]. A component comes after all components
 * that it leads to.
 */
struct components {
	guint n;
	guint *of;      /* per type: its component */
	GArray *starts; /* guint, n + 1 of them */
	GArray *members; /* guint: types */
	GArray **edges;  /* per type: the types that its members mention */
	guint n_types;
};

/* components_find: Tarjan's algorithm, without recursion: types are chained as far as the input likes. */
struct components components_find(const struct facts *facts);
void components_clear(struct components *c);
typedef struct components components;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(components, components_clear)

#endif
