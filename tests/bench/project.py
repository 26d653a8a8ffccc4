# SPDX-License-Identifier: Apache-2.0
"""A project's heads verified against a register: from the command to its answer; beside it the same call by pgbench."""

import json
import statistics
import time

from baseline import FRESH, HEAD, pgbench, who
from ground import FILL_CLASS
from postgres import Failed

ROWS = ("project-verify",)
PROJECT = "00000000-0000-4000-8000-{n:012d}"

# Heads of persons who are stored, frozen as if their classes had been a project's; and a register of insured of whom they are a part.
FILL = """
INSERT INTO registry.project (project_id, division, department, name, certificate_kind, mode, pay_mode, planned_heads, hours, unit_fen, call_number, contract_number,
                              organisation_id, starts_on, ends_on, closes_on, advance_percent, ceiling_percent, denominator, evidence_kinds, contract_months,
                              employment_days, insured_months, same_employer_months, state, frozen_on, enrolled, completed, sat, counted, total_fen, called_by, request_id)
SELECT '{project}', '370100', '压测', '压测', 4, 1, 1, {heads}, 40, 150000, '压测', '压测', '{institution}', '2026-03-01', '2026-05-31', '2199-12-31', 60, 100, 1, 9, 12, 36500, 1, 6, 6,
       '2026-06-01', {heads}, {heads}, {heads}, {heads}, {heads} * 150000::int8, '{operator}', '{project}';
INSERT INTO registry.project_tier (project_id, tier, metric, threshold, pay_percent) VALUES ('{project}', 1, 1, 0, 60), ('{project}', 2, 2, 85, 100);
INSERT INTO registry.project_head (project_id, person_id, class_number, seat, occupation_code, level, trainee_group, year, result, counted)
SELECT '{project}', e.person_id, e.class_number, {seat} + e.seat, '4-10-01-06', 2, 7, 2026, 1, true
  FROM registry.enrolment e WHERE e.class_number >= {classes} ORDER BY e.class_number, e.seat LIMIT {heads};
"""
REGISTER = """
INSERT INTO registry.snapshot (snapshot_id, source, division, as_of, complete, rows, file_digest, issuer, organisation_id, loaded_by, malformed, unknown, closed_by, closed_at, request_id)
VALUES ('{snapshot}', 2, '370100', helper.today(), true, {rows}, sha256(''), '压测', '{operator}', '{operator}', 0, 0, '{operator}', now(), '{snapshot}');
INSERT INTO registry.snapshot_row (snapshot_id, row, record_id, document_index, name_index, from_on, unit, sealed)
SELECT '{snapshot}', n + 1, bench.request_id(n), sha256(int8send(n)), sha256(int8send(n % 100000)), '2026-06-05', '91370100MA' || lpad((n % 5000)::text, 8, '0'), 'x'
  FROM generate_series(0, {rows} - 1) n;
ANALYZE registry.snapshot_row; ANALYZE registry.project_head;
"""

VERIFY = """SELECT s.* FROM {fresh}, LATERAL api.project_step(
    ARRAY[q.id], ARRAY[:commitment::bytea], ARRAY[:reviewer::uuid], ARRAY[{head}], '{{{action}}}'::int2[], ARRAY[:project::uuid], '{{1}}'::int4[], ARRAY[NULL::text],
    ARRAY[NULL::text], ARRAY[NULL::text], ARRAY[NULL::int8], ARRAY[NULL::date], ARRAY[NULL::bool], ARRAY[NULL::bool], ARRAY[NULL::uuid], ARRAY[NULL::int8]) s;
"""
VERIFIES = 11  # PROJECT_VERIFY


class Projects:
    def __init__(self, bench):
        self.bench, self.ground, self.heads, self.n = bench, bench.main, bench.sizes.heads, 0
        self.operator, self.institution = self.ground.operator_id("reviewer", "bureau"), self.ground.organisation_id("institution")
        self.ground.sql(REGISTER.format(snapshot=PROJECT.format(n=0), rows=bench.sizes.insured, operator=self.ground.operator_id("clerk", "bureau")))  # not whoever verifies (H20)
        # as mingced has it
        self.ground.sql(f"ALTER ROLE mingced IN DATABASE {self.ground.database} SET jit = off")

    def made(self):
        self.n += 1
        project = PROJECT.format(n=self.n)
        self.ground.sql(FILL.format(project=project, heads=self.heads, institution=self.institution, operator=self.operator, classes=FILL_CLASS, seat=self.n * 10000))
        self.ground.checkpoint()
        return project

    def verified(self, project):
        employed = int(self.ground.sql(f"SELECT employed FROM registry.project_run WHERE project_id = '{project}'") or 0)
        if employed != self.heads:
            raise Failed(f"project verify: {employed} of {self.heads} heads are employed")

    def ours(self):
        """Seconds."""
        project = self.made()
        began = time.monotonic()
        done = self.ground.cli("reviewer", "--json", "project", "verify", project.replace("-", ""), "--version", "1")
        taken = time.monotonic() - began
        if done.returncode != 0 or json.loads(done.stdout)["run"] != 1:
            raise Failed(f"project verify: {done.stderr.strip() or done.stdout[:200]}")
        self.verified(project)
        return taken

    def theirs(self):
        project = self.made()
        script = self.ground.folder / "verify.sql"
        script.write_text(VERIFY.format(fresh=FRESH, head=HEAD.format(who="who_verify", request="q.id"), action=VERIFIES))
        variables = {"project": project, "who_verify": who("project.verify", self.operator, self.ground.organisation_id("bureau")), "stretch": 1}
        taken = pgbench(self.ground, script, 1, 0, self.bench.sample | variables)["seconds"]
        self.verified(project)
        return taken


def measure(bench):
    projects, rows = Projects(bench), bench.sizes.insured
    ours, theirs = bench.slices(projects.ours, projects.theirs)
    bench.say("project-verify: " + " ".join(f"{o:.3f}/{t:.3f}" for o, t in zip(ours, theirs)) + f" s for {projects.heads} heads, a register of {rows} rows, and by pgbench")
    bench.report.add("project-verify", statistics.median(ours), statistics.median(theirs), statistics.median(o / t for o, t in zip(ours, theirs)),
                     f"mingce project verify of {projects.heads} heads against a register of {rows} rows; baseline: pgbench, the same call")
