/* A mirror's source that is a web server: libcurl, several connections at once, each bounded in bytes and in patience.
 */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/file.h"
#include "publish/curl.h"
#include "publish/error.h"
#include "publish/source.h"

#include <string.h>

/* How often one file is asked for again after a lost connection or a server's error, and how long before each time. */
#define MOST_TRIES 4
#define PAUSE_MS 250

/* A connection that brought so much before it was lost does not count as a try. */
#define WORTH_A_TRY (1024 * 1024)

#define MOST_REDIRECTS 5

/* The body of a redirect or an error is read so far, so that the connection can be used again. */
#define MOST_DISCARDED (64 * 1024)

/* The most that the headers of one answer may hold; libcurl itself has known such a limit since 8.3. */
#define MOST_HEADERS (256 * 1024)

/* Slower than this for as long as the timeout, and the connection is given up. */
#define LEAST_SPEED 1024L

/* With a limited rate bytes come in blocks of a quarter of a second: curl's own limit delays each request, however
 * small. */
#define LEAST_BLOCK 1024
#define MOST_BLOCK (128 * 1024)

struct http {
	struct source base;
	char *url; /* with a password, if one was given */
	struct source_limits limits;
	const struct curl *curl;
	CURLM *multi;
	GQueue idle; /* CURL *, to be used again */
};

/* One request, or several for one file. */
struct transfer {
	struct http *s;
	CURL *easy;
	char *url; /* asked for now; a redirect changes it */
	guint tries, redirects;
	gint64 not_before;  /* monotonic */
	long status;	    /* of the answer whose bytes come in; 0 before the first */
	gint64 range_start; /* of its Content-Range; -1: none */
	curl_off_t seen;    /* bytes that had come or gone at `moved`, which is monotonic */
	gint64 moved;
	gsize discarded, headers; /* bytes */
	guint64 had;   /* bytes of the file before this request */
	GError *error; /* why the bytes were refused */
	/* Either into memory: */
	const char *path;
	GByteArray *memory;
	gsize ceiling;
	/* or into a file: */
	struct download *d;
	struct sink to;
	const char *parts;
	struct tally *tally;
	gboolean by_hash; /* asked for at d->by_hash now */
};

/* ---- opening ---- */

static gboolean takes(const char *where)
{
	return g_ascii_strncasecmp(where, "http://", 7) == 0 || g_ascii_strncasecmp(where, "https://", 8) == 0;
}

static void http_free(source *base)
{
	struct http *s = (struct http *)base;
	CURL *easy;

	while ((easy = g_queue_pop_head(&s->idle)) != NULL)
		s->curl->curl_easy_cleanup(easy);
	if (s->multi != NULL)
		s->curl->curl_multi_cleanup(s->multi);
	g_free(s->base.where);
	g_free(s->url);
	g_free(s);
}

static source *http_open(const char *where, const struct source_limits *limits, GError **error)
{
	g_autoptr(GUri) uri = g_uri_parse(where, G_URI_FLAGS_ENCODED | G_URI_FLAGS_HAS_PASSWORD, NULL);
	const struct curl *curl;

	if (uri == NULL || g_uri_get_host(uri) == NULL || *g_uri_get_host(uri) == '\0' ||
	    g_uri_get_query(uri) != NULL || g_uri_get_fragment(uri) != NULL) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT,
			    "%s: not the URL of a directory, such as https://example.org/repo", where);
		return NULL;
	}
	if ((curl = curl_load(error)) == NULL)
		return NULL;
	struct http *s = g_new0(struct http, 1);
	s->curl = curl;
	s->base.where = g_uri_to_string_partial(uri, G_URI_HIDE_USERINFO);
	s->url = g_strdup(where);
	for (gsize n = strlen(s->url); n > 0 && s->url[n - 1] == '/'; n--)
		s->url[n - 1] = '\0';
	s->limits = *limits;
	s->multi = curl->curl_multi_init();
	if (s->multi == NULL)
		g_error("libcurl: no memory");
	curl->curl_multi_setopt(s->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)limits->jobs);
	return &s->base;
}

/* ---- one request ---- */

static const char *shown(const struct transfer *t)
{
	return t->d ? t->d->path : t->path;
}

static gboolean into_memory(struct transfer *t, const void *data, gsize size)
{
	if (size > t->ceiling - t->memory->len) {
		g_set_error(&t->error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
			    "%s: more than %" G_GSIZE_FORMAT " bytes; nothing beyond them was read", t->path,
			    t->ceiling);
		return FALSE;
	}
	g_byte_array_append(t->memory, data, (guint)size);
	return TRUE;
}

static gboolean into_file(struct transfer *t, const void *data, gsize size)
{
	if (!sink_write(&t->to, data, size, &t->error))
		return FALSE;
	t->tally->done += size;
	progress_report(t->tally->progress, PROGRESS_BYTES, t->tally->done, t->tally->total, t->d->path);
	return TRUE;
}

/* The first bytes of an answer: are they those that were asked for? A server may know no ranges, and send all. */
static gboolean begin_body(struct transfer *t)
{
	t->s->curl->curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &t->status);
	if (t->d == NULL || (t->status != 200 && t->status != 206))
		return TRUE;
	if (t->status == 206 && t->range_start == (gint64)t->to.have)
		return TRUE;
	t->tally->done -= t->to.have;
	if (t->status == 200)
		return sink_restart(&t->to, &t->error);
	g_set_error(&t->error, PUBLISH_ERROR, PUBLISH_ERROR_SOURCE, "%s: the server sent another range than asked for",
		    t->d->path);
	sink_restart(&t->to, NULL);
	return FALSE;
}

static size_t write_cb(char *data, size_t one, size_t n, void *user)
{
	struct transfer *t = user;
	gsize size = one * n;
	gboolean ok = t->status != 0 || begin_body(t);

	if (ok && (t->status == 200 || t->status == 206))
		ok = t->d ? into_file(t, data, size) : into_memory(t, data, size);
	else
		ok = ok && (t->discarded += size) <= MOST_DISCARDED;
	source_pace(&t->s->base, size);
	return ok ? size : 0;
}

static size_t header_cb(char *data, size_t one, size_t n, void *user)
{
	struct transfer *t = user;
	g_autofree char *line = g_strndup(data, MIN(one * n, 256));

	t->headers += one * n;
	if (t->headers > MOST_HEADERS) {
		g_set_error(&t->error, PUBLISH_ERROR, PUBLISH_ERROR_SOURCE, "%s: %s: headers without end", t->s->base.where,
			    shown(t));
		return 0;
	}
	if (g_ascii_strncasecmp(line, "Content-Range:", 14) == 0) {
		const char *at = g_strchug(line + 14);
		if (g_ascii_strncasecmp(at, "bytes ", 6) == 0 && g_ascii_isdigit(at[6]))
			t->range_start = g_ascii_strtoll(at + 6, NULL, 10);
	}
	return one * n;
}

/* A line on which nothing moves: curl's own limit is over an average of several seconds. */
static int progress_cb(void *user, curl_off_t to_come, curl_off_t came, curl_off_t to_go, curl_off_t went)
{
	struct transfer *t = user;
	gint64 now = g_get_monotonic_time();

	(void)to_come, (void)to_go;
	if (came + went != t->seen) {
		t->seen = came + went;
		t->moved = now;
	}
	return now - t->moved > (gint64)t->s->limits.timeout * G_USEC_PER_SEC ? 1 : 0;
}

static char *url_of(const struct http *s, const char *path)
{
	g_autofree char *escaped = g_uri_escape_string(path, "/~", TRUE);

	return g_strconcat(s->url, "/", escaped, NULL);
}

/* Whom to trust besides the system's authorities, as the curl program has it. */
static void set_authorities(struct transfer *t)
{
	const char *file = g_getenv("CURL_CA_BUNDLE");

	if (file == NULL || *file == '\0')
		file = g_getenv("SSL_CERT_FILE");
	if (file != NULL && *file != '\0')
		t->s->curl->curl_easy_setopt(t->easy, CURLOPT_CAINFO, file);
}

static void set_up(struct transfer *t)
{
	const struct curl *c = t->s->curl;
	const struct source_limits *limits = &t->s->limits;
	guint64 rate = limits->rate;

	c->curl_easy_setopt(t->easy, CURLOPT_URL, t->url);
	c->curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075500
	c->curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	c->curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
	c->curl_easy_setopt(t->easy, CURLOPT_FOLLOWLOCATION, 0L);
	c->curl_easy_setopt(t->easy, CURLOPT_NETRC, (long)CURL_NETRC_OPTIONAL);
	c->curl_easy_setopt(t->easy, CURLOPT_USERAGENT, "abide");
	c->curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT, (long)limits->timeout);
	c->curl_easy_setopt(t->easy, CURLOPT_LOW_SPEED_TIME, (long)limits->timeout);
	c->curl_easy_setopt(t->easy, CURLOPT_LOW_SPEED_LIMIT,
			    rate ? (long)MIN(LEAST_SPEED, rate / 4 + 1) : LEAST_SPEED);
	if (rate > 0)
		c->curl_easy_setopt(t->easy, CURLOPT_BUFFERSIZE, (long)CLAMP(rate / 4, LEAST_BLOCK, MOST_BLOCK));
	c->curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, write_cb);
	c->curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	c->curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, header_cb);
	c->curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
	c->curl_easy_setopt(t->easy, CURLOPT_NOPROGRESS, 0L);
	c->curl_easy_setopt(t->easy, CURLOPT_XFERINFOFUNCTION, progress_cb);
	c->curl_easy_setopt(t->easy, CURLOPT_XFERINFODATA, t);
	c->curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	set_authorities(t);
	if (t->d != NULL && t->to.have > 0) {
		g_autofree char *range = g_strdup_printf("%" G_GUINT64_FORMAT "-", t->to.have);
		c->curl_easy_setopt(t->easy, CURLOPT_RANGE, range);
	}
}

/* FALSE with t->error: the part cannot be written. */
static gboolean transfer_begin(struct transfer *t)
{
	if (t->d != NULL && !t->to.open) {
		if (!sink_open(&t->to, t->d, t->parts, &t->error))
			return FALSE;
		t->d->resumed = t->to.have;
		t->tally->done += t->to.have;
	}
	if (t->memory != NULL)
		g_byte_array_set_size(t->memory, 0);
	if (t->url == NULL)
		t->url = url_of(t->s, t->by_hash ? t->d->by_hash : shown(t));
	t->status = 0;
	t->range_start = -1;
	t->discarded = t->headers = 0;
	t->seen = 0;
	t->moved = g_get_monotonic_time();
	t->had = t->to.have;
	t->easy = g_queue_pop_head(&t->s->idle);
	if (t->easy == NULL && (t->easy = t->s->curl->curl_easy_init()) == NULL)
		g_error("libcurl: no memory");
	set_up(t);
	t->s->curl->curl_multi_add_handle(t->s->multi, t->easy);
	return TRUE;
}

/* ---- what became of it ---- */

enum outcome {
	OUTCOME_DONE,
	OUTCOME_AGAIN,	/* another request for the same file */
	OUTCOME_FAILED, /* t->error says why */
};

static enum outcome failed(struct transfer *t, enum publish_error code, const char *why)
{
	if (t->error == NULL)
		g_set_error(&t->error, PUBLISH_ERROR, (gint)code, "%s: %s: %s", t->s->base.where, shown(t), why);
	return OUTCOME_FAILED;
}

static enum outcome again(struct transfer *t, enum publish_error code, const char *why)
{
	if (t->to.open && t->to.have >= t->had + WORTH_A_TRY)
		t->tries = 0;
	if (++t->tries == MOST_TRIES)
		return failed(t, code, why);
	g_clear_error(&t->error);
	g_clear_pointer(&t->url, g_free);
	t->redirects = 0;
	t->not_before = g_get_monotonic_time() + ((gint64)PAUSE_MS * 1000 << (t->tries - 1));
	return OUTCOME_AGAIN;
}

/* From https nothing leads back to http, where anybody could read along. */
static enum outcome redirected(struct transfer *t)
{
	char *to = NULL;
	gboolean secure = g_ascii_strncasecmp(t->url, "https:", 6) == 0;

	t->s->curl->curl_easy_getinfo(t->easy, CURLINFO_REDIRECT_URL, &to);
	if (to == NULL || !takes(to))
		return failed(t, PUBLISH_ERROR_SOURCE, "the server redirects to what is neither http nor https");
	if (secure && g_ascii_strncasecmp(to, "https:", 6) != 0)
		return failed(t, PUBLISH_ERROR_SOURCE,
			      "the server redirects from https to http, which is not followed");
	if (++t->redirects > MOST_REDIRECTS)
		return failed(t, PUBLISH_ERROR_SOURCE, "too many redirects");
	g_free(t->url);
	t->url = g_strdup(to);
	return OUTCOME_AGAIN;
}

static enum outcome absent(struct transfer *t)
{
	if (t->d != NULL && t->by_hash) {
		t->by_hash = FALSE;
		g_clear_pointer(&t->url, g_free);
		return OUTCOME_AGAIN;
	}
	if (t->d != NULL && t->d->optional) {
		t->d->absent = TRUE;
		return OUTCOME_DONE;
	}
	source_absent(&t->s->base, shown(t), &t->error);
	return OUTCOME_FAILED;
}

static enum outcome answered(struct transfer *t, long status)
{
	g_autofree char *why = g_strdup_printf("the server answers %ld", status);

	if (status >= 301 && status <= 308 && status != 304)
		return redirected(t);
	if (status == 404 || status == 410)
		return absent(t);
	if (status == 416 && t->d != NULL) { /* what we have is more than what there is */
		t->tally->done -= t->to.have;
		return sink_restart(&t->to, &t->error) ? again(t, PUBLISH_ERROR_DIGEST, why) : OUTCOME_FAILED;
	}
	if (status == 408 || status == 425 || status == 429 || status >= 500)
		return again(t, PUBLISH_ERROR_SOURCE, why);
	return failed(t, PUBLISH_ERROR_SOURCE, why);
}

/* All bytes that the server had. Bad ones may be those that an earlier run left: then once more from the start. */
static enum outcome whole(struct transfer *t)
{
	if (t->d == NULL)
		return OUTCOME_DONE;
	guint64 resumed = t->to.resumed, have = t->to.have;
	if (have < t->d->size)
		return again(t, PUBLISH_ERROR_SOURCE, "the connection was cut");
	if (sink_finish(&t->to, &t->d->staged, &t->error)) {
		t->d->resumed = resumed;
		tally_took(t->tally, t->d, t->d->size - resumed);
		return OUTCOME_DONE;
	}
	t->tally->done -= have;
	if (resumed > 0 && g_error_matches(t->error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST))
		return again(t, PUBLISH_ERROR_DIGEST, "bad");
	return OUTCOME_FAILED;
}

static enum outcome ended(struct transfer *t, CURLcode result)
{
	long status = 0;

	t->s->curl->curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	if (t->error != NULL)
		return OUTCOME_FAILED;
	if (status != 0 && status != 200 && status != 206)
		return answered(t, status);
	switch (result) {
	case CURLE_OK:
		return status != 0 ? whole(t) : failed(t, PUBLISH_ERROR_SOURCE, "no answer");
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_ABORTED_BY_CALLBACK:
		return again(t, PUBLISH_ERROR_SOURCE, "too slow, or no answer: given up");
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		return again(t, PUBLISH_ERROR_SOURCE, "the connection was cut");
	default:
		return failed(t, PUBLISH_ERROR_SOURCE, t->s->curl->curl_easy_strerror(result));
	}
}

static void release_handle(struct transfer *t)
{
	const struct curl *c = t->s->curl;

	c->curl_multi_remove_handle(t->s->multi, t->easy);
	c->curl_easy_reset(t->easy);
	g_queue_push_tail(&t->s->idle, t->easy);
	t->easy = NULL;
}

static void transfer_free(gpointer data)
{
	struct transfer *t = data;

	if (t->easy != NULL)
		release_handle(t);
	sink_clear(&t->to);
	g_clear_error(&t->error);
	g_free(t->url);
	g_free(t);
}

/* ---- many requests ---- */

/* Begins what may begin. pause: set to the milliseconds until more may. */
static gboolean begin_some(GQueue *waiting, GHashTable *active, guint jobs, int *pause, GError **error)
{
	gint64 now = g_get_monotonic_time();

	*pause = 1000;
	for (GList *l = waiting->head, *next; l != NULL && g_hash_table_size(active) < jobs; l = next) {
		struct transfer *t = l->data;
		next = l->next;
		if (t->not_before > now) {
			*pause = MIN(*pause, (int)((t->not_before - now) / 1000 + 1));
			continue;
		}
		g_queue_delete_link(waiting, l);
		g_hash_table_add(active, t);
		if (!transfer_begin(t)) {
			g_propagate_error(error, g_steal_pointer(&t->error));
			return FALSE;
		}
	}
	return TRUE;
}

static gboolean collect(struct http *s, GQueue *waiting, GHashTable *active, GError **error)
{
	CURLMsg *message;
	int left = 0;

	while ((message = s->curl->curl_multi_info_read(s->multi, &left)) != NULL) {
		struct transfer *t = NULL;
		if (message->msg != CURLMSG_DONE)
			continue;
		CURLcode result = message->data.result;
		s->curl->curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &t);
		enum outcome outcome = ended(t, result);
		release_handle(t);
		g_hash_table_steal(active, t);
		if (outcome == OUTCOME_AGAIN)
			g_queue_push_head(waiting, t);
		if (outcome == OUTCOME_FAILED)
			g_propagate_error(error, g_steal_pointer(&t->error));
		if (outcome != OUTCOME_AGAIN)
			transfer_free(t);
		if (outcome == OUTCOME_FAILED)
			return FALSE;
	}
	return TRUE;
}

/* Takes the transfers over. A limited link gains nothing by many connections, so there is one. */
static gboolean run(struct http *s, GQueue *waiting, GError **error)
{
	g_autoptr(GHashTable) active = g_hash_table_new_full(NULL, NULL, transfer_free, NULL);
	guint jobs = s->limits.rate ? 1 : s->limits.jobs;
	gboolean ok = TRUE;

	while (ok && (waiting->length > 0 || g_hash_table_size(active) > 0)) {
		int running = 0, pause = 0;
		ok = begin_some(waiting, active, jobs, &pause, error);
		guint begun = g_hash_table_size(active);
		if (ok && s->curl->curl_multi_perform(s->multi, &running) != CURLM_OK)
			g_error("libcurl: no memory");
		ok = ok && collect(s, waiting, active, error);
		if (ok && g_hash_table_size(active) == begun) /* else others may begin */
			s->curl->curl_multi_poll(s->multi, NULL, 0, pause, NULL);
	}
	g_hash_table_remove_all(active);
	g_queue_clear_full(waiting, transfer_free);
	return ok;
}

static GBytes *http_read(source *base, const char *path, gsize ceiling, GError **error)
{
	struct http *s = (struct http *)base;
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	struct transfer *t = g_new0(struct transfer, 1);
	GQueue waiting = G_QUEUE_INIT;

	t->s = s;
	t->path = path;
	t->memory = bytes;
	t->ceiling = ceiling;
	g_queue_push_tail(&waiting, t);
	return run(s, &waiting, error) ? g_byte_array_free_to_bytes(g_steal_pointer(&bytes)) : NULL;
}

static gboolean http_fetch(source *base, GPtrArray *downloads, const char *parts, struct tally *tally, GError **error)
{
	GQueue waiting = G_QUEUE_INIT;

	for (guint i = 0; i < downloads->len; i++) {
		struct transfer *t = g_new0(struct transfer, 1);
		t->s = (struct http *)base;
		t->d = downloads->pdata[i];
		t->by_hash = t->d->by_hash != NULL;
		t->parts = parts;
		t->tally = tally;
		g_queue_push_tail(&waiting, t);
	}
	return run((struct http *)base, &waiting, error);
}

const struct source_kind source_http = {
	.takes = takes,
	.open = http_open,
	.read = http_read,
	.fetch = http_fetch,
	.free = http_free,
};
