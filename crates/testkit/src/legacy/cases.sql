-- Single rows of which every one is a difficulty. Keys: key(cases, number); numbers are never used twice.

-- Tenants that are missing: derivable from the engagement, from the master flow, from the user, not at all.
SELECT pg_temp.copy('data_imports', key(data_imports, 1), jsonb_build_object('id', key(cases, 1), 'client_account_id', NULL, 'source_filename', 'no tenant.csv'));
SELECT pg_temp.copy('data_imports', key(data_imports, 5), jsonb_build_object('id', key(cases, 2), 'client_account_id', NULL, 'engagement_id', NULL));
SELECT pg_temp.copy('data_imports', key(data_imports, 7), jsonb_build_object('id', key(cases, 3), 'client_account_id', NULL, 'engagement_id', NULL, 'master_flow_id', NULL));
SELECT pg_temp.copy('users', key(users, 1), jsonb_build_object('id', key(cases, 4), 'email', 'PERSON1@example.invalid', 'default_client_id', NULL, 'default_engagement_id', NULL));
SELECT pg_temp.copy('data_imports', key(data_imports, 7), jsonb_build_object('id', key(cases, 5), 'client_account_id', NULL, 'engagement_id', NULL, 'master_flow_id', NULL, 'imported_by', key(cases, 4)));
SELECT pg_temp.copy('raw_import_records', key(raw_import_records, 1), jsonb_build_object('id', key(cases, 6), 'client_account_id', NULL, 'engagement_id', NULL, 'row_number', 9001));
SELECT pg_temp.copy('raw_import_records', key(raw_import_records, 1), jsonb_build_object('id', key(cases, 7), 'client_account_id', NULL, 'engagement_id', NULL, 'data_import_id', key(cases, 5), 'row_number', 1));
SELECT pg_temp.copy('feedback', key(feedback, 1), jsonb_build_object('id', key(cases, 8), 'client_account_id', NULL, 'engagement_id', NULL));
SELECT pg_temp.copy('llm_usage_logs', key(llm_usage_logs, 1), jsonb_build_object('id', key(cases, 9), 'client_account_id', NULL, 'engagement_id', NULL));
SELECT pg_temp.copy('mapping_learning_patterns', key(mapping_learning_patterns, 1), jsonb_build_object('id', key(cases, 10), 'engagement_id', NULL));
-- Tenants of whom there is no row.
SELECT pg_temp.copy('v3_data_imports', pg_temp.v3_import(25), jsonb_build_object('id', key(cases, 11), 'client_account_id', 'deadbeef-dead-4eef-8ead-000000000001', 'engagement_id', 'deadbeef-dead-4eef-8ead-000000000002'));
SELECT pg_temp.copy('v3_field_mappings', key(v3_field_mappings, 7), jsonb_build_object('id', key(cases, 12), 'data_import_id', key(cases, 11), 'client_account_id', 'deadbeef-dead-4eef-8ead-000000000001'));
SELECT pg_temp.copy('discovery_flows', key(discovery_flows, 1), jsonb_build_object('id', key(cases, 13), 'flow_id', key(cases, 113), 'client_account_id', 'deadbeef-dead-4eef-8ead-000000000001'));
SELECT pg_temp.copy('discovery_assets', key(discovery_assets, 1), jsonb_build_object('id', key(cases, 14), 'client_account_id', 'deadbeef-dead-4eef-8ead-000000000003', 'discovery_flow_id', key(cases, 13)));
SELECT pg_temp.copy('crewai_flow_state_extensions', key(crewai_flow_state_extensions, 1), '{"client_account_id": "11111111-1111-1111-1111-111111111111", "engagement_id": "22222222-2222-2222-2222-222222222222"}'::jsonb || jsonb_build_object('id', key(cases, 15), 'flow_id', key(cases, 115)));
SELECT pg_temp.copy('workflow_states', key(workflow_states, 1), jsonb_build_object('id', key(cases, 16), 'client_account_id', 'deadbeef-dead-4eef-8ead-000000000001'));
-- Rows that refer across tenants.
SELECT pg_temp.copy('raw_import_records', key(raw_import_records, 2), jsonb_build_object('id', key(cases, 20), 'asset_id', key(assets, 1), 'row_number', 9002));
SELECT pg_temp.copy('asset_dependencies', key(asset_dependencies, 1), jsonb_build_object('id', key(cases, 21), 'asset_id', key(assets, 1), 'depends_on_asset_id', key(assets, 2)));
SELECT pg_temp.copy('data_imports', key(data_imports, 1), jsonb_build_object('id', key(cases, 22), 'engagement_id', key(engagements, 2)));
SELECT pg_temp.copy('v3_discovery_flows', key(v3_discovery_flows, 13), jsonb_build_object('id', key(cases, 23), 'data_import_id', pg_temp.v3_import(2)));
SELECT pg_temp.copy('asset_tags', key(asset_tags, 1), jsonb_build_object('id', key(cases, 24), 'tag_id', key(tags, 2)));
-- A dependency on itself, one that is there twice, and one that closes a circle.
SELECT pg_temp.copy('asset_dependencies', key(asset_dependencies, 1), jsonb_build_object('id', key(cases, 30), 'asset_id', key(assets, 1), 'depends_on_asset_id', key(assets, 1)));
SELECT pg_temp.copy('asset_dependencies', key(asset_dependencies, 1), jsonb_build_object('id', key(cases, 31)));
SELECT pg_temp.copy('asset_dependencies', key(asset_dependencies, 1), jsonb_build_object('id', key(cases, 32), 'asset_id', key(assets, 7), 'depends_on_asset_id', key(assets, 1)));
SELECT pg_temp.copy('asset_tags', key(asset_tags, 1), jsonb_build_object('id', key(cases, 33)));
SELECT pg_temp.copy('migration_waves', key(migration_waves, 1), jsonb_build_object('id', key(cases, 34)));
SELECT pg_temp.copy('engagements', key(engagements, 1), jsonb_build_object('id', key(cases, 35)));
-- Words in another case and with blanks.
SELECT pg_temp.copy('data_imports', key(data_imports, 4), jsonb_build_object('id', key(cases, 40), 'status', 'COMPLETED', 'source_filename', 'CMDB_4.CSV'));
SELECT pg_temp.copy('data_imports', key(data_imports, 4), jsonb_build_object('id', key(cases, 41), 'status', 'completed '));
SELECT pg_temp.copy('import_field_mappings', key(import_field_mappings, 1), jsonb_build_object('id', key(cases, 42), 'status', ' Approved'));
SELECT pg_temp.copy('import_field_mappings', key(import_field_mappings, 1), jsonb_build_object('id', key(cases, 43), 'status', NULL));
SELECT pg_temp.copy('discovery_flows', key(discovery_flows, 3), jsonb_build_object('id', key(cases, 44), 'flow_id', key(cases, 144), 'status', 'Failed'));
SELECT pg_temp.copy('v3_field_mappings', key(v3_field_mappings, 7), jsonb_build_object('id', key(cases, 45), 'status', 'MODIFIED '));
-- The same name but for its case or the way its letters are written.
SELECT pg_temp.copy('assets', key(assets, 1), jsonb_build_object('id', key(cases, 50), 'name', 'SRV-0000001'));
SELECT pg_temp.copy('assets', key(assets, 1), jsonb_build_object('id', key(cases, 51), 'name', U&'\00C5sa-01', 'asset_name', U&'A\030Asa-01'));
SELECT pg_temp.copy('data_imports', key(data_imports, 1), jsonb_build_object('id', key(cases, 52), 'source_filename', U&'U\0308bung.csv'));
SELECT pg_temp.copy('data_imports', key(data_imports, 1), jsonb_build_object('id', key(cases, 53), 'source_filename', U&'\00DCbung.csv'));
-- Texts: long ones, empty ones, emoji, from right to left, control characters, quotes.
SELECT pg_temp.copy('assets', key(assets, 2), jsonb_build_object('id', key(cases, 60), 'name', repeat('long name ', 400), 'description', repeat('Ω', 70000)));
SELECT pg_temp.copy('assets', key(assets, 2), jsonb_build_object('id', key(cases, 61), 'name', '', 'hostname', '', 'business_owner', ' '));
SELECT pg_temp.copy('assets', key(assets, 2), jsonb_build_object('id', key(cases, 62), 'name', '🖥️ سيرفر שרת', 'description', E'tab\t line\n bell\u0007 "quoted" \\ ''single'' %s $1'));
SELECT pg_temp.copy('v3_data_imports', pg_temp.v3_import(25), jsonb_build_object('id', key(cases, 63), 'filename', repeat('f', 1000) || '.csv', 'mime_type', repeat('m', 300)));
SELECT pg_temp.copy('import_field_mappings', key(import_field_mappings, 2), jsonb_build_object('id', key(cases, 64), 'source_field', repeat('column ', 100), 'target_field', ''));
SELECT pg_temp.copy('v3_field_mappings', key(v3_field_mappings, 8), jsonb_build_object('id', key(cases, 65), 'source_field', '', 'target_field', repeat('t', 500), 'approved_by', repeat('a', 300)));
SELECT pg_temp.copy('data_imports', key(data_imports, 2), jsonb_build_object('id', key(cases, 66), 'import_name', repeat('🗂', 255), 'source_filename', ''));
-- Times.
SELECT pg_temp.copy('data_imports', key(data_imports, 3), jsonb_build_object('id', key(cases, 70), 'completed_at', 'infinity', 'started_at', '-infinity'));
SELECT pg_temp.copy('data_imports', key(data_imports, 3), jsonb_build_object('id', key(cases, 71), 'created_at', '0044-03-15 12:00:00+00 BC', 'completed_at', '294276-12-31 23:59:59.999999+00'));
SELECT pg_temp.copy('v3_data_imports', pg_temp.v3_import(26), jsonb_build_object('id', key(cases, 72), 'created_at', '2025-03-30 02:30:00', 'updated_at', '2025-10-26 02:30:00.123456', 'completed_at', 'infinity'));
SELECT pg_temp.copy('v3_raw_import_records', key(v3_raw_import_records, 13), jsonb_build_object('id', key(cases, 73), 'record_index', 9003, 'processed_at', '-infinity', 'created_at', NULL));
-- Numbers.
SELECT pg_temp.copy('assets', key(assets, 3), jsonb_build_object('id', key(cases, 80), 'memory_gb', 'NaN', 'storage_gb', 'Infinity', 'cpu_cores', -4));
SELECT pg_temp.copy('assets', key(assets, 3), jsonb_build_object('id', key(cases, 81), 'current_monthly_cost', 'NaN', 'estimated_cloud_cost', '-Infinity', 'memory_gb', '-0', 'storage_gb', '1e-320'));
SELECT pg_temp.copy('assets', key(assets, 3), jsonb_build_object('id', key(cases, 82), 'current_monthly_cost', '1e300', 'estimated_cloud_cost', -12.345, 'cpu_cores', 2147483647, 'disk_iops', 0.1, 'memory_gb', '1.7976931348623157e308'));
SELECT pg_temp.copy('data_imports', key(data_imports, 3), jsonb_build_object('id', key(cases, 83), 'file_size_bytes', -1, 'progress_percentage', 'NaN', 'total_records', -5, 'failed_records', 2147483647));
SELECT pg_temp.copy('discovery_flows', key(discovery_flows, 3), jsonb_build_object('id', key(cases, 84), 'flow_id', key(cases, 184), 'progress_percentage', 250.5));
SELECT pg_temp.copy('import_field_mappings', key(import_field_mappings, 3), jsonb_build_object('id', key(cases, 85), 'confidence_score', 100));
SELECT pg_temp.copy('import_field_mappings', key(import_field_mappings, 3), jsonb_build_object('id', key(cases, 86), 'confidence_score', 'NaN'));
SELECT pg_temp.copy('import_field_mappings', key(import_field_mappings, 3), jsonb_build_object('id', key(cases, 87), 'confidence_score', -0.5));
SELECT pg_temp.copy('v3_field_mappings', key(v3_field_mappings, 9), jsonb_build_object('id', key(cases, 88), 'confidence_score', 100.5));
SELECT pg_temp.copy('llm_usage_logs', key(llm_usage_logs, 1), jsonb_build_object('id', key(cases, 89), 'total_cost', 'NaN', 'input_cost', 9999.999999));
-- Rows of one import with the same number, with none, and with numbers below one.
SELECT pg_temp.copy('raw_import_records', key(raw_import_records, 3), jsonb_build_object('id', key(cases, 90)));
SELECT pg_temp.copy('raw_import_records', key(raw_import_records, 3), jsonb_build_object('id', key(cases, 91), 'row_number', 0));
SELECT pg_temp.copy('raw_import_records', key(raw_import_records, 3), jsonb_build_object('id', key(cases, 92), 'row_number', -7));
SELECT pg_temp.copy('v3_raw_import_records', key(v3_raw_import_records, 14), jsonb_build_object('id', key(cases, 93)));
-- A mapping of the same column of the same import, approved differently.
SELECT pg_temp.copy('import_field_mappings', key(import_field_mappings, 4), jsonb_build_object('id', key(cases, 94), 'target_field', 'hostname', 'status', 'approved'));
-- JSON that is no object, that jsonb refuses, or that holds itself as text.
SELECT pg_temp.copy('raw_import_records', key(raw_import_records, 4), jsonb_build_object('id', key(cases, 200 + i), 'row_number', 9100 + i)) FROM generate_series(1, 14) AS i;
UPDATE raw_import_records SET raw_data = '42' WHERE id = key(cases, 201);
UPDATE raw_import_records SET raw_data = '["a", null, "a"]' WHERE id = key(cases, 202);
UPDATE raw_import_records SET raw_data = 'null', validation_errors = 'null' WHERE id = key(cases, 203);
UPDATE raw_import_records SET raw_data = '"{\"a\": 1}"' WHERE id = key(cases, 204);
UPDATE raw_import_records SET raw_data = '{"a": 1, "a": 2, "b": {"c": 1, "c": 1}}' WHERE id = key(cases, 205);
UPDATE raw_import_records SET raw_data = '{"nul": "a\u0000b"}' WHERE id = key(cases, 206);
UPDATE raw_import_records SET raw_data = '{"half": "\ud800"}' WHERE id = key(cases, 207);
UPDATE raw_import_records SET raw_data = '{"huge": 1e400, "small": 1e-400, "long": 0.1234567890123456789012345678901234567890}' WHERE id = key(cases, 208);
UPDATE raw_import_records SET raw_data = (repeat('{"d": [', 60) || '1' || repeat(']}', 60))::json WHERE id = key(cases, 209);
UPDATE raw_import_records SET raw_data = ('{"document": "' || repeat('0123456789abcdef', 65536) || '"}')::json WHERE id = key(cases, 210);
UPDATE raw_import_records SET raw_data = '{ "z":  1 ,	"a" : 2.0, "e": 1E2, "n": -0 }', processed_data = '{"z": 1, "a": 2.00}' WHERE id = key(cases, 211);
UPDATE raw_import_records SET raw_data = '{"": "", " ": " ", "row_index": 3, "é": "e\u0301", "\u00e9": "twice"}' WHERE id = key(cases, 212);
UPDATE raw_import_records SET raw_data = '"\"{\\\"twice\\\": true}\""' WHERE id = key(cases, 213);
UPDATE raw_import_records SET raw_data = '{"deep\u0000key": {"$date": "x"}}', processed_data = '[]' WHERE id = key(cases, 214);
-- Repeated keys that a document hides: its white space, or an exponent written out, makes up for them.
SELECT pg_temp.copy('raw_import_records', key(raw_import_records, 4), jsonb_build_object('id', key(cases, 215 + i), 'row_number', 9115 + i)) FROM generate_series(0, 1) AS i;
UPDATE raw_import_records SET raw_data = '{"a":11,"a":2,"b":3,"c":4,"d":5}' WHERE id = key(cases, 215);
UPDATE raw_import_records SET raw_data = '{"a":1,"a":2,"n":1e8}' WHERE id = key(cases, 216);
SELECT pg_temp.copy('import_field_mappings', key(import_field_mappings, 5), jsonb_build_object('id', key(cases, 220 + i), 'source_field', 'JSON ' || i)) FROM generate_series(1, 4) AS i;
UPDATE import_field_mappings SET sample_values = '"not json"' WHERE id = key(cases, 221);
UPDATE import_field_mappings SET sample_values = '"[\"a\\u0000\"]"', validation_rules = '{"a": "\u0000"}' WHERE id = key(cases, 222);
UPDATE import_field_mappings SET sample_values = 'null', transformation_logic = '"trim"' WHERE id = key(cases, 223);
UPDATE import_field_mappings SET sample_values = '""', transformation_logic = '{"a": 1, "a": 2}' WHERE id = key(cases, 224);
SELECT pg_temp.copy('assets', key(assets, 4), jsonb_build_object('id', key(cases, 230 + i), 'name', 'json-' || i)) FROM generate_series(1, 5) AS i;
UPDATE assets SET custom_attributes = '[1, 2]', dependencies = '{"not": "a list"}' WHERE id = key(cases, 231);
UPDATE assets SET custom_attributes = '"text"', related_assets = '7' WHERE id = key(cases, 232);
UPDATE assets SET custom_attributes = 'null', raw_data = '{"a": "\u0000"}' WHERE id = key(cases, 233);
UPDATE assets SET custom_attributes = '{"k": 1, "k": 2}', phase_context = 'null' WHERE id = key(cases, 234);
UPDATE assets SET custom_attributes = '{"nul": "\u0000", "n": 1e400}', field_mappings_used = '[]' WHERE id = key(cases, 235);
UPDATE v3_discovery_flows SET flow_state = '{"nul": "\u0000"}', error_details = '"text"', field_mappings = '[]' WHERE id = key(cases, 23);
UPDATE v3_data_imports SET error_details = '{"a": 1, "a": "\u0000"}' WHERE id = key(cases, 63);
UPDATE engagements SET settings = '{"nul": "\u0000"}', migration_scope = '[]' WHERE id = key(cases, 35);
UPDATE users SET first_name = 'Zoë', last_name = NULL, last_login = 'infinity' WHERE id = key(cases, 4);
