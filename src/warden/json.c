/* A strict JSON reader (RFC 8259). */
/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"
#include "utf8.h"

#include <string.h>

static bool fail_at(struct json *json, size_t offset, const char *message)
{
	return error_at(json->error, WARDEN_ERROR_SYNTAX, json->source, offset, "%s", message);
}

static bool fail_expected(struct json *json, const char *expected)
{
	uint32_t point = 0;
	size_t left = json->source->length - json->at;
	size_t size = utf8_decode(json->source->bytes + json->at, left, &point);

	if (left == 0)
		return error_at(json->error, WARDEN_ERROR_SYNTAX, json->source, json->at,
				"expected %s, found the end of the text", expected);
	return error_at(json->error, WARDEN_ERROR_SYNTAX, json->source, json->at,
			"expected %s, found '%.*s'", expected, (int)size,
			json->source->bytes + json->at);
}

/* '\0' at the end: no NUL byte is valid where this looks. */
static char byte_at(const struct json *json, size_t offset)
{
	return offset < json->source->length ? json->source->bytes[offset] : '\0';
}

char json_peek(struct json *json)
{
	for (;;) {
		char c = byte_at(json, json->at);

		if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
			return c;
		json->at++;
	}
}

bool json_open(struct json *json, char open, struct json_list *list, const char *expected)
{
	if (json_peek(json) != open)
		return fail_expected(json, expected);
	if (json->depth >= JSON_DEPTH_MAX)
		return error_at(json->error, WARDEN_ERROR_LIMIT, json->source, json->at,
				"nested deeper than %d levels", JSON_DEPTH_MAX);
	json->depth++;
	json->at++;
	*list = (struct json_list){open == '[' ? ']' : '}', false};
	return true;
}

bool json_more(struct json *json, struct json_list *list, bool *more)
{
	char c = json_peek(json);

	*more = c != list->close;
	if (!*more) {
		json->at++;
		json->depth--;
		return true;
	}
	if (list->started) {
		if (c != ',')
			return fail_expected(json,
					     list->close == ']' ? "',' or ']'" : "',' or '}'");
		json->at++;
	}
	list->started = true;
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

/* The four digits of \uXXXX at offset, or -1. */
static int32_t hex4(const struct json *json, size_t offset)
{
	int32_t value = 0;

	for (size_t i = 0; i < 4; i++) {
		int digit = hex_digit(byte_at(json, offset + i));

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

/*
 * \uXXXX, or the two of them that make a character outside the basic plane. json->at is at the
 * backslash.
 */
static bool read_unicode(struct json *json, uint32_t *point)
{
	int32_t high = hex4(json, json->at + 2), low;

	if (high < 0)
		return fail_at(json, json->at, "\\u needs four hexadecimal digits");
	json->at += 6;
	*point = (uint32_t)high;
	if (high < 0xd800 || high > 0xdfff)
		return true;
	low = byte_at(json, json->at) == '\\' && byte_at(json, json->at + 1) == 'u'
		      ? hex4(json, json->at + 2)
		      : -1;
	if (high >= 0xdc00 || low < 0xdc00 || low > 0xdfff)
		return fail_at(json, json->at - 6, "half of a surrogate pair");
	json->at += 6;
	*point = 0x10000 + (((uint32_t)high - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
	return true;
}

static bool read_escape(struct json *json, uint32_t *point)
{
	static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	char letter = byte_at(json, json->at + 1);
	const char *found = letter != '\0' ? strchr(letters, letter) : NULL;

	if (letter == 'u')
		return read_unicode(json, point);
	if (found == NULL)
		return fail_at(json, json->at, "not an escape of a JSON string");
	*point = (unsigned char)values[found - letters];
	json->at += 2;
	return true;
}

/* The bytes from json->at that stand for themselves. */
static size_t plain_length(const struct json *json)
{
	size_t end = json->at;

	while (end < json->source->length && (unsigned char)json->source->bytes[end] >= 0x20 &&
	       json->source->bytes[end] != '"' && json->source->bytes[end] != '\\')
		end++;
	return end - json->at;
}

/* out may be NULL: then the string is only checked. */
static bool read_string(struct json *json, struct buffer *out)
{
	size_t start = json->at++;

	for (;;) {
		size_t plain = plain_length(json);
		char encoded[4], c;
		uint32_t point = 0;

		if (out != NULL && plain != 0 &&
		    !buffer_append(out, json->source->bytes + json->at, plain))
			return error_memory(json->error);
		json->at += plain;
		if (json->at == json->source->length)
			return fail_at(json, start, "this string has no closing quote");
		c = json->source->bytes[json->at];
		if (c == '"') {
			json->at++;
			return true;
		}
		if (c != '\\')
			return fail_at(
				json, json->at,
				"a control character in a string must be written as an escape");
		if (!read_escape(json, &point))
			return false;
		if (out != NULL && !buffer_append(out, encoded, utf8_encode(point, encoded)))
			return error_memory(json->error);
	}
}

bool json_string(struct json *json, struct buffer *out, const char *expected)
{
	if (json_peek(json) != '"')
		return fail_expected(json, expected);
	return read_string(json, out);
}

static bool read_colon(struct json *json)
{
	if (json_peek(json) != ':')
		return fail_expected(json, "':'");
	json->at++;
	return true;
}

bool json_key(struct json *json, struct buffer *out)
{
	out->length = 0;
	return json_string(json, out, "a key in quotes") && read_colon(json);
}

static size_t digits(const struct json *json, size_t offset)
{
	size_t end = offset;

	while (byte_at(json, end) >= '0' && byte_at(json, end) <= '9')
		end++;
	return end - offset;
}

static bool skip_number(struct json *json)
{
	size_t start = json->at, whole, part;

	if (byte_at(json, json->at) == '-')
		json->at++;
	whole = digits(json, json->at);
	if (whole == 0 || (whole > 1 && byte_at(json, json->at) == '0'))
		return fail_at(json, start, "not a JSON number");
	json->at += whole;
	if (byte_at(json, json->at) == '.') {
		part = digits(json, json->at + 1);
		if (part == 0)
			return fail_at(json, start, "not a JSON number");
		json->at += 1 + part;
	}
	if ((byte_at(json, json->at) | 0x20) == 'e') {
		char sign = byte_at(json, json->at + 1);

		json->at += sign == '+' || sign == '-' ? 2 : 1;
		part = digits(json, json->at);
		if (part == 0)
			return fail_at(json, start, "not a JSON number");
		json->at += part;
	}
	return true;
}

static bool skip_word(struct json *json)
{
	static const char *const words[] = {"true", "false", "null"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t length = strlen(words[i]);

		if (json->source->length - json->at >= length &&
		    memcmp(json->source->bytes + json->at, words[i], length) == 0) {
			json->at += length;
			return true;
		}
	}
	return fail_expected(json, "a JSON value");
}

static bool skip_list(struct json *json, char open)
{
	struct json_list list;
	bool more;

	if (!json_open(json, open, &list, "a JSON value"))
		return false;
	for (;;) {
		if (!json_more(json, &list, &more))
			return false;
		if (!more)
			return true;
		if (open == '{' &&
		    !(json_peek(json) == '"' ? read_string(json, NULL) && read_colon(json)
					     : fail_expected(json, "a key in quotes")))
			return false;
		if (!json_skip(json))
			return false;
	}
}

bool json_skip(struct json *json)
{
	char c = json_peek(json);

	if (c == '{' || c == '[')
		return skip_list(json, c);
	if (c == '"')
		return read_string(json, NULL);
	if (c == '-' || (c >= '0' && c <= '9'))
		return skip_number(json);
	return skip_word(json);
}

bool json_end(struct json *json)
{
	json_peek(json);
	if (json->at != json->source->length)
		return fail_expected(json, "the end of the text");
	return true;
}
