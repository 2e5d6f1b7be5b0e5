-- What the triggers of the views under the old names share.

-- The key in the target of a legacy row: as the map says, or the same.
CREATE FUNCTION consolidation.target_id(source text, key text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE((SELECT m.target_key FROM landfall.consolidation_map m WHERE m.run_id = :run::uuid AND m.source_table = source
                     AND m.source_key = key AND m.outcome IN ('kept', 'merged') AND m.rule NOT LIKE 'repeated%'
                     AND NOT (m.outcome = 'merged' AND m.rule = 'mock_tenant')), key)
$$;

-- The client account of rows that name this one: the same, unless it was an invented one.
CREATE FUNCTION consolidation.live_client(client uuid) RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE((SELECT m.target_key::uuid FROM landfall.consolidation_map m WHERE m.run_id = :run::uuid
                     AND m.source_table = 'client_accounts' AND m.source_key = client::text), client, landfall.app_client_account(), :quarantine_client::uuid)
$$;

-- The first engagement of a client account.
CREATE FUNCTION consolidation.live_engagement(client uuid) RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE((SELECT e.id FROM landfall.engagements e WHERE e.client_account_id = client ORDER BY e.created_at, e.id LIMIT 1),
                    consolidation.without_engagement(client))
$$;

-- Notes a row that no legacy row stands for, so that a rollback does not take it for one.
CREATE FUNCTION consolidation.note_made(client uuid, made_table text, key_column text, key uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO landfall.consolidation_map (run_id, source_table, source_key, client_account_id, target_table, target_key, outcome, rule)
    VALUES (:run::uuid, '', made_table || ' ' || client || ' ' || key, client, made_table, key::text, 'made', key_column)
    ON CONFLICT DO NOTHING
$$;

-- Makes the engagement of rows without one, and the master flow of rows that name none, if they are not there.
CREATE FUNCTION consolidation.make_parents(client uuid, engagement uuid, master_flow uuid, kind text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF engagement = consolidation.without_engagement(client)
       AND NOT EXISTS (SELECT FROM landfall.engagements e WHERE e.client_account_id = client AND e.id = engagement) THEN
        INSERT INTO landfall.engagements (client_account_id, id, name, is_active, created_at, updated_at, slug)
        VALUES (client, engagement, 'Without engagement', true, now(), now(), 'consolidation-' || left(engagement::text, 8));
        PERFORM consolidation.note_made(client, 'engagements', 'id', engagement);
    END IF;
    IF master_flow IS NOT NULL AND NOT EXISTS (SELECT FROM landfall.crewai_flow_state_extensions f
                                               WHERE f.client_account_id = client AND f.flow_id = master_flow) THEN
        INSERT INTO landfall.crewai_flow_state_extensions
            (client_account_id, engagement_id, flow_id, flow_type, flow_name, flow_status, created_at, updated_at)
        VALUES (client, engagement, master_flow, kind, 'Made for a row of an old client', 'running', now(), now());
        PERFORM consolidation.note_made(client, 'crewai_flow_state_extensions', 'flow_id', master_flow);
    END IF;
END $$;

-- Puts what the target has no place for into the archive, or takes it out if nothing is left.
CREATE FUNCTION consolidation.keep(client uuid, source text, id_key text, key jsonb, archived text, raw text, why text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    kept_id uuid := consolidation.archive_id(source, id_key);
    kept jsonb := ('{' || archived || '}')::jsonb;
    kept_raw text := CASE WHEN raw <> '' THEN '{' || raw || '}' END;
BEGIN
    IF why = 'no_column' AND archived = '' AND raw = '' THEN
        DELETE FROM landfall.legacy_archive a WHERE a.client_account_id = client AND a.id = kept_id;
        RETURN;
    END IF;
    INSERT INTO landfall.legacy_archive (client_account_id, id, run_id, source_table, source_key, columns, raw_text, row_sha256, reason, archived_at)
    VALUES (client, kept_id, :run::uuid, source, key, kept, kept_raw,
            encode(sha256(convert_to(kept::text || COALESCE(kept_raw, ''), 'UTF8')), 'hex'), why, now())
    ON CONFLICT (client_account_id, id) DO UPDATE SET columns = EXCLUDED.columns, raw_text = EXCLUDED.raw_text,
        row_sha256 = EXCLUDED.row_sha256, source_key = EXCLUDED.source_key;
END $$;
