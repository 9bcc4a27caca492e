#!/bin/sh
# Records go in the order of a column, or of their parent; results stand in source order all the same; the same order holds
# after a kill and in a retry. Proved by the order of the org's audit. Prints TAP.
. tests/journeys/headless.sh

start_org
load() { # STATUS FILE OPTIONS...
	wanted=$1 file=$2
	shift 2
	run "$wanted" load "$file" --config "$folder/org.json" --object Contact --json "$@"
}
mixed() { # COUNT PREFIX: contacts with a number that goes up and down, and repeats
	awk -v n="$1" -v p="$2" 'BEGIN {
		print "Ext__c,LastName,Department"
		for (i = 1; i <= n; i++)
			printf "%s-%05d,Person %d,%s\n", p, i, i, i % 9 ? (i * 7) % 13 : ""
	}'
}
in_order() { # FILE: keys as they should go: blank first, then by number, equal ones as they stand
	tail -n +2 "$1" | awk -F, '{ printf "%d\t%s\t%06d\t%s\n", $3 != "", $3, NR, $1 }' | sort -t"$(printf '\t')" -k1,1n -k2,2n -k3,3n | cut -f 4
}
went() { get 'audit?object=Contact&limit=100000' | jq -r ".writes[] | select(.verb == \"created\") | .key.Ext__c // \"\" | select(startswith(\"$1-\"))"; } # PREFIX

for through in bulk collections; do
	prefix=$(echo $through | cut -c 1 | tr bc BC)
	mixed 60 "$prefix" >"$folder/$through.csv"
	check "$through: by a column" load 0 "$folder/$through.csv" --action insert --api $through --order-by Department --parallel 1 --chunk-records 17
	check "$through: all are written" json '.written == 60 and .failed == 0'
	check "$through: they went in its order, equal ones as they stand" eval '[ "$(went "$prefix")" = "$(in_order "$folder/$through.csv")" ]'
	check "$through: results stand in source order" run 0 export "$(newest)" --which all -o "$folder/all.csv"
	check "$through: all of them" eval '[ "$(tail -n +2 "$folder/all.csv" | cut -d, -f 1)" = "$(tail -n +2 "$folder/$through.csv" | cut -d, -f 1)" ]'
done

# --- the first ones are the first in that order ---
mixed 40 F >"$folder/f.csv"
check "the first ten" load 5 "$folder/f.csv" --action insert --order-by Department --first 10
check "are the first of the order" eval '[ "$(went F)" = "$(in_order "$folder/f.csv" | head -n 10)" ]'
check "then the others" run 0 resume "$(newest)" --json
check "in it" eval '[ "$(went F)" = "$(in_order "$folder/f.csv")" ]'

# --- by the parent ---
printf 'Ext__c,Name\nP-1,One\nP-2,Two\nP-3,Three\n' >"$folder/p.csv"
check "three accounts" run 0 load "$folder/p.csv" --config "$folder/org.json" --object Account --action insert
awk 'BEGIN { print "Ext__c,LastName,Account.Ext__c"; for (i = 1; i <= 30; i++) printf "L-%05d,Person %d,P-%d\n", i, i, 1 + (i * 2) % 3 }' >"$folder/l.csv"
check "by the parent" load 0 "$folder/l.csv" --action insert --order-by parent --parallel 1
check "those of one parent go together" eval '[ "$(went L)" = "$(for p in P-1 P-2 P-3; do grep ",$p" "$folder/l.csv" | cut -d, -f 1; done)" ]'
check "without a lookup that is refused" load 1 "$folder/f.csv" --action insert --again --order-by parent
check "with why" said 'order-by parent needs a lookup that is loaded, and there is none'
check "and so is a column that is not there" load 1 "$folder/f.csv" --action insert --again --order-by Nothing
check "by its name" said 'f.csv has no column "Nothing"'

# --- killed half-way; what is left goes in the same order, nothing twice ---
mixed 240 K >"$folder/k.csv"
post scenario "{$slow}"
begin "$folder/k.csv" --config "$folder/org.json" --object Contact --action insert --order-by Department --parallel 1 --chunk-records 60 --json
some() { [ "$(show "$id" .written)" -ge 60 ]; }
check "a load that has written some" until_so some
kill -KILL "$loader"
wait "$loader" 2>/dev/null
check "is killed" is "$id" interrupted
post scenario '{}'
check "and resumed" run 0 resume "$id" --json
check "to its end" json '.written == 240'
check "each once" created_once K 240
check "in the same order" eval '[ "$(went K)" = "$(in_order "$folder/k.csv")" ]'
check "the journal is sound" run 0 journal check

# --- what failed goes again in the same order ---
mixed 60 R >"$folder/r.csv"
post scenario '{"validation_rules": [{"object": "Contact", "when": [{"field": "Ext__c", "is": "like", "value": "R-*"}], "message": "Not now", "field": "Ext__c"}]}'
check "a load that fails" load 4 "$folder/r.csv" --action insert --order-by Department --allow-failures
post scenario '{}'
check "is tried again" run 0 retry "$(newest)" --json
check "all of it" json '.written == 60'
check "in the same order" eval '[ "$(went R)" = "$(in_order "$folder/r.csv")" ]'

# --- an order to an engine at work: what failed goes at once, in the same order, and then the rest ---
mixed 900 E >"$folder/e.csv"
in_order "$folder/e.csv" | head -n 60 | tail -n 50 >"$folder/fail"
rules=$(jq -R '{object: "Contact", when: [{field: "Ext__c", is: "=", value: .}], message: "Not now"}' "$folder/fail" | jq -s .)
post scenario "{$slow, \"validation_rules\": $rules}"
begin "$folder/e.csv" --config "$folder/org.json" --object Contact --action insert --order-by Department --allow-failures --chunk-records 60 --parallel 1 --json
fifty_failed() { [ "$(show "$id" .failed)" -eq 50 ]; }
check "while a load is at work fifty fail" until_so fifty_failed
post scenario "{$slow}"
check "they are tried again at once" run 0 retry "$id" --json
check "by the engine at work" eval '[ "$(show "$id" .state)" = running ]'
check "which goes on to the end" ended 0
check "with all of them" json '.written == 900 and .failed == 0 and .attempt == 2'
check "each once" created_once E 900
check "what failed went in the run's order" eval '[ "$(went E | grep -xFf "$folder/fail")" = "$(cat "$folder/fail")" ]'
check "and so did the rest" eval '[ "$(went E | grep -vxFf "$folder/fail")" = "$(in_order "$folder/e.csv" | grep -vxFf "$folder/fail")" ]'
check "before the run's last records" eval '[ "$(went E | tail -n 1)" = "$(in_order "$folder/e.csv" | tail -n 1)" ]'
post scenario '{}'

# --- the order itself is gone, or another ---
mixed 40 G >"$folder/g.csv"
check "the first ten" load 5 "$folder/g.csv" --action insert --order-by Department --first 10
gone=$(newest)
order=$(ls -t "$LONGSHORE_STATE"/order-* | head -n 1)
cp "$order" "$folder/order"
printf 'x' | dd of="$order" bs=1 seek=3 conv=notrunc 2>/dev/null
check "an order that was changed is refused" run 1 resume "$gone"
check "with why" said 'is not the order that the run began with'
rm "$order"
check "one that is gone, too" run 1 resume "$gone"
cp "$folder/order" "$order"
check "with it back the run goes on" run 0 resume "$gone" --json
check "to its end" json '.written == 40'
check "each once" created_once G 40
echo "1..$n"
