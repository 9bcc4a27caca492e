#include "practice/describe_keys.h"

#include <stdio.h>
#include <string.h>

struct known_key {
	const char *name;
	const char *neutral; /* JSON */
	bool listed;         /* in the list of objects too */
};

/* clang-format off */
static const struct known_key object_keys[] = {
	{ "actionOverrides",        "[]",    false }, { "activateable",           "false", true },
	{ "associateEntityType",    "null",  true },  { "associateParentEntity",  "null",  true },
	{ "childRelationships",     "[]",    false }, { "compactLayoutable",      "true",  false },
	{ "createable",             "false", true },  { "custom",                 "false", true },
	{ "customSetting",          "false", true },  { "deepCloneable",          "false", true },
	{ "defaultImplementation",  "null",  false }, { "deletable",              "false", true },
	{ "deprecatedAndHidden",    "false", true },  { "extendedBy",             "null",  false },
	{ "extendsInterfaces",      "null",  false }, { "feedEnabled",            "false", true },
	{ "fields",                 "[]",    false }, { "hasSubtypes",            "false", true },
	{ "implementedBy",          "null",  false }, { "implementsInterfaces",   "null",  false },
	{ "isInterface",            "false", true },  { "isSubtype",              "false", true },
	{ "keyPrefix",              "null",  true },  { "label",                  "\"\"",  true },
	{ "labelPlural",            "\"\"",  true },  { "layoutable",             "true",  true },
	{ "listviewable",           "null",  false }, { "lookupLayoutable",       "null",  false },
	{ "mergeable",              "false", true },  { "mruEnabled",             "true",  true },
	{ "name",                   "\"\"",  true },  { "namedLayoutInfos",       "[]",    false },
	{ "networkScopeFieldName",  "null",  false }, { "queryable",              "true",  true },
	{ "recordTypeInfos",        "[]",    false }, { "replicateable",          "true",  true },
	{ "retrieveable",           "true",  true },  { "searchLayoutable",       "true",  false },
	{ "searchable",             "true",  true },  { "sobjectDescribeOption",  "\"FULL\"", false },
	{ "supportedScopes",        "[]",    false }, { "triggerable",            "true",  true },
	{ "undeletable",            "false", true },  { "updateable",             "false", true },
};

static const struct known_key field_keys[] = {
	{ "aggregatable",            "true",  false }, { "aiPredictionField",       "false", false },
	{ "autoNumber",              "false", false }, { "byteLength",              "0",     false },
	{ "calculated",              "false", false }, { "calculatedFormula",       "null",  false },
	{ "cascadeDelete",           "false", false }, { "caseSensitive",           "false", false },
	{ "compoundFieldName",       "null",  false }, { "controllerName",          "null",  false },
	{ "createable",              "false", false }, { "custom",                  "false", false },
	{ "defaultValue",            "null",  false }, { "defaultValueFormula",     "null",  false },
	{ "defaultedOnCreate",       "false", false }, { "dependentPicklist",       "false", false },
	{ "deprecatedAndHidden",     "false", false }, { "digits",                  "0",     false },
	{ "displayLocationInDecimal","false", false }, { "encrypted",               "false", false },
	{ "externalId",              "false", false }, { "extraTypeInfo",           "null",  false },
	{ "filterable",              "true",  false }, { "filteredLookupInfo",      "null",  false },
	{ "formulaTreatNullNumberAsZero", "false", false }, { "groupable",          "true",  false },
	{ "highScaleNumber",         "false", false }, { "htmlFormatted",           "false", false },
	{ "idLookup",                "false", false }, { "inlineHelpText",          "null",  false },
	{ "label",                   "\"\"",  false }, { "length",                  "0",     false },
	{ "mask",                    "null",  false }, { "maskType",                "null",  false },
	{ "name",                    "\"\"",  false }, { "nameField",               "false", false },
	{ "namePointing",            "false", false }, { "nillable",                "true",  false },
	{ "permissionable",          "true",  false }, { "picklistValues",          "[]",    false },
	{ "polymorphicForeignKey",   "false", false }, { "precision",               "0",     false },
	{ "queryByDistance",         "false", false }, { "referenceTargetField",    "null",  false },
	{ "referenceTo",             "[]",    false }, { "relationshipName",        "null",  false },
	{ "relationshipOrder",       "null",  false }, { "restrictedDelete",        "false", false },
	{ "restrictedPicklist",      "false", false }, { "scale",                   "0",     false },
	{ "searchPrefilterable",     "false", false }, { "soapType",                "\"xsd:string\"", false },
	{ "sortable",                "true",  false }, { "type",                    "\"string\"", false },
	{ "unique",                  "false", false }, { "updateable",              "false", false },
	{ "writeRequiresMasterRead", "false", false },
};
/* clang-format on */

enum {
	OBJECT_KEYS = sizeof object_keys / sizeof object_keys[0],
	FIELD_KEYS = sizeof field_keys / sizeof field_keys[0],
};

static bool add_missing(json_t *to, const struct known_key *keys, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!json_object_get(to, keys[i].name) &&
		    json_object_set_new(to, keys[i].name, json_loads(keys[i].neutral, JSON_DECODE_ANY, NULL)))
			return false;
	return true;
}

/* The addresses every object has; the version is put in when they are answered. */
static bool add_urls(json_t *describe)
{
	static const struct {
		const char *key, *tail;
	} urls[] = {
		{ "describe", "/describe" },
		{ "rowTemplate", "/{ID}" },
		{ "sobject", "" },
	};
	const char *name = json_string_value(json_object_get(describe, "name"));
	json_t *object = json_object();
	char url[256];

	for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
		snprintf(url, sizeof url, "/services/data/v00.0/sobjects/%s%s", name, urls[i].tail);
		json_object_set_new(object, urls[i].key, json_string(url));
	}
	return json_object_set_new(describe, "urls", object) == 0;
}

bool describe_complete(json_t *describe)
{
	json_t *field;
	size_t i;

	if (!add_missing(describe, object_keys, OBJECT_KEYS))
		return false;
	if (!json_object_get(describe, "urls") && !add_urls(describe))
		return false;
	json_array_foreach(json_object_get(describe, "fields"), i, field)
		if (json_is_object(field) && !add_missing(field, field_keys, FIELD_KEYS))
			return false;
	return true;
}

json_t *describe_summary(const json_t *describe)
{
	/* tests/recorded/cumulusci/describe: the list has fewer addresses than the describes */
	static const char *const unlisted[] = { "defaultValues", "uiDetailTemplate", "uiEditTemplate",
		                                "uiNewRecord" };
	json_t *summary = json_object(), *urls = json_copy(json_object_get(describe, "urls"));

	for (size_t i = 0; i < OBJECT_KEYS && summary; i++)
		if (object_keys[i].listed)
			json_object_set(summary, object_keys[i].name,
			                json_object_get(describe, object_keys[i].name));
	for (size_t i = 0; i < sizeof unlisted / sizeof unlisted[0]; i++)
		json_object_del(urls, unlisted[i]);
	json_object_set_new(summary, "urls", urls);
	return summary;
}
