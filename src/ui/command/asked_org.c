#include "ui/command/asked_org.h"

#include <string.h>

#include "base/text.h"
#include "core/engine/held.h"

#define COUNT_TEXT 27

enum err_code asked_org_ask(const struct call *call, struct load *load, struct progress *progress,
                            struct err *e)
{
	char calls[COUNT_TEXT], left[COUNT_TEXT];
	int64_t cost, there, most;

	if (!call_option(call, OPTION_ASK_ORG))
		return ERR_OK;
	cost = org_check_cost(load);
	if (org_calls_left(load->org, &there, &most))
		call_say(call, "asking %s: up to %s of %s API calls left today",
		         org_identity(load->org)->org_name, text_count(cost, calls, sizeof calls),
		         text_count(there, left, sizeof left));
	return org_check_run(load, progress_records, progress, e);
}

/* "20 would be created, 430 updated" where that is what it means. */
static void add_upsert(struct buf *b, const struct load *load)
{
	const struct org_check *asked = load->asked;
	char created[COUNT_TEXT], updated[COUNT_TEXT];

	buf_addf(b, "in the org: %s would be created, %s updated",
	         text_count(load->check.passed - asked->there, created, sizeof created),
	         text_count(asked->there, updated, sizeof updated));
}

static void add_there(struct buf *b, const struct org_check *asked)
{
	char there[COUNT_TEXT], missing[COUNT_TEXT];

	buf_addf(b, "in the org: %s of these keys, and %s not", text_count(asked->there, there, sizeof there),
	         text_count(asked->missing, missing, sizeof missing));
}

void asked_org_say(struct buf *b, const struct load *load)
{
	const struct org_check *asked = load->asked;
	char n[COUNT_TEXT];

	if (!asked) {
		int64_t cost = org_check_cost(load);

		if (cost)
			buf_addf(b,
			         "the org was not asked what it holds: --ask-org does that, with up to %s API "
			         "call%s\n",
			         text_count(cost, n, sizeof n), cost == 1 ? "" : "s");
		return;
	}
	if (load->action == ACTION_UPSERT)
		add_upsert(b, load);
	else if (held_key(load->plan))
		add_there(b, asked);
	else
		buf_add_text(b, "in the org: asked about parents and record types only");
	if (asked->unchanged)
		buf_addf(b, "; %s change nothing%s", text_count(asked->unchanged, n, sizeof n),
		         load->options.skip_unchanged ? " and are left out"
		                                      : " (--skip-unchanged leaves them out)");
	buf_add_char(b, '\n');
}

bool asked_org_fix(const struct load *load, const struct finding *finding, struct buf *b)
{
	const struct field *key = held_key(load->plan);
	bool parent = key && strcmp(finding->field, key->name) != 0;

	if (finding->rule == RULE_UNCHANGED)
		buf_add_text(b, "--skip-unchanged");
	else if (finding->rule == RULE_IN_ORG && key)
		buf_addf(b, "--action upsert --external-id %s", key->name);
	else if (finding->rule == RULE_NOT_IN_ORG)
		buf_add_text(b, parent || !key ? "load those records first, or leave these out: --skip-invalid"
		                               : "leave them out: --skip-invalid");
	else if (finding->rule == RULE_SEVERAL || finding->rule == RULE_NOT_OFFERED)
		buf_add_text(b, "leave them out: --skip-invalid");
	else
		return false;
	return true;
}

void asked_org_member(struct json *json, const struct load *load)
{
	const struct org_check *asked = load->asked;

	json_put_number(json, "ask_org_calls", org_check_cost(load));
	if (!asked) {
		json_put_text(json, "org_has", NULL);
		return;
	}
	json_begin(json, "org_has", '{');
	json_put_number(json, "there", asked->there);
	json_put_number(json, "missing", asked->missing);
	json_put_number(json, "unchanged", asked->unchanged);
	json_put_number(json, "refused", asked->refused);
	json_put_number(json, "calls", asked->calls);
	json_end(json);
}
