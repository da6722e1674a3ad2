/* The public handle: opening, reloading, checking. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "warden.h"
#include "answer.h"
#include "file.h"
#include "request.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define STRING_(x) #x
#define STRING(x) STRING_(x)

/*
 * lock guards `current` alone: a check holds it shared for as long as it runs, a reload exclusively
 * for one assignment. reloading is held for a whole reload, so that the last one that started has
 * the last word.
 */
struct warden {
	pthread_rwlock_t lock;
	pthread_mutex_t reloading;
	struct snapshot *current;
	char *policy_path;
	char *entities_path;
};

const char *warden_version(void)
{
	return STRING(WARDEN_VERSION_MAJOR) "." STRING(WARDEN_VERSION_MINOR) "." STRING(
		WARDEN_VERSION_PATCH);
}

uint32_t warden_version_number(void)
{
	return WARDEN_VERSION_MAJOR * 1000000u + WARDEN_VERSION_MINOR * 1000u +
	       WARDEN_VERSION_PATCH;
}

/* Without this preference glibc lets checks that overlap hold off a reload for ever. */
static int make_lock(pthread_rwlock_t *lock)
{
	pthread_rwlockattr_t attributes;
	int failed = pthread_rwlockattr_init(&attributes);

	if (failed)
		return failed;
#ifdef __GLIBC__
	pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
#endif
	failed = pthread_rwlock_init(lock, &attributes);
	pthread_rwlockattr_destroy(&attributes);
	return failed;
}

static warden *new_warden(struct warden_error *error)
{
	warden *w = calloc(1, sizeof *w);

	if (w == NULL) {
		error_memory(error);
		return NULL;
	}
	if (make_lock(&w->lock) != 0) {
		error_set(error, WARDEN_ERROR_SYSTEM, "the system has no lock to give");
		free(w);
		return NULL;
	}
	if (pthread_mutex_init(&w->reloading, NULL) != 0) {
		error_set(error, WARDEN_ERROR_SYSTEM, "the system has no lock to give");
		pthread_rwlock_destroy(&w->lock);
		free(w);
		return NULL;
	}
	return w;
}

void warden_close(warden *w)
{
	if (w == NULL)
		return;
	snapshot_unref(w->current);
	pthread_mutex_destroy(&w->reloading);
	pthread_rwlock_destroy(&w->lock);
	free(w->policy_path);
	free(w->entities_path);
	free(w);
}

static struct snapshot *load_files(const char *policy_path, const char *entities_path,
				   struct warden_error *error)
{
	struct buffer policy_text = {0}, entities_text = {0};
	struct snapshot *loaded = NULL;

	if (file_read(policy_path, TEXT_LENGTH_MAX, &policy_text, error) &&
	    (entities_path == NULL ||
	     file_read(entities_path, TEXT_LENGTH_MAX, &entities_text, error))) {
		struct source policies = {policy_path, policy_text.bytes, policy_text.length};
		struct source entities = {entities_path, entities_text.bytes, entities_text.length};

		loaded = snapshot_load(&policies, entities_path != NULL ? &entities : NULL, error);
	}
	free(policy_text.bytes);
	free(entities_text.bytes);
	return loaded;
}

static struct snapshot *load_memory(const char *policies, size_t policies_length,
				    const char *entities, size_t entities_length,
				    struct warden_error *error)
{
	struct source policy_source = {"policies", policies != NULL ? policies : "",
				       policies_length};
	struct source entities_source = {"entities", entities, entities_length};

	if ((policies == NULL && policies_length != 0) ||
	    (entities == NULL && entities_length != 0)) {
		error_set(error, WARDEN_ERROR_ARGUMENT, "a text is NULL, but its length is not 0");
		return NULL;
	}
	return snapshot_load(&policy_source, entities != NULL ? &entities_source : NULL, error);
}

/* NULL stays NULL. */
static bool copy_path(char **copy, const char *path, struct warden_error *error)
{
	size_t size;

	if (path == NULL)
		return true;
	size = strlen(path) + 1;
	*copy = memory_array(size, 1);
	if (*copy == NULL)
		return error_memory(error);
	memcpy(*copy, path, size);
	return true;
}

int warden_open(warden **out, const char *policy_path, const char *entities_path,
		struct warden_error *error)
{
	struct warden_error local;
	warden *w;

	if (error == NULL)
		error = &local;
	error_clear(error);
	if (out != NULL)
		*out = NULL;
	if (out == NULL || policy_path == NULL) {
		error_set(error, WARDEN_ERROR_ARGUMENT,
			  "warden_open() needs a place for the warden and a policy path");
		return error->code;
	}
	w = new_warden(error);
	if (w == NULL)
		return error->code;
	if (copy_path(&w->policy_path, policy_path, error) &&
	    copy_path(&w->entities_path, entities_path, error))
		w->current = load_files(policy_path, entities_path, error);
	if (w->current == NULL)
		warden_close(w);
	else
		*out = w;
	return error->code;
}

int warden_open_memory(warden **out, const char *policies, size_t policies_length,
		       const char *entities, size_t entities_length, struct warden_error *error)
{
	struct warden_error local;
	warden *w;

	if (error == NULL)
		error = &local;
	error_clear(error);
	if (out == NULL) {
		error_set(error, WARDEN_ERROR_ARGUMENT,
			  "warden_open_memory() needs a place for the warden");
		return error->code;
	}
	*out = NULL;
	w = new_warden(error);
	if (w == NULL)
		return error->code;
	w->current = load_memory(policies, policies_length, entities, entities_length, error);
	if (w->current == NULL)
		warden_close(w);
	else
		*out = w;
	return error->code;
}

static void put_in_force(warden *w, struct snapshot *loaded)
{
	struct snapshot *old;

	pthread_rwlock_wrlock(&w->lock);
	old = w->current;
	w->current = loaded;
	pthread_rwlock_unlock(&w->lock);
	snapshot_unref(old);
}

int warden_reload(warden *w, struct warden_error *error)
{
	struct warden_error local;
	struct snapshot *loaded;

	if (error == NULL)
		error = &local;
	error_clear(error);
	if (w == NULL || w->policy_path == NULL) {
		error_set(error, WARDEN_ERROR_ARGUMENT,
			  "warden_reload() needs a warden that was opened from files");
		return error->code;
	}
	pthread_mutex_lock(&w->reloading);
	loaded = load_files(w->policy_path, w->entities_path, error);
	if (loaded != NULL)
		put_in_force(w, loaded);
	pthread_mutex_unlock(&w->reloading);
	return error->code;
}

int warden_reload_memory(warden *w, const char *policies, size_t policies_length,
			 const char *entities, size_t entities_length, struct warden_error *error)
{
	struct warden_error local;
	struct snapshot *loaded;

	if (error == NULL)
		error = &local;
	error_clear(error);
	if (w == NULL) {
		error_set(error, WARDEN_ERROR_ARGUMENT, "warden_reload_memory() needs a warden");
		return error->code;
	}
	pthread_mutex_lock(&w->reloading);
	loaded = load_memory(policies, policies_length, entities, entities_length, error);
	if (loaded != NULL)
		put_in_force(w, loaded);
	pthread_mutex_unlock(&w->reloading);
	return error->code;
}

static bool check_request(const warden_request *request, struct name_key keys[PLACES],
			  struct warden_error *error)
{
	static const char *const names[PLACES] = {"principal", "action", "resource"};

	for (int place = 0; place < PLACES; place++) {
		const struct part *part = &request->parts[place];

		if (!part->is_set)
			return error_set(error, WARDEN_ERROR_ARGUMENT, "the request has no %s",
					 names[place]);
		keys[place] =
			(struct name_key){part->name.bytes, part->type_length, part->name.length};
	}
	return true;
}

static int check_snapshot(struct snapshot *snapshot, const struct name_key keys[PLACES],
			  warden_answer **answer, struct warden_error *error)
{
	struct deciders deciders;
	int decision;

	if (answer == NULL) {
		evaluate(snapshot, keys, NULL, &decision, error);
		return decision;
	}
	if (evaluate(snapshot, keys, &deciders, &decision, error)) {
		*answer = answer_new(snapshot, decision, &deciders);
		if (*answer == NULL) {
			error_memory(error);
			decision = WARDEN_DENY;
		}
	}
	deciders_release(&deciders);
	return decision;
}

int warden_check(warden *w, const warden_request *request, warden_answer **answer,
		 struct warden_error *error)
{
	struct name_key keys[PLACES];
	struct warden_error local;
	int decision;

	if (error == NULL)
		error = &local;
	error_clear(error);
	if (answer != NULL)
		*answer = NULL;
	if (w == NULL || request == NULL) {
		error_set(error, WARDEN_ERROR_ARGUMENT,
			  "warden_check() needs a warden and a request");
		return WARDEN_DENY;
	}
	if (!check_request(request, keys, error))
		return WARDEN_DENY;
	if (pthread_rwlock_rdlock(&w->lock) != 0) {
		error_set(error, WARDEN_ERROR_SYSTEM, "too many checks at once");
		return WARDEN_DENY;
	}
	decision = check_snapshot(w->current, keys, answer, error);
	pthread_rwlock_unlock(&w->lock);
	return decision;
}
