/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of the audit log: their canonical bytes, and reading them. */

/* Refuses heads of entries that are not those of their requests. The bytes before a request's own keyed digest are
   what the daemon may say of a request: who, of which organisation, by which method and request id. Every function
   that takes heads compares them with what it knows itself, so that none can speak of another method, operator or
   request than its own. `methods`: one for all of the set, or one for each request; `requests` and `digests` NULL:
   of looks, whose ids are the daemon's own. Of rows (`row_req` is not NULL) the heads are theirs. There is one for
   each request, or row: nothing is written of which no entry tells. From here on the transaction changes only rows
   that its methods may (audit.tie). */
CREATE FUNCTION helper.heads_check(heads bytea[], operators uuid[], methods text[], requests uuid[] DEFAULT NULL,
                                   digests bytea[] DEFAULT NULL, row_req int4[] DEFAULT NULL,
                                   row_number int4[] DEFAULT NULL)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(heads) IS DISTINCT FROM coalesce(cardinality(row_req), cardinality(operators)) OR EXISTS (
        WITH request AS MATERIALIZED (
            SELECT u.n::int4 AS req,
                   '\x1a10'::bytea || uuid_send(u.id) || '\x2210'::bytea
                      || uuid_send(coalesce(o.organisation_id, helper.nobody(u.id))) || '\x2a'::bytea
                   || substring(int4send(octet_length(m.name)) FROM 4) || convert_to(m.name, 'UTF8')
                      || '\x3210'::bytea AS who,
                   CASE WHEN requests IS NOT NULL THEN uuid_send(requests[u.n]) END AS id, digests[u.n] AS digest
              FROM unnest(operators) WITH ORDINALITY u(id, n)
              LEFT JOIN registry.operator o ON o.operator_id = u.id
             CROSS JOIN LATERAL (SELECT methods[CASE WHEN cardinality(methods) = 1 THEN 1 ELSE u.n END] AS name) m)
        SELECT FROM unnest(heads) WITH ORDINALITY h(head, n)
          LEFT JOIN request r ON r.req = CASE WHEN row_req IS NULL THEN h.n ELSE row_req[h.n] END
         WHERE (substring(h.head FROM 1 FOR 3) = '\x080111'
                AND substring(h.head FROM 12 FOR octet_length(r.who)) = r.who
                AND substring(h.head FROM 12 + octet_length(r.who) FOR 18)
                    = coalesce(r.id, substring(h.head FROM 12 + octet_length(r.who) FOR 16)) || '\x3a20'::bytea
                AND substring(h.head FROM 30 + octet_length(r.who) FOR 32)
                    = coalesce(r.digest, substring(h.head FROM 30 + octet_length(r.who) FOR 32))
                AND substring(h.head FROM 62 + octet_length(r.who)) = CASE WHEN row_req IS NULL THEN ''::bytea
                                                                           ELSE helper.entry_row(row_number[h.n]) END)
               IS NOT TRUE) THEN
        RAISE insufficient_privilege USING MESSAGE = 'the head of an entry is not that of its request';
    END IF;
    IF row_req IS NULL AND cardinality(heads) > 0 THEN
        PERFORM set_config('mingce.methods',
                           (SELECT coalesce(string_agg(DISTINCT m, ' '), 'none') FROM unnest(methods) m), true);
    END IF;
END $$;

/* The id of all zeros, of whom there is no operator: the caller of no one. NULL of anybody else. */
CREATE FUNCTION helper.nobody(id uuid) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN id = '00000000-0000-0000-0000-000000000000' THEN id END
$$;

/* Of each request the method its number is of; `otherwise` where it has none. */
CREATE FUNCTION helper.methods(names text[], numbers int2[], otherwise text DEFAULT NULL) RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(coalesce(names[u.number], otherwise) ORDER BY u.n)
      FROM unnest(numbers) WITH ORDINALITY u(number, n)
$$;

/* Field 8 of AuditEntry, a row's number below 2^28. */
CREATE FUNCTION helper.entry_row(number int4) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT '\x40'::bytea
        || CASE WHEN number < 128 THEN substring(int4send(number) FROM 4)
                WHEN number < 1 << 14
                     THEN substring(int4send(number % 128 + 128) FROM 4) || substring(int4send(number >> 7) FROM 4)
                WHEN number < 1 << 21 THEN substring(int4send(number % 128 + 128) FROM 4)
                    || substring(int4send((number >> 7) % 128 + 128) FROM 4) || substring(int4send(number >> 14) FROM 4)
                ELSE substring(int4send(number % 128 + 128) FROM 4)
                    || substring(int4send((number >> 7) % 128 + 128) FROM 4)
                    || substring(int4send((number >> 14) % 128 + 128) FROM 4)
                       || substring(int4send(number >> 21) FROM 4) END
$$;

/* The bytes of an entry but for its transaction. The head, fields 1 to 8, comes from the daemon; here the rest of
   AuditEntry (proto/audit.proto) is appended in ascending order: 9 outcome, 10 record, 11 person, 12 commitments, 13
   subject. What is NULL is left out. */
CREATE FUNCTION helper.entry_part(head bytea, outcome int2, record int8, person uuid, first bytea, second bytea,
                                  subject uuid DEFAULT NULL) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT head || CASE WHEN outcome < 128 THEN set_byte('\x4800'::bytea, 1, outcome) /* a varint */
                        ELSE set_byte(set_byte('\x480000'::bytea, 1, 128 + outcome % 128), 2, outcome / 128) END
        || coalesce('\x5208'::bytea || int8send(record), ''::bytea)
        || coalesce('\x5a10'::bytea || uuid_send(person), ''::bytea)
        || coalesce('\x6220'::bytea || first, ''::bytea)
        || coalesce('\x6220'::bytea || second, ''::bytea)
        || coalesce('\x6a10'::bytea || uuid_send(subject), ''::bytea)
$$;

/* The bytes of an entry, as helper.entry_part() makes them, with the last field: which transaction's. */
CREATE FUNCTION helper.entry_body(head bytea, outcome int2, record int8, person uuid, first bytea, second bytea,
                                  subject uuid DEFAULT NULL) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT helper.entry_part(head, outcome, record, person, first, second, subject) || audit.transaction()
$$;

/* Makes an answer that is given again as safe as a fresh one. A transaction that writes nothing ends at once, even
   where the one that gave the first answer was cut off while it waited for a synchronous standby, which has it not:
   so this one writes a word to the log, and waits in turn. */
CREATE PROCEDURE helper.answer_again() LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_logical_emit_message(true, 'mingce', '');
END $$;

/* The first answer to a request id, no row when there is none: for functions that take the requests of a set one by
   one. The same id from another operator or with other content is refused. */
CREATE FUNCTION helper.answered(in_request_id uuid, in_digest bytea, in_operator uuid)
RETURNS TABLE (outcome int2, record int8, subject uuid, detail int4) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT CASE WHEN same THEN k.outcome ELSE OUTCOME_REQUEST_ID_REUSED::int2 END, CASE WHEN same THEN k.record END,
           CASE WHEN same THEN k.subject END, CASE WHEN same THEN k.detail END
      FROM registry.request k
     CROSS JOIN LATERAL (SELECT k.digest = in_digest AND k.operator_id = in_operator AS same) s
     WHERE k.request_id = in_request_id;
    IF FOUND THEN
        CALL helper.answer_again();
    END IF;
END $$;

/* The subject of an entry whose last field, besides its transaction, that is; NULL: it is not. */
CREATE FUNCTION helper.entry_subject(in_body bytea) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN substring(in_body FROM octet_length(in_body) - 28 FOR 2)
                     || substring(in_body FROM octet_length(in_body) - 10 FOR 3)
                     = '\x6a10920108' THEN substring(in_body FROM octet_length(in_body) - 26 FOR 16)
                WHEN substring(in_body FROM octet_length(in_body) - 17 FOR 2) = '\x6a10'
                     THEN substring(in_body FROM octet_length(in_body) - 15) END
$$;

/* Writes what was decided about a request: its entry and the mark that answers it for good. */
CREATE PROCEDURE helper.answer(in_request_id uuid, in_digest bytea, in_operator uuid, in_head bytea, in_outcome int2,
                               in_record int8 DEFAULT NULL, in_person uuid DEFAULT NULL, in_first bytea DEFAULT NULL,
                               in_second bytea DEFAULT NULL, in_subject uuid DEFAULT NULL, in_detail int4 DEFAULT NULL)
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit.entry (operator_id, person_id, body)
    VALUES (in_operator, in_person,
            helper.entry_body(in_head, in_outcome, in_record, in_person, in_first, in_second, in_subject));
    INSERT INTO registry.request (request_id, operator_id, digest, record, outcome, subject, detail)
    VALUES (in_request_id, in_operator, in_digest, in_record, in_outcome, in_subject, in_detail);
END $$;

/* An instant in milliseconds since 1970, as messages carry it. Cut, not rounded: what happened at an instant is not
   before the milliseconds that name it. */
CREATE FUNCTION helper.ms(in_at timestamptz) RETURNS int8 LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT floor(extract(epoch FROM in_at) * 1000)::int8
$$;

/* When an entry was made: field 2 of AuditEntry, milliseconds since 1970; NULL of what is no entry. */
CREATE FUNCTION helper.entry_at(in_body bytea) RETURNS int8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(in_body) > 8
                THEN get_byte(in_body, 3)::int8 + (get_byte(in_body, 4)::int8 << 8) + (get_byte(in_body, 5)::int8 << 16)
                     + (get_byte(in_body, 6)::int8 << 24) + (get_byte(in_body, 7)::int8 << 32)
                     + (get_byte(in_body, 8)::int8 << 40) END
$$;

/* The name of an entry's method as bytes, field 5 of AuditEntry; NULL of what is no entry. */
CREATE FUNCTION helper.entry_method(in_body bytea) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(in_body) > 49 THEN substring(in_body FROM 50 FOR get_byte(in_body, 48)) END
$$;

/* The id behind every entry that was made before a moment: found by halving, since ids are nearly in the order of
   time. Clocks and waiting transactions may differ by an hour. */
CREATE FUNCTION helper.entry_before(in_ms int8) RETURNS int8 LANGUAGE plpgsql STABLE AS $$
DECLARE
    low int8 := 0;
    high int8 := coalesce((SELECT max(id) FROM audit.entry), 0) + 1;
    probe record;
BEGIN
    WHILE low < high LOOP
        SELECT e.id, helper.entry_at(e.body) AS ms INTO probe FROM audit.entry e WHERE e.id >= (low + high) / 2
         ORDER BY e.id LIMIT 1;
        IF probe.id IS NULL OR coalesce(probe.ms, 0) > in_ms + 3600000 THEN
            high := (low + high) / 2;
        ELSE
            low := probe.id + 1;
        END IF;
    END LOOP;
    RETURN high;
END $$;

/* Entries, newest first, of which what is asked for is true (NULL: whatever). A request looks at 20,000 entries at
   most: when it finds less than a page in them, a last row without bytes says where the next goes on. */
CREATE FUNCTION api.audit_list(in_operator uuid[], in_before int8[], in_page int4[], in_actor uuid[] DEFAULT NULL,
                               in_organisation text[] DEFAULT NULL, in_method text[] DEFAULT NULL,
                               in_subject uuid[] DEFAULT NULL, in_class int8[] DEFAULT NULL,
                               in_from int8[] DEFAULT NULL, in_until int8[] DEFAULT NULL)
RETURNS TABLE (req int4, id int8, body bytea, operator_id uuid, operator_sealed bytea, organisation_name text,
               leaf_index int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    window_size CONSTANT int4 := 20000;
    i record;
    last_id int8;
    found_n int8;
BEGIN
    FOR i IN SELECT r.n::int4 AS req, r.page, r.actor, r.organisation, g.organisation_id, r.method, r.subject, r.class,
                    r.since, r.until,
                    CASE WHEN r.until IS NULL THEN r.before
                         ELSE least(r.before, helper.entry_before(r.until)) END AS before
               FROM unnest(in_operator, in_before, in_page, in_actor, in_organisation, in_method, in_subject, in_class,
                           in_from, in_until)
                    WITH ORDINALITY r(operator_id, before, page, actor, organisation, method, subject, class, since,
                                      until, n)
               JOIN helper.acting a ON a.operator_id = r.operator_id AND a.roles && ARRAY['auditor', 'auditadmin']
               LEFT JOIN registry.organisation g ON g.code = r.organisation
              ORDER BY r.n LOOP
        RETURN QUERY
        SELECT i.req, e.id, e.body, e.operator_id, o.sealed, coalesce(g.name, ''), f.leaf_index
          FROM (SELECT t.id, t.body, t.operator_id
                  FROM (SELECT s.id, s.body, s.operator_id FROM audit.entry s WHERE s.id < i.before ORDER BY s.id DESC
                         LIMIT window_size) t
                 WHERE (i.actor IS NULL OR t.operator_id = i.actor)
                   AND (i.organisation IS NULL OR substring(t.body FROM 32 FOR 16) = uuid_send(i.organisation_id))
                   AND CASE WHEN i.method IS NULL
                                 THEN substring(t.body FROM 48 FOR 6) <> '\x2a04726f7773' -- method "rows"
                            ELSE helper.entry_method(t.body) = convert_to(i.method, 'UTF8') END
                   AND (i.subject IS NULL OR position(uuid_send(i.subject) IN t.body) > 0)
                   AND (i.class IS NULL OR position('\x5208'::bytea || int8send(i.class) IN t.body) > 0)
                   AND (i.since IS NULL OR helper.entry_at(t.body) >= i.since)
                   AND (i.until IS NULL OR helper.entry_at(t.body) < i.until)
                 ORDER BY t.id DESC
                 LIMIT i.page + 1) e
          LEFT JOIN audit.leaf f ON f.entry_id = e.id
          LEFT JOIN registry.operator o ON o.operator_id = e.operator_id
          LEFT JOIN registry.organisation g ON g.organisation_id = o.organisation_id
         ORDER BY e.id DESC;
        GET DIAGNOSTICS found_n = ROW_COUNT;
        CONTINUE WHEN found_n > i.page;
        SELECT min(s.id), count(*) INTO last_id, found_n
          FROM (SELECT t.id FROM audit.entry t WHERE t.id < i.before ORDER BY t.id DESC LIMIT window_size) s;
        IF found_n = window_size
           AND NOT coalesce((SELECT helper.entry_at(t.body) < i.since - 3600000
                               FROM audit.entry t WHERE t.id = last_id),
                            false) THEN
            RETURN QUERY SELECT i.req, last_id, NULL::bytea, NULL::uuid, NULL::bytea, NULL::text, NULL::int8;
        END IF;
    END LOOP;
END $$;
