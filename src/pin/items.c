/* Channels as lists of items, and lists compared: see items.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/items.h"

#include <string.h>

void channel_item_free(struct channel_item *item)
{
	if (item == NULL)
		return;
	g_free(item->what);
	g_free(item->value);
	g_free(item->remark);
	g_free(item);
}

/* Takes what and value over. */
static struct channel_item *item_new(char *what, char *value, const char *reason, const char *author)
{
	struct channel_item *item = g_new(struct channel_item, 1);

	*item = (struct channel_item){what, g_strstrip(value),
				      g_strdup_printf("%s\n%s", reason ? reason : "", author ? author : "")};
	return item;
}

struct channel_item *channel_item_new(const char *what, const char *value)
{
	return item_new(g_strdup(what), g_strdup(value), NULL, NULL);
}

static char *until_words(const char *until)
{
	return until != NULL ? g_strdup_printf(" until %s", until) : g_strdup("");
}

struct channel_item *channel_item_of_pin(const struct channel_pin *pin)
{
	g_autofree char *until = until_words(pin->until);

	return item_new(g_strdup_printf("package %s", pin->name), g_strconcat(pin->version, until, NULL), pin->reason,
			pin->author);
}

struct channel_item *channel_item_of_service(const char *class, const struct channel_service *service)
{
	g_autofree char *until = until_words(service->until);
	g_autofree char *usual = g_strconcat(service->name, ".service", NULL);
	gboolean named = service->unit != NULL && strcmp(service->unit, usual) != 0;

	return item_new(g_strdup_printf("service %s/%s", class, service->name),
			g_strconcat(service->version ? service->version : CHANNEL_ANY, named ? " unit " : "",
				    named ? service->unit : "", until, NULL),
			service->reason, service->author);
}

struct channel_item *channel_item_of_host(const struct channel_host *host)
{
	return item_new(g_strdup_printf("class %s", host->class),
			g_strconcat(host->base ? "base " : "", host->base ? host->base : "", host->installed ? " installed " : "",
				    host->installed ? host->installed : "", NULL),
			NULL, NULL);
}

struct channel_item *channel_item_of_held(const struct channel_held *held)
{
	g_autofree char *until = until_words(held->until);

	return item_new(g_strdup_printf("held %s/%s", held->service, held->package), g_strconcat(held->version, until, NULL),
			held->reason, held->author);
}

static gint by_what(gconstpointer a, gconstpointer b)
{
	return strcmp((*(const struct channel_item *const *)a)->what, (*(const struct channel_item *const *)b)->what);
}

GPtrArray *channel_items(const struct channel *c)
{
	GPtrArray *items = g_ptr_array_new_with_free_func((GDestroyNotify)channel_item_free);
	g_autofree char *restart = c->n_restart > 0 ? g_strdup(c->restart[0]) : NULL;

	for (guint i = 1; i < c->n_restart; i++) {
		g_autofree char *before = restart;
		restart = g_strjoin(" ", before, c->restart[i], NULL);
	}
	if (c->suite != NULL)
		g_ptr_array_add(items, item_new(g_strdup("suite"), g_strdup(c->suite), NULL, NULL));
	if (c->others == CHANNEL_OTHERS_DENY)
		g_ptr_array_add(items, item_new(g_strdup("others"), g_strdup("deny"), NULL, NULL));
	if (restart != NULL)
		g_ptr_array_add(items, item_new(g_strdup("restart"), g_steal_pointer(&restart), NULL, NULL));
	for (guint i = 0; i < c->n_pins; i++)
		g_ptr_array_add(items, channel_item_of_pin(&c->pins[i]));
	for (guint i = 0; i < c->n_held; i++)
		g_ptr_array_add(items, channel_item_of_held(&c->held[i]));
	for (guint i = 0; i < c->n_hosts; i++) {
		g_ptr_array_add(items, channel_item_of_host(&c->hosts[i]));
		for (guint k = 0; k < c->hosts[i].n_services; k++)
			g_ptr_array_add(items, channel_item_of_service(c->hosts[i].class, &c->hosts[i].services[k]));
	}
	g_ptr_array_sort(items, by_what);
	return items;
}

gboolean channel_item_same(const struct channel_item *a, const struct channel_item *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a->what, b->what) == 0 && strcmp(a->value, b->value) == 0 &&
			  strcmp(a->remark, b->remark) == 0);
}

const struct channel_item *channel_item_find(const GPtrArray *items, const char *what)
{
	guint low = 0, high = items->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;
		const struct channel_item *item = items->pdata[middle];
		int order = strcmp(what, item->what);
		if (order == 0)
			return item;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

struct channel_difference *channel_difference_new(const char *what, const char *from, const char *to)
{
	struct channel_difference *d = g_new(struct channel_difference, 1);

	*d = (struct channel_difference){g_strdup(what), g_strdup(from), g_strdup(to)};
	return d;
}

void channel_difference_free(struct channel_difference *d)
{
	if (d == NULL)
		return;
	g_free(d->what);
	g_free(d->from);
	g_free(d->to);
	g_free(d);
}

GPtrArray *channel_differences(const GPtrArray *from, const GPtrArray *to)
{
	GPtrArray *out = g_ptr_array_new_with_free_func((GDestroyNotify)channel_difference_free);
	guint i = 0, k = 0;

	while (i < from->len || k < to->len) {
		const struct channel_item *a = i < from->len ? from->pdata[i] : NULL;
		const struct channel_item *b = k < to->len ? to->pdata[k] : NULL;
		int order = a == NULL ? 1 : b == NULL ? -1 : strcmp(a->what, b->what);
		if (order != 0 || strcmp(a->value, b->value) != 0)
			g_ptr_array_add(out, channel_difference_new(order <= 0 ? a->what : b->what, order <= 0 ? a->value : NULL,
								    order >= 0 ? b->value : NULL));
		i += order <= 0;
		k += order >= 0;
	}
	return out;
}
