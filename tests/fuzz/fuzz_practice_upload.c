/*
 * fuzz_practice_upload.c - any bytes as the data of a job: it ends, and its three results hold each record once. The first
 * two bytes choose operation, delimiter, line ending and which Bulk API.
 */
#include "fuzz_org.h"
#include "practice/results.h"

static void must(bool so)
{
	if (!so)
		abort();
}

static void drain(struct practice *p, const struct job *job, enum results_kind kind)
{
	struct answer a = { 0 };

	buf_init(&a.body, FUZZ_ANSWER);
	a.stream = results_open(p, job, kind);
	fuzz_drain(&a);
}

static void check_rows(const struct job *job)
{
	size_t tried = 0, failed = 0;

	for (size_t i = 0; i < job->row_count; i++) {
		const struct job_row *r = &job->rows[i];

		must(r->at <= job->data.len && r->len <= job->data.len - r->at);
		tried += r->outcome != ROW_NOT_TRIED;
		failed += r->outcome == ROW_FAILED;
		must(r->outcome != ROW_FAILED || r->error < job->error_count);
		must((r->outcome != ROW_CREATED && r->outcome != ROW_WRITTEN) || r->row != 0);
	}
	must(tried == job->processed && failed == job->failed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char delimiters[] = ",;\t|^`";
	static const char *const objects[] = { "Contact", "Account", "Event", "Custom__c" };
	struct practice *p = fuzz_org();
	struct job *job;

	if (size < 2)
		return 0;
	job = jobs_add(&p->jobs, data[1] & 1 ? JOB_BATCH : JOB_V2);
	must(job != NULL);
	job->operation = (enum job_operation)(data[0] % OP_WRITES);
	job->table = practice_table(p, objects[data[0] / 8 % 4]);
	job->key = job->operation == OP_UPSERT
	                   ? object_field(job->table->object,
	                                  slice_of(data[0] & 64 && objects[data[0] / 8 % 4][0] != 'E' ? "Ext__c"
	                                                                                              : "Id"))
	                   : NULL;
	job->delimiter = delimiters[data[1] / 2 % 6];
	job->crlf = (data[1] & 64) != 0;
	job->version = 62;
	job->state = JOB_UPLOAD_COMPLETE;
	job->fate = (struct job_fate){ .fail_after = -1, .lose_after = -1, .bare = (data[1] & 128) != 0 };
	job->fate.respelled = job->fate.bare;
	buf_add(&job->data, (const char *)data + 2, size - 2);
	fuzz_work(p);
	must(job_has_ended(job));
	check_rows(job);
	for (int kind = RESULTS_SUCCESSFUL; kind <= RESULTS_UNPROCESSED; kind++)
		drain(p, job, (enum results_kind)kind);
	jobs_delete(&p->jobs, job);
	return 0;
}
