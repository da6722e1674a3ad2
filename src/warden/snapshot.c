/* Loads a snapshot from two texts, and counts its users. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot.h"
#include "utf8.h"

#include <stdlib.h>

static bool check_text(const struct source *source, struct warden_error *error)
{
	size_t valid;

	if (source->length > TEXT_LENGTH_MAX)
		return error_set(error, WARDEN_ERROR_LIMIT, "%.*s: larger than %u bytes", 160,
				 source->name, TEXT_LENGTH_MAX);
	valid = utf8_valid(source->bytes, source->length);
	if (valid != source->length)
		return error_at(error, WARDEN_ERROR_ENCODING, source, valid,
				"not UTF-8: byte 0x%02x", (unsigned char)source->bytes[valid]);
	return true;
}

static bool load(struct snapshot *s, const struct source *policies, const struct source *entities,
		 struct warden_error *error)
{
	uint32_t named;

	names_seed(&s->policies.ids);
	names_seed(&s->entities.names);
	if (!check_text(policies, error) ||
	    !policies_parse(&s->policies, &s->entities.names, policies, error))
		return false;
	named = (uint32_t)s->entities.names.count;
	if (entities != NULL &&
	    (!check_text(entities, error) || !entities_parse(&s->entities, entities, error)))
		return false;
	return entities_finish(&s->entities, entities, error) &&
	       index_build(&s->index, &s->policies, named, error);
}

struct snapshot *snapshot_load(const struct source *policies, const struct source *entities,
			       struct warden_error *error)
{
	struct snapshot *s = calloc(1, sizeof *s);

	if (s == NULL) {
		error_memory(error);
		return NULL;
	}
	atomic_init(&s->references, 1);
	if (!load(s, policies, entities, error)) {
		snapshot_unref(s);
		return NULL;
	}
	return s;
}

struct snapshot *snapshot_ref(struct snapshot *snapshot)
{
	atomic_fetch_add_explicit(&snapshot->references, 1, memory_order_relaxed);
	return snapshot;
}

void snapshot_unref(struct snapshot *snapshot)
{
	if (snapshot == NULL ||
	    atomic_fetch_sub_explicit(&snapshot->references, 1, memory_order_acq_rel) != 1)
		return;
	policies_release(&snapshot->policies);
	entities_release(&snapshot->entities);
	index_release(&snapshot->index);
	free(snapshot);
}
