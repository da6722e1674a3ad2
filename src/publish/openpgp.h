/* OpenPGP packets and armor (RFC 4880): signatures taken apart, and what gpgme does not tell of a key. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_OPENPGP_H
#define PUBLISH_OPENPGP_H

#include <glib.h>

enum openpgp_tag {
	OPENPGP_SIGNATURE = 2,
	OPENPGP_PUBLIC_KEY = 6,
	OPENPGP_PUBLIC_SUBKEY = 14,
};

/* One packet, as slices of the bytes it was read from. */
struct openpgp_packet {
	guint tag;
	const guint8 *start; /* with its header */
	gsize size;
	const guint8 *body;
	gsize body_size;
};

/*
 * openpgp_next: read the packet at *cursor and move *cursor behind it.
 *
 * Returns TRUE with packet->size 0 at the end, and FALSE with a PUBLISH_ERROR_INPUT for what is no whole packet of
 * known length (section 4.2; partial lengths are for data, which is not read here).
 */
gboolean openpgp_next(const guint8 **cursor, const guint8 *end, struct openpgp_packet *packet, GError **error);

/*
 * openpgp_armor: append bytes as an armored block of that kind: "SIGNATURE", "PUBLIC KEY BLOCK" (section 6.2).
 */
void openpgp_armor(GString *to, const char *kind, const guint8 *bytes, gsize size);

/*
 * openpgp_dearmor: the bytes of all armored blocks of a file, one after the other, or of a file that is binary as it
 * is.
 *
 * The checksum (section 6.1) is not looked at: what it protects is a signature, which protects itself. Returns a new
 * reference, or NULL with a PUBLISH_ERROR_INPUT: neither, or a block without an end.
 */
GBytes *openpgp_dearmor(GBytes *file, GError **error);

/*
 * openpgp_separate: the signatures of a binary signature file, each as an armored block of its own, in the order ORDER.
 *
 * order: n numbers of packets, from 0; a packet may be there more than once.
 *
 * NULL with a PUBLISH_ERROR_INPUT: not signatures, or not as many.
 */
GBytes *openpgp_separate(GBytes *signatures, const guint *order, gsize n, GError **error);

/*
 * openpgp_weak_binding: whether the primary key of a binary certificate vouches for itself or a subkey by no digest but
 * MD5 or SHA-1, so that the apt of Debian 13 does not take the key (sqv's policy) whatever the files' own signatures
 * are.
 *
 * certificate: one key, without other people's signatures on it. FALSE with a PUBLISH_ERROR_INPUT in *error: malformed.
 */
gboolean openpgp_weak_binding(GBytes *certificate, GError **error);

#endif
