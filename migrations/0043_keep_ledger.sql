/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The special account (F1-F11): codes, books, the journal of two layers, what is earmarked for what, and which book pays which part of a
 * claim. No balance is written by hand: a trigger of the journal moves the balances by what is posted, and their CHECKs refuse what there
 * is not (F4).
 */

/* ---- where the account is kept ---- */

INSERT INTO registry.policy_name (name, meaning) VALUES
    ('special_account', '1 where the city''s special account is kept here: approval commits its money and the bank says what is paid; 0 where it is kept elsewhere (F4, C5)');
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES
    ('370000', 'special_account', 1, '1949-10-01', 'default');
/* A city that has approved or paid already goes on as it did until two of its people turn the account on. */
INSERT INTO registry.policy (division, name, value, valid_from, citation)
SELECT DISTINCT c.city || '00', 'special_account', 0, (now() AT TIME ZONE 'Asia/Shanghai')::date, 'kept elsewhere until now'
  FROM registry.claim c WHERE c.approved_by IS NOT NULL;

/* ---- codes ---- */

CREATE TABLE registry.fund_source (
    code int2 PRIMARY KEY,
    name text NOT NULL UNIQUE,
    posted bool NOT NULL
);
COMMENT ON TABLE registry.fund_source IS 'Where money comes from (F1)';
COMMENT ON COLUMN registry.fund_source.code IS 'enum FundSource of proto/fund.proto';
COMMENT ON COLUMN registry.fund_source.name IS 'Chinese name';
COMMENT ON COLUMN registry.fund_source.posted IS 'Whether it has books here; an enterprise''s own money is only reported (F7)';
INSERT INTO registry.fund_source VALUES
    (1, '就业补助资金', true), (2, '创业带动就业扶持资金', true), (3, '失业保险基金结余计提', true),
    (4, '专项培训资金', true), (5, '职工教育经费', false), (6, '省级调剂金', true);

CREATE TABLE registry.spending_kind (
    code int2 PRIMARY KEY,
    name text NOT NULL UNIQUE
);
COMMENT ON TABLE registry.spending_kind IS 'What money is spent on, and on nothing else (F11)';
COMMENT ON COLUMN registry.spending_kind.code IS 'enum SpendingKind of proto/fund.proto';
COMMENT ON COLUMN registry.spending_kind.name IS 'Chinese name';
INSERT INTO registry.spending_kind VALUES
    (1, '培训补贴'), (2, '鉴定补贴'), (3, '生活费补贴'), (4, '项目制'), (5, '新型学徒'), (6, '创业培训'), (7, '金蓝领'),
    (8, '以工代训'), (9, '能力建设'), (10, '补助下级');

CREATE TABLE registry.employee_group (
    trainee_group int2 PRIMARY KEY REFERENCES registry.trainee_group
);
COMMENT ON TABLE registry.employee_group IS
    'Trainee groups who are employees of enterprises: what is spent on them is posted as 企业职工培训支出, on others as 免费职业技能培训行动支出 (F7; the accounts are those of 财办〔2018〕43号)';
COMMENT ON COLUMN registry.employee_group.trainee_group IS 'The group';
INSERT INTO registry.employee_group
SELECT g.code FROM registry.trainee_group g
 WHERE g.name IN ('企业新录用职工', '困难企业转岗转业职工', '企业在职职工', '企业新型学徒', '企业负责人', '高危行业(化工、矿山等)职工');

CREATE TABLE registry.ledger_account (
    code int2 PRIMARY KEY,
    layer int2 NOT NULL CHECK (layer IN (1, 2)),
    name text NOT NULL UNIQUE,
    debit_side bool NOT NULL,
    UNIQUE (code, layer)
);
COMMENT ON TABLE registry.ledger_account IS 'The chart of accounts (F6, F7)';
COMMENT ON COLUMN registry.ledger_account.code IS 'enum LedgerAccount of proto/fund.proto';
COMMENT ON COLUMN registry.ledger_account.layer IS 'enum LedgerLayer';
COMMENT ON COLUMN registry.ledger_account.name IS 'Chinese name';
COMMENT ON COLUMN registry.ledger_account.debit_side IS 'Whether its balance stands on the debit side';
INSERT INTO registry.ledger_account VALUES
    (100, 1, '指标来源', false), (101, 1, '可用指标', true), (102, 1, '已核准未付', true), (103, 1, '已付指标', true),
    (1001, 2, '财政专户存款', true), (1002, 2, '支出户存款', true), (2001, 2, '暂收款', false), (3001, 2, '结余', false),
    (4001, 2, '失业保险基金筹集转入', false), (4002, 2, '其他资金转入', false), (4101, 2, '利息收入', false),
    (4201, 2, '上级补助收入', false), (4901, 2, '收回以前年度', false),
    (5001, 2, '企业职工培训支出', true), (5002, 2, '免费职业技能培训行动支出', true), (5101, 2, '补助下级支出', true);

CREATE TABLE registry.posting_template (
    event int2 NOT NULL,
    layer int2 NOT NULL,
    debit int2 NOT NULL,
    credit int2 NOT NULL,
    PRIMARY KEY (event, layer, debit, credit),
    FOREIGN KEY (debit, layer) REFERENCES registry.ledger_account (code, layer),
    FOREIGN KEY (credit, layer) REFERENCES registry.ledger_account (code, layer),
    CHECK (debit <> credit)
);
COMMENT ON TABLE registry.posting_template IS 'What each business event is posted as, and nothing else is (F2, F6)';
COMMENT ON COLUMN registry.posting_template.event IS 'enum MoneyEvent of proto/fund.proto; one without a row moves no account';
COMMENT ON COLUMN registry.posting_template.layer IS 'enum LedgerLayer';
COMMENT ON COLUMN registry.posting_template.debit IS 'enum LedgerAccount; of an expense the event has a row for each that it may be';
COMMENT ON COLUMN registry.posting_template.credit IS 'enum LedgerAccount';
INSERT INTO registry.posting_template VALUES
    (1, 1, 101, 100),
    (2, 2, 1001, 4002),
    (3, 2, 1001, 4001),
    (4, 1, 101, 100), (4, 2, 1001, 4201),
    (5, 2, 5101, 1001),
    (6, 2, 1002, 1001),
    (7, 1, 100, 101), (7, 2, 5101, 1001),
    (8, 1, 101, 100), (8, 2, 1001, 4201),
    (9, 1, 102, 101),
    (10, 1, 101, 102),
    (13, 1, 103, 102), (13, 2, 5001, 1002), (13, 2, 5002, 1002),
    (14, 1, 102, 103), (14, 2, 1002, 2001),
    (15, 1, 103, 102), (15, 2, 2001, 1002),
    (16, 1, 101, 102), (16, 2, 2001, 5001), (16, 2, 2001, 5002), (16, 2, 2001, 4901),
    (17, 1, 101, 103), (17, 2, 1001, 5001), (17, 2, 1001, 5002), (17, 2, 1001, 4901),
    (18, 2, 1001, 4901),
    (19, 2, 1002, 4101),
    (20, 2, 1001, 1002),
    (21, 1, 100, 101), (21, 1, 100, 102), (21, 2, 3001, 1001),
    (21, 2, 4001, 3001), (21, 2, 4002, 3001), (21, 2, 4101, 3001), (21, 2, 4201, 3001), (21, 2, 4901, 3001),
    (21, 2, 3001, 5001), (21, 2, 3001, 5002), (21, 2, 3001, 5101),
    (22, 1, 101, 100), (22, 1, 102, 100), (22, 2, 1001, 3001),
    (23, 1, 102, 100), (23, 2, 1002, 2001);

/* ---- books ---- */

CREATE TABLE registry.ledger (
    ledger_id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    division text NOT NULL CHECK (division ~ '^37[0-9]{4}$'),
    source int2 NOT NULL REFERENCES registry.fund_source CHECK (source <> 5),
    year int2 NOT NULL CHECK (year BETWEEN 2019 AND 2999),
    opened_at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz,
    UNIQUE (division, source, year)
);
COMMENT ON TABLE registry.ledger IS 'Books: one for a city (or a county that gets transfers), a source and a year (F2, F7)';
COMMENT ON COLUMN registry.ledger.ledger_id IS 'Its number: several are locked in its order';
COMMENT ON COLUMN registry.ledger.division IS 'GB/T 2260: whose';
COMMENT ON COLUMN registry.ledger.source IS 'enum FundSource of proto/fund.proto';
COMMENT ON COLUMN registry.ledger.year IS 'Asia/Shanghai';
COMMENT ON COLUMN registry.ledger.opened_at IS 'When money of it was first proposed and decided';
COMMENT ON COLUMN registry.ledger.closed_at IS 'When it was carried to the next year; NULL: it was not';

CREATE TABLE registry.ledger_share (
    ledger_id int8 NOT NULL REFERENCES registry.ledger,
    share int2 NOT NULL CHECK (share BETWEEN 0 AND 15),
    available int8 NOT NULL DEFAULT 0 CONSTRAINT ledger_share_available CHECK (available >= 0),
    committed int8 NOT NULL DEFAULT 0 CONSTRAINT ledger_share_committed CHECK (committed >= 0),
    spent int8 NOT NULL DEFAULT 0 CONSTRAINT ledger_share_spent CHECK (spent >= 0),
    PRIMARY KEY (ledger_id, share)
) WITH (fillfactor = 50); /* it is changed by every approval, and no index has what changes */
COMMENT ON TABLE registry.ledger_share IS
    'The budget of a ledger in shares, so that approvals need not wait for one another; their sums are the balances of X1, X2 and X3 (F4)';
COMMENT ON COLUMN registry.ledger_share.ledger_id IS 'The ledger';
COMMENT ON COLUMN registry.ledger_share.share IS 'Each ledger has sixteen';
COMMENT ON COLUMN registry.ledger_share.available IS 'X1, fen; moves between shares of one ledger without a posting';
COMMENT ON COLUMN registry.ledger_share.committed IS 'X2, fen: of the charges of this share';
COMMENT ON COLUMN registry.ledger_share.spent IS 'X3, fen: likewise';

/* Whatever does not post only moves what is available between the shares of one ledger. */
CREATE FUNCTION audit.shares_moved() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT ledger_id, sum(available) AS available FROM old_rows GROUP BY ledger_id) o
                 FULL JOIN (SELECT ledger_id, sum(available) AS available FROM new_rows GROUP BY ledger_id) n USING (ledger_id)
                WHERE o.available IS DISTINCT FROM n.available)
       OR EXISTS (SELECT FROM old_rows o FULL JOIN new_rows n USING (ledger_id, share)
                   WHERE (o.committed, o.spent) IS DISTINCT FROM (n.committed, n.spent)) THEN
        RAISE EXCEPTION 'the budget of a ledger changes by what is posted alone' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION audit.shares_moved() FROM PUBLIC;
COMMENT ON FUNCTION audit.shares_moved IS 'Holds what is available of a ledger together, whatever share it is in';
CREATE TRIGGER shares_moved AFTER UPDATE ON registry.ledger_share REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION audit.shares_moved(); /* deeper: what is posted */

CREATE TABLE registry.ledger_cash (
    ledger_id int8 PRIMARY KEY REFERENCES registry.ledger,
    treasury int8 NOT NULL DEFAULT 0 CONSTRAINT ledger_cash_treasury CHECK (treasury >= 0),
    expenditure int8 NOT NULL DEFAULT 0 CONSTRAINT ledger_cash_expenditure CHECK (expenditure >= 0),
    held int8 NOT NULL DEFAULT 0 CONSTRAINT ledger_cash_held CHECK (held >= 0),
    sent int8 NOT NULL DEFAULT 0,
    CONSTRAINT ledger_cash_sent CHECK (sent BETWEEN 0 AND expenditure)
) WITH (fillfactor = 50);
COMMENT ON TABLE registry.ledger_cash IS 'Money of a ledger that stands in accounts (F8)';
COMMENT ON COLUMN registry.ledger_cash.ledger_id IS 'The ledger';
COMMENT ON COLUMN registry.ledger_cash.treasury IS '1001, fen';
COMMENT ON COLUMN registry.ledger_cash.expenditure IS '1002, fen';
COMMENT ON COLUMN registry.ledger_cash.held IS '2001, fen: what the bank returned and nobody has got yet';
COMMENT ON COLUMN registry.ledger_cash.sent IS 'Of 1002, fen: sent to the bank, which has not answered';

/* Money is in no ledger that is opened, nor goes from one but by what is posted; what is sent is the bank's to say. */
CREATE TRIGGER share_opened_empty BEFORE INSERT ON registry.ledger_share
    FOR EACH ROW WHEN (NEW.available <> 0 OR NEW.committed <> 0 OR NEW.spent <> 0) EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER cash_opened_empty BEFORE INSERT ON registry.ledger_cash
    FOR EACH ROW WHEN (NEW.treasury <> 0 OR NEW.expenditure <> 0 OR NEW.held <> 0) EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER cash_moved BEFORE UPDATE ON registry.ledger_cash
    FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND (OLD.ledger_id <> NEW.ledger_id OR OLD.treasury <> NEW.treasury
                                                   OR OLD.expenditure <> NEW.expenditure OR OLD.held <> NEW.held))
    EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER ledger_kept BEFORE DELETE OR TRUNCATE ON registry.ledger
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER share_kept BEFORE DELETE OR TRUNCATE ON registry.ledger_share
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER cash_kept BEFORE DELETE OR TRUNCATE ON registry.ledger_cash
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

CREATE TABLE registry.journal (
    journal_id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    posting_id uuid NOT NULL,
    ledger_id int8 NOT NULL,
    share int2 NOT NULL DEFAULT 0,
    event int2 NOT NULL,
    layer int2 NOT NULL,
    debit int2 NOT NULL,
    credit int2 NOT NULL,
    amount_fen int8 NOT NULL CHECK (amount_fen > 0),
    subject_kind int2 CHECK (subject_kind IN (1, 2)),
    subject_id uuid,
    part int2,
    mirrors int8 UNIQUE,
    operator_id uuid NOT NULL,
    request_id uuid NOT NULL,
    posted_at timestamptz NOT NULL DEFAULT now(),
    transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
    salt uuid NOT NULL DEFAULT gen_random_uuid(),
    CHECK (debit <> credit),
    CHECK (num_nulls(subject_kind, subject_id, part) IN (0, 3))
);
CREATE INDEX journal_ledger ON registry.journal (ledger_id, journal_id);
CREATE INDEX journal_posting ON registry.journal (posting_id);
COMMENT ON TABLE registry.journal IS
    'What was posted, a row for each layer of an event, of one amount in debit and credit; written once (F2, F6)';
COMMENT ON COLUMN registry.journal.journal_id IS 'In the order of posting';
COMMENT ON COLUMN registry.journal.posting_id IS 'What was posted together, and is corrected together: the move, or the request';
COMMENT ON COLUMN registry.journal.ledger_id IS 'The ledger';
COMMENT ON COLUMN registry.journal.share IS 'Of registry.ledger_share';
COMMENT ON COLUMN registry.journal.event IS 'enum MoneyEvent of proto/fund.proto; of a mirror that of what it mirrors';
COMMENT ON COLUMN registry.journal.layer IS 'enum LedgerLayer';
COMMENT ON COLUMN registry.journal.debit IS 'enum LedgerAccount, by registry.posting_template';
COMMENT ON COLUMN registry.journal.credit IS 'Likewise';
COMMENT ON COLUMN registry.journal.amount_fen IS 'In both';
COMMENT ON COLUMN registry.journal.subject_kind IS 'enum MoneySubject: whose payment it is about; NULL: nobody''s';
COMMENT ON COLUMN registry.journal.subject_id IS 'The claim or tranche';
COMMENT ON COLUMN registry.journal.part IS 'Its part: of a claim enum SubsidyLine, of a tranche 0';
COMMENT ON COLUMN registry.journal.mirrors IS 'The row that it takes back, debit for credit; NULL: none';
COMMENT ON COLUMN registry.journal.operator_id IS 'Who; all zeros: the registry itself';
COMMENT ON COLUMN registry.journal.request_id IS 'By which request';
COMMENT ON COLUMN registry.journal.posted_at IS 'When';
COMMENT ON COLUMN registry.journal.transaction IS 'PostgreSQL''s number of the transaction, by which the log orders entries';
COMMENT ON COLUMN registry.journal.salt IS 'Random, so that the log''s digest of the row tells nothing';
CREATE TRIGGER journal_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON registry.journal
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

/* What is posted fits the template, or mirrors a row that does, in an open ledger; and moves the balances. */
CREATE FUNCTION audit.journal_post() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows n
                WHERE n.mirrors IS NULL
                  AND NOT EXISTS (SELECT FROM registry.posting_template t
                                   WHERE t.event = n.event AND t.layer = n.layer AND t.debit = n.debit AND t.credit = n.credit))
       OR EXISTS (SELECT FROM new_rows n
                   WHERE n.mirrors IS NOT NULL
                     AND NOT EXISTS (SELECT FROM registry.journal j
                                      WHERE j.journal_id = n.mirrors AND j.mirrors IS NULL AND j.ledger_id = n.ledger_id
                                        AND j.event = n.event AND j.layer = n.layer AND j.debit = n.credit
                                        AND j.credit = n.debit AND j.amount_fen = n.amount_fen)) THEN
        RAISE EXCEPTION 'a posting is not of its event''s template, and mirrors none that is' USING ERRCODE = 'check_violation';
    END IF;
    /* who posts holds the balances, and who closes a ledger all of them: no foreign key has to lock the ledger */
    IF EXISTS (SELECT FROM (SELECT DISTINCT x.ledger_id, x.layer, CASE x.layer WHEN 1 THEN x.share END AS share FROM new_rows x) n
                 LEFT JOIN registry.ledger l ON l.ledger_id = n.ledger_id AND l.closed_at IS NULL
                WHERE l.ledger_id IS NULL
                   OR n.layer = 1 AND NOT EXISTS (SELECT FROM registry.ledger_share s
                                                   WHERE s.ledger_id = n.ledger_id AND s.share = n.share)
                   OR n.layer = 2 AND NOT EXISTS (SELECT FROM registry.ledger_cash c WHERE c.ledger_id = n.ledger_id)) THEN
        RAISE EXCEPTION 'a posting is of no open ledger' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE registry.ledger_share s
       SET available = s.available + m.available, committed = s.committed + m.committed, spent = s.spent + m.spent
      FROM (SELECT n.ledger_id, n.share,
                   sum(CASE 101 WHEN n.debit THEN n.amount_fen WHEN n.credit THEN -n.amount_fen ELSE 0 END)::int8 AS available,
                   sum(CASE 102 WHEN n.debit THEN n.amount_fen WHEN n.credit THEN -n.amount_fen ELSE 0 END)::int8 AS committed,
                   sum(CASE 103 WHEN n.debit THEN n.amount_fen WHEN n.credit THEN -n.amount_fen ELSE 0 END)::int8 AS spent
              FROM new_rows n WHERE n.layer = 1 GROUP BY n.ledger_id, n.share) m
     WHERE s.ledger_id = m.ledger_id AND s.share = m.share;
    UPDATE registry.ledger_cash c
       SET treasury = c.treasury + m.treasury, expenditure = c.expenditure + m.expenditure, held = c.held + m.held,
           sent = c.sent - m.answered
      FROM (SELECT n.ledger_id,
                   sum(CASE 1001 WHEN n.debit THEN n.amount_fen WHEN n.credit THEN -n.amount_fen ELSE 0 END)::int8 AS treasury,
                   sum(CASE 1002 WHEN n.debit THEN n.amount_fen WHEN n.credit THEN -n.amount_fen ELSE 0 END)::int8 AS expenditure,
                   sum(CASE 2001 WHEN n.debit THEN -n.amount_fen WHEN n.credit THEN n.amount_fen ELSE 0 END)::int8 AS held,
                   sum(CASE WHEN n.event IN (13, 15) THEN n.amount_fen ELSE 0 END)::int8 AS answered
              FROM new_rows n WHERE n.layer = 2 GROUP BY n.ledger_id) m
     WHERE c.ledger_id = m.ledger_id;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION audit.journal_post() FROM PUBLIC;
COMMENT ON FUNCTION audit.journal_post IS 'Holds postings to their templates, and moves the balances by them';
CREATE TRIGGER journal_post AFTER INSERT ON registry.journal REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit.journal_post();

/* ---- what pays for what ---- */

CREATE TABLE registry.earmark (
    earmark_id uuid PRIMARY KEY,
    division text NOT NULL CHECK (division ~ '^37[0-9]{4}$'),
    spending int2 NOT NULL REFERENCES registry.spending_kind,
    trainee_group int2 REFERENCES registry.trainee_group,
    certificate_kind int2 CHECK (certificate_kind BETWEEN 1 AND 5),
    sources int2[] NOT NULL CHECK (cardinality(sources) >= 1 AND cardinality(sources) <= 5 AND sources <@ '{1,2,3,4,6}'),
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to >= valid_from),
    citation text NOT NULL CHECK (char_length(citation) BETWEEN 1 AND 100),
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL DEFAULT now(),
    decision int2 CHECK (decision IN (1, 2)),
    decided_by uuid,
    decided_at timestamptz,
    superseded_by uuid,
    request_id uuid NOT NULL,
    CONSTRAINT earmark_decided CHECK (num_nulls(decision, decided_by, decided_at) IN (0, 3)),
    CONSTRAINT earmark_four_eyes CHECK (decision <> 1 OR decided_by <> proposed_by OR division = '370000'
                                                                                      AND citation = 'default'),
    CONSTRAINT earmark_once EXCLUDE USING gist (
        division WITH =, spending WITH =, coalesce(trainee_group, 0::int2) WITH =, coalesce(certificate_kind, 0::int2) WITH =,
        daterange(valid_from, valid_to, '[]') WITH &&) WHERE (decision = 1)
);
COMMENT ON TABLE registry.earmark IS 'Which sources may pay for a kind of spending, in their order; proposed by one and decided by another (F3, F10)';
COMMENT ON COLUMN registry.earmark.earmark_id IS 'Random, ordered by time';
COMMENT ON COLUMN registry.earmark.division IS 'GB/T 2260: whose; the narrowest division counts';
COMMENT ON COLUMN registry.earmark.spending IS 'enum SpendingKind of proto/fund.proto';
COMMENT ON COLUMN registry.earmark.trainee_group IS 'NULL: every group';
COMMENT ON COLUMN registry.earmark.certificate_kind IS 'NULL: every kind, and none';
COMMENT ON COLUMN registry.earmark.sources IS 'enum FundSource, the first that has enough pays';
COMMENT ON COLUMN registry.earmark.valid_from IS 'First day';
COMMENT ON COLUMN registry.earmark.valid_to IS 'Last day; NULL: open';
COMMENT ON COLUMN registry.earmark.citation IS 'The document that says so';
COMMENT ON COLUMN registry.earmark.proposed_by IS 'Operator; all zeros: the installation';
COMMENT ON COLUMN registry.earmark.proposed_at IS 'When';
COMMENT ON COLUMN registry.earmark.decision IS 'enum ProposalDecision; NULL: not decided';
COMMENT ON COLUMN registry.earmark.decided_by IS 'Operator';
COMMENT ON COLUMN registry.earmark.decided_at IS 'When';
COMMENT ON COLUMN registry.earmark.superseded_by IS 'The earmark that ended it; NULL: none';
COMMENT ON COLUMN registry.earmark.request_id IS 'By which request';
INSERT INTO registry.earmark (earmark_id, division, spending, sources, valid_from, citation, proposed_by, decision, decided_by, decided_at,
                              request_id)
SELECT ('00000043-0000-0000-0000-' || lpad(e.spending::text, 12, '0'))::uuid, '370000', e.spending, e.sources, '2019-01-01', 'default',
       '00000000-0000-0000-0000-000000000000', 1, '00000000-0000-0000-0000-000000000000', now(), '00000000-0000-0000-0000-000000000000'
  FROM (VALUES (1, '{3,1,4,6}'::int2[]), (2, '{3,1,6}'), (3, '{3,1,6}'), (4, '{3,1,4,6}'), (5, '{3,1,6}'), (6, '{2,3,1,6}'), (7, '{4,3,6}'),
               (8, '{3,6}'), (9, '{1,4}'), (10, '{1,2,3,4,6}')) e(spending, sources);

CREATE TABLE registry.charge (
    subject_kind int2 NOT NULL CHECK (subject_kind IN (1, 2)),
    subject_id uuid NOT NULL,
    part int2 NOT NULL CHECK (part BETWEEN 0 AND 3),
    ledger_id int8 NOT NULL,
    share int2 NOT NULL,
    spending int2 NOT NULL,
    expense int2 NOT NULL CHECK (expense IN (5001, 5002, 4901)),
    amount_fen int8 NOT NULL CHECK (amount_fen > 0),
    recovered_fen int8 NOT NULL DEFAULT 0,
    state int2 NOT NULL DEFAULT 1 CHECK (state BETWEEN 1 AND 5),
    paid_on date,
    salt uuid NOT NULL DEFAULT gen_random_uuid(),
    PRIMARY KEY (subject_kind, subject_id, part),
    FOREIGN KEY (ledger_id, share) REFERENCES registry.ledger_share,
    CHECK (subject_kind <> 2 OR part = 0),
    CONSTRAINT charge_recovered CHECK (recovered_fen >= 0 AND recovered_fen <= amount_fen AND (recovered_fen = 0 OR state = 2)),
    CONSTRAINT charge_paid CHECK (state <> 2 OR paid_on IS NOT NULL)
);
CREATE INDEX charge_ledger ON registry.charge (ledger_id) WHERE state IN (1, 3);
COMMENT ON TABLE registry.charge IS 'Which ledger pays which part of a claim or tranche (F4)';
COMMENT ON COLUMN registry.charge.subject_kind IS 'enum MoneySubject of proto/fund.proto';
COMMENT ON COLUMN registry.charge.subject_id IS 'The claim or tranche';
COMMENT ON COLUMN registry.charge.part IS 'Of a claim enum SubsidyLine, of a tranche 0';
COMMENT ON COLUMN registry.charge.ledger_id IS 'Who pays; from a year''s end on the ledger of the next year, while it is not paid; of what the bank returns later that of the year of its return';
COMMENT ON COLUMN registry.charge.share IS 'Where it is committed, or spent';
COMMENT ON COLUMN registry.charge.spending IS 'enum SpendingKind';
COMMENT ON COLUMN registry.charge.expense IS '5001 or 5002 (enum LedgerAccount): where its payment is posted; 4901 once the bank returned it after its year''s ledger was closed: what is not paid again is income of this year';
COMMENT ON COLUMN registry.charge.amount_fen IS 'What it comes to';
COMMENT ON COLUMN registry.charge.recovered_fen IS 'What of it came back after payment';
COMMENT ON COLUMN registry.charge.state IS 'enum ChargeState';
COMMENT ON COLUMN registry.charge.paid_on IS 'Day on which the bank said that it is paid (Asia/Shanghai); NULL: none';
COMMENT ON COLUMN registry.charge.salt IS 'Random, so that the log''s digest of the row tells nothing';

/* ---- what two people move ---- */

CREATE TABLE registry.fund_move (
    move_id uuid PRIMARY KEY,
    kind int2 NOT NULL CHECK (kind BETWEEN 1 AND 5),
    division text NOT NULL CHECK (division ~ '^37[0-9]{4}$'),
    source int2 CHECK (source IN (1, 2, 3, 4, 6)),
    year int2 CHECK (year BETWEEN 2019 AND 2999),
    to_division text CHECK (to_division ~ '^37[0-9]{4}$' AND to_division <> division),
    amount_fen int8 CHECK (amount_fen BETWEEN 1 AND 1000000000000000),
    mirrored uuid,
    reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 100),
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL DEFAULT now(),
    decision int2 CHECK (decision IN (1, 2)),
    decided_by uuid,
    decided_at timestamptz,
    request_id uuid NOT NULL,
    CONSTRAINT fund_move_whole CHECK (CASE kind
        WHEN 5 THEN num_nonnulls(source, year, to_division, amount_fen) = 0 AND mirrored IS NOT NULL
        WHEN 4 THEN num_nonnulls(to_division, amount_fen, mirrored) = 0 AND num_nulls(source, year) = 0
        ELSE num_nulls(source, year, amount_fen) = 0 AND mirrored IS NULL AND (to_division IS NOT NULL) = (kind = 2) END),
    CONSTRAINT fund_move_withdrawn CHECK (kind <> 3 OR source = 3),
    CONSTRAINT fund_move_decided CHECK (num_nulls(decision, decided_by, decided_at) IN (0, 3)),
    CONSTRAINT fund_move_four_eyes CHECK (decision <> 1 OR decided_by <> proposed_by)
);
CREATE INDEX fund_move_open ON registry.fund_move (division, move_id) WHERE decision IS NULL;
COMMENT ON TABLE registry.fund_move IS 'Money that one person of a bureau proposes to move and another decides about';
COMMENT ON COLUMN registry.fund_move.move_id IS 'Random, ordered by time; the posting that it made has it as its own';
COMMENT ON COLUMN registry.fund_move.kind IS 'enum FundMoveKind of proto/fund.proto';
COMMENT ON COLUMN registry.fund_move.division IS 'GB/T 2260: whose money';
COMMENT ON COLUMN registry.fund_move.source IS 'enum FundSource; NULL: of a correction';
COMMENT ON COLUMN registry.fund_move.year IS 'Of the ledger; likewise';
COMMENT ON COLUMN registry.fund_move.to_division IS 'Of a transfer, who gets it';
COMMENT ON COLUMN registry.fund_move.amount_fen IS 'How much; NULL: of a carry all there is, of a correction what was posted';
COMMENT ON COLUMN registry.fund_move.mirrored IS 'Of a correction, the posting that it takes back';
COMMENT ON COLUMN registry.fund_move.reason IS 'The document that it rests on, or why';
COMMENT ON COLUMN registry.fund_move.proposed_by IS 'Operator';
COMMENT ON COLUMN registry.fund_move.proposed_at IS 'When';
COMMENT ON COLUMN registry.fund_move.decision IS 'enum ProposalDecision; NULL: not decided';
COMMENT ON COLUMN registry.fund_move.decided_by IS 'Operator';
COMMENT ON COLUMN registry.fund_move.decided_at IS 'When';
COMMENT ON COLUMN registry.fund_move.request_id IS 'By which request it was proposed';

CALL audit.cover(115::int2, 'employee_group', 'trainee_group', 'trainee_group');
CALL audit.tie_table('employee_group');
CALL audit.cover(90::int2, 'ledger', 'ledger_id', 'ledger_id, division, source, year, opened_at, closed_at');
CALL audit.tie_table('ledger');
CALL audit.cover(91::int2, 'journal', 'journal_id', 'journal_id, posting_id, ledger_id, share, event, layer, debit, credit, amount_fen, subject_kind, subject_id, part, mirrors, operator_id, request_id, posted_at, transaction, salt');
CALL audit.tie_table('journal');
CALL audit.cover(92::int2, 'earmark', 'earmark_id', 'earmark_id, division, spending, trainee_group, certificate_kind, sources, valid_from, valid_to, citation, proposed_by, proposed_at, decision, decided_by, decided_at, superseded_by, request_id');
CALL audit.tie_table('earmark');
CALL audit.cover(93::int2, 'charge', 'subject_kind, subject_id, part', 'subject_kind, subject_id, part, ledger_id, share, spending, expense, amount_fen, recovered_fen, state, paid_on, salt');
CALL audit.tie_table('charge');
CALL audit.cover(94::int2, 'fund_move', 'move_id', 'move_id, kind, division, source, year, to_division, amount_fen, mirrored, reason, proposed_by, proposed_at, decision, decided_by, decided_at, request_id');
CALL audit.tie_table('fund_move');
