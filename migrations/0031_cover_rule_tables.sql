/* SPDX-License-Identifier: Apache-2.0 */
/* The State Council's days decide ends of publicity and due days, and an occupation's names stand on certificates: who edits them is
   found like who edits a standard. */
CALL audit.cover(41::int2, 'occupation_name', 'occupation_code, valid_from', 'occupation_code, edition, name, valid_from, valid_to');
CALL audit.cover(42::int2, 'state_day', 'day', 'day, working, occasion, citation');
