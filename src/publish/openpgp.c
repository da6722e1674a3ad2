/* OpenPGP packets: see openpgp.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/openpgp.h"
#include "publish/error.h"

#include <string.h>

#define BEGIN "-----BEGIN PGP "
#define END "-----END PGP "

/* Section 9.4. */
#define HASH_SHA256 8
#define HASH_SHA224 11

static gboolean malformed(GError **error, const char *what)
{
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "OpenPGP: %s", what);
	return FALSE;
}

/* ---- packets ---- */

static gsize big_endian(const guint8 *at, gsize n)
{
	gsize value = 0;

	while (n-- > 0)
		value = value << 8 | *at++;
	return value;
}

/* Section 4.2.1: how many bytes the length of an old packet takes; 0: up to the end of the file, which gpg never
 * writes. */
static gsize old_length(const guint8 *at, gsize left, gsize *body)
{
	static const gsize sizes[] = {1, 2, 4, 0};
	gsize size = sizes[at[0] & 3];

	if (size == 0 || left < 1 + size)
		return 0;
	*body = big_endian(at + 1, size);
	return size;
}

/* Section 4.2.2. 0: cut, or a partial length. */
static gsize new_length(const guint8 *at, gsize left, gsize *body)
{
	if (left >= 2 && at[1] < 192) {
		*body = at[1];
		return 1;
	}
	if (left >= 3 && at[1] < 224) {
		*body = ((gsize)(at[1] - 192) << 8) + at[2] + 192;
		return 2;
	}
	if (left >= 6 && at[1] == 255) {
		*body = big_endian(at + 2, 4);
		return 5;
	}
	return 0;
}

gboolean openpgp_next(const guint8 **cursor, const guint8 *end, struct openpgp_packet *packet, GError **error)
{
	const guint8 *at = *cursor;
	gsize left = (gsize)(end - at), body = 0;

	*packet = (struct openpgp_packet){0};
	if (left == 0)
		return TRUE;
	if ((at[0] & 0x80) == 0)
		return malformed(error, "no packet");
	gboolean new = (at[0] & 0x40) != 0;
	gsize header = new ? new_length(at, left, &body) : old_length(at, left, &body);
	if (header == 0 || body > left - 1 - header)
		return malformed(error, "a packet that is cut or has no length");
	*packet = (struct openpgp_packet){.tag = new ? at[0] & 0x3f : at[0] >> 2 & 0xf,
					  .start = at,
					  .size = 1 + header + body,
					  .body = at + 1 + header,
					  .body_size = body};
	*cursor = at + packet->size;
	return TRUE;
}

/* ---- armor ---- */

/* Section 6.1. */
static guint32 checksum(const guint8 *bytes, gsize size)
{
	guint32 crc = 0xb704ce;

	while (size-- > 0) {
		crc ^= (guint32)*bytes++ << 16;
		for (int bit = 0; bit < 8; bit++) {
			crc <<= 1;
			if (crc & 0x1000000)
				crc ^= 0x1864cfb;
		}
	}
	return crc;
}

void openpgp_armor(GString *to, const char *kind, const guint8 *bytes, gsize size)
{
	guint32 crc = checksum(bytes, size);
	const guint8 sum[3] = {crc >> 16 & 0xff, crc >> 8 & 0xff, crc & 0xff};
	g_autofree char *sum_text = g_base64_encode(sum, sizeof sum);
	g_autofree char *text = g_base64_encode(bytes, size);

	g_string_append_printf(to, BEGIN "%s-----\n\n", kind);
	for (gsize at = 0, length = strlen(text); at < length; at += 64)
		g_string_append_printf(to, "%.64s\n", text + at);
	g_string_append_printf(to, "=%s\n" END "%s-----\n", sum_text, kind);
}

/* The base64 lines of the block that BEGIN_LINE begins, up to its checksum or end; *next is behind it. */
static gboolean dearmor_block(const char *begin_line, GByteArray *bytes, const char **next, GError **error)
{
	const char *body = strchr(begin_line, '\n'), *end = strstr(begin_line, "\n" END);
	gboolean headers = TRUE;

	if (body == NULL || end == NULL)
		return malformed(error, "an armored block without an end");
	*next = end + 1 + strlen(END);
	g_autofree char *text = g_strndup(body, (gsize)(end - body));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autoptr(GString) joined = g_string_new(NULL);
	for (char **line = lines + 1; lines[0] != NULL && *line != NULL && **line != '='; line++) {
		g_strstrip(*line);
		headers &= **line != '\0';
		if (!headers)
			g_string_append(joined, *line);
	}
	gsize size = 0;
	g_autofree guchar *decoded = g_base64_decode(joined->str, &size);
	g_byte_array_append(bytes, decoded, (guint)size);
	return TRUE;
}

GBytes *openpgp_dearmor(GBytes *file, GError **error)
{
	gsize size = 0;
	const char *data = g_bytes_get_data(file, &size);
	g_autofree char *text = g_strndup(size ? data : "", size);
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	const char *at = strstr(text, BEGIN);

	if (size > 0 && (guint8)data[0] & 0x80)
		return g_bytes_ref(file);
	if (at == NULL || size > G_MAXINT32) {
		malformed(error, "neither armored nor binary");
		return NULL;
	}
	for (; at != NULL; at = strstr(at, BEGIN))
		if (!dearmor_block(at, bytes, &at, error))
			return NULL;
	return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}

/* ---- signatures and keys ---- */

GBytes *openpgp_separate(GBytes *signatures, const guint *order, gsize n, GError **error)
{
	gsize size = 0;
	const guint8 *at = g_bytes_get_data(signatures, &size), *end = at + size;
	g_autoptr(GArray) packets = g_array_new(FALSE, FALSE, sizeof(struct openpgp_packet));
	struct openpgp_packet packet;

	do {
		if (!openpgp_next(&at, end, &packet, error))
			return NULL;
		if (packet.size > 0)
			g_array_append_val(packets, packet);
	} while (packet.size > 0);
	g_autoptr(GString) text = g_string_new(NULL);
	for (gsize i = 0; i < n; i++) {
		packet = order[i] < packets->len ? g_array_index(packets, struct openpgp_packet, order[i])
						 : (struct openpgp_packet){0};
		if (packet.tag != OPENPGP_SIGNATURE) {
			malformed(error, "not the signatures that were asked for");
			return NULL;
		}
		openpgp_armor(text, "SIGNATURE", packet.start, packet.size);
	}
	gsize length = text->len;
	return g_bytes_new_take(g_string_free(g_steal_pointer(&text), FALSE), length);
}

/* Section 5.2: the byte of a version 4 or 5 signature that says the digest. 0: another version. */
static guint signature_hash(const struct openpgp_packet *p)
{
	return p->body_size >= 4 && (p->body[0] == 4 || p->body[0] == 5) ? p->body[3] : 0;
}

/* The types that bind names and subkeys to the key (section 5.2.1): 0x10 to 0x13, 0x18, 0x1f. */
static gboolean is_binding(const struct openpgp_packet *p)
{
	guint type = p->body_size >= 2 ? p->body[1] : 0;

	return p->tag == OPENPGP_SIGNATURE && ((type >= 0x10 && type <= 0x13) || type == 0x18 || type == 0x1f);
}

gboolean openpgp_weak_binding(GBytes *certificate, GError **error)
{
	gsize size = 0;
	const guint8 *at = g_bytes_get_data(certificate, &size), *end = at + size;
	struct openpgp_packet packet;
	gboolean bound = FALSE, strong = FALSE, weak = FALSE;

	do {
		if (!openpgp_next(&at, end, &packet, error))
			return FALSE;
		if (packet.size == 0 || packet.tag == OPENPGP_PUBLIC_KEY || packet.tag == OPENPGP_PUBLIC_SUBKEY) {
			weak |= bound && !strong;
			bound = strong = FALSE;
		} else if (is_binding(&packet)) {
			guint hash = signature_hash(&packet);
			bound = TRUE;
			strong |= hash >= HASH_SHA256 && hash != HASH_SHA224;
		}
	} while (packet.size > 0);
	return weak;
}
