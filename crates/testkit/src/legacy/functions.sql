CREATE FUNCTION pg_temp.key(text, bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5($1 || ':' || $2)::uuid $$;
-- What a pilot row has to do with the original of the same number: 0 equal, 1 newer, 2 older, 3 same file under another id,
-- 4 nothing, 5 the id of another tenant's import.
CREATE FUNCTION pg_temp.v3_kind(bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT ($1 - 1) / 6 % 6 $$;
CREATE FUNCTION pg_temp.v3_import(bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN pg_temp.v3_kind($1) < 3 THEN pg_temp.key('data_imports', $1)
                WHEN pg_temp.v3_kind($1) = 5 THEN pg_temp.key('data_imports', CASE WHEN $1 % 6 = 0 THEN $1 - 5 ELSE $1 + 1 END)
                ELSE pg_temp.key('v3_data_imports', $1) END $$;
CREATE FUNCTION pg_temp.import_status(bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN pg_temp.v3_kind($1) = 0 THEN (ARRAY['completed', 'failed', 'pending', 'processing'])[1 + $1 % 4]
                ELSE (ARRAY['pending', 'uploading', 'uploaded', 'processing', 'validating', 'processed', 'completed', 'failed',
                            'cancelled', 'archived', 'discovery_initiated', 'discovery_failed'])[1 + ($1 / 6 + $1) % 12] END $$;
CREATE FUNCTION pg_temp.import_time(bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
    SELECT timestamptz '2025-01-01 00:00:00.000001+00' + $1 * interval '37 minutes 0.123457 seconds' $$;
CREATE FUNCTION pg_temp.import_file(bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN $1 % 13 = 0 THEN 'Ünïcode name – v' || $1 || '.csv' ELSE 'cmdb_' || $1 || '.csv' END $$;
-- A copy of a row under another key and with other values.
CREATE FUNCTION pg_temp.copy(source regclass, from_key uuid, changes jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE copied bigint;
BEGIN
    EXECUTE format('INSERT INTO %s SELECT (jsonb_populate_record(t, $1)).* FROM %s t WHERE id = $2', source, source)
        USING changes, from_key;
    GET DIAGNOSTICS copied = ROW_COUNT;
    IF copied <> 1 THEN RAISE 'no row of % to copy', source; END IF;
END $$;
