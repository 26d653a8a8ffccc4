/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates: recorded, revoked, verified. */

/* Whether a person has completed a class of an occupation and level; of the class named, unless NULL. */
CREATE FUNCTION helper.has_completed(in_person uuid, in_class int8, in_occupation text, in_level int2) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM registry.enrolment e JOIN registry.class c ON c.class_number = e.class_number
                    WHERE e.person_id = in_person AND (in_class IS NULL OR e.class_number = in_class)
                      AND c.occupation_code = in_occupation AND c.level = in_level
                      AND c.state = CLASS_COMPLETED AND e.result = RESULT_COMPLETED AND e.removed_reason IS NULL);
END $$;

/* Whether a kind of certificate has a level (B1): 职业资格 and 职业技能等级 are of one of the eight, 专项职业能力 of none;
   the others say that of their training, which may have none. NULL: of every kind or level. */
CREATE FUNCTION helper.level_suits(in_kind int2, in_level int2) RETURNS bool
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE in_kind WHEN KIND_QUALIFICATION THEN in_level <> LEVEL_NONE
                        WHEN KIND_SKILL_LEVEL THEN in_level <> LEVEL_NONE
                        WHEN KIND_SPECIAL_ABILITY THEN in_level = LEVEL_NONE END IS NOT FALSE
$$;

/* Whether a class was opened before there were classes without a level: its certificates are of the level that it was
   given. */
CREATE FUNCTION helper.class_given_level(in_class int8) RETURNS bool LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM registry.class c JOIN registry.schema_migration m ON c.opened_at < m.applied_at
                    WHERE c.class_number = in_class AND m.name = '0053_load_level_codes.sql')
$$;

/* Why a certificate cannot be recorded; done: it can; unchanged: it is `there` already, the same. What rests on a
   class was earned there: its trainee completed it, before the day of issue. A training certificate always rests on
   one. `in_was`: what an amendment changes. */
CREATE FUNCTION helper.certificate_judge(in_new registry.certificate, in_there registry.certificate,
                                         in_was registry.certificate DEFAULT NULL) RETURNS int2
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE
        WHEN in_new.person_id IS NULL THEN OUTCOME_TRAINEE_UNKNOWN
        WHEN in_there.certificate_id IS NOT NULL
             THEN CASE WHEN in_there.person_id = in_new.person_id AND in_there.organisation_id = in_new.organisation_id
                            AND in_there.kind = in_new.kind AND in_there.occupation_code = in_new.occupation_code
                            AND in_there.level = in_new.level AND in_there.issued_on = in_new.issued_on
                            AND in_there.renewal = in_new.renewal
                            THEN OUTCOME_UNCHANGED ELSE OUTCOME_CERTIFICATE_EXISTS END
        WHEN helper.person_erased(in_new.person_id) THEN OUTCOME_ERASED
        WHEN NOT helper.level_suits(in_new.kind, in_new.level)
             AND (in_new.kind, in_new.level) IS DISTINCT FROM (in_was.kind, in_was.level)
             AND NOT (in_new.kind = KIND_SPECIAL_ABILITY AND helper.class_given_level(in_new.class_number))
             THEN OUTCOME_LEVEL_OF_KIND
        WHEN NOT EXISTS (SELECT FROM registry.organisation_scope s
                          WHERE s.organisation_id = in_new.organisation_id
                            AND s.occupation_code = in_new.occupation_code
                            AND s.level = in_new.level AND s.valid_from <= in_new.issued_on
                            AND (s.valid_to IS NULL OR s.valid_to >= in_new.issued_on)) THEN OUTCOME_OUT_OF_SCOPE
        WHEN (in_new.class_number IS NOT NULL OR in_new.kind = KIND_TRAINING)
             AND NOT helper.has_completed(in_new.person_id, in_new.class_number, in_new.occupation_code, in_new.level)
             THEN OUTCOME_NOT_COMPLETED
        WHEN in_new.issued_on < (SELECT c.ends_on FROM registry.class c WHERE c.class_number = in_new.class_number)
             THEN OUTCOME_ISSUED_EARLY
        ELSE OUTCOME_DONE END;
END $$;

/* What a set of certificates' files comes to, request by request: the outcome as a whole, whether it was answered
   before, and who issues; and whether some are refused only because they stand beside others. It is part of the
   query it stands in. */
CREATE FUNCTION helper.certificate_import_judge(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_class int8[], in_needed int8[],
    in_needed_alone int8[])
RETURNS TABLE (wholes int2[], known bool[], issuers uuid[], apart bool) LANGUAGE sql STABLE AS $$
    SELECT array_agg(coalesce(f.outcome, CASE
               WHEN a.operator_id IS NULL OR a.kind NOT IN (KIND_INSTITUTION, KIND_ASSESSMENT_BODY)
                    OR NOT 'clerk' = ANY (a.roles) THEN OUTCOME_NOT_ALLOWED
               WHEN k.looks < in_needed[i.n] THEN OUTCOME_LOOKS_EXCEEDED
               WHEN i.class IS NOT NULL
                    AND (c.class_number IS NULL OR a.kind = KIND_INSTITUTION AND c.organisation_id <> a.organisation_id)
                    THEN OUTCOME_CLASS_UNKNOWN
               ELSE OUTCOME_DONE END::int2) ORDER BY i.n),
           array_agg(f.outcome IS NOT NULL ORDER BY i.n), array_agg(a.organisation_id ORDER BY i.n),
           bool_or(f.outcome IS NULL AND k.looks < in_needed[i.n] AND k.looks >= in_needed_alone[i.n])
      FROM unnest(in_request_id, in_digest, in_operator, in_class)
           WITH ORDINALITY i(request_id, digest, operator_id, class, n)
      LEFT JOIN LATERAL helper.answered(i.request_id, i.digest, i.operator_id) f ON true
      LEFT JOIN helper.acting a ON a.operator_id = i.operator_id
      LEFT JOIN LATERAL (SELECT helper.looks_left(a.operator_id, a.division, false) AS looks) k ON true
      LEFT JOIN registry.class c ON c.class_number = i.class
$$;

/* Records certificates. A row names its holder by seat in the request's class, or by document; what else it says of
   the holder must agree. Lines are judged one after the other, then all is written at once. */
CREATE FUNCTION api.certificate_import(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_class int8[],
    in_row_req int4[], in_row int4[], in_row_head bytea[], in_seat int4[], in_document_index bytea[],
    in_number_index bytea[], in_kind int2[], in_issued_on date[], in_occupation text[], in_level int2[],
    in_certificate uuid[], in_sealed bytea[], in_commitment bytea[], in_warnings text[],
    in_name_index bytea[] DEFAULT NULL, in_renewal bool[] DEFAULT NULL)
RETURNS TABLE (req int4, row_number int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off /* a plan made while a table was small serves until it is analysed */ AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[];
    issuers uuid[];
    asked record;
    needed CONSTANT int8[] := helper.looks_needed(in_operator, in_row_req, true); /* beside each other */
    needed_alone CONSTANT int8[] := helper.looks_needed(in_operator, in_row_req, false);
    apart bool;
    fresh registry.certificate;
    there registry.certificate;
    written registry.certificate[] := ARRAY[]::registry.certificate[];
    numbers bytea[] := ARRAY[]::bytea[]; /* of `written` */
    outcomes int2[] := array_fill(NULL::int2, ARRAY[cardinality(in_row_req)]);
    persons uuid[] := array_fill(NULL::uuid, ARRAY[cardinality(in_row_req)]);
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{certificate.import}', in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, '{certificate.import}', in_request_id, in_digest, in_row_req,
                               in_row);
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key());
    /* two that bring one number meet here, in one order */
    PERFORM pg_advisory_xact_lock(k.key)
      FROM (SELECT DISTINCT ('x' || encode(substring(x FROM 1 FOR 7), 'hex'))::bit(56)::int8 AS key
              FROM unnest(in_number_index) x ORDER BY 1) k;
    SELECT j.* INTO wholes, known, issuers, apart
      FROM helper.certificate_import_judge(in_request_id, in_digest, in_operator, in_class, needed, needed_alone) j;
    PERFORM helper.looks_apart(apart);
    FOR asked IN WITH seats AS MATERIALIZED (
                     SELECT e.class_number, e.seat, e.person_id FROM registry.enrolment e
                      WHERE e.class_number = ANY (in_class) AND e.removed_reason IS NULL)
                 SELECT l.*, CASE WHEN l.seat IS NOT NULL AND in_class[l.req] IS NOT NULL THEN y.person_id
                                  ELSE (SELECT d.person_id FROM registry.document d
                                         WHERE d.document_index = l.document_index)
                                  END AS person_id
                   FROM unnest(in_row_req, in_seat, in_document_index, in_name_index, in_number_index, in_kind,
                               in_issued_on, in_occupation, in_level, in_certificate, in_sealed, in_commitment,
                               in_warnings, in_renewal)
                        WITH ORDINALITY l(req, seat, document_index, name_index, number_index, kind, issued_on,
                                          occupation, level, certificate, sealed, commitment, warnings, renewal, n)
                   LEFT JOIN seats y ON y.class_number = in_class[l.req] AND y.seat = l.seat
                  ORDER BY l.n LOOP
        CONTINUE WHEN known[asked.req] OR wholes[asked.req] <> OUTCOME_DONE;
        fresh.certificate_id := asked.certificate;
        fresh.number_index := asked.number_index;
        fresh.kind := asked.kind;
        fresh.person_id := asked.person_id;
        fresh.organisation_id := issuers[asked.req];
        fresh.class_number := in_class[asked.req];
        fresh.occupation_code := asked.occupation;
        fresh.level := asked.level;
        fresh.issued_on := asked.issued_on;
        fresh.sealed := asked.sealed;
        fresh.commitment := asked.commitment;
        fresh.warnings := asked.warnings;
        fresh.request_id := in_request_id[asked.req];
        fresh.renewal := coalesce(asked.renewal, false);
        SELECT * INTO there FROM registry.certificate c WHERE c.number_index = asked.number_index;
        IF NOT FOUND THEN
            there := written[array_position(numbers, asked.number_index)];
        END IF;
        persons[asked.n] := asked.person_id;
        outcomes[asked.n] := coalesce(CASE WHEN asked.person_id IS NOT NULL
                                           THEN helper.holder_differs(asked.person_id, asked.document_index,
                                                                      asked.name_index) END,
                                      helper.certificate_judge(fresh, there));
        IF outcomes[asked.n] = OUTCOME_DONE THEN
            written := written || fresh;
            numbers := numbers || asked.number_index;
        END IF;
    END LOOP;
    INSERT INTO registry.certificate (certificate_id, number_index, kind, person_id, organisation_id, class_number,
                                      occupation_code, level, issued_on, sealed, commitment, warnings, request_id,
                                      renewal)
    SELECT c.certificate_id, c.number_index, c.kind, c.person_id, c.organisation_id, c.class_number, c.occupation_code,
           c.level, c.issued_on, c.sealed, c.commitment, c.warnings, c.request_id, c.renewal
      FROM unnest(written) c;
    INSERT INTO audit.entry (operator_id, person_id, body)
    SELECT in_operator[l.req], persons[l.n],
           helper.entry_body(l.head, outcomes[l.n], in_class[l.req], persons[l.n],
                             CASE WHEN outcomes[l.n] = OUTCOME_DONE THEN l.commitment END, NULL,
                             CASE WHEN outcomes[l.n] = OUTCOME_DONE THEN l.certificate END)
      FROM unnest(in_row_req, in_row_head, in_commitment, in_certificate)
           WITH ORDINALITY l(req, head, commitment, certificate, n)
     WHERE outcomes[l.n] IS NOT NULL
     ORDER BY l.n;
    /* what a row was refused for says something about a holder, or a number */
    FOR asked IN SELECT in_operator[l.req] AS operator_id, count(*)::int4 AS refused
                   FROM unnest(in_row_req, outcomes) l(req, outcome)
                  WHERE l.outcome NOT IN (OUTCOME_DONE, OUTCOME_UNCHANGED) GROUP BY 1 ORDER BY 1 LOOP
        CALL helper.look_spend(asked.operator_id, asked.refused, 0);
    END LOOP;
    CALL helper.rows_answer(in_request_id, in_digest, in_operator, in_entry_head, in_class, known, wholes, in_row_req,
                             in_row, outcomes);
    RETURN QUERY SELECT * FROM helper.rows_told(in_request_id, known, wholes, in_row_req, in_row, outcomes);
END $$;

/* Revokes a certificate, by its issuer or a bureau's reviewer, or makes it valid again, by the latter. */
CREATE FUNCTION api.certificate_state(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_number_index bytea[],
    in_state int2[], in_reason text[], in_effective_on date[])
RETURNS TABLE (req int4, outcome int2, version int4)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    target registry.certificate;
    issuer registry.organisation;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator,
                               helper.methods('{certificate.reinstate,certificate.revoke}', in_state), in_request_id,
                               in_digest);
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        version := first.detail;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO target FROM registry.certificate c WHERE c.number_index = in_number_index[i]
                   FOR NO KEY UPDATE;
            SELECT * INTO issuer FROM registry.organisation g WHERE g.organisation_id = target.organisation_id;
            decided := CASE
                WHEN (helper.is_bureau(caller.kind) AND 'reviewer' = ANY (caller.roles)
                      OR in_state[i] = CERTIFICATE_REVOKED AND caller.kind IN (KIND_INSTITUTION, KIND_ASSESSMENT_BODY)
                         AND 'clerk' = ANY (caller.roles)) IS NOT TRUE THEN OUTCOME_NOT_ALLOWED
                WHEN helper.looks_left(in_operator[i], caller.division, false) <= 0 THEN OUTCOME_LOOKS_EXCEEDED
                WHEN target IS NULL OR NOT helper.sees(caller.kind, caller.organisation_id, caller.division,
                                                       issuer.organisation_id, issuer.division)
                                                       THEN OUTCOME_CERTIFICATE_UNKNOWN
                WHEN target.state = in_state[i] THEN OUTCOME_CERTIFICATE_STATE
                WHEN in_effective_on[i] < target.issued_on THEN OUTCOME_DATES_ORDER
                WHEN in_effective_on[i] > helper.today() THEN OUTCOME_EFFECTIVE_LATER
                ELSE OUTCOME_DONE END;
            IF decided = OUTCOME_DONE THEN
                version := target.version + 1;
                UPDATE registry.certificate c SET state = in_state[i], version = target.version + 1
                 WHERE c.certificate_id = target.certificate_id;
                INSERT INTO registry.certificate_version (certificate_id, version, state, effective_on, reason,
                                                          operator_id, request_id)
                VALUES (target.certificate_id, version, in_state[i], in_effective_on[i], in_reason[i], in_operator[i],
                        in_request_id[i]);
            END IF;
            CALL helper.certificate_guessed(in_operator[i], decided);
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_person => CASE WHEN decided NOT IN (OUTCOME_NOT_ALLOWED, OUTCOME_LOOKS_EXCEEDED,
                                                                      OUTCOME_CERTIFICATE_UNKNOWN)
                                                      THEN target.person_id END,
                               in_subject => CASE WHEN decided NOT IN (OUTCOME_NOT_ALLOWED, OUTCOME_LOOKS_EXCEEDED,
                                                                       OUTCOME_CERTIFICATE_UNKNOWN)
                                                       THEN target.certificate_id END, in_detail => version);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* Amends a certificate: by its issuer, as long as it is valid and no claim rests on it. A claim being submitted
   holds the certificate's row, so that one of the two sees the other. `document`: index of the resident's number
   that the certificate's number holds; NULL: it holds none. */
CREATE FUNCTION api.certificate_amend(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_number_index bytea[],
    in_version int4[], in_kind int2[], in_issued_on date[], in_occupation text[], in_level int2[], in_document bytea[],
    in_warnings text[], in_reason text[], in_renewal bool[] DEFAULT NULL)
RETURNS TABLE (req int4, outcome int2, version int4)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    target registry.certificate;
    fresh registry.certificate;
    division text; /* of the issuer */
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{certificate.amend}', in_request_id, in_digest);
    PERFORM FROM registry.certificate c WHERE c.number_index = ANY (in_number_index) ORDER BY c.certificate_id
        FOR NO KEY UPDATE;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        version := first.detail;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO target FROM registry.certificate c WHERE c.number_index = in_number_index[i]
                   FOR NO KEY UPDATE;
            division := (SELECT g.division FROM registry.organisation g
                          WHERE g.organisation_id = target.organisation_id);
            fresh := target;
            fresh.kind := in_kind[i];
            fresh.issued_on := in_issued_on[i];
            fresh.occupation_code := in_occupation[i];
            fresh.level := in_level[i];
            fresh.renewal := coalesce(in_renewal[i], false);
            decided := CASE
                WHEN (caller.kind IN (KIND_INSTITUTION, KIND_ASSESSMENT_BODY)
                      AND 'clerk' = ANY (caller.roles)) IS NOT TRUE THEN OUTCOME_NOT_ALLOWED
                WHEN helper.looks_left(in_operator[i], caller.division, false) <= 0 THEN OUTCOME_LOOKS_EXCEEDED
                WHEN target IS NULL
                     OR NOT helper.sees(caller.kind, caller.organisation_id, caller.division, target.organisation_id,
                                        division) THEN OUTCOME_CERTIFICATE_UNKNOWN
                WHEN target.version <> in_version[i] THEN OUTCOME_VERSION_DIFFERS
                WHEN target.state <> CERTIFICATE_VALID THEN OUTCOME_CERTIFICATE_REVOKED
                WHEN EXISTS (SELECT FROM registry.claim k
                              WHERE k.certificate_id = target.certificate_id
                                AND k.state NOT IN (CLAIM_REJECTED, CLAIM_WITHDRAWN)) THEN OUTCOME_CERTIFICATE_CLAIMED
                WHEN fresh = target THEN OUTCOME_UNCHANGED
                WHEN in_document[i] IS NOT NULL
                     AND CASE WHEN fresh.kind = KIND_SPECIAL_OPERATION
                              THEN NOT EXISTS (SELECT FROM registry.document d
                                                WHERE d.document_index = in_document[i]
                                                  AND d.person_id = target.person_id)
                              ELSE target.kind = KIND_SPECIAL_OPERATION END THEN OUTCOME_CERTIFICATE_CONTRADICTS
                ELSE helper.certificate_judge(fresh, NULL, target) END;
            IF decided = OUTCOME_DONE THEN
                version := target.version + 1;
                INSERT INTO registry.certificate_amendment (certificate_id, version, kind, occupation_code, level,
                                                            issued_on, renewal, warnings, reason, operator_id,
                                                            request_id)
                VALUES (target.certificate_id, version, target.kind, target.occupation_code, target.level,
                        target.issued_on, target.renewal, target.warnings, in_reason[i], in_operator[i],
                        in_request_id[i]);
                UPDATE registry.certificate c
                   SET kind = fresh.kind, issued_on = fresh.issued_on, occupation_code = fresh.occupation_code,
                       level = fresh.level, renewal = fresh.renewal, warnings = in_warnings[i],
                       version = target.version + 1
                 WHERE c.certificate_id = target.certificate_id;
            ELSIF decided = OUTCOME_UNCHANGED THEN
                version := target.version;
            END IF;
            CALL helper.certificate_guessed(in_operator[i], decided);
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_person => CASE WHEN decided NOT IN (OUTCOME_NOT_ALLOWED, OUTCOME_LOOKS_EXCEEDED,
                                                                      OUTCOME_CERTIFICATE_UNKNOWN)
                                                      THEN target.person_id END,
                               in_subject => CASE WHEN decided NOT IN (OUTCOME_NOT_ALLOWED, OUTCOME_LOOKS_EXCEEDED,
                                                                       OUTCOME_CERTIFICATE_UNKNOWN)
                                                       THEN target.certificate_id END, in_detail => version);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* Certificates, newest first: the caller's own by the index of issuers, or those whose issuer a bureau sees; of one
   class (NULL: whatever). */
CREATE FUNCTION api.certificate_list(in_operator uuid[], in_before uuid[], in_page int4[], in_class int8[])
RETURNS TABLE (req int4, certificate_id uuid, sealed bytea, kind int2, issuer_name text, class_number int8,
               occupation_code text, occupation_name text, level int2, issued_on date, state int2, version int4,
               warnings text, renewal bool)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    caller helper.acting;
    before uuid;
    listed registry.certificate[];
BEGIN
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        CONTINUE WHEN NOT FOUND;
        before := coalesce(in_before[i], 'ffffffff-ffff-ffff-ffff-ffffffffffff');
        IF helper.sees_area(caller.kind) THEN
            listed := ARRAY(SELECT c FROM registry.certificate c
                             JOIN registry.organisation g ON g.organisation_id = c.organisation_id
                            WHERE c.certificate_id < before AND (in_class[i] IS NULL OR c.class_number = in_class[i])
                              AND helper.sees(caller.kind, caller.organisation_id, caller.division, g.organisation_id,
                                              g.division)
                            ORDER BY c.certificate_id DESC LIMIT in_page[i] + 1);
        ELSE
            listed := ARRAY(SELECT c FROM registry.certificate c
                            WHERE c.organisation_id = caller.organisation_id AND c.certificate_id < before
                              AND (in_class[i] IS NULL OR c.class_number = in_class[i])
                            ORDER BY c.certificate_id DESC LIMIT in_page[i] + 1);
        END IF;
        RETURN QUERY
        SELECT i, c.certificate_id, c.sealed, c.kind, g.name, c.class_number, c.occupation_code,
               helper.occupation_name(c.occupation_code, c.issued_on), c.level, c.issued_on,
               c.state, c.version, c.warnings, c.renewal
          FROM unnest(listed) WITH ORDINALITY c
          JOIN registry.organisation g ON g.organisation_id = c.organisation_id
         ORDER BY c.ordinality;
    END LOOP;
END $$;

/* Whether a certificate of this number and holder's name is there: its state (revoked: since when), or NULL. A
   number that is not there and a name that is another's look the same. Each question counts as a look at somebody. */
CREATE FUNCTION api.certificate_verify(in_operator uuid[], in_number_index bytea[], in_name_index bytea[],
                                       in_pending int4[])
RETURNS TABLE (req int4, outcome int2, person_id uuid, state int2, since date)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH who AS MATERIALIZED (
        SELECT a.*, helper.looks_left(a.operator_id, a.division, false) AS looks_left
          FROM (SELECT DISTINCT u.operator_id FROM unnest(in_operator) u(operator_id)) o
          JOIN helper.acting a ON a.operator_id = o.operator_id)
    SELECT i.n::int4, CASE WHEN w.looks_left > i.pending THEN OUTCOME_DONE ELSE OUTCOME_LOOKS_EXCEEDED END::int2,
           CASE WHEN w.looks_left > i.pending THEN p.person_id END,
           CASE WHEN w.looks_left > i.pending AND p.person_id IS NOT NULL THEN c.state END,
           CASE WHEN w.looks_left > i.pending AND p.person_id IS NOT NULL AND c.state = CERTIFICATE_REVOKED
                THEN (SELECT v.effective_on FROM registry.certificate_version v
                       WHERE v.certificate_id = c.certificate_id AND v.version = c.version) END
      FROM unnest(in_operator, in_number_index, in_name_index, in_pending)
           WITH ORDINALITY i(operator_id, number_index, name_index, pending, n)
      JOIN who w ON w.operator_id = i.operator_id
      LEFT JOIN registry.certificate c ON c.number_index = i.number_index
      LEFT JOIN registry.person p ON p.person_id = c.person_id
       AND (p.name_index = i.name_index
            OR EXISTS (SELECT FROM registry.document d
                         JOIN registry.person_document x ON x.document_index = d.document_index
                                                         AND x.person_id = p.person_id
                        WHERE d.person_id = p.person_id AND d.name_index = i.name_index))
     ORDER BY i.n;
END $$;

/* The entry of a certificate's import, or of its last change, and where the log has it (NULL: not yet). */
CREATE FUNCTION helper.certificate_entry(in_certificate registry.certificate)
RETURNS TABLE (entry_id int8, leaf bytea, leaf_index int8) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    request uuid := coalesce(
        (SELECT v.request_id FROM registry.certificate_version v
          WHERE v.certificate_id = in_certificate.certificate_id AND v.version = in_certificate.version),
        (SELECT m.request_id FROM registry.certificate_amendment m
          WHERE m.certificate_id = in_certificate.certificate_id AND m.version = in_certificate.version),
        in_certificate.request_id);
BEGIN
    RETURN QUERY
    SELECT e.id, sha256('\x00'::bytea || e.body), l.leaf_index
      FROM registry.request k
      JOIN audit.entry e ON e.xid = k.xid
      LEFT JOIN audit.leaf l ON l.entry_id = e.id
     WHERE k.request_id = request AND position('\x3210'::bytea || uuid_send(request) IN e.body) > 0
           /* its last field, the subject */
       AND helper.entry_subject(e.body) = uuid_send(in_certificate.certificate_id)
     ORDER BY e.id LIMIT 1;
END $$;

/* What a certificate's file says. A number that is not there and a document that is another's look the same. The
   entry of it is committed before the file leaves; each question counts as a look at somebody. */
CREATE FUNCTION api.certificate_export(in_operator uuid[], in_entry_head bytea[], in_number_index bytea[],
                                       in_document bytea[], in_pending int4[])
RETURNS TABLE (req int4, outcome int2, kind int2, occupation_code text, occupation_name text, level int2,
               issuer_code text, issuer_name text, issued_on date, state int2, since date, entry_id int8, leaf bytea,
               leaf_index int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    caller helper.acting;
    target registry.certificate;
    issuer registry.organisation;
    decided int2;
    entry int8;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{certificate.export}');
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        SELECT c.* INTO target
          FROM registry.certificate c
          JOIN registry.document d ON d.document_index = in_document[i] AND d.person_id = c.person_id
         WHERE c.number_index = in_number_index[i];
        SELECT * INTO issuer FROM registry.organisation g WHERE g.organisation_id = target.organisation_id;
        decided := CASE
            WHEN caller IS NULL THEN OUTCOME_NOT_ALLOWED
            WHEN helper.looks_left(in_operator[i], caller.division, false) <= coalesce(in_pending[i], 0)
                 THEN OUTCOME_LOOKS_EXCEEDED
            WHEN target IS NULL
                 OR NOT helper.sees(caller.kind, caller.organisation_id, caller.division, issuer.organisation_id,
                                    issuer.division) THEN OUTCOME_CERTIFICATE_HOLDER
            ELSE OUTCOME_DONE END;
        IF decided <> OUTCOME_DONE THEN
            target := NULL;
            issuer := NULL;
        END IF;
        INSERT INTO audit.entry (operator_id, person_id, body)
        VALUES (in_operator[i], target.person_id,
                helper.entry_body(in_entry_head[i], decided, NULL, target.person_id, NULL, NULL, target.certificate_id))
        RETURNING id INTO entry;
        IF decided = OUTCOME_DONE THEN
            INSERT INTO registry.look (person_id, entry_id) VALUES (target.person_id, entry);
        END IF;
        IF decided <> OUTCOME_NOT_ALLOWED THEN
            CALL helper.look_refused(in_operator[i], decided);
        END IF;
        RETURN QUERY
        SELECT i, decided, target.kind, target.occupation_code,
               helper.occupation_name(target.occupation_code, target.issued_on), target.level, issuer.code, issuer.name,
               target.issued_on, target.state,
               CASE WHEN target.state = CERTIFICATE_REVOKED
                    THEN (SELECT v.effective_on FROM registry.certificate_version v
                           WHERE v.certificate_id = target.certificate_id AND v.version = target.version) END,
               x.entry_id, x.leaf, x.leaf_index
          FROM (SELECT) one
          LEFT JOIN helper.certificate_entry(target) x ON decided = OUTCOME_DONE;
    END LOOP;
END $$;
