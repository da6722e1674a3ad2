/* Reading the relations of packages: see relations.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/relations.h"

#include <string.h>

/* Longer names and versions than this no package has. */
#define MOST_NAME 512

/* A piece of a record. */
struct slice {
	const char *at, *end;
};

/* A walk over the names of one side of one record. */
struct walk {
	relations_fn fn;
	gpointer user;
	guint group;
	char name[MOST_NAME], version[MOST_NAME];
};

gboolean relations_hold(version_compare_fn compare, const char *version, enum relation_op op, const char *wanted)
{
	int order = op == RELATION_ANY ? 0 : compare(version, wanted);

	switch (op) {
	case RELATION_LESS:
		return order < 0;
	case RELATION_LESS_EQUAL:
		return order <= 0;
	case RELATION_EQUAL:
		return order == 0;
	case RELATION_GREATER_EQUAL:
		return order >= 0;
	case RELATION_GREATER:
		return order > 0;
	default:
		return TRUE;
	}
}

static gboolean copy(char to[MOST_NAME], const char *from, gsize size)
{
	if (size == 0 || size >= MOST_NAME)
		return FALSE;
	memcpy(to, from, size);
	to[size] = '\0';
	return TRUE;
}

static void hand_over(struct walk *w, enum relation_op op)
{
	const struct relations_name name = {w->name, op, op == RELATION_ANY ? NULL : w->version, w->group};

	w->fn(&name, w->user);
}

/* The longest spelling first. Of rpm's flags, which are words, see rpm_ops. */
static enum relation_op deb_op(struct slice *s)
{
	static const struct {
		const char text[3];
		enum relation_op op;
	} ops[] = {
		{"<<", RELATION_LESS},	{"<=", RELATION_LESS_EQUAL}, {">>", RELATION_GREATER}, {">=", RELATION_GREATER_EQUAL},
		{"=", RELATION_EQUAL},	{"<", RELATION_LESS_EQUAL},  {">", RELATION_GREATER_EQUAL},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(ops); i++) {
		gsize n = strlen(ops[i].text);
		if ((gsize)(s->end - s->at) >= n && memcmp(s->at, ops[i].text, n) == 0) {
			s->at += n;
			return ops[i].op;
		}
	}
	return RELATION_ANY;
}

static void skip_blanks(struct slice *s)
{
	while (s->at < s->end && g_ascii_isspace(*s->at))
		s->at++;
}

static gsize run_until(const struct slice *s, const char *stops)
{
	const char *p = s->at;

	while (p < s->end && strchr(stops, *p) == NULL)
		p++;
	return (gsize)(p - s->at);
}

/* "libfoo1:any (>= 1.0) [amd64] <!nocheck>": what follows the version is for sources only. */
static void deb_name(struct walk *w, struct slice s)
{
	enum relation_op op = RELATION_ANY;

	skip_blanks(&s);
	gsize n = run_until(&s, " \t\n([<:");
	if (!copy(w->name, s.at, n))
		return;
	s.at += n;
	s.at += run_until(&s, "([<");
	if (s.at < s.end && *s.at == '(') {
		s.at++;
		skip_blanks(&s);
		op = deb_op(&s);
		skip_blanks(&s);
		if (op == RELATION_ANY || !copy(w->version, s.at, run_until(&s, " \t\n)")))
			return;
	}
	hand_over(w, op);
}

/* Alternatives between bars, groups between commas. */
static void deb_value(struct walk *w, struct slice s)
{
	while (s.at < s.end) {
		gsize n = run_until(&s, ",|");
		deb_name(w, (struct slice){s.at, s.at + n});
		s.at += n;
		if (s.at < s.end && *s.at++ == ',')
			w->group++;
	}
	w->group++;
}

static gboolean is_field(const struct slice *line, const char *name)
{
	gsize n = strlen(name);

	return (gsize)(line->end - line->at) > n && line->at[n] == ':' && g_ascii_strncasecmp(line->at, name, n) == 0;
}

/* A field ends before the next line that does not begin with a blank. */
static struct slice next_field(struct slice *rest)
{
	struct slice field = {rest->at, rest->end};

	while (rest->at < rest->end) {
		const char *newline = memchr(rest->at, '\n', (gsize)(rest->end - rest->at));
		rest->at = newline ? newline + 1 : rest->end;
		if (rest->at == rest->end || (*rest->at != ' ' && *rest->at != '\t'))
			break;
	}
	field.end = rest->at;
	return field;
}

void relations_of_deb(const char *record, gsize size, enum relations_side side, relations_fn fn, gpointer user)
{
	static const char *const fields[][2] = {
		[RELATIONS_NEEDS] = {"Depends", "Pre-Depends"},
		[RELATIONS_PROVIDES] = {"Provides", "Provides"},
	};
	struct walk w = {.fn = fn, .user = user};
	struct slice rest = {record, record + size};

	while (rest.at < rest.end) {
		struct slice field = next_field(&rest);
		if (!is_field(&field, fields[side][0]) && !is_field(&field, fields[side][1]))
			continue;
		field.at += run_until(&field, ":") + 1;
		deb_value(&w, field);
	}
}

/* ---- rpm ---- */

static const char *find(const struct slice *s, const char *text)
{
	return memmem(s->at, (gsize)(s->end - s->at), text, strlen(text));
}

/* The five entities of XML, in place: the result is never longer. */
static void unescape(char *text)
{
	static const struct {
		const char *entity;
		char character;
	} entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
	char *to = text;

	while (*text != '\0') {
		gsize i = 0;
		while (i < G_N_ELEMENTS(entities) && !g_str_has_prefix(text, entities[i].entity))
			i++;
		if (i < G_N_ELEMENTS(entities)) {
			*to++ = entities[i].character;
			text += strlen(entities[i].entity);
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}

/* The value of an attribute of the element in S; FALSE when it has none, or one that is too long. */
static gboolean attribute(const struct slice *s, const char *name, char value[MOST_NAME])
{
	const char *found = find(s, name);
	struct slice rest = {found ? found + strlen(name) : s->end, s->end};

	if (found == NULL || !copy(value, rest.at, run_until(&rest, "\"")))
		return FALSE;
	unescape(value);
	return TRUE;
}

static enum relation_op rpm_op(const struct slice *element)
{
	static const char *const flags[] = {
		[RELATION_LESS] = "LT",		 [RELATION_LESS_EQUAL] = "LE", [RELATION_EQUAL] = "EQ",
		[RELATION_GREATER_EQUAL] = "GE", [RELATION_GREATER] = "GT",
	};
	char flag[MOST_NAME];

	if (attribute(element, " flags=\"", flag))
		for (gsize op = RELATION_LESS; op <= RELATION_GREATER; op++)
			if (strcmp(flag, flags[op]) == 0)
				return (enum relation_op)op;
	return RELATION_ANY;
}

static gboolean rpm_version(const struct slice *element, char to[MOST_NAME])
{
	char epoch[MOST_NAME] = "0", version[MOST_NAME], release_[MOST_NAME];

	attribute(element, " epoch=\"", epoch);
	if (!attribute(element, " ver=\"", version))
		return FALSE;
	gboolean has_release = attribute(element, " rel=\"", release_);
	return g_snprintf(to, MOST_NAME, "%s:%s%s%s", epoch, version, has_release ? "-" : "",
			  has_release ? release_ : "") < MOST_NAME;
}

static gboolean is_word_of_rich(const char *word)
{
	static const char *const words[] = {"and", "or", "if", "else", "unless", "with", "without", NULL};

	return g_strv_contains(words, word) || strchr("<>=", *word) != NULL;
}

/* "(libfoo1 >= 1 or libfoo-compat)": its packages; a version stands behind an operator. */
static void rich_names(struct walk *w, const char *text)
{
	g_auto(GStrv) words = g_strsplit_set(text, " ()", -1);

	for (gsize i = 0; words[i] != NULL; i++)
		if (*words[i] != '\0' && !is_word_of_rich(words[i]) && copy(w->name, words[i], strlen(words[i])) &&
		    (i == 0 || *words[i - 1] == '\0' || strchr("<>=", *words[i - 1]) == NULL))
			hand_over(w, RELATION_ANY);
}

static void rpm_element(struct walk *w, const struct slice *element)
{
	enum relation_op op = rpm_op(element);

	if (!attribute(element, " name=\"", w->name))
		return;
	if (*w->name == '(') {
		g_autofree char *text = g_strdup(w->name);
		rich_names(w, text);
	} else {
		char *bracket = strchr(w->name, '('), *so = strstr(w->name, ".so");
		gboolean soname = so != NULL && (bracket == NULL || so < bracket);
		if (soname || (bracket != NULL && g_str_has_suffix(w->name, "-32)")) ||
		    (bracket != NULL && g_str_has_suffix(w->name, "-64)")))
			w->name[strcspn(w->name, "(")] = '\0';
		if (soname || (op != RELATION_ANY && !rpm_version(element, w->version)))
			op = RELATION_ANY;
		if (*w->name != '\0')
			hand_over(w, op);
	}
	w->group++;
}

void relations_of_rpm(const char *record, gsize size, enum relations_side side, relations_fn fn, gpointer user)
{
	static const char *const sections[][2] = {
		[RELATIONS_NEEDS] = {"<rpm:requires>", "</rpm:requires>"},
		[RELATIONS_PROVIDES] = {"<rpm:provides>", "</rpm:provides>"},
	};
	struct walk w = {.fn = fn, .user = user};
	struct slice s = {record, record + size};
	const char *begin = find(&s, sections[side][0]), *end = begin ? find(&s, sections[side][1]) : NULL;

	s = (struct slice){begin, end};
	while (end != NULL && s.at < s.end && (begin = find(&s, "<rpm:entry")) != NULL) {
		struct slice element = {begin, end};
		element.end = begin + run_until(&element, ">");
		rpm_element(&w, &element);
		s.at = element.end;
	}
}
