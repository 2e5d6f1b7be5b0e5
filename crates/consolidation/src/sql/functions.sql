-- What the statements, the proof and the views of the consolidation share. They stay as long as the views.

-- An id that follows from a name: version 8 of RFC 9562 with SHA-256, since SHA-1 for version 5 needs an extension.
CREATE FUNCTION consolidation.derived_id(name text) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT overlay(overlay(left(encode(sha256(convert_to(name, 'UTF8')), 'hex'), 32) PLACING '8' FROM 13) PLACING 'a' FROM 17)::uuid
$$;

-- Under which id the archive keeps what belongs to a row.
CREATE FUNCTION consolidation.archive_id(source_table text, key text) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT consolidation.derived_id('archive ' || source_table || ' ' || key)
$$;

-- The engagement of rows of a client account that have none.
CREATE FUNCTION consolidation.without_engagement(client uuid) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE client WHEN :test_client::uuid THEN :test_engagement::uuid
                       WHEN :quarantine_client::uuid THEN :quarantine_engagement::uuid
                       ELSE consolidation.derived_id('without engagement ' || client) END
$$;

-- JSON text that a document cannot hold as it is: characters are replaced, and a document inside a string is taken out.
CREATE FUNCTION consolidation.read_json(document text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    found jsonb;
BEGIN
    BEGIN
        found := document::jsonb;
    EXCEPTION WHEN OTHERS THEN
        BEGIN
            found := regexp_replace(document, '\\u(0000|[dD][89a-fA-F][0-9a-fA-F]{2})', '\\ufffd', 'g')::jsonb;
        EXCEPTION WHEN OTHERS THEN
            found := jsonb_build_object('unreadable', document);
        END;
    END;
    IF jsonb_typeof(found) = 'string' AND (found #>> '{}') ~ '^\s*[\[{]' THEN
        BEGIN
            found := (found #>> '{}')::jsonb;
        EXCEPTION WHEN OTHERS THEN
            NULL;
        END;
    END IF;
    RETURN found;
END $$;

-- JSON text as a document. Only text with escapes or with a string at its top needs the slow way.
CREATE FUNCTION consolidation.json_in(document json) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN position('\u' IN document::text) = 0 AND left(document::text, 1) <> '"' THEN document::text::jsonb
                ELSE consolidation.read_json(document::text) END
$$;

-- Whether a document holds everything that the text said, apart from white space and the order of keys: repeated keys make it
-- shorter, as do replaced characters and documents inside strings. Only numbers with an exponent can be longer in a document,
-- and so hide what is missing elsewhere.
CREATE FUNCTION consolidation.keeps(document json, found jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT document::text = found::text
        OR (length(translate(document::text, E' \t\n\r', '')) = length(translate(found::text, ' ', ''))
            AND document::text !~ '[0-9][eE][-+0-9]')
$$;

-- Checksum of JSON text: of the document where it holds everything, else of the text.
CREATE FUNCTION consolidation.json_hash(document json, salt bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN consolidation.keeps(document, consolidation.json_in(document))
                THEN jsonb_hash_extended(consolidation.json_in(document), salt)
                ELSE hashtextextended(document::text, salt) END
$$;

-- The phases whose flags are set, in order; NULL if there are no flags.
CREATE FUNCTION consolidation.phases(boolean, boolean, boolean, boolean, boolean, boolean) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT COALESCE(jsonb_agg(phase ORDER BY place) FILTER (WHERE done), '[]')
    FROM (VALUES (1, 'data_validation', $1), (2, 'field_mapping', $2), (3, 'data_cleansing', $3), (4, 'asset_inventory', $4),
                 (5, 'dependency_analysis', $5), (6, 'tech_debt_assessment', $6)) AS flags (place, phase, done)
$$;

-- Whether the list of completed phases of a v3 flow names a phase by one of its two words.
CREATE FUNCTION consolidation.v3_done(completed json, word text, other text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN completed IS NULL THEN NULL ELSE COALESCE(consolidation.json_in(completed) ?| ARRAY[word, other], false) END
$$;
