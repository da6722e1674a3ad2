/* Replays Cedar's own differential corpus: where libwarden accepts, it must decide as Cedar did. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * The corpus is not part of this tree: corpus-tests.tar.gz of
 * github.com/cedar-policy/cedar-integration-tests, looked for beside the checkout or at
 * $WARDEN_CORPUS. Each case is a policy (.cedar), entities (.entities.json) and requests with the
 * decision and reasons that Cedar gave (.json).
 *
 * Every policy of it has at least `when { true }`. So each case is tried twice: as it is, where it
 * must be refused as unsupported, and with the conditions that are literally `when { true }`
 * removed, which changes no decision and leaves the scope-only policies.
 */
#define DEFAULT_CORPUS "../shared/corpora/cedar/corpus-4.8.tar.gz"
#define TRUE_CONDITION " when {\n  true\n}"

static struct {
	unsigned cases, refused_whole, accepted, unsupported, requests, wrong;
} tally;

static void wrong(const char *path, const char *what)
{
	if (tally.wrong++ < 20)
		printf("# %s: %s\n", path, what);
}

/* A file of the archive; its bytes lie in `archive`. */
struct member {
	const char *name;
	const char *bytes;
	size_t length;
};

static struct buffer archive;
static struct member *members;
static size_t member_count;

static bool read_archive(const char *path)
{
	static char block[1 << 20];
	int ends[2], status = -1;
	ssize_t got = -1;
	pid_t child;

	if (pipe(ends) != 0 || (child = fork()) < 0)
		return false;
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execlp("gzip", "gzip", "-dc", path, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	while ((got = read(ends[0], block, sizeof block)) > 0) {
		if (!buffer_append(&archive, block, (size_t)got))
			break;
	}
	close(ends[0]);
	return waitpid(child, &status, 0) == child && status == 0 && got == 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct member *)a)->name, ((const struct member *)b)->name);
}

/* Lists the regular files of a tar (POSIX ustar; no name here is longer than its 100 bytes). */
static bool list_members(void)
{
	enum { BLOCK = 512, SIZE_AT = 124, TYPE_AT = 156 };
	size_t at = 0, capacity = 0;

	while (archive.length - at >= BLOCK && archive.bytes[at] != '\0') {
		const char *header = archive.bytes + at;
		size_t length = strtoul(header + SIZE_AT, NULL, 8);

		at += BLOCK;
		if (length > archive.length - at)
			return false;
		members = memory_grow(members, &capacity, member_count + 1, sizeof *members);
		if (members == NULL)
			return false;
		if (header[TYPE_AT] == '0' || header[TYPE_AT] == '\0')
			members[member_count++] =
				(struct member){header, archive.bytes + at, length};
		at += (length + BLOCK - 1) / BLOCK * BLOCK;
	}
	if (member_count != 0)
		qsort(members, member_count, sizeof *members, compare_names);
	return true;
}

static const struct member *find_member(const char *name)
{
	struct member key = {.name = name};

	return bsearch(&key, members, member_count, sizeof *members, compare_names);
}

static void remove_true_conditions(struct buffer *text)
{
	size_t size = sizeof TRUE_CONDITION - 1;
	char *found;

	while ((found = memmem(text->bytes, text->length, TRUE_CONDITION, size)) != NULL) {
		memmove(found, found + size, text->length - (size_t)(found - text->bytes) - size);
		text->length -= size;
	}
}

static bool key_is(const struct buffer *key, const char *name)
{
	return key->length == strlen(name) && memcmp(key->bytes, name, key->length) == 0;
}

typedef int (*setter)(warden_request *, const char *, size_t, const char *, size_t,
		      struct warden_error *);

static bool read_uid(struct json *json, warden_request *request, setter set)
{
	struct buffer key = {0}, type = {0}, id = {0};
	struct json_list list;
	bool more, ok = json_open(json, '{', &list, "a uid");

	while (ok && (ok = json_more(json, &list, &more)) && more)
		ok = json_key(json, &key) &&
		     json_string(json, key_is(&key, "type") ? &type : &id, "a string");
	ok = ok && set(request, type.bytes, type.length, id.bytes, id.length, NULL) == WARDEN_OK;
	free(key.bytes);
	free(type.bytes);
	free(id.bytes);
	return ok;
}

/* The reasons as "policy0,policy1,". */
static bool read_reasons(struct json *json, struct buffer *out)
{
	struct json_list list;
	bool more, ok = json_open(json, '[', &list, "reasons");

	out->length = 0;
	while (ok && (ok = json_more(json, &list, &more)) && more)
		ok = json_string(json, out, "a reason") && buffer_append(out, ",", 1);
	return ok;
}

static bool reasons_are(const warden_answer *answer, const struct buffer *expected)
{
	struct buffer got = {0};
	bool same = true;

	for (size_t i = 0; i < warden_answer_policy_count(answer); i++) {
		size_t length;
		const char *id = warden_answer_policy(answer, i, &length);

		same = same && buffer_append(&got, id, length) && buffer_append(&got, ",", 1);
	}
	same = same && got.length == expected->length &&
	       (got.length == 0 || memcmp(got.bytes, expected->bytes, got.length) == 0);
	free(got.bytes);
	return same;
}

static bool read_request(struct json *json, warden_request *request, struct buffer *decision,
			 struct buffer *reasons)
{
	struct buffer key = {0};
	struct json_list list;
	bool more, ok = json_open(json, '{', &list, "a request");

	while (ok && (ok = json_more(json, &list, &more)) && more) {
		ok = json_key(json, &key);
		if (ok && key_is(&key, "principal"))
			ok = read_uid(json, request, warden_request_set_principal);
		else if (ok && key_is(&key, "action"))
			ok = read_uid(json, request, warden_request_set_action);
		else if (ok && key_is(&key, "resource"))
			ok = read_uid(json, request, warden_request_set_resource);
		else if (ok && key_is(&key, "decision"))
			ok = json_string(json, decision, "a decision");
		else if (ok && key_is(&key, "reason"))
			ok = read_reasons(json, reasons);
		else
			ok = ok && json_skip(json);
	}
	free(key.bytes);
	return ok;
}

static bool run_request(struct json *json, warden *w, const char *path)
{
	struct buffer decision = {0}, reasons = {0};
	warden_request *request = warden_request_new();
	warden_answer *answer = NULL;
	struct warden_error error;
	bool ok = request != NULL && read_request(json, request, &decision, &reasons);

	if (ok) {
		int got = warden_check(w, request, &answer, &error);

		tally.requests++;
		if (error.code != WARDEN_OK)
			wrong(path, error.text);
		else if (got != (key_is(&decision, "allow") ? WARDEN_ALLOW : WARDEN_DENY))
			wrong(path, "another decision than Cedar's");
		else if (!reasons_are(answer, &reasons))
			wrong(path, "other reasons than Cedar's");
		else if (warden_check(w, request, NULL, NULL) != got)
			wrong(path, "another decision when no answer is asked for");
	}
	warden_answer_free(answer);
	warden_request_free(request);
	free(decision.bytes);
	free(reasons.bytes);
	return ok;
}

static bool run_requests(struct json *json, warden *w, const char *path)
{
	struct json_list list;
	bool more, ok = json_open(json, '[', &list, "requests");

	while (ok && (ok = json_more(json, &list, &more)) && more)
		ok = run_request(json, w, path);
	return ok;
}

static void run_case_file(const struct member *text, warden *w, const char *path)
{
	struct source source = {path, text->bytes, text->length};
	struct warden_error error;
	struct json json = {.source = &source, .error = &error};
	struct buffer key = {0};
	struct json_list list;
	bool more, ok = json_open(&json, '{', &list, "a case");

	while (ok && (ok = json_more(&json, &list, &more)) && more)
		ok = json_key(&json, &key) &&
		     (key_is(&key, "requests") ? run_requests(&json, w, path) : json_skip(&json));
	if (!ok || !json_end(&json))
		wrong(path, error.text);
	free(key.bytes);
}

static void run_texts(const char *path, struct buffer *policy, const struct member *entities,
		      const struct member *expected)
{
	struct warden_error error;
	warden *w;

	if (warden_open_memory(&w, policy->bytes, policy->length, NULL, 0, &error) ==
	    WARDEN_ERROR_UNSUPPORTED)
		tally.refused_whole++;
	else
		wrong(path, "a policy with a condition was not refused as unsupported");
	warden_close(w);
	remove_true_conditions(policy);
	warden_open_memory(&w, policy->bytes, policy->length, entities->bytes, entities->length,
			   &error);
	if (error.code == WARDEN_ERROR_UNSUPPORTED) {
		tally.unsupported++;
	} else if (w == NULL) {
		wrong(path, error.text);
	} else {
		tally.accepted++;
		run_case_file(expected, w, path);
	}
	warden_close(w);
}

/* One case, by the name of its .cedar file. */
static void run_case(const struct member *policy)
{
	int stem = (int)(strlen(policy->name) - strlen(".cedar"));
	const struct member *entities, *expected;
	struct buffer text = {0};
	char name[256];

	tally.cases++;
	snprintf(name, sizeof name, "%.*s.entities.json", stem, policy->name);
	entities = find_member(name);
	snprintf(name, sizeof name, "%.*s.json", stem, policy->name);
	expected = find_member(name);
	if (entities == NULL || expected == NULL ||
	    !buffer_append(&text, policy->bytes, policy->length))
		wrong(policy->name, "the case is not complete");
	else
		run_texts(policy->name, &text, entities, expected);
	free(text.bytes);
}

static bool ends_with(const char *name, const char *ending)
{
	size_t length = strlen(name), size = strlen(ending);

	return length > size && strcmp(name + length - size, ending) == 0;
}

int main(void)
{
	const char *path = getenv("WARDEN_CORPUS");
	bool ok;

	if (path == NULL)
		path = DEFAULT_CORPUS;
	if (access(path, R_OK) != 0) {
		printf("ok - Cedar's corpus # SKIP no %s (set WARDEN_CORPUS)\n", path);
		return EXIT_SUCCESS;
	}
	if (!read_archive(path) || !list_members()) {
		printf("not ok - Cedar's corpus: %s cannot be read\n", path);
		return EXIT_FAILURE;
	}
	for (size_t i = 0; i < member_count; i++) {
		if (ends_with(members[i].name, ".cedar"))
			run_case(&members[i]);
	}
	free(members);
	free(archive.bytes);
	ok = tally.cases > 0 && tally.accepted > 0 && tally.requests > 0 && tally.wrong == 0;
	printf("%s - Cedar's corpus: %u requests decided as recorded, %u not; of %u cases %u were "
	       "refused as they are; without `when { true }` %u accepted, %u unsupported\n",
	       ok ? "ok" : "not ok", tally.requests, tally.wrong, tally.cases, tally.refused_whole,
	       tally.accepted, tally.unsupported);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
