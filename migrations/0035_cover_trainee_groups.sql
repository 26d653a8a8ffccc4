/* SPDX-License-Identifier: Apache-2.0 */
/* Which trainee groups have a living allowance is told by their names (B6): who renames one is found like who edits a standard. */
CALL audit.cover(43::int2, 'trainee_group', 'code', 'code, name');
CALL audit.tie_table('trainee_group');
