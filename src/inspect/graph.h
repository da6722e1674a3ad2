/* The graph of named types that exports reach, built from DWARF as it is walked. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_GRAPH_H
#define INSPECT_GRAPH_H

#include "inspect/facts.h"
#include "inspect/scopes.h"

#include <elfutils/libdw.h>

/*
 * A node is one named struct, union or enumeration, whichever unit it is read from; the shapes of its members name the
 * nodes that they lead to. The graph is built lazily, from the exports down, so that types which no caller can reach cost
 * nothing.
 */
struct graph_node {
	const char *name; /* as facts_type has it; owned by the facts */
	guint64 size;
	guint alignment;
	GArray *members;     /* struct facts_member */
	GArray *enumerators; /* struct facts_enumerator */
	struct facts_class *class; /* NULL in C */
	Dwarf_Die die;       /* where its members are read */
};

struct graph;

/*
 * graph_new: an empty graph over DWARF, of which it notes the scopes.
 *
 * facts: owns the strings. headers: as for facts_read.
 */
struct graph *graph_new(struct facts *facts, Dwarf *dwarf, const struct facts_headers *headers);
void graph_free(struct graph *graph);
typedef struct graph graph;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(graph, graph_free)

/*
 * graph_note: take notice of what stands at file scope, to know the complete definition of a type that another unit only
 * declares. Every DIE that units_visit shows comes by here, before graph_shape is asked.
 */
void graph_note(struct graph *graph, Dwarf_Die *die);

/* graph_has_types: does the debug information hold types at all? -g1 leaves them out. */
gboolean graph_has_types(const struct graph *graph);

/*
 * graph_shape: append the shape of a function (or DW_TAG_subroutine_type), or of what has a type, such as a variable or a
 * base class.
 *
 * definition: of a function, what may name the result where the declaration says only `auto`; or the declaration itself.
 */
void graph_shape(struct graph *graph, GString *shape, Dwarf_Die *declaration, Dwarf_Die *definition);

/* graph_scopes: where DIEs stand. Owned by the graph. */
const struct scopes *graph_scopes(const struct graph *graph);

/* graph_take: take in a type itself: a named struct, union or enumeration, or a typedef of one without a name. */
void graph_take(struct graph *graph, Dwarf_Die *type);
/*
 * graph_add: let the type of this name ("struct NAME", or a typedef's of one without a tag) be a node, when the debug
 * information completes it.
 */
void graph_add(struct graph *graph, const char *name);

/* graph_enumerator_value: of a DW_TAG_enumerator. */
gint64 graph_enumerator_value(Dwarf_Die *enumerator);

/* graph_nodes: all nodes (struct graph_node *), filled in with members and enumerators. Owned by the graph. */
GPtrArray *graph_nodes(struct graph *graph);

#endif
