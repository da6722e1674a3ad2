/* Loads entities from Cedar's JSON form and refuses a hierarchy with a cycle. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "entities.h"
#include "identifier.h"
#include "json.h"

#include <stdlib.h>
#include <string.h>

/* key, type and id are what is being read now; a uid is put together in type. */
struct loader {
	struct json json;
	struct entities *entities;
	struct buffer key;
	struct buffer type;
	struct buffer id;
	struct warden_error *error;
};

/* The keys that an object may have. */
struct known_keys {
	const char *what;
	const char *names[4];
};

static const struct known_keys entity_keys = {"an entity", {"uid", "attrs", "parents", "tags"}};
static const struct known_keys uid_keys = {"a uid", {"type", "id", "__entity"}};

enum { UID, ATTRS, PARENTS, TAGS };
enum { TYPE, ID, ENTITY };

static bool fail_at(struct loader *l, int code, size_t offset, const char *message)
{
	return error_at(l->error, code, l->json.source, offset, "%s", message);
}

/* Reads a key, tells which of the known it is, and refuses one that is unknown or was seen. */
static bool read_key(struct loader *l, const struct known_keys *known, unsigned *seen, int *which)
{
	size_t offset;

	json_peek(&l->json);
	offset = l->json.at;
	if (!json_key(&l->json, &l->key))
		return false;
	for (int i = 0; i < 4 && known->names[i] != NULL; i++) {
		if (strlen(known->names[i]) != l->key.length ||
		    (l->key.length != 0 &&
		     memcmp(known->names[i], l->key.bytes, l->key.length) != 0))
			continue;
		if (*seen & 1u << i)
			return error_at(l->error, WARDEN_ERROR_DUPLICATE, l->json.source, offset,
					"%s has two keys \"%s\"", known->what, known->names[i]);
		*seen |= 1u << i;
		*which = i;
		return true;
	}
	return error_at(l->error, WARDEN_ERROR_SYNTAX, l->json.source, offset,
			"%s has no key \"%.*s\"", known->what,
			SHOWN(l->key.length != 0 ? l->key.bytes : "", l->key.length));
}

static bool read_type(struct loader *l)
{
	size_t offset;

	json_peek(&l->json);
	offset = l->json.at;
	l->type.length = 0;
	if (!json_string(&l->json, &l->type, "an entity type in quotes"))
		return false;
	if (l->type.length > NAME_LENGTH_MAX)
		return fail_at(l, WARDEN_ERROR_LIMIT, offset, "this entity type is too long");
	if (!type_is_valid(l->type.bytes, l->type.length))
		return error_at(l->error, WARDEN_ERROR_SYNTAX, l->json.source, offset,
				"\"%.*s\" is not an entity type",
				SHOWN(l->type.length != 0 ? l->type.bytes : "", l->type.length));
	return true;
}

static bool read_id(struct loader *l)
{
	size_t offset;

	json_peek(&l->json);
	offset = l->json.at;
	l->id.length = 0;
	if (!json_string(&l->json, &l->id, "an entity id in quotes"))
		return false;
	if (l->id.length > NAME_LENGTH_MAX)
		return fail_at(l, WARDEN_ERROR_LIMIT, offset, "this entity id is too long");
	return true;
}

/* {"type": .., "id": ..}, or the same in {"__entity": ..}, into l->type and l->id. */
static bool read_uid_object(struct loader *l, bool is_inner)
{
	struct json_list list;
	unsigned seen = 0;
	size_t offset;
	int which;
	bool more;

	json_peek(&l->json);
	offset = l->json.at;
	if (!json_open(&l->json, '{', &list, "a uid like {\"type\": \"User\", \"id\": \"alice\"}"))
		return false;
	for (;;) {
		if (!json_more(&l->json, &list, &more))
			return false;
		if (!more)
			break;
		if (!read_key(l, &uid_keys, &seen, &which))
			return false;
		if (which == ENTITY && is_inner)
			return fail_at(l, WARDEN_ERROR_SYNTAX, offset,
				       "\"__entity\" in \"__entity\"");
		if (which == TYPE ? !read_type(l)
		    : which == ID ? !read_id(l)
				  : !read_uid_object(l, true))
			return false;
	}
	if (seen != (1u << TYPE | 1u << ID) && (is_inner || seen != 1u << ENTITY))
		return fail_at(l, WARDEN_ERROR_SYNTAX, offset, "a uid needs \"type\" and \"id\"");
	return true;
}

static bool read_uid(struct loader *l, uint32_t *index)
{
	struct name_key key;

	if (!read_uid_object(l, false))
		return false;
	key.type_length = l->type.length;
	if (!buffer_append(&l->type, l->id.bytes, l->id.length))
		return error_memory(l->error);
	key.bytes = l->type.bytes;
	key.length = l->type.length;
	if (!names_intern(&l->entities->names, &key, index, NULL))
		return error_memory(l->error);
	return true;
}

static bool add_edge(struct loader *l, uint32_t parent)
{
	struct entities *set = l->entities;
	uint32_t *edges =
		memory_grow(set->edges, &set->edge_capacity, set->edge_count + 1, sizeof *edges);

	if (edges == NULL)
		return error_memory(l->error);
	set->edges = edges;
	edges[set->edge_count++] = parent;
	return true;
}

static bool read_parents(struct loader *l)
{
	struct json_list list;
	uint32_t parent;
	bool more;

	if (!json_open(&l->json, '[', &list, "an array of parents"))
		return false;
	for (;;) {
		if (!json_more(&l->json, &list, &more))
			return false;
		if (!more)
			return true;
		if (!read_uid(l, &parent) || !add_edge(l, parent))
			return false;
	}
}

static bool skip_object(struct loader *l)
{
	struct json_list probe;
	struct json json = l->json;

	return json_open(&json, '{', &probe, "an object") && json_skip(&l->json);
}

/* Nodes for all names so far; those that are new are zero. */
static bool make_nodes(struct entities *set, struct warden_error *error)
{
	size_t count = set->names.count;
	struct node *nodes = memory_grow(set->nodes, &set->node_capacity, count, sizeof *nodes);

	if (nodes == NULL)
		return error_memory(error);
	memset(nodes + set->node_count, 0, (count - set->node_count) * sizeof *nodes);
	set->nodes = nodes;
	set->node_count = count;
	return true;
}

static bool fail_with_name(struct loader *l, int code, size_t offset, uint32_t index,
			   const char *message)
{
	struct name_key key = names_get(&l->entities->names, index);
	const char *id = key.bytes + key.type_length;

	return error_at(l->error, code, l->json.source, offset, "%.*s::\"%.*s\" %s",
			SHOWN(key.bytes, key.type_length), SHOWN(id, key.length - key.type_length),
			message);
}

static bool define(struct loader *l, uint32_t index, const struct node *node)
{
	if (!make_nodes(l->entities, l->error))
		return false;
	if (l->entities->nodes[index].place != 0)
		return fail_with_name(l, WARDEN_ERROR_DUPLICATE, node->place - 1, index,
				      "is defined twice");
	l->entities->nodes[index] = *node;
	return true;
}

static bool read_entity(struct loader *l)
{
	struct node node = {.first = (uint32_t)l->entities->edge_count};
	struct json_list list;
	unsigned seen = 0;
	uint32_t uid = NAME_NONE;
	int which;
	bool more, ok;

	json_peek(&l->json);
	node.place = (uint32_t)l->json.at + 1;
	if (!json_open(&l->json, '{', &list, "an entity"))
		return false;
	for (;;) {
		if (!json_more(&l->json, &list, &more))
			return false;
		if (!more)
			break;
		if (!read_key(l, &entity_keys, &seen, &which))
			return false;
		ok = which == UID	? read_uid(l, &uid)
		     : which == PARENTS ? read_parents(l)
					: skip_object(l);
		if (!ok)
			return false;
	}
	if ((seen | 1u << TAGS) != (1u << UID | 1u << ATTRS | 1u << PARENTS | 1u << TAGS))
		return fail_at(l, WARDEN_ERROR_SYNTAX, node.place - 1,
			       "an entity needs \"uid\", \"attrs\" and \"parents\"");
	node.count = (uint32_t)l->entities->edge_count - node.first;
	return define(l, uid, &node);
}

static bool read_all(struct loader *l)
{
	struct json_list list;
	bool more;

	if (!json_open(&l->json, '[', &list, "an array of entities"))
		return false;
	for (;;) {
		if (!json_more(&l->json, &list, &more))
			return false;
		if (!more)
			return json_end(&l->json);
		if (!read_entity(l))
			return false;
	}
}

bool entities_parse(struct entities *entities, const struct source *source,
		    struct warden_error *error)
{
	struct loader l = {
		.json = {.source = source, .error = error},
		.entities = entities,
		.error = error,
	};
	bool ok = read_all(&l);

	free(l.key.bytes);
	free(l.type.bytes);
	free(l.id.bytes);
	return ok;
}

/*
 * Depth-first through the parents, with the path in an array and not on the stack. done[i] counts
 * the edges of node i that were followed. Returns an entity on a cycle, or NAME_NONE.
 */
static uint32_t find_cycle(const struct entities *set, uint32_t *done, uint32_t *path,
			   unsigned char *state)
{
	enum { NEW, ON_PATH, LEFT };

	for (uint32_t root = 0; root < set->node_count; root++) {
		size_t depth = 0;

		if (state[root] != NEW)
			continue;
		path[depth++] = root;
		state[root] = ON_PATH;
		while (depth > 0) {
			uint32_t here = path[depth - 1], parent;
			const struct node *node = &set->nodes[here];

			if (done[here] == node->count) {
				state[here] = LEFT;
				depth--;
				continue;
			}
			parent = set->edges[node->first + done[here]++];
			if (state[parent] == ON_PATH)
				return parent;
			if (state[parent] == NEW) {
				state[parent] = ON_PATH;
				path[depth++] = parent;
			}
		}
	}
	return NAME_NONE;
}

static bool check_cycles(struct entities *set, const struct source *source,
			 struct warden_error *error)
{
	size_t count = set->node_count + 1;
	uint32_t *done = calloc(count, sizeof *done);
	uint32_t *path = memory_array(count, sizeof *path);
	unsigned char *state = calloc(count, 1);
	struct loader l = {.json = {.source = source}, .entities = set, .error = error};
	uint32_t found = NAME_NONE;
	bool ok = done != NULL && path != NULL && state != NULL;

	if (ok)
		found = find_cycle(set, done, path, state);
	else
		error_memory(error);
	if (found != NAME_NONE)
		ok = fail_with_name(&l, WARDEN_ERROR_CYCLE, set->nodes[found].place - 1, found,
				    "is its own ancestor");
	free(done);
	free(path);
	free(state);
	return ok;
}

bool entities_finish(struct entities *entities, const struct source *source,
		     struct warden_error *error)
{
	if (!make_nodes(entities, error))
		return false;
	return entities->edge_count == 0 || check_cycles(entities, source, error);
}

void entities_release(struct entities *entities)
{
	names_release(&entities->names);
	free(entities->nodes);
	free(entities->edges);
}
