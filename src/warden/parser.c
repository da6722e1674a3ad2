/* Parses Cedar policies (docs.cedarpolicy.com/policies/syntax-grammar.html). */
/* SPDX-License-Identifier: Apache-2.0 */
#include "identifier.h"
#include "lexer.h"
#include "policies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const place_names[PLACES] = {"principal", "action", "resource"};

/*
 * annotations  the annotation names seen, each behind the number of its policy: finds duplicates.
 * text         the name that is being put together.
 * id           the value of @id of the policy that is being read, and where it stands.
 */
struct parser {
	struct lexer lexer;
	struct policies *policies;
	struct names *entities;
	struct names annotations;
	struct buffer text;
	struct buffer id;
	bool has_id;
	size_t id_offset;
	struct warden_error *error;
};

static bool fail_here(struct parser *p, int code, const char *message)
{
	return error_at(p->error, code, p->lexer.source, p->lexer.token.offset, "%s", message);
}

static bool fail_expected(struct parser *p, const char *expected)
{
	size_t length;
	const char *found = lexer_describe(&p->lexer, &length);
	const char *quote = p->lexer.token.kind == TOKEN_END ? "" : "'";

	return error_at(p->error, WARDEN_ERROR_SYNTAX, p->lexer.source, p->lexer.token.offset,
			"expected %s, found %s%.*s%s", expected, quote, SHOWN(found, length),
			quote);
}

static bool take(struct parser *p, int kind, const char *expected)
{
	if (p->lexer.token.kind != kind)
		return fail_expected(p, expected);
	return lexer_next(&p->lexer);
}

static bool append_token(struct parser *p, const struct token *token)
{
	if (!buffer_append(&p->text, p->lexer.source->bytes + token->offset, token->length))
		return error_memory(p->error);
	return true;
}

static bool check_length(struct parser *p, size_t offset, size_t length)
{
	if (length > NAME_LENGTH_MAX)
		return error_at(p->error, WARDEN_ERROR_LIMIT, p->lexer.source, offset,
				"longer than %d bytes", NAME_LENGTH_MAX);
	return true;
}

/* The type of an entity into p->text, up to and with the "::" before the id. */
static bool read_type(struct parser *p)
{
	p->text.length = 0;
	for (;;) {
		struct token name = p->lexer.token;
		const char *bytes = p->lexer.source->bytes + name.offset;

		if (name.kind != TOKEN_NAME)
			return fail_expected(p, "an entity like Type::\"id\"");
		if (identifier_is_reserved(bytes, name.length))
			return error_at(p->error, WARDEN_ERROR_SYNTAX, p->lexer.source, name.offset,
					"'%.*s' is reserved and cannot be part of an entity type",
					SHOWN(bytes, name.length));
		if (!append_token(p, &name) || !lexer_next(&p->lexer) ||
		    !take(p, TOKEN_PATH, "'::'"))
			return false;
		if (p->lexer.token.kind == TOKEN_STRING)
			return true;
		if (!buffer_append(&p->text, "::", 2))
			return error_memory(p->error);
	}
}

static bool add_target(struct parser *p, const struct name_key *key)
{
	struct policies *set = p->policies;
	uint32_t *targets = memory_grow(set->targets, &set->target_capacity, set->target_count + 1,
					sizeof *targets);

	if (targets == NULL)
		return error_memory(p->error);
	set->targets = targets;
	if (!names_intern(p->entities, key, &targets[set->target_count], NULL))
		return error_memory(p->error);
	set->target_count++;
	return true;
}

static bool is_template_slot(const struct parser *p, enum place place)
{
	const struct token *token = &p->lexer.token;
	const char *name = place_names[place];

	return token->kind == TOKEN_SLOT && place != ACTION && token->length == strlen(name) + 1 &&
	       memcmp(p->lexer.source->bytes + token->offset + 1, name, token->length - 1) == 0;
}

/* Type::"id" becomes one more target. */
static bool parse_entity(struct parser *p, enum place place)
{
	size_t start = p->lexer.token.offset;
	struct name_key key;

	if (is_template_slot(p, place))
		return fail_here(p, WARDEN_ERROR_UNSUPPORTED,
				 "templates (?principal, ?resource) are not supported");
	if (!read_type(p))
		return false;
	key.type_length = p->text.length;
	if (place == ACTION && !type_is_action(p->text.bytes, p->text.length))
		return error_at(p->error, WARDEN_ERROR_SYNTAX, p->lexer.source, start,
				"the type of an action must be Action, or end in ::Action");
	if (!lexer_string(&p->lexer, &p->lexer.token, &p->text))
		return false;
	key.bytes = p->text.bytes;
	key.length = p->text.length;
	return check_length(p, start, key.type_length) &&
	       check_length(p, start, key.length - key.type_length) && add_target(p, &key) &&
	       lexer_next(&p->lexer);
}

/* [A, B], a comma after the last allowed as in Cedar. */
static bool parse_entity_list(struct parser *p, enum place place)
{
	if (!lexer_next(&p->lexer))
		return false;
	while (p->lexer.token.kind != ']') {
		if (!parse_entity(p, place))
			return false;
		if (p->lexer.token.kind == ']')
			break;
		if (!take(p, ',', "',' or ']'"))
			return false;
	}
	return lexer_next(&p->lexer);
}

static bool parse_scope(struct parser *p, enum place place, struct scope *scope)
{
	size_t before = p->policies->target_count;
	char expected[16];
	bool ok;

	snprintf(expected, sizeof expected, "'%s'", place_names[place]);
	if (!lexer_is_name(&p->lexer, place_names[place]))
		return fail_expected(p, expected);
	if (!lexer_next(&p->lexer))
		return false;
	if (lexer_is_name(&p->lexer, "is"))
		return fail_here(p, WARDEN_ERROR_UNSUPPORTED, "'is' in a scope is not supported");
	*scope = (struct scope){SCOPE_ANY, (uint32_t)before, 0};
	if (p->lexer.token.kind == TOKEN_EQUAL)
		scope->kind = SCOPE_EQUAL;
	else if (lexer_is_name(&p->lexer, "in"))
		scope->kind = SCOPE_IN;
	else
		return true;
	if (!lexer_next(&p->lexer))
		return false;
	if (scope->kind == SCOPE_IN && place == ACTION && p->lexer.token.kind == '[')
		ok = parse_entity_list(p, place);
	else
		ok = parse_entity(p, place);
	scope->count = (uint32_t)(p->policies->target_count - before);
	return ok;
}

/* The annotation's name, seen twice in one policy, is refused. */
static bool check_annotation(struct parser *p, const struct token *name)
{
	uint32_t policy = (uint32_t)p->policies->count, index;
	struct name_key key = {NULL, sizeof policy, sizeof policy + name->length};
	bool is_new;

	p->text.length = 0;
	if (!buffer_append(&p->text, &policy, sizeof policy) || !append_token(p, name))
		return error_memory(p->error);
	key.bytes = p->text.bytes;
	if (!names_intern(&p->annotations, &key, &index, &is_new))
		return error_memory(p->error);
	if (!is_new)
		return error_at(p->error, WARDEN_ERROR_DUPLICATE, p->lexer.source, name->offset,
				"this policy has the annotation @%.*s already",
				SHOWN(p->lexer.source->bytes + name->offset, name->length));
	return true;
}

/* @name or @name("value"). Only @id has a meaning here, but the values of all must be right. */
static bool parse_annotation(struct parser *p)
{
	struct token name;
	bool is_id;

	if (!lexer_next(&p->lexer))
		return false;
	name = p->lexer.token;
	is_id = lexer_is_name(&p->lexer, "id");
	if (!take(p, TOKEN_NAME, "the name of an annotation") || !check_annotation(p, &name))
		return false;
	p->text.length = 0;
	if (is_id) {
		p->has_id = true;
		p->id_offset = name.offset;
	}
	if (p->lexer.token.kind != '(')
		return true;
	if (!lexer_next(&p->lexer))
		return false;
	if (p->lexer.token.kind != TOKEN_STRING)
		return fail_expected(p, "a string");
	return lexer_string(&p->lexer, &p->lexer.token, is_id ? &p->id : &p->text) &&
	       lexer_next(&p->lexer) && take(p, ')', "')'");
}

static bool parse_effect(struct parser *p, struct policy *policy)
{
	policy->forbid = lexer_is_name(&p->lexer, "forbid");
	if (!policy->forbid && !lexer_is_name(&p->lexer, "permit"))
		return fail_expected(p, "'permit' or 'forbid'");
	return lexer_next(&p->lexer);
}

static bool parse_end(struct parser *p)
{
	if (lexer_is_name(&p->lexer, "when"))
		return fail_here(p, WARDEN_ERROR_UNSUPPORTED,
				 "'when' conditions are not supported");
	if (lexer_is_name(&p->lexer, "unless"))
		return fail_here(p, WARDEN_ERROR_UNSUPPORTED,
				 "'unless' conditions are not supported");
	return take(p, ';', "';'");
}

/*
 * Names the policy and adds it. The names keep step with the policies: the name of policy i has the
 * number i.
 */
static bool add_policy(struct parser *p, const struct policy *policy)
{
	struct policies *set = p->policies;
	struct policy *items =
		memory_grow(set->items, &set->capacity, set->count + 1, sizeof *items);
	char by_position[32];
	struct name_key key = {p->id.bytes != NULL ? p->id.bytes : "", 0, p->id.length};
	uint32_t index;
	bool is_new;

	if (items == NULL)
		return error_memory(p->error);
	set->items = items;
	if (!p->has_id) {
		key.length =
			(size_t)snprintf(by_position, sizeof by_position, "policy%zu", set->count);
		key.bytes = by_position;
	}
	if (!check_length(p, p->id_offset, key.length))
		return false;
	if (!names_intern(&set->ids, &key, &index, &is_new))
		return error_memory(p->error);
	if (!is_new)
		return error_at(p->error, WARDEN_ERROR_DUPLICATE, p->lexer.source, p->id_offset,
				"another policy has the id \"%.*s\"", SHOWN(key.bytes, key.length));
	items[set->count++] = *policy;
	return true;
}

static bool parse_policy(struct parser *p)
{
	struct policy policy;

	p->has_id = false;
	p->id.length = 0;
	p->id_offset = p->lexer.token.offset;
	while (p->lexer.token.kind == '@') {
		if (!parse_annotation(p))
			return false;
	}
	if (!parse_effect(p, &policy) || !take(p, '(', "'('"))
		return false;
	for (int place = 0; place < PLACES; place++) {
		bool is_last = place == PLACES - 1;

		if (!parse_scope(p, place, &policy.scope[place]))
			return false;
		if ((!is_last || p->lexer.token.kind == ',') && !take(p, ',', "','"))
			return false;
	}
	return take(p, ')', "')'") && parse_end(p) && add_policy(p, &policy);
}

bool policies_parse(struct policies *policies, struct names *entities, const struct source *source,
		    struct warden_error *error)
{
	struct parser p = {
		.lexer = {.source = source, .error = error},
		.policies = policies,
		.entities = entities,
		.error = error,
	};
	bool ok = lexer_next(&p.lexer);

	memcpy(p.annotations.seed, policies->ids.seed, sizeof p.annotations.seed);
	while (ok && p.lexer.token.kind != TOKEN_END)
		ok = parse_policy(&p);
	names_release(&p.annotations);
	free(p.text.bytes);
	free(p.id.bytes);
	return ok;
}

void policies_release(struct policies *policies)
{
	free(policies->items);
	free(policies->targets);
	names_release(&policies->ids);
}
