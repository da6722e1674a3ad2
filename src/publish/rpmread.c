/* Reading an .rpm: see rpmread.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/rpmread.h"
#include "publish/error.h"

#include <rpm/rpmcrypto.h>
#include <rpm/rpmkeyring.h>
#include <rpm/rpmpgp.h>
#include <rpm/rpmtag.h>
#include <stdlib.h>
#include <string.h>

#define LEAD_SIZE 96
#define INTRO_SIZE 16
#define INDEX_SIZE 16
#define MOST_TAGS 0xffff
#define MD5_SIZE 16
#define MOST_SIGNATURE (64 * 1024)
#define MOST_HEADER (256 * 1024 * 1024)

static const guint8 header_magic[8] = {0x8e, 0xad, 0xe8, 0x01, 0, 0, 0, 0};

/* A header as it lies in the file: intro, index, data. */
struct blob {
	GByteArray *bytes;
	guint32 tags;
	gsize data_at; /* of the data, from the start of bytes */
};
typedef struct blob blob;
static void blob_clear(struct blob *b)
{
	if (b->bytes != NULL)
		g_byte_array_unref(b->bytes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(blob, blob_clear)

static gboolean bad(GError **error, enum publish_error code, intake *in, const char *what)
{
	g_set_error(error, PUBLISH_ERROR, (gint)code, "%s: %s", intake_name(in), what);
	return FALSE;
}

static guint32 big_endian(const guint8 *at)
{
	guint32 n;

	memcpy(&n, at, sizeof n);
	return GUINT32_FROM_BE(n);
}

static gboolean read_blob(intake *in, struct blob *b, gsize most, GError **error)
{
	guint8 intro[INTRO_SIZE];
	gsize done = 0;

	if (!intake_read(in, intro, sizeof intro, error))
		return FALSE;
	guint32 tags = big_endian(intro + 8), data = big_endian(intro + 12);
	if (memcmp(intro, header_magic, sizeof header_magic) != 0 || tags == 0 || tags > MOST_TAGS || data > most)
		return bad(error, PUBLISH_ERROR_INPUT, in, "not a whole RPM package: header damaged");
	gsize size = INTRO_SIZE + (gsize)tags * INDEX_SIZE + data;
	b->bytes = g_byte_array_new();
	b->tags = tags;
	b->data_at = size - data;
	g_byte_array_append(b->bytes, intro, sizeof intro);
	/* A step at a time, so that a size that is a lie costs no more memory than the file has bytes. */
	for (done = INTRO_SIZE; done < size; done = b->bytes->len) {
		gsize step = MIN(size - done, 1024 * 1024);
		g_byte_array_set_size(b->bytes, (guint)(done + step));
		if (!intake_read(in, b->bytes->data + done, step, error))
			return FALSE;
	}
	return TRUE;
}

/* The data of a tag of that type, with at least one byte behind it; NULL if there is none. */
static const guint8 *find_tag(const struct blob *b, guint32 tag, guint32 type, guint32 *count, gsize *room)
{
	for (guint32 i = 0; i < b->tags; i++) {
		const guint8 *row = b->bytes->data + INTRO_SIZE + (gsize)i * INDEX_SIZE;
		gsize at = b->data_at + big_endian(row + 8);
		if (big_endian(row) != tag || big_endian(row + 4) != type || at >= b->bytes->len)
			continue;
		*count = big_endian(row + 12);
		*room = b->bytes->len - at;
		return b->bytes->data + at;
	}
	return NULL;
}

/* The signature of the main header alone, as OpenPGP packets. */
static const guint8 *find_signature(const struct blob *signatures, gsize *size)
{
	static const guint32 tags[] = {RPMSIGTAG_RSA, RPMSIGTAG_DSA};
	guint32 count = 0;
	gsize room = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(tags); i++) {
		const guint8 *data = find_tag(signatures, tags[i], RPM_BIN_TYPE, &count, &room);
		if (data == NULL || count == 0 || count > room)
			continue;
		*size = count;
		return data;
	}
	return NULL;
}

static void add_key(rpmKeyring ring, const guint8 *data, gsize size)
{
	rpmPubkey key = rpmPubkeyNew(data, size);
	int n = 0;
	rpmPubkey *subkeys = key ? rpmGetSubkeys(key, &n) : NULL;

	if (key != NULL)
		rpmKeyringAddKey(ring, key);
	for (int i = 0; i < n; i++) {
		rpmKeyringAddKey(ring, subkeys[i]);
		rpmPubkeyFree(subkeys[i]);
	}
	free(subkeys);
	rpmPubkeyFree(key);
}

/* Of the certificates, one after the other. */
static rpmKeyring keyring_of(GBytes *certificate)
{
	gsize size = 0;
	const guint8 *data = g_bytes_get_data(certificate, &size);
	rpmKeyring ring = rpmKeyringNew();
	size_t one = 0;

	for (; size > 0 && pgpPubKeyCertLen(data, size, &one) == 0 && one > 0; data += one, size -= one)
		add_key(ring, data, one);
	return ring;
}

static gboolean strong(unsigned int hash)
{
	return hash == PGPHASHALGO_SHA256 || hash == PGPHASHALGO_SHA384 || hash == PGPHASHALGO_SHA512;
}

static rpmRC verify(GBytes *certificate, pgpDigParams signature, const struct blob *header)
{
	DIGEST_CTX hash = rpmDigestInit((int)pgpDigParamsAlgo(signature, PGPVAL_HASHALGO), RPMDIGEST_NONE);
	rpmKeyring ring = keyring_of(certificate);

	rpmDigestUpdate(hash, header->bytes->data, header->bytes->len);
	rpmRC result = rpmKeyringVerifySig(ring, signature, hash);
	rpmDigestFinal(hash, NULL, NULL, 0);
	rpmKeyringFree(ring);
	return result;
}

static gboolean check_signature(intake *in, const struct blob *signatures, const struct blob *header,
				GBytes *certificate, GError **error)
{
	pgpDigParams params = NULL;
	gsize size = 0;
	const guint8 *packets = find_signature(signatures, &size);
	rpmRC result;

	if (packets == NULL)
		return bad(error, PUBLISH_ERROR_SIGNATURE, in,
			   "not signed, and dnf would refuse it; sign it first (rpmsign --addsign)");
	if (pgpPrtParams(packets, size, PGPTAG_SIGNATURE, &params) != 0)
		return bad(error, PUBLISH_ERROR_SIGNATURE, in, "its signature is damaged");
	if (!strong(pgpDigParamsAlgo(params, PGPVAL_HASHALGO))) {
		pgpDigParamsFree(params);
		return bad(error, PUBLISH_ERROR_SIGNATURE, in, "signed with a digest weaker than SHA-256");
	}
	result = verify(certificate, params, header);
	pgpDigParamsFree(params);
	if (result == RPMRC_NOKEY)
		return bad(error, PUBLISH_ERROR_SIGNATURE, in,
			   "not signed by this repository's key, and dnf would refuse it");
	return result == RPMRC_OK || bad(error, PUBLISH_ERROR_SIGNATURE, in, "its signature does not fit its header");
}

/* What the signed header says the payload's digest is; NULL when it does not say it in SHA-256. */
static char *payload_digest(const struct blob *header)
{
	guint32 count = 0;
	gsize room = 0;
	const guint8 *algorithm = find_tag(header, RPMTAG_PAYLOADDIGESTALGO, RPM_INT32_TYPE, &count, &room);

	if (algorithm == NULL || room < 4 || big_endian(algorithm) != PGPHASHALGO_SHA256)
		return NULL;
	const guint8 *text = find_tag(header, RPMTAG_PAYLOADDIGEST, RPM_STRING_ARRAY_TYPE, &count, &room);
	return text ? g_strndup((const char *)text, MIN(room, 64)) : NULL;
}

/* Digests that nothing signs, and by which rpm and dnf refuse a package all the same, before they look at the signature. */
static const struct {
	guint32 tag;
	enum digest_kind kind;
} header_digests[] = {{RPMSIGTAG_SHA256, DIGEST_SHA256}, {RPMSIGTAG_SHA1, DIGEST_SHA1}};

static gboolean check_digests(intake *in, const struct blob *signatures, const struct blob *header, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(header_digests); i++) {
		guint32 count = 0;
		gsize room = 0;
		const guint8 *text = find_tag(signatures, header_digests[i].tag, RPM_STRING_TYPE, &count, &room);
		g_autofree char *found = digest_of(header_digests[i].kind, header->bytes->data, header->bytes->len);
		gsize size = strlen(found);
		if (text != NULL && (room <= size || memcmp(text, found, size) != 0 || text[size] != '\0'))
			return bad(error, PUBLISH_ERROR_DIGEST, in,
				   "not a whole RPM package: its header is not the one that it has a digest of");
	}
	return TRUE;
}

/* Likewise that of header and payload, in older packages and those for older rpms; NULL: none. */
static const guint8 *whole_digest(const struct blob *signatures)
{
	guint32 count = 0;
	gsize room = 0;
	const guint8 *md5 = find_tag(signatures, RPMSIGTAG_MD5, RPM_BIN_TYPE, &count, &room);

	return md5 != NULL && count == MD5_SIZE && room >= MD5_SIZE ? md5 : NULL;
}

static gboolean check_whole(intake *in, const guint8 *expected, digest *whole, GError **error)
{
	g_autofree char *found = digest_hex(whole);
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < MD5_SIZE; i++)
		g_string_append_printf(text, "%02x", expected[i]);
	return strcmp(text->str, found) == 0 ||
	       bad(error, PUBLISH_ERROR_DIGEST, in, "its header and payload are not those that it has a digest of");
}

static gboolean check_payload(intake *in, const struct blob *signatures, const struct blob *header, struct intake_sum *sum,
			      GError **error)
{
	g_autofree char *expected = payload_digest(header);
	g_autoptr(digest) payload = digest_new(DIGEST_SHA256);
	const guint8 *md5 = whole_digest(signatures);
	g_autoptr(digest) whole = md5 ? digest_new(DIGEST_MD5) : NULL;

	if (expected == NULL)
		return bad(error, PUBLISH_ERROR_INPUT, in,
			   "its signed header does not cover its payload; build it with rpm 4.14 or later");
	intake_tap(in, payload);
	if (whole != NULL) {
		digest_update(whole, header->bytes->data, header->bytes->len);
		intake_tap(in, whole);
	}
	if (!intake_finish(in, sum, error))
		return FALSE;
	g_autofree char *found = digest_hex(payload);
	gboolean same = g_ascii_strcasecmp(found, expected) == 0;
	if (same && (whole == NULL || check_whole(in, md5, whole, error)))
		return TRUE;
	if (!same)
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
			    "%s: its payload's SHA-256 is %s, its signed header says %s", intake_name(in), found, expected);
	g_clear_pointer(&sum->sha256, g_free);
	return FALSE;
}

static gpointer begin_cryptography(gpointer unused)
{
	(void)unused;
	return GINT_TO_POINTER(rpmInitCrypto() == 0);
}

/* librpm does this when it first needs it, but not when threads need it at once: then good signatures do not fit. */
static gboolean has_cryptography(intake *in, GError **error)
{
	static GOnce once = G_ONCE_INIT;

	return g_once(&once, begin_cryptography, NULL) != NULL ||
	       bad(error, PUBLISH_ERROR_TOOL, in, "librpm cannot begin its cryptography");
}

gboolean rpmread_check(intake *in, GBytes *certificate, struct rpmread *result, GError **error)
{
	g_auto(blob) signatures = {0}, header = {0};

	if (!has_cryptography(in, error) || !intake_skip(in, LEAD_SIZE, error) ||
	    !read_blob(in, &signatures, MOST_SIGNATURE, error))
		return FALSE;
	guint64 at = LEAD_SIZE + signatures.bytes->len;
	guint64 padding = (8 - at % 8) % 8;
	if (!intake_skip(in, padding, error) || !read_blob(in, &header, MOST_HEADER, error))
		return FALSE;
	result->header_start = at + padding;
	result->header_end = result->header_start + header.bytes->len;
	return check_signature(in, &signatures, &header, certificate, error) &&
	       check_digests(in, &signatures, &header, error) &&
	       check_payload(in, &signatures, &header, &result->sum, error);
}
