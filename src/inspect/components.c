/* Strongly connected components: see components.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/components.h"
#include "inspect/reach.h"

#define NONE G_MAXUINT

/* A type whose edges are being followed. */
struct frame {
	guint type, next_edge;
};

struct search {
	struct components *c;
	guint *order, *low; /* per type: when it was met; the earliest that it leads back to */
	guint counter;
	GArray *open;  /* guint: met, and not yet in a component */
	GArray *calls; /* struct frame */
};

static void enter(struct search *s, guint type)
{
	struct frame frame = {.type = type};

	s->order[type] = s->low[type] = s->counter++;
	g_array_append_val(s->open, type);
	g_array_append_val(s->calls, frame);
}

/* A type that leads back to nothing before itself closes a component: itself and all that was met since. */
static void close_component(struct search *s, guint type)
{
	struct components *c = s->c;
	guint last;

	do {
		last = g_array_index(s->open, guint, s->open->len - 1);
		g_array_set_size(s->open, s->open->len - 1);
		c->of[last] = c->n;
		g_array_append_val(c->members, last);
	} while (last != type);
	g_array_append_val(c->starts, c->members->len);
	c->n++;
}

static void leave(struct search *s, guint type)
{
	if (s->low[type] == s->order[type])
		close_component(s, type);
	g_array_set_size(s->calls, s->calls->len - 1);
	if (s->calls->len == 0)
		return;
	guint parent = g_array_index(s->calls, struct frame, s->calls->len - 1).type;
	s->low[parent] = MIN(s->low[parent], s->low[type]);
}

static void search_from(struct search *s, guint type)
{
	enter(s, type);
	while (s->calls->len > 0) {
		struct frame *f = &g_array_index(s->calls, struct frame, s->calls->len - 1);
		const GArray *edges = s->c->edges[f->type];
		if (f->next_edge == edges->len) {
			leave(s, f->type);
			continue;
		}
		guint from = f->type, to = g_array_index(edges, guint, f->next_edge++);
		if (s->order[to] == NONE)
			enter(s, to);
		else if (s->c->of[to] == NONE)
			s->low[from] = MIN(s->low[from], s->order[to]);
	}
}

struct components components_find(const struct facts *facts)
{
	guint n = facts->n_types, zero = 0;
	struct components c = {
		.of = g_new(guint, n),
		.starts = g_array_new(FALSE, FALSE, sizeof(guint)),
		.members = g_array_new(FALSE, FALSE, sizeof(guint)),
		.edges = g_new0(GArray *, n),
		.n_types = n,
	};
	g_autofree guint *order = g_new(guint, n), *low = g_new(guint, n);
	g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(guint));
	g_autoptr(GArray) calls = g_array_new(FALSE, FALSE, sizeof(struct frame));
	struct search s = {.c = &c, .order = order, .low = low, .open = open, .calls = calls};

	g_array_append_val(c.starts, zero);
	for (guint i = 0; i < n; i++) {
		order[i] = c.of[i] = NONE;
		c.edges[i] = g_array_new(FALSE, FALSE, sizeof(guint));
		reach_edges(c.edges[i], facts, i);
	}
	for (guint i = 0; i < n; i++)
		if (order[i] == NONE)
			search_from(&s, i);
	return c;
}

void components_clear(struct components *c)
{
	for (guint i = 0; i < c->n_types; i++)
		g_array_unref(c->edges[i]);
	g_free(c->edges);
	g_free(c->of);
	g_array_unref(c->starts);
	g_array_unref(c->members);
}
