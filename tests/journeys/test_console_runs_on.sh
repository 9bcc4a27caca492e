#!/bin/sh
# What runs in the org when a load writes: Start asks for it in the background, tells what the user may read, and what not; nobody
# has to wait for it. Prints TAP.
. tests/journeys/common.sh

automation='"triggers": [{"object": "Contact", "name": "ContactGuard", "on": ["before insert"]},
  {"object": "Contact", "name": "ContactSweep", "on": ["before delete"]},
  {"object": "Contact", "name": "ContactOld", "on": ["before insert"], "active": false}],
 "flows": [{"object": "Contact", "name": "Welcome", "trigger": "RecordAfterSave", "change": "Create"}],
 "validation_rules": [{"object": "Contact", "name": "No_Fax", "message": "no", "when": [{"field": "Fax", "is": "not blank"}]}],
 "duplicate_rules": [{"object": "Contact", "name": "Same_Email", "fields": ["Email"]}]'
start_org
people 12 R1 >"$folder/files/first.csv"
people 12 R2 >"$folder/files/second.csv"
people 12 R3 >"$folder/files/third.csv"
open_terminal 24 80 "$(console)"

post scenario "{$automation}"
check "Start tells what runs when these records are written" eval 'to_start first contact Contact && sees "runs on Contact    1 trigger, 1 flow, 1 validation rule, 1 duplicate rule"'
check "which took four calls" [ "$(get counters | jq '.calls.tooling_query')" -eq 2 ]
resize 120 40
check "a larger terminal has their names" eval 'sees "trigger: ContactGuard" && sees "flow: Welcome" && sees "validation rule: No_Fax" && sees "duplicate rule: Same_Email"'
resize 80 24
keys Escape
check "back and there again it is known" eval 'sees "step 5 of 6" && keys S && sees "1 trigger, 1 flow" && [ "$(get counters | jq .calls.tooling_query)" -eq 2 ]'
keys y
check "the load begins" eval 'sees "Run 1 ›" && until_so is 1 finished'
check "and writes" created_once R1 12
keys q

post scenario "{$automation, \"hidden_objects\": [\"ValidationRule\", \"DuplicateRule\"]}"
check "what the user may not read is said to be so" eval 'to_start second contact Contact && sees "1 trigger, 1 flow; validation rules, duplicate rules not" && sees "readable for this user"'
keys y
check "which stops nothing" eval 'sees "Run 2 ›" && until_so is 2 finished && created_once R2 12'
keys q

post scenario '{"faults": [{"path": "*/tooling/query", "action": "delay", "ms": 600000}]}'
check "an org that does not answer keeps nobody waiting" eval 'to_start third contact Contact && sees "the org is being asked"'
keys y
check "the load begins all the same" eval 'sees "Run 3 ›" && until_so is 3 finished && created_once R3 12'

echo "1..$n"
