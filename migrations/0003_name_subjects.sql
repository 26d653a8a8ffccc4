/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that are about a record with an id of its own: an organisation, an operator, a change. */
ALTER TABLE registry.request ADD COLUMN subject uuid;
ALTER TABLE registry.request ADD COLUMN detail int4;
COMMENT ON COLUMN registry.request.subject IS 'Id of the record it was about, or made; NULL: none';
COMMENT ON COLUMN registry.request.detail IS 'A further number of the answer, as its method says; NULL: none';
