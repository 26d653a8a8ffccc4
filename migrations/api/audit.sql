/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of the audit log: their canonical bytes, and reading them. */

/* The head, fields 1 to 8, comes from the daemon; here the rest of AuditEntry (proto/audit.proto) is appended in
   ascending order: 9 outcome, 10 record, 11 person, 12 commitments, 13 subject. What is NULL is left out. */
CREATE FUNCTION api.entry_body(head bytea, outcome int2, record int8, person uuid, first bytea, second bytea,
                               subject uuid DEFAULT NULL) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT head || set_byte('\x4800'::bytea, 1, outcome)
        || coalesce('\x5208'::bytea || int8send(record), ''::bytea)
        || coalesce('\x5a10'::bytea || uuid_send(person), ''::bytea)
        || coalesce('\x6220'::bytea || first, ''::bytea)
        || coalesce('\x6220'::bytea || second, ''::bytea)
        || coalesce('\x6a10'::bytea || uuid_send(subject), ''::bytea)
$$;

/* An answer given again must be as safe as a fresh one. A transaction that writes nothing ends at once, even where the one
   that gave the first answer was cut off while it waited for a synchronous standby, which has it not: so this one writes
   a word to the log, and waits in turn. */
CREATE PROCEDURE api.answer_again() LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_logical_emit_message(true, 'mingce', '');
END $$;

/* For functions that take the requests of a set one by one: the first answer to a request id, no row when there is
   none. The same id from another operator or with other content is outcome 11. */
CREATE FUNCTION api.answered(in_request_id uuid, in_digest bytea, in_operator uuid)
RETURNS TABLE (outcome int2, record int8, subject uuid, detail int4) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT CASE WHEN same THEN k.outcome ELSE 11::int2 END, CASE WHEN same THEN k.record END,
           CASE WHEN same THEN k.subject END, CASE WHEN same THEN k.detail END
      FROM registry.request k
     CROSS JOIN LATERAL (SELECT k.digest = in_digest AND k.operator_id = in_operator AS same) s
     WHERE k.request_id = in_request_id;
    IF FOUND THEN
        CALL api.answer_again();
    END IF;
END $$;

/* What was decided about a request: its entry and the mark that answers it for good. */
CREATE PROCEDURE api.answer(in_request_id uuid, in_digest bytea, in_operator uuid, in_head bytea, in_outcome int2,
                            in_record int8 DEFAULT NULL, in_person uuid DEFAULT NULL, in_first bytea DEFAULT NULL,
                            in_second bytea DEFAULT NULL, in_subject uuid DEFAULT NULL, in_detail int4 DEFAULT NULL)
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit.entry (operator_id, person_id, body)
    VALUES (in_operator, in_person,
            api.entry_body(in_head, in_outcome, in_record, in_person, in_first, in_second, in_subject));
    INSERT INTO registry.request (request_id, operator_id, digest, record, outcome, subject, detail)
    VALUES (in_request_id, in_operator, in_digest, in_record, in_outcome, in_subject, in_detail);
END $$;

CREATE FUNCTION api.audit_list(in_operator uuid[], in_before int8[], in_page int4[])
RETURNS TABLE (req int4, id int8, body bytea, operator_id uuid, operator_sealed bytea, organisation_name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, e.id, e.body, e.operator_id, o.sealed, coalesce(g.name, '')
      FROM unnest(in_operator, in_before, in_page) WITH ORDINALITY i(operator_id, before, page, n)
      JOIN api.acting a ON a.operator_id = i.operator_id AND a.roles && ARRAY['auditor', 'auditadmin']
     CROSS JOIN LATERAL (
           SELECT t.id, t.body, t.operator_id
             FROM audit.entry t
            WHERE t.id < i.before AND substring(t.body FROM 48 FOR 6) <> '\x2a04726f7773' -- method "rows"
            ORDER BY t.id DESC
            LIMIT i.page + 1) e
      LEFT JOIN registry.operator o ON o.operator_id = e.operator_id
      LEFT JOIN registry.organisation g ON g.organisation_id = o.organisation_id
     ORDER BY i.n, e.id DESC;
END $$;
