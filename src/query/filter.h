/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter language: parses a filter, and tests rows with it. */
#ifndef PORTSTAT_QUERY_FILTER_H
#define PORTSTAT_QUERY_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/problem.h"

/* The maximum length of a filter: longer than a command line can be. */
#define FILTER_LENGTH_MAX (4U << 20)

struct buf;
struct column;
struct cond;
struct filter;
struct filter_test;
struct resolver;
struct row;
struct snapshot;

/* A syntax error: len bytes (0 at the end of the text) at pos. */
struct filter_error {
	size_t pos;
	size_t len;
	const char *message; /* static, translated: a whole sentence, without the position */
	unsigned int protos; /* PROTO_BIT()s of the protocols that replace %s in the message */
	const char *nearest; /* the word that was probably meant, for "did you mean"; or NULL */
	const char *const *valid; /* all valid words, ended by NULL; or NULL */
	bool lists_states; /* the valid words are the states */
};

/* Adds the message, with its protocols, to out. */
void filter_error_text(const struct filter_error *error, struct buf *out);

/* Adds the valid words with commas between them; nothing if there is no list of them. */
void filter_error_values(const struct filter_error *error, struct buf *out);

/* The result for a row.  There are two kinds of unknown. */
enum filter_result {
	FILTER_NO,
	FILTER_YES,
	FILTER_MAYBE, /* depends on something that is not resolved yet */
	FILTER_UNTESTABLE, /* depends on something hidden from this user or missing here */
};

/* What a word of a filter, as a name, says of rows with the same owner, user, control group ... */
struct name_key {
	const void *item; /* the word */
	uint64_t cgroup;
	uint32_t process; /* index of the only owner, plus 1; 0: it has none */
	uint32_t uid;
	uint32_t ifindex;
	uint16_t netns;
	uint16_t known;
	uint8_t note;
	uint8_t proto;
	uint8_t state;
	uint8_t unused[5];
};

#define NAME_MEMO_PLACES 256

/* Zero-initialised is empty.  For one pass over the rows of a snapshot. */
struct name_memo {
	struct {
		struct name_key key;
		enum filter_result result;
	} places[NAME_MEMO_PLACES];
};

/* The test that makes a row untestable. */
struct filter_doubt {
	const struct filter_test *test; /* borrowed from the filter */
	const char *key; /* the column that is unknown, or a key of the document; static */
	enum problem_lack lack; /* why */
};

/*
 * Parses text of len bytes.  Names become numbers with the resolver's services, users and ephemeral
 * port range (borrowed during the call).  If the resolver allows it, host names become their
 * addresses: all lookups together take at most two seconds.  An empty text is a filter that matches
 * every row.  Returns 0 and a filter to be freed with filter_free(), or -EINVAL and fills in error.
 */
int filter_parse(struct filter **out, const char *text, size_t len, const struct resolver *names,
		 struct filter_error *error);

/* The same without resolving host names: for a text that is still being typed. */
int filter_parse_typed(struct filter **out, const char *text, size_t len,
		       const struct resolver *names, struct filter_error *error);

/*
 * A filter that matches where both do.  Takes ownership of both; either may be NULL, which matches
 * every row.
 */
struct filter *filter_and(struct filter *left, struct filter *right);

void filter_free(struct filter *f);

/* Does it match every row?  f may be NULL, which does. */
bool filter_matches_all(const struct filter *f);

/*
 * Tests the row as far as the snapshot is resolved (snap->resolved): a test whose column needs more
 * is FILTER_MAYBE, and so is every result that depends on it.  A test is false for a value that the
 * kernel does not have (the uid of a socket in TIME-WAIT), and FILTER_UNTESTABLE for one that it
 * has and does not show.
 */
enum filter_result filter_match(const struct filter *f, const struct snapshot *snap,
				const struct row *row);

/* The first test that made filter_match() return FILTER_UNTESTABLE for this row. */
struct filter_doubt filter_doubt(const struct filter *f, const struct snapshot *snap,
				 const struct row *row);

/* Adds text as a value of a filter that matches just this text: escaped, quoted where needed. */
void filter_print_word(const char *text, size_t len, struct buf *out);

/* Adds the canonical form of a test, as filter_print() does. */
void filter_print_test(const struct filter_test *test, struct buf *out);

/*
 * What the program knows of a name that matches nothing: adds one line, translated and safe for a terminal,
 * and returns true; or returns false.
 */
typedef bool filter_hint(void *data, const char *name, size_t len, struct buf *out);

struct filter_hints {
	filter_hint *name; /* of a bare word */
	filter_hint *command; /* of a bare word that a part of a process's name is, too */
	filter_hint *place; /* of a container, pod or network namespace, by its key */
	void *data;
};

/*
 * For a listing without rows: adds a line, translated and safe for a terminal, for the first few
 * names that match nothing, with what was probably meant, and for interfaces that do not exist.
 * proc_root, a directory descriptor, has the processes that exist.
 */
void filter_notes(const struct filter *f, const struct snapshot *snap, int proc_root,
		  const struct filter_hints *hints, struct buf *out);

/*
 * Does the filter name this owner of a row that it matches, by pid, name or another column of
 * owners?  A negated test (not, !=, !~) names nobody.
 */
bool filter_owner_is_named(const struct filter *f, const struct snapshot *snap,
			   const struct row *row, size_t owner);

/* Does the filter test the state, or the port or address of the peer, in a bare word, too? */
bool filter_tests_connections(const struct filter *f);

/* Does a test ask for this column, by its key? */
bool filter_tests_column(const struct filter *f, const char *key);

/* Does it name the process with "pid N"?  Tests below "not", orders and != name nobody. */
bool filter_names_pid(const struct filter *f, int32_t pid);

/*
 * Is it written so that it matches every row of these protocols and families (bits) that has what
 * it asks for: 0-65535, state all, proc *?  True for NULL and for an empty filter.
 */
bool filter_takes_everything(const struct filter *f, unsigned int protos, unsigned int families);

/* Key number i of the language that is no column; NULL after the last. */
const char *filter_word(size_t i);

/* The columns that it tests by their keys, each once, at most max of them.  Returns their number. */
size_t filter_columns(const struct filter *f, const struct column **out, size_t max);

/*
 * The columns that tell why the row matches where a word without a key names it, and none that
 * is_shown() has does: each once, behind the n that out has, at most max of them.  Returns their number.
 */
size_t filter_named_by(const struct filter *f, const struct snapshot *snap, const struct row *row,
		       bool (*is_shown)(const struct column *column, void *data), void *data,
		       const struct column **out, size_t n, size_t max);

/* enum need bits of all its tests. */
unsigned int filter_needs(const struct filter *f);

/* Adds the canonical form, which parses to the same filter unless it exceeds FILTER_LENGTH_MAX. */
void filter_print(const struct filter *f, struct buf *out);

/*
 * Fills in out with the part of the filter that a source can test: a condition that holds wherever
 * the filter does.  Free it with cond_fini().  Sets *is_exact if it is equivalent to the filter.
 * with_mark: may marks be requested (needs CAP_NET_ADMIN)?  names resolves interface names to
 * numbers (NULL: they are left out), so the condition is for one listing only: interfaces come and
 * go.
 */
void filter_cond(const struct filter *f, const struct resolver *names, bool with_mark,
		 struct cond *out, bool *is_exact);

/*
 * Adds the terms that the condition of filter_cond() does not cover exactly, which are tested again
 * here; nothing if it is exact.
 */
void filter_print_rest(const struct filter *f, const struct resolver *names, bool with_mark,
		       struct buf *out);

#endif
