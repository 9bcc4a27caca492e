#include "ui/command/commands.h"

#include <stdio.h>
#include <string.h>

enum { MOST_HELP = 64 * 1024 };

static void add_overview(struct buf *b)
{
	buf_add_text(b, "Longshore loads records into Salesforce and accounts for every one of them.\n\n");
	command_list(b);
	buf_add_text(b, "\nlongshore help COMMAND lists its options, longshore help settings those of an org.\n"
	                "Exit status: 0 done, 1 cannot start, 2 "
	                "the org refused us,\n"
	                "3 findings, 4 halted at a failure, 5 stopped before the end, 6 records in doubt, 70 a "
	                "fault of ours.\n");
}

static const char settings_help[] =
	"Settings of an org: a JSON object in the file of --config, or the environment with LONGSHORE_ in "
	"front of\n"
	"the same names in capitals (LONGSHORE_CLIENT_ID). One of these sets signs in:\n"
	"  client_id, refresh_token, client_secret   a browser sign-in's refresh token; the secret if the app "
	"wants it\n"
	"  client_id, username, private_key_file     a JWT; private_key for the PEM itself, "
	"private_key_passphrase\n"
	"  client_id, client_secret, domain          the app as itself (client credentials), at its My Domain\n"
	"  username, password, security_token        SOAP login(), until Summer '27; with client_id and "
	"client_secret\n"
	"                                            but no refresh_token OAuth's password grant, until Winter "
	"'27\n"
	"  access_token, instance_url                a session that is there already\n"
	"Where: domain (login, test, or a My Domain such as acme), or login_url. api_version: \"62.0\", else "
	"the newest.\n"
	"TLS: ca_file, client_certificate_file, client_key_file, client_key_passphrase.\n"
	"The load: action, table_name, external_id_name, allow_failures.\n";

int command_help(struct call *call)
{
	const struct command *about = call->words.count ? command_find(call->words.word[0]) : NULL;
	bool settings = call->words.count && strcmp(call->words.word[0], "settings") == 0;
	struct buf help;
	struct err e;
	int status;

	err_init(&e);
	if (call->words.count && !about && !settings) {
		err_set(&e, ERR_USAGE, "there is no command %s; the nearest is %s", call->words.word[0],
		        command_nearest(call->words.word[0]));
		return call_fail(call, &e, "longshore help");
	}
	buf_init(&help, MOST_HELP);
	if (settings)
		buf_add_text(&help, settings_help);
	else if (about)
		options_help(about, &help);
	else
		add_overview(&help);
	status = call_print(&help, 0);
	buf_release(&help);
	return status;
}
