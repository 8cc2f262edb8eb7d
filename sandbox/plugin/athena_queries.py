"""Athena: partition projection, the OpenX SerDe and Trino's functions, which MiniStack lacks, for DuckDB."""
import json
import re

from contract import athena, firehose, provisioners, responses

# Invalid JSON is null in Trino and an error in DuckDB.
MACROS = "".join(f"CREATE TEMP MACRO {macro};\n" for macro in (
    "json_extract_scalar(text, path) AS CASE WHEN json_valid(text) THEN json_extract_string(text, path) END",
    "from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMP)",
    "date_format(moment, format) AS strftime(moment, format)",
    "approx_percentile(value, share) AS quantile_cont(value, share)"))


def _quoted(text):
    return "'" + text.replace("'", "''") + "'"


def _relation(table, files):
    """The files of a table of JSON with the types of its columns, each with the partition of its path."""
    parameters, storage = table["Parameters"], table["StorageDescriptor"]
    spelled = (storage["SerdeInfo"].get("Parameters") or {}).items()
    keys = {name.removeprefix("mapping."): key for name, key in spelled if name.startswith("mapping.")}

    def typed(column):
        kind = firehose._hive_to_duckdb_type(column["Type"])
        return re.sub(r'"(\w+)"', lambda name: f'"{keys.get(name[1], name[1])}"', kind)
    named = ((keys.get(column["Name"], column["Name"]), typed(column)) for column in storage["Columns"])
    columns = ", ".join(f"{_quoted(name)}: {_quoted(kind)}" for name, kind in named)
    below = re.escape(parameters["storage.location.template"].removeprefix(storage["Location"]))
    partitions = []
    for number, key in enumerate(table["PartitionKeys"], start=1):
        name = key["Name"]
        form = parameters.get(f"projection.{name}.format")
        value = re.sub("[A-Za-z]+", r"\\d+", form) if form else "[^/]+"
        below = below.replace(re.escape(f"${{{name}}}"), f"({value})")
        partitions.append((name, number))
    place = _quoted(f"/ministack-athena-[^/]+/{below}")
    found = ", ".join(f'regexp_extract(filename, {place}, {number}) AS "{name}"' for name, number in partitions)
    return (f"(SELECT * EXCLUDE (filename), {found} FROM read_json({athena._sql_list(files)}, columns = {{{columns}}}, "
            "format = 'unstructured', filename = true))")


def _filled(query, values):
    """A query with its parameters as literals in place of the question marks, as in Athena."""
    marks = [(start, end) for kind, text, start, end in athena._sql_tokens(query) if (kind, text) == ("punct", "?")]
    for (start, end), value in reversed(list(zip(marks, values))):
        query = query[:start] + value + query[end:]
    return query


def _create(logical_id, properties, stack):
    _, _, answer = athena._create_named_query(properties)
    made = json.loads(answer)["NamedQueryId"]
    return made, {"NamedQueryId": made}


def _replace(physical_id, old, new, stack):
    _delete(physical_id, old)
    return _create(physical_id, new, stack)


def _delete(physical_id, properties):
    athena._delete_named_query({"NamedQueryId": physical_id})


def install():
    relation, rewrite, start = athena._table_relation, athena._rewrite_data_paths, athena._start_query_execution

    def relation_of(table, files):
        projected = (table.get("Parameters") or {}).get("projection.enabled") == "true"
        return (_relation if projected else relation)(table, files)

    async def in_duckdb(query, database, catalog=None):
        rewritten, *rest = await rewrite(query, database, catalog)
        return MACROS + rewritten, *rest

    def asked(data):
        if not athena._duckdb_available:  # without DuckDB, MiniStack returns a fixed result
            return responses.error_response_json("InternalServerException", "DuckDB is missing; run: node sandbox/setup.mjs", 500)
        return start({**data, "QueryString": _filled(data.get("QueryString", ""), data.get("ExecutionParameters") or [])})
    athena._table_relation, athena._rewrite_data_paths, athena._start_query_execution = relation_of, in_duckdb, asked
    provisioners._RESOURCE_HANDLERS["AWS::Athena::NamedQuery"] = {"create": _create, "update": _replace, "delete": _delete}
    return ["Athena's partition projection, OpenX SerDe and parameters"]
