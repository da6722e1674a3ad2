/* Replays Cedar's own differential corpus: where libwarden accepts, it must decide as Cedar did. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "json.h"

#include <ftw.h>
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

static bool slurp(const char *path, struct buffer *out)
{
	FILE *f = fopen(path, "rb");
	char block[65536];
	size_t got;

	out->length = 0;
	if (f == NULL)
		return false;
	while ((got = fread(block, 1, sizeof block, f)) > 0) {
		if (!buffer_append(out, block, got))
			break;
	}
	fclose(f);
	return got == 0;
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

static void run_case_file(const struct buffer *text, warden *w, const char *path)
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

static void run_texts(const char *path, struct buffer *policy, const struct buffer *entities,
		      const struct buffer *expected)
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

/* One case; path is its .cedar file. */
static int visit(const char *path, const struct stat *st, int type, struct FTW *where)
{
	static const char *const endings[] = {".cedar", ".entities.json", ".json"};
	struct buffer texts[3] = {{0}, {0}, {0}};
	size_t stem = strlen(path) - strlen(endings[0]);
	bool ok = true;

	(void)st;
	(void)where;
	if (type != FTW_F || strlen(path) < strlen(endings[0]) ||
	    strcmp(path + stem, endings[0]) != 0)
		return 0;
	for (int i = 0; i < 3; i++) {
		char name[4096];

		snprintf(name, sizeof name, "%.*s%s", (int)stem, path, endings[i]);
		ok = ok && slurp(name, &texts[i]);
	}
	tally.cases++;
	if (ok)
		run_texts(path, &texts[0], &texts[1], &texts[2]);
	else
		wrong(path, "cannot be read");
	for (int i = 0; i < 3; i++)
		free(texts[i].bytes);
	return 0;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

static bool unpack(const char *archive, const char *dir)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		execlp("tar", "tar", "-xzf", archive, "-C", dir, (char *)NULL);
		_exit(127);
	}
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

int main(void)
{
	const char *archive = getenv("WARDEN_CORPUS");
	char dir[] = "/tmp/warden-corpus.XXXXXX";
	bool ok;

	if (archive == NULL)
		archive = DEFAULT_CORPUS;
	if (access(archive, R_OK) != 0) {
		printf("ok - Cedar's corpus # SKIP no %s (set WARDEN_CORPUS)\n", archive);
		return EXIT_SUCCESS;
	}
	if (mkdtemp(dir) == NULL || !unpack(archive, dir)) {
		printf("not ok - Cedar's corpus cannot be unpacked\n");
		return EXIT_FAILURE;
	}
	nftw(dir, visit, 16, FTW_PHYS);
	nftw(dir, remove_entry, 16, FTW_PHYS | FTW_DEPTH);
	ok = tally.cases > 0 && tally.accepted > 0 && tally.requests > 0 && tally.wrong == 0;
	printf("%s - Cedar's corpus: %u requests decided as recorded, %u not; of %u cases %u were "
	       "refused as they are; without `when { true }` %u accepted, %u unsupported\n",
	       ok ? "ok" : "not ok", tally.requests, tally.wrong, tally.cases, tally.refused_whole,
	       tally.accepted, tally.unsupported);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
