/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the words of the vocabularies, "KIND WORD" per line, for the checks that compare them. */
#include <config.h>

#include <stdio.h>

#include "base/buf.h"
#include "model/protos.h"
#include "model/problem.h"
#include "model/vocab.h"
#include "query/columns.h"

int main(void)
{
	for (unsigned int i = 0; i < PROTO_COUNT; i++)
		printf("proto %s\n", proto_name((enum sock_proto)i));
	for (unsigned int i = 0; i < ADDR_FAMILIES; i++)
		printf("family %s\n", family_name((enum addr_family)i));
	for (unsigned int i = 0; i < SOCK_STATE_COUNT; i++)
		if (STATE_ANY & STATE_BIT(i))
			printf("state %s\n", state_name((enum sock_state)i));
	for (unsigned int i = 0; i < PROBLEM_CODE_COUNT; i++)
		printf("problem %s\n", problem_code_name((enum problem_code)i));
	for (size_t i = 0; i < columns_n; i++)
		for (const char *const *word = columns[i].words; word && *word; word++)
			printf("%s %s\n", columns[i].key, *word);
	return 0;
}
