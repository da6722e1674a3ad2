/* The record of a channel's changes: who, when, what and why; CHANNEL.log beside CHANNEL.yaml. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_LOG_H
#define PIN_LOG_H

#include "pin/items.h"

/* The largest record that is read, in bytes. */
#define CHANNEL_LOG_CEILING ((gsize)64 << 20)

/* What an entry is about. */
enum channel_action {
	CHANNEL_ACTION_SET,
	CHANNEL_ACTION_UNSET,
	CHANNEL_ACTION_HAND, /* the file was found changed by hand, since the entry before; by nobody knows whom */
};

/* One entry of a record (abide-channel(5)). Strings are owned. */
struct channel_entry {
	gint64 when; /* seconds since 1970; of HAND: when it was found */
	enum channel_action action;
	char *by, *why;     /* one line each; NULL with HAND, and by where nobody was named */
	GPtrArray *changes; /* struct channel_difference *; none: only remarks or layout changed */
	char *before, *after; /* SHA-256 of the channel file, in hexadecimal; NULL: there was none */
	/* The file is again as it was before: the machine stopped before it was written, or somebody took it back by hand. */
	gboolean undone;
	gboolean unrecorded; /* it is not in the record: channel_log_by_hand */
};
void channel_entry_free(struct channel_entry *entry);

/* A record: entries from the first to the last. */
struct channel_log {
	GPtrArray *entries; /* struct channel_entry * */
	gsize size;         /* of the text up to the end of the last whole entry */
	gboolean torn;      /* behind that is the beginning of an entry that was never finished */
};
void channel_log_free(struct channel_log *log);
typedef struct channel_log channel_log;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(channel_log, channel_log_free)

/*
 * channel_log_parse: read a record. name: of the file, for errors.
 *
 * NULL with a CHANNEL_ERROR_INPUT, "NAME:LINE: what is wrong"; what a crash can leave at the end is none.
 */
struct channel_log *channel_log_parse(const char *name, const char *text, gsize size, GError **error);

/* channel_log_read: the record of a channel, which has no entries where there is no file. Errors: also G_FILE_ERROR. */
struct channel_log *channel_log_read(const char *dir, const char *name, GError **error);

/* channel_log_judge: set `undone` of all entries; channel: as it is now, or NULL: there is no file. */
void channel_log_judge(struct channel_log *log, const struct channel *channel);

/*
 * channel_log_items: what the record says that the channel is: all entries applied, one after the other.
 *
 * Returns struct channel_item *, sorted by what, without remarks; owned by the array.
 */
GPtrArray *channel_log_items(const struct channel_log *log);

/*
 * channel_log_by_hand: what is not on record: an entry with the changes since the last entry, for channel_entry_free, or
 * NULL where there are none. channel: as it is now, or NULL: there is no file. when: of the entry.
 */
struct channel_entry *channel_log_by_hand(const struct channel_log *log, const struct channel *channel, gint64 when);

/* A record open for writing, and the lock of its channel. Zero-initialised it is closed. */
struct channel_record {
	int fd;
	char *path;
	struct channel_log *log; /* what it holds */
	gsize size;		 /* of the file, when it was opened */
	gboolean open, appended;
};

/*
 * channel_record_open: lock a channel, for at most ten seconds, and read its record; the file is made where there is none,
 * with the mode of the channel file if there is one.
 *
 * FALSE with CHANNEL_ERROR_BUSY or an error of channel_log_read's.
 */
gboolean channel_record_open(struct channel_record *record, const char *dir, const char *name, GError **error);

/* channel_record_append: write entries (struct channel_entry *), synced to the disk. FALSE with a G_FILE_ERROR. */
gboolean channel_record_append(struct channel_record *record, const GPtrArray *entries, GError **error);

/* channel_record_take_back: what was appended since it was opened was not done after all. */
void channel_record_take_back(struct channel_record *record);

/* channel_record_clear: close it and let the channel go; an empty record is removed. No-op on a closed one. */
void channel_record_clear(struct channel_record *record);
typedef struct channel_record channel_record; /* for g_auto(channel_record) r = {0}; */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(channel_record, channel_record_clear)

#endif
