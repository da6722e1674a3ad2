/* The C service as a later release writes it: it needs warden_generation(), new in libwarden 1.1.0. */
/* SPDX-License-Identifier: Apache-2.0 */
#define ASK_NEW
#include "ask.c"
