/* SPDX-License-Identifier: Apache-2.0 */
/* The steps that bring a catalogue in force (G8): consulted about, approved, published, withdrawn. */

/* Whether a caller may take a catalogue of its division to a state: done, or why not. What stands against its
   publication besides, helper.catalogue_publish() says. */
CREATE FUNCTION helper.catalogue_may_step(in_operator uuid, in_caller helper.acting, in_catalogue registry.catalogue,
                                          in_state int2) RETURNS int2 LANGUAGE plpgsql STABLE AS $$
DECLARE
    approves bool := coalesce('approver' = ANY (in_caller.roles), false);
    was_public bool := in_catalogue.published_at IS NOT NULL;
BEGIN
    RETURN CASE
        WHEN NOT helper.catalogue_bureau(in_caller) OR NOT in_caller.roles && '{reviewer,approver}'
             THEN OUTCOME_NOT_ALLOWED
        WHEN in_catalogue.division = in_caller.division IS NOT TRUE THEN OUTCOME_CATALOGUE_UNKNOWN
        WHEN NOT approves AND (in_state IN (CATALOGUE_APPROVED, CATALOGUE_PUBLISHED) OR was_public)
             THEN OUTCOME_NOT_ALLOWED
        WHEN CASE in_state
                 WHEN CATALOGUE_WITHDRAWN
                      THEN in_catalogue.state = CATALOGUE_WITHDRAWN OR was_public
                           AND in_catalogue.valid_to <= helper.today() IS TRUE
                 ELSE in_catalogue.state <> in_state - 1 END THEN OUTCOME_CATALOGUE_STATE
        WHEN in_state = CATALOGUE_CONSULTED AND in_catalogue.rows = 0 THEN OUTCOME_CATALOGUE_EMPTY
        WHEN in_state = CATALOGUE_CONSULTED AND helper.catalogue_too_many(in_catalogue, helper.today())
             THEN OUTCOME_CATALOGUE_EXTRA
        WHEN in_state = CATALOGUE_APPROVED
             AND (in_catalogue.loaded_by || in_catalogue.drafted_by) && helper.human_operators(in_operator)
             THEN OUTCOME_CATALOGUE_OWN
        ELSE OUTCOME_DONE END;
END $$;

/* Publishes an approved catalogue, which ends the version before it on the day before its first; or says why not. The
   caller holds the locks of all the division's catalogues. */
CREATE FUNCTION helper.catalogue_publish(in_operator uuid, in_catalogue registry.catalogue, in_from date, in_to date)
RETURNS int2 LANGUAGE plpgsql AS $$
DECLARE
    last_version int4 := (SELECT max(c.version) FROM registry.catalogue c
                           WHERE c.division = in_catalogue.division AND c.kind = in_catalogue.kind);
BEGIN
    IF last_version IS NOT NULL AND in_from < helper.today() THEN
        RETURN OUTCOME_CATALOGUE_PAST;
    ELSIF EXISTS (SELECT FROM registry.catalogue c
                   WHERE c.division = in_catalogue.division AND c.kind = in_catalogue.kind
                     AND c.valid_from IS NOT NULL AND coalesce(c.valid_to, 'infinity') >= in_from
                     AND NOT (c.state = CATALOGUE_PUBLISHED AND c.valid_from < in_from)) THEN
        RETURN OUTCOME_CATALOGUE_LATER;
    ELSIF helper.catalogue_too_many(in_catalogue, in_from)
          /* nor from a later day on which another kind of the county's begins */
          OR EXISTS (SELECT FROM registry.catalogue c
                      WHERE c.division = in_catalogue.division AND c.kind <> in_catalogue.kind
                        AND c.valid_from > in_from AND (in_to IS NULL OR c.valid_from <= in_to)
                        AND helper.catalogue_too_many(in_catalogue, c.valid_from)) THEN
        RETURN OUTCOME_CATALOGUE_EXTRA;
    END IF;
    UPDATE registry.catalogue c
       SET state = CATALOGUE_SUPERSEDED, superseded_by = in_catalogue.catalogue_id,
           valid_to = least(c.valid_to, in_from - 1)
     WHERE c.division = in_catalogue.division AND c.kind = in_catalogue.kind AND c.state = CATALOGUE_PUBLISHED;
    UPDATE registry.catalogue c
       SET state = CATALOGUE_PUBLISHED, version = coalesce(last_version, 0) + 1, valid_from = in_from, valid_to = in_to,
           published_by = in_operator, published_at = now()
     WHERE c.catalogue_id = in_catalogue.catalogue_id;
    RETURN OUTCOME_DONE;
END $$;

/* Withdraws a catalogue: what is in force ends today, what would come into force never does. */
CREATE PROCEDURE helper.catalogue_withdraw(in_operator uuid, in_catalogue registry.catalogue, in_reason text)
LANGUAGE sql AS $$
    UPDATE registry.catalogue c
       SET state = CATALOGUE_WITHDRAWN, withdrawn_by = in_operator, withdrawn_at = now(), reason = in_reason,
           valid_from = CASE WHEN c.valid_from <= helper.today() THEN c.valid_from END,
           valid_to = CASE WHEN c.valid_from <= helper.today() THEN helper.today() END
     WHERE c.catalogue_id = (in_catalogue).catalogue_id
$$;

/* Takes catalogues a step further (G8): consulted about, approved by another person, published, withdrawn. One step
   after the other: each sees what the one before it did. */
CREATE FUNCTION api.catalogue_step(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_state int2[],
    in_catalogue uuid[], in_consulted text[], in_valid_from date[], in_valid_to date[], in_reason text[])
RETURNS TABLE (req int4, outcome int2, document_digest bytea, version int4)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    target registry.catalogue;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator,
                               helper.methods('{NULL,catalogue.consult,catalogue.approve,catalogue.publish,NULL,'
                                              'catalogue.withdraw}', in_state), in_request_id, in_digest);
    PERFORM FROM registry.catalogue c
      WHERE c.division IN (SELECT t.division FROM registry.catalogue t WHERE t.catalogue_id = ANY (in_catalogue))
      ORDER BY c.catalogue_id FOR NO KEY UPDATE;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        SELECT * INTO target FROM registry.catalogue c WHERE c.catalogue_id = in_catalogue[i];
        decided := first.outcome;
        version := first.detail;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            decided := helper.catalogue_may_step(in_operator[i], caller, target, in_state[i]);
            IF decided <> OUTCOME_DONE THEN
                NULL;
            ELSIF in_state[i] = CATALOGUE_CONSULTED THEN
                UPDATE registry.catalogue c
                   SET state = CATALOGUE_CONSULTED, consulted = in_consulted[i], consulted_by = in_operator[i],
                       consulted_at = now(), document_digest = helper.catalogue_digest(target)
                 WHERE c.catalogue_id = in_catalogue[i];
            ELSIF in_state[i] = CATALOGUE_APPROVED THEN
                UPDATE registry.catalogue c
                   SET state = CATALOGUE_APPROVED, approved_by = in_operator[i], approved_at = now()
                 WHERE c.catalogue_id = in_catalogue[i];
            ELSIF in_state[i] = CATALOGUE_PUBLISHED THEN
                decided := helper.catalogue_publish(in_operator[i], target, in_valid_from[i], in_valid_to[i]);
            ELSE
                CALL helper.catalogue_withdraw(in_operator[i], target, in_reason[i]);
            END IF;
            SELECT * INTO target FROM registry.catalogue c WHERE c.catalogue_id = in_catalogue[i];
            version := target.version;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_first => CASE WHEN decided = OUTCOME_DONE THEN target.document_digest END,
                               in_subject => CASE WHEN decided NOT IN (OUTCOME_CATALOGUE_UNKNOWN, OUTCOME_NOT_ALLOWED)
                                                       THEN in_catalogue[i] END,
                               in_detail => version);
        END IF;
        req := i;
        outcome := decided;
        document_digest := CASE WHEN decided = OUTCOME_DONE THEN target.document_digest END;
        RETURN NEXT;
    END LOOP;
END $$;
