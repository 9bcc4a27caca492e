#include "ui/command/man.h"

#include <string.h>

#include "ui/command/commands.h"

enum { MOST_SECTION = 64 * 1024 };

const char help_settings[] =
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

const char help_exit_status[] = "0 done, 1 cannot start, 2 the org refused us,\n"
				"3 findings, 4 halted at a failure, 5 stopped before the end, 6 records in "
				"doubt, 70 a fault of ours.\n";

/* Text as roff shows it to the letter: no escapes, no hyphens for minus signs, no line that is a request. */
static void add_roff(struct buf *page, struct slice text)
{
	bool line_begins = true;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (line_begins && (c == '.' || c == '\''))
			buf_add_text(page, "\\&");
		if (c == '\\')
			buf_add_text(page, "\\e");
		else if (c == '-')
			buf_add_text(page, "\\-");
		else
			buf_add_char(page, c);
		line_begins = c == '\n';
	}
}

/* Line by line, as it stands. */
static void add_table(struct buf *page, struct slice text)
{
	buf_add_text(page, ".nf\n");
	add_roff(page, text);
	buf_add_text(page, ".fi\n");
}

static void add_section(struct buf *page, const char *name, const char *text)
{
	buf_addf(page, ".SH %s\n", name);
	add_table(page, slice_of(text));
}

static void add_command(struct buf *page, const struct command *command)
{
	struct buf options;

	buf_init(&options, MOST_SECTION);
	options_own(command, &options);
	buf_add_text(page, ".SS ");
	buf_addf(page, "longshore %s %s\n", command->name, command->words);
	add_roff(page, slice_of(command->does));
	buf_add_char(page, '\n');
	if (options.len) {
		buf_add_text(page, ".PP\n");
		add_table(page, buf_slice(&options));
	}
	buf_release(&options);
}

void man_page(struct buf *page)
{
	struct buf common;

	buf_init(&common, MOST_SECTION);
	options_common(&common);
	buf_addf(page, ".TH LONGSHORE 1 \"\" \"Longshore %s\" \"User Commands\"\n", LONGSHORE_VERSION);
	buf_add_text(page,
	             ".SH NAME\nlongshore \\- load records into Salesforce and account for every one\n"
	             ".SH SYNOPSIS\n.B longshore\n.RI [ COMMAND ]\n.RI [ options ]\n"
	             ".SH DESCRIPTION\nWithout a command the console opens. Every command can be ended at any\n"
	             "moment; a journal remembers what became of each record, and\n.B longshore resume\n"
	             "goes on from there.\n.SH COMMANDS\n");
	for (int i = 0; i < command_count(); i++)
		add_command(page, command_at(i));
	add_section(page, "\"OPTIONS OF EVERY COMMAND\"", buf_text(&common));
	add_section(page, "SETTINGS", help_settings);
	add_section(page, "\"EXIT STATUS\"", help_exit_status);
	buf_release(&common);
}
