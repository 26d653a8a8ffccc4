/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a kind of organisation may be: where it acts, which roles its operators may have, and which kinds it registers. Every
 * door asks these tables: the methods, the installation commands, and triggers for whatever goes past both.
 */

CREATE TABLE registry.organisation_kind (
    kind int2 PRIMARY KEY CHECK (kind BETWEEN 1 AND 9),
    name text NOT NULL UNIQUE,
    level text CHECK (level IN ('province', 'prefecture', 'county')),
    roles text[] NOT NULL CHECK (cardinality(roles) >= 1)
);
COMMENT ON TABLE registry.organisation_kind IS 'Kinds of organisation: where they act and who acts for them';
COMMENT ON COLUMN registry.organisation_kind.kind IS 'enum OrganisationKind of proto/wire.proto';
COMMENT ON COLUMN registry.organisation_kind.name IS 'Chinese name';
COMMENT ON COLUMN registry.organisation_kind.level IS 'Of its division; NULL: any';
COMMENT ON COLUMN registry.organisation_kind.roles IS 'Roles its operators may have';
/* Claims are decided by bureaus; the log, which cannot be read in part, by auditors and the province's audit administrators. */
INSERT INTO registry.organisation_kind (kind, name, level, roles) VALUES
    (1, '培训机构', NULL, '{clerk}'),
    (2, '企业', NULL, '{clerk}'),
    (3, '评价机构', NULL, '{clerk}'),
    (4, '市级主管部门', 'prefecture', '{clerk,reviewer,approver,payer,sysadmin,secadmin}'),
    (5, '县级主管部门', 'county', '{clerk,reviewer,approver,payer,sysadmin,secadmin}'),
    (6, '省级主管部门', 'province', '{clerk,reviewer,approver,payer,sysadmin,secadmin,auditadmin}'),
    (7, '其他部门', NULL, '{clerk}'),
    (8, '审计机关', NULL, '{auditor,auditadmin}'),
    (9, '核验机构', NULL, '{clerk}');

CREATE TABLE registry.delegation (
    governor int2 NOT NULL REFERENCES registry.organisation_kind,
    kind int2 NOT NULL REFERENCES registry.organisation_kind,
    relation text NOT NULL CHECK (relation IN ('same', 'below')),
    approver bool NOT NULL,
    PRIMARY KEY (governor, kind, relation)
);
COMMENT ON TABLE registry.delegation IS 'Which kinds a bureau''s administrators register and whose operators they change; what is not here they do not';
COMMENT ON COLUMN registry.delegation.governor IS 'Kind of the bureau';
COMMENT ON COLUMN registry.delegation.kind IS 'Kind of the other organisation';
COMMENT ON COLUMN registry.delegation.relation IS 'Where that acts: in the bureau''s own division, or below it';
COMMENT ON COLUMN registry.delegation.approver IS 'The bureau''s approvers register and govern it as well';
/* Always downward: nobody makes a bureau that sees as much as its own, nor, but the province, one that sees everything. What is
   not here (provincial bureaus) is registered by the installation command. */
INSERT INTO registry.delegation (governor, kind, relation, approver) VALUES
    (4, 1, 'same', true), (4, 2, 'same', true), (4, 3, 'same', true),
    (4, 1, 'below', true), (4, 2, 'below', true), (4, 3, 'below', true),
    (4, 5, 'below', false),
    (4, 7, 'same', false), (4, 7, 'below', false), (4, 9, 'same', false), (4, 9, 'below', false),
    (5, 1, 'same', true), (5, 2, 'same', true), (5, 3, 'same', true),
    (6, 1, 'same', true), (6, 2, 'same', true), (6, 3, 'same', true),
    (6, 1, 'below', true), (6, 2, 'below', true), (6, 3, 'below', true),
    (6, 4, 'below', false), (6, 5, 'below', false),
    (6, 7, 'same', false), (6, 7, 'below', false), (6, 9, 'same', false), (6, 9, 'below', false),
    (6, 8, 'same', false);

/* Of a GB/T 2260 code, by its digits. */
CREATE FUNCTION registry.division_level(in_division text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN right(in_division, 4) = '0000' THEN 'province' WHEN right(in_division, 2) = '00' THEN 'prefecture' ELSE 'county' END
$$;

/* An auditor's role stands alone as an administrator's does: auditors change nothing. What operators had besides goes: of an
   auditor's office the auditor's role stays, of others what the kind has. Who had nothing else is suspended. */
ALTER TABLE registry.operator DROP CONSTRAINT operator_administrator_exclusive;
UPDATE registry.operator o
   SET roles = f.fitting, status = CASE WHEN f.none AND o.status = 1 THEN 2 ELSE o.status END
  FROM (SELECT p.operator_id, cardinality(r.roles) = 0 AS none,
               CASE WHEN cardinality(r.roles) = 0 THEN k.roles[1:1] WHEN 'auditor' = ANY (r.roles) THEN '{auditor}' ELSE r.roles END AS fitting
          FROM registry.operator p
          JOIN registry.organisation g USING (organisation_id)
          JOIN registry.organisation_kind k USING (kind)
         CROSS JOIN LATERAL (SELECT ARRAY(SELECT x FROM unnest(p.roles) x WHERE x = ANY (k.roles)) AS roles) r) f
 WHERE f.operator_id = o.operator_id AND o.roles <> f.fitting;
ALTER TABLE registry.operator ADD CONSTRAINT operator_administrator_exclusive CHECK (
    NOT roles && ARRAY['sysadmin', 'secadmin', 'auditadmin', 'auditor'] OR cardinality(roles) = 1);
COMMENT ON COLUMN registry.operator.roles IS
    'Names of enum Role of proto/wire.proto in lower case, of those that its organisation''s kind has; an administrator''s and an auditor''s stand alone';

/* The last guard: roles that a kind has, and a kind where it may act, whoever writes the row. */
CREATE FUNCTION registry.guard_operator() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    allowed text[];
BEGIN
    SELECT k.roles INTO allowed
      FROM registry.organisation g JOIN registry.organisation_kind k USING (kind)
     WHERE g.organisation_id = NEW.organisation_id FOR SHARE OF g;
    IF NOT NEW.roles <@ allowed THEN
        RAISE check_violation USING CONSTRAINT = 'operator_roles_of_kind',
            MESSAGE = format('operator_roles_of_kind: an organisation of this kind has the roles %s', array_to_string(allowed, ', '));
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION registry.guard_operator() FROM PUBLIC;
/* after the table's own constraints, which say what words roles are */
CREATE CONSTRAINT TRIGGER guard_operator AFTER INSERT OR UPDATE OF roles, organisation_id ON registry.operator
    FOR EACH ROW EXECUTE FUNCTION registry.guard_operator();

CREATE FUNCTION registry.guard_organisation() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    becomes registry.organisation_kind;
BEGIN
    SELECT * INTO becomes FROM registry.organisation_kind k WHERE k.kind = NEW.kind;
    IF becomes.level <> registry.division_level(NEW.division) THEN
        RAISE check_violation USING CONSTRAINT = 'organisation_level_of_kind',
            MESSAGE = format('organisation_level_of_kind: an organisation of this kind acts in a %s', becomes.level);
    END IF;
    IF EXISTS (SELECT FROM registry.operator o
                WHERE o.organisation_id = NEW.organisation_id AND o.status <> 3 AND NOT o.roles <@ becomes.roles) THEN
        RAISE check_violation USING CONSTRAINT = 'operator_roles_of_kind',
            MESSAGE = 'operator_roles_of_kind: operators have roles that an organisation of this kind has not';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION registry.guard_organisation() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER guard_organisation AFTER INSERT OR UPDATE OF kind, division ON registry.organisation
    FOR EACH ROW EXECUTE FUNCTION registry.guard_organisation();

/* Who may what is not changed past the log. */
CALL audit.cover(51::int2, 'organisation_kind', 'kind', 'kind, name, level, roles');
CALL audit.cover(52::int2, 'delegation', 'governor, kind, relation', 'governor, kind, relation, approver');
