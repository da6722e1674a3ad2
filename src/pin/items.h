/* A channel as a flat list of what it says, by which two channels, or one at two times, are compared. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_ITEMS_H
#define PIN_ITEMS_H

#include "pin/channel.h"

/*
 * One thing that a channel says. Both texts are one line without control characters.
 *
 *     package libwarden1       1.0.* until 2027-01-31
 *     service web/demo-ask     1.0-1 unit ask.service
 *     class web                base debian-12
 *     held demo-ask/libwarden1 1.0.1-1
 *     others                   deny
 *     restart                  gate audit
 *     suite                    stable
 */
struct channel_item {
	char *what;  /* never empty; a kind, and behind a space, where a channel has more than one of them, which one */
	char *value; /* never empty */
	char *remark; /* reason and author; compared only where that is said */
};
void channel_item_free(struct channel_item *item);

/* channel_item_new: one without a remark; the texts are copied. */
struct channel_item *channel_item_new(const char *what, const char *value);

/* channel_items: everything that a channel says, sorted by what. Returns struct channel_item *, owned by the array. */
GPtrArray *channel_items(const struct channel *channel);

/* Single items: of a pin, a service of a class, a class, something held. Caller frees with channel_item_free. */
struct channel_item *channel_item_of_pin(const struct channel_pin *pin);
struct channel_item *channel_item_of_service(const char *class, const struct channel_service *service);
struct channel_item *channel_item_of_host(const struct channel_host *host);
struct channel_item *channel_item_of_held(const struct channel_held *held);

/* channel_item_same: the same, with reason and author; either may be NULL. */
gboolean channel_item_same(const struct channel_item *a, const struct channel_item *b);

/* channel_item_find: the item of that name in a sorted list, or NULL. */
const struct channel_item *channel_item_find(const GPtrArray *items, const char *what);

/* What is said differently. */
struct channel_difference {
	char *what;
	char *from, *to; /* NULL: not said; never both */
};
struct channel_difference *channel_difference_new(const char *what, const char *from, const char *to);
void channel_difference_free(struct channel_difference *difference);

/*
 * channel_differences: in what two sorted lists differ, sorted by what; reasons and authors do not count.
 *
 * Returns struct channel_difference *, owned by the array.
 */
GPtrArray *channel_differences(const GPtrArray *from, const GPtrArray *to);

#endif
