/* The public builder of requests. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "request.h"
#include "identifier.h"
#include "utf8.h"

#include <stdlib.h>

warden_request *warden_request_new(void)
{
	return calloc(1, sizeof(warden_request));
}

void warden_request_free(warden_request *request)
{
	if (request == NULL)
		return;
	for (int place = 0; place < PLACES; place++)
		free(request->parts[place].name.bytes);
	free(request);
}

static bool check_part(enum place place, const char *type, size_t type_length, const char *id,
		       size_t id_length, struct warden_error *error)
{
	if (type == NULL || (id == NULL && id_length != 0))
		return error_set(error, WARDEN_ERROR_ARGUMENT,
				 "an entity of a request needs a type and an id");
	if (type_length > NAME_LENGTH_MAX || id_length > NAME_LENGTH_MAX)
		return error_set(error, WARDEN_ERROR_LIMIT,
				 "an entity of a request is longer than %d bytes", NAME_LENGTH_MAX);
	if (!type_is_valid(type, type_length))
		return error_set(error, WARDEN_ERROR_ARGUMENT, "\"%.*s\" is not an entity type",
				 SHOWN(type, type_length));
	if (place == ACTION && !type_is_action(type, type_length))
		return error_set(
			error, WARDEN_ERROR_ARGUMENT,
			"the type of an action must be Action, or end in ::Action, not \"%.*s\"",
			SHOWN(type, type_length));
	if (id_length != 0 && utf8_valid(id, id_length) != id_length)
		return error_set(error, WARDEN_ERROR_ARGUMENT,
				 "the id of an entity of a request is not UTF-8");
	return true;
}

static int set_part(warden_request *request, enum place place, const char *type, size_t type_length,
		    const char *id, size_t id_length, struct warden_error *error)
{
	struct warden_error local;
	struct part *part;

	if (error == NULL)
		error = &local;
	error_clear(error);
	if (request == NULL) {
		error_set(error, WARDEN_ERROR_ARGUMENT, "the request is NULL");
		return error->code;
	}
	part = &request->parts[place];
	part->is_set = false;
	part->name.length = 0;
	if (!check_part(place, type, type_length, id, id_length, error))
		return error->code;
	if (!buffer_append(&part->name, type, type_length) ||
	    !buffer_append(&part->name, id, id_length)) {
		error_memory(error);
		return error->code;
	}
	part->type_length = type_length;
	part->is_set = true;
	return WARDEN_OK;
}

int warden_request_set_principal(warden_request *request, const char *type, size_t type_length,
				 const char *id, size_t id_length, struct warden_error *error)
{
	return set_part(request, PRINCIPAL, type, type_length, id, id_length, error);
}

int warden_request_set_action(warden_request *request, const char *type, size_t type_length,
			      const char *id, size_t id_length, struct warden_error *error)
{
	return set_part(request, ACTION, type, type_length, id, id_length, error);
}

int warden_request_set_resource(warden_request *request, const char *type, size_t type_length,
				const char *id, size_t id_length, struct warden_error *error)
{
	return set_part(request, RESOURCE, type, type_length, id, id_length, error);
}
