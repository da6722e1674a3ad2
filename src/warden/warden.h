/* libwarden: may this principal do this action to this resource? Interface and manual. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARDEN_H
#define WARDEN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A service opens policies and entities once, and asks for each request:
 *
 *	struct warden_error error;
 *	warden *w;
 *	if (warden_open(&w, "policies.cedar", "entities.json", &error) != WARDEN_OK)
 *		die("%s", error.text);
 *
 *	warden_request *request = warden_request_new();
 *	warden_request_set_principal(request, "User", 4, "alice", 5, NULL);
 *	warden_request_set_action(request, "Action", 6, "read", 4, NULL);
 *	warden_request_set_resource(request, "Doc", 3, "plan", 4, NULL);
 *	if (warden_check(w, request, NULL, &error) == WARDEN_ALLOW)
 *		serve();
 *
 * Rules that hold for every function:
 *
 * Strings. Text from outside is a pointer and a length in bytes, in UTF-8; it may hold NUL bytes
 * and needs no terminator. Only file paths are NUL-terminated. Strings that the library returns
 * stay its own, with the life that is said there.
 *
 * Errors. A function that can fail returns WARDEN_OK (0) or one of the positive WARDEN_ERROR_
 * codes, and fills the caller's struct warden_error, which may be NULL. On success error->code is
 * WARDEN_OK and error->text is empty. warden_check() is the exception: it returns a decision, and a
 * failure is WARDEN_DENY. Nothing is kept behind the caller's back: there is no "last error", so
 * threads and goroutines cannot see each other's.
 *
 * Threads. A warden may be used by any number of threads at once, also while it is reloaded; only
 * warden_close() must be the last call on it. A request or an answer may be read by many threads,
 * but changed (or freed) by one at a time.
 *
 * Manners. The library has no global state, prints nothing, starts no thread, installs no handler
 * and never ends the process: memory that cannot be had is WARDEN_ERROR_MEMORY.
 *
 * Limits. A policy text or entities text: 64 MiB. One entity type, entity id or policy id: 65,536
 * bytes. JSON nesting: 128 levels. Beyond these the answer is WARDEN_ERROR_LIMIT.
 *
 * The promise. Within libwarden.so.1 nothing declared here is ever removed or changes its size, its
 * value or its meaning; functions and codes are only added. See docs/abi.md.
 */

/* The version of this header. warden_version() tells that of the library that runs. */
#define WARDEN_VERSION_MAJOR 1
#define WARDEN_VERSION_MINOR 0
#define WARDEN_VERSION_PATCH 0

#if defined(__GNUC__)
#define WARDEN_API __attribute__((visibility("default")))
#else
#define WARDEN_API
#endif

/* Policies and entities, loaded together. */
typedef struct warden warden;
/* One question: principal, action, resource. Reusable. */
typedef struct warden_request warden_request;
/* What a check decided, and by which policies. */
typedef struct warden_answer warden_answer;

/* The decisions. DENY is 0, so that zeroed memory and every failure deny. */
enum {
	WARDEN_DENY = 0,
	WARDEN_ALLOW = 1,
};

/*
 * What went wrong. The values are part of the ABI. A later release may add codes: treat one that
 * you do not know as a failure like the others.
 */
enum {
	WARDEN_OK = 0,
	/* An argument is NULL, not UTF-8, not an entity type, or the request is not complete. */
	WARDEN_ERROR_ARGUMENT = 1,
	/* Memory could not be had. */
	WARDEN_ERROR_MEMORY = 2,
	/*
	 * The operating system refused: a file that cannot be opened or read, a lock that cannot be
	 * made.
	 */
	WARDEN_ERROR_SYSTEM = 3,
	/* The text is not UTF-8. */
	WARDEN_ERROR_ENCODING = 4,
	/* The text is not a Cedar policy, or not Cedar's JSON form of entities. */
	WARDEN_ERROR_SYNTAX = 5,
	/* Cedar, but a part of it that this release does not have; the text names it. */
	WARDEN_ERROR_UNSUPPORTED = 6,
	/*
	 * Two policies with one id, two entities with one uid, an annotation or a JSON key given
	 * twice.
	 */
	WARDEN_ERROR_DUPLICATE = 7,
	/* An entity is its own ancestor. */
	WARDEN_ERROR_CYCLE = 8,
	/* A limit named above is exceeded. */
	WARDEN_ERROR_LIMIT = 9,
};

/* The size of the text in struct warden_error, its terminator included. */
#define WARDEN_ERROR_TEXT 256

/*
 * The error report: allocated by the caller, filled by the library. It is the only struct whose
 * layout callers see, and so its size (268 bytes) is frozen for as long as the library is
 * libwarden.so.1.
 *
 * code    WARDEN_OK or a WARDEN_ERROR_ code.
 * line    where in the text at fault, from 1; lines end with a line feed. 0: the error has no place
 *         in a text.
 * column  the code point in that line (not the byte), from 1. 0 as for line.
 * text    one line for a person, NUL-terminated, UTF-8 without control characters, cut at a
 *         character boundary if too long. It is complete: it opens with the file's name, line and
 *         column where there are such, as in "policies.cedar:3:1: 'when' conditions are not
 *         supported". Texts from memory are named "policies" and "entities".
 */
struct warden_error {
	int32_t code;
	uint32_t line;
	uint32_t column;
	char text[WARDEN_ERROR_TEXT];
};

/*
 * The version of the library that runs, as "1.0.0". A constant string.
 */
WARDEN_API const char *warden_version(void);

/*
 * The same as a number that can be compared: major * 1000000 + minor * 1000 + patch.
 */
WARDEN_API uint32_t warden_version_number(void);

/*
 * Opens policies, and entities if there are any, from files.
 *
 * out            receives the warden, to be closed with warden_close(); NULL on failure.
 * policy_path    policies in the Cedar language, see "Policies" below.
 * entities_path  entities in Cedar's JSON form, see "Entities" below; NULL for none.
 * error          may be NULL.
 *
 * The paths are copied for warden_reload(). Fails with any code: everything in both files is
 * checked before the first question is answered, and a warden is never half loaded.
 *
 * Policies. The language of https://docs.cedarpolicy.com/policies/syntax-grammar.html, of which
 * this release has the policy scope: permit and forbid; `principal`, `action` and `resource` bare
 * or with `== Type::"id"` or `in Type::"id"`; `action in [A, B]`; namespaces; the string escapes \n
 * \r \t \\ \0 \' \" \x41 \u{1F600}; // comments; annotations. All else that Cedar has (when,
 * unless, is, templates) is refused with WARDEN_ERROR_UNSUPPORTED and its place, because a
 * condition that is not understood must not be ignored. A policy is named by its annotation
 * @id("name"), or else, as in Cedar, by its position: policy0, policy1, ... No two may have one
 * name.
 *
 * Entities. The format of https://docs.cedarpolicy.com/auth/entities-syntax.html: an array of
 * objects {"uid": {"type": "User", "id": "alice"}, "attrs": {}, "parents": [{"type": "Team", "id":
 * "dev"}]}, with "tags" as an optional fourth key; {"__entity": {"type": .., "id": ..}} is accepted
 * for a uid. An entity that is only named (in a policy, as a parent, in a request) needs no object
 * of its own: it has no parents. Attributes and tags must be JSON and have no meaning yet. An
 * unknown key is refused: a mistyped "parents" must not silently take a user out of a group.
 */
WARDEN_API int warden_open(warden **out, const char *policy_path, const char *entities_path,
			   struct warden_error *error);

/*
 * Like warden_open(), from memory. The texts are not needed after the call.
 *
 * policies, policies_length  may be empty (length 0): then everything is denied.
 * entities, entities_length  NULL and 0 for none.
 */
WARDEN_API int warden_open_memory(warden **out, const char *policies, size_t policies_length,
				  const char *entities, size_t entities_length,
				  struct warden_error *error);

/*
 * Reads the files named at warden_open() again and, if both are good, puts them in force for every
 * check that starts after the return. A check that is running sees the old or the new set, never a
 * mix. On failure the set in force stays and goes on answering; the error tells what is wrong with
 * the new one.
 *
 * Blocks no check while it reads. Reloads of one warden wait for each other. WARDEN_ERROR_ARGUMENT
 * on a warden that was opened from memory. The two files are read one after the other: replace them
 * by rename(2), and reload after both.
 */
WARDEN_API int warden_reload(warden *w, struct warden_error *error);

/*
 * Like warden_reload(), from memory; also on a warden that was opened from files (a later
 * warden_reload() reads the files again). Parameters as for warden_open_memory().
 */
WARDEN_API int warden_reload_memory(warden *w, const char *policies, size_t policies_length,
				    const char *entities, size_t entities_length,
				    struct warden_error *error);

/*
 * Closes a warden. NULL is allowed. Answers that it gave stay valid until they are freed.
 */
WARDEN_API void warden_close(warden *w);

/*
 * A new, empty request, to be freed with warden_request_free(); NULL if memory cannot be had. It
 * belongs to no warden.
 */
WARDEN_API warden_request *warden_request_new(void);

/*
 * Say who asks, for what, on what. Each may be set again for the next question; all three must be
 * set before a check.
 *
 * type, type_length  the entity type with its namespaces, as "User" or "Shop::User"; for an action
 *                    "Action" or "Shop::Action".
 * id, id_length      the id itself, any UTF-8, also empty, neither quoted nor escaped. NULL only
 *                    with length 0.
 *
 * Both are copied. Fails with ARGUMENT (not an entity type, not UTF-8), LIMIT or MEMORY; that part
 * of the request is then unset, so that a check of it denies.
 */
WARDEN_API int warden_request_set_principal(warden_request *request, const char *type,
					    size_t type_length, const char *id, size_t id_length,
					    struct warden_error *error);
WARDEN_API int warden_request_set_action(warden_request *request, const char *type,
					 size_t type_length, const char *id, size_t id_length,
					 struct warden_error *error);
WARDEN_API int warden_request_set_resource(warden_request *request, const char *type,
					   size_t type_length, const char *id, size_t id_length,
					   struct warden_error *error);

/*
 * Frees a request. NULL is allowed.
 */
WARDEN_API void warden_request_free(warden_request *request);

/*
 * Answers one request: WARDEN_ALLOW if at least one permit policy matches it and no forbid policy
 * does, else WARDEN_DENY. `in` holds for the entity itself and all its ancestors.
 *
 * answer  receives the answer, to be freed with warden_answer_free(); NULL on failure. Pass NULL if
 *         the decision is enough: the check is then faster, and allocates nothing unless an entity
 *         has more than 31 ancestors.
 * error   tells a failure (code other than WARDEN_OK) from a denial. May be NULL: both deny.
 *
 * Fails closed: whatever goes wrong (a NULL argument, a part of the request not set, no memory) is
 * WARDEN_DENY. Call it from any thread. Time depends on the ancestors of the three entities and on
 * the policies that name them, not on the number of policies.
 */
WARDEN_API int warden_check(warden *w, const warden_request *request, warden_answer **answer,
			    struct warden_error *error);

/*
 * The decision of an answer, as warden_check() returned it. WARDEN_DENY for NULL.
 */
WARDEN_API int warden_answer_decision(const warden_answer *answer);

/*
 * How many policies decided: the permits that match if allowed, the forbids that match if they
 * denied, none if it was denied because nothing permits. 0 for NULL.
 */
WARDEN_API size_t warden_answer_policy_count(const warden_answer *answer);

/*
 * The id of a policy that decided, in the order of the policy text.
 *
 * index   from 0, below warden_answer_policy_count().
 * length  receives the length in bytes; may be NULL. An id may hold any byte: use the length.
 *
 * The id is NUL-terminated after its length, and lives as long as the answer, also through a
 * reload. NULL if there is no such policy.
 */
WARDEN_API const char *warden_answer_policy(const warden_answer *answer, size_t index,
					    size_t *length);

/*
 * Frees an answer. NULL is allowed.
 */
WARDEN_API void warden_answer_free(warden_answer *answer);

#ifdef __cplusplus
}
#endif

#endif
