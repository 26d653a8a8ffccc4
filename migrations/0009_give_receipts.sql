/* SPDX-License-Identifier: Apache-2.0 */
/* The transaction of each answer: its entries are found again for the receipt, whenever the request is repeated. */

ALTER TABLE registry.request ADD COLUMN xid xid8;
ALTER TABLE registry.request ALTER COLUMN xid SET DEFAULT pg_current_xact_id();
COMMENT ON COLUMN registry.request.xid IS 'Its transaction, as in audit.entry; NULL: answered before receipts were given';
