/* SPDX-License-Identifier: Apache-2.0 */
/* What the bank says stands in a division's two accounts at the end of a month (F8). */
CREATE TABLE registry.bank_balance (
    division text NOT NULL CHECK (division ~ '^[0-9]{6}$'),
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    version int4 NOT NULL CHECK (version > 0),
    treasury_fen int8 NOT NULL CHECK (treasury_fen >= 0),
    expenditure_fen int8 NOT NULL CHECK (expenditure_fen >= 0),
    citation text NOT NULL CHECK (char_length(citation) BETWEEN 1 AND 100),
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    request_id uuid NOT NULL,
    PRIMARY KEY (division, month, version)
);
COMMENT ON TABLE registry.bank_balance IS 'The bank''s statement of a division''s accounts at the end of a month; a correction is the next version (F8)';
COMMENT ON COLUMN registry.bank_balance.division IS 'GB/T 2260: whose special account it is';
COMMENT ON COLUMN registry.bank_balance.month IS 'Its first day (Asia/Shanghai)';
COMMENT ON COLUMN registry.bank_balance.version IS 'From 1; the highest counts';
COMMENT ON COLUMN registry.bank_balance.treasury_fen IS 'In the treasury account (1001) at the end of the month';
COMMENT ON COLUMN registry.bank_balance.expenditure_fen IS 'In the expenditure account (1002) at the end of the month';
COMMENT ON COLUMN registry.bank_balance.citation IS 'The statement that says so';
COMMENT ON COLUMN registry.bank_balance.recorded_by IS 'Operator';
COMMENT ON COLUMN registry.bank_balance.recorded_at IS 'When';
COMMENT ON COLUMN registry.bank_balance.request_id IS 'By which request';
/* what was read in after a month of what the bank did in it; rows stand in the order of their time */
CREATE INDEX batch_answer_time ON registry.batch_answer USING brin (answered_at) WITH (pages_per_range = 16);

CALL audit.cover(117::int2, 'bank_balance', 'division, month, version', 'division, month, version, treasury_fen, expenditure_fen, citation, recorded_by, recorded_at, request_id');
CALL audit.tie_table('bank_balance');
