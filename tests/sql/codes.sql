/* SPDX-License-Identifier: Apache-2.0 */
/* The code tables, as the standards and the plan have them. Occupations and policies grow: only what they begin with. */
BEGIN;
SELECT plan(43);

/* ---- divisions ---- */
SELECT is((SELECT count(*) FROM registry.division), 385::int8, 'A2: every code of Shandong since 1980, each period a row');
SELECT is((SELECT count(*) FROM registry.division WHERE level = 'prefecture' AND end_year IS NULL), 16::int8, 'A2: sixteen cities today');
SELECT is((SELECT string_agg(name, ' ') FROM registry.division WHERE level = 'province'), '山东省', 'A2: one province');
SELECT is((SELECT string_agg(code, ' ') FROM registry.division WHERE left(code, 2) <> '37'), NULL, 'A2: all in it');
SELECT is((SELECT string_agg(DISTINCT c.code, ' ') FROM registry.division c WHERE c.level = 'county' AND c.end_year IS NULL
              AND NOT EXISTS (SELECT FROM registry.division p WHERE p.level = 'prefecture' AND p.end_year IS NULL
                                 AND p.code = left(c.code, 4) || '00' AND p.name = c.prefecture_now)), NULL,
          'A2: every county of today is its city''s');
SELECT is((SELECT string_agg(DISTINCT a.code, ' ') FROM registry.division a JOIN registry.division b USING (code)
            WHERE a.ctid <> b.ctid AND int4range(a.start_year, a.end_year, '[]') && int4range(b.start_year, b.end_year, '[]')), NULL,
          'A2: no code means two places in one year');
SELECT is((SELECT string_agg(name || coalesce(start_year::text, ''), ' ' ORDER BY start_year NULLS FIRST) FROM registry.division WHERE code = '372521'),
          '阳谷县 聊城县1982', 'A2: a code may have named two places, one after the other');
SELECT is((SELECT end_year FROM registry.division WHERE code = '370181'), 2015::int2, 'A2: a county that became a district keeps its old code');

/* ---- codes of persons ---- */
SELECT is((SELECT count(*) FROM registry.ethnicity), 56::int8, 'A8: fifty-six ethnicities');
SELECT is((SELECT string_agg(e.name, ' ' ORDER BY e.code) FROM registry.ethnicity e WHERE e.code IN (1, 5, 20, 36, 46, 56)),
          '汉族 维吾尔族 傈僳族 毛南族 德昂族 基诺族', 'A8: GB/T 3304''s numbers');
SELECT is((SELECT max(code)::int - min(code) FROM registry.ethnicity), 55, 'A8: without gaps');
SELECT is((SELECT string_agg(code::text, ' ' ORDER BY code) FROM registry.education), '10 20 30 40 47 60 70 80 90', 'A8: GB/T 4658''s numbers');
SELECT is((SELECT name FROM registry.education WHERE code = 47), '技工学校毕业', 'A8: a technical school is one');

/* ---- codes of training ---- */
SELECT is((SELECT string_agg(name, ' ' ORDER BY code) FROM registry.trainee_group),
    '企业新录用职工 困难企业转岗转业职工 企业在职职工 企业新型学徒 现代学徒 企业负责人 失业人员 农民工/农村转移劳动力 返乡下乡创业人员 农民/农村实用人才带头人 '
    '贫困劳动力 贫困家庭子女 在校大学生 毕业年度高校毕业生 退役军人 两后生(劳动预备制) 高危行业(化工、矿山等)职工 残疾人 就业困难人员 零就业家庭成员 低保家庭劳动力',
    'A8: the twenty-one trainee groups of the plan');
SELECT is((SELECT string_agg(code::text, ' ' ORDER BY code) FROM registry.trainee_group), (SELECT string_agg(n::text, ' ' ORDER BY n) FROM generate_series(1, 21) n),
    'A8: numbered as stored');
SELECT is((SELECT string_agg(name, ' ' ORDER BY code) FROM registry.training_kind),
    '岗前培训 转岗转业培训 就业技能培训 创业培训 金蓝领(技师/高级技师) 企业新型学徒制 现代学徒制 企业负责人培训 农民教育培育 求学圆梦 三个一能力培养 '
    '退役军人前置性/适应性培训 劳动预备制培训 安全技术培训 特别职业技能培训(规模性失业风险) 项目制培训', 'the sixteen kinds of training of the plan');
SELECT is((SELECT string_agg(code || coalesce('=' || grade, ''), ' ' ORDER BY code) FROM registry.skill_level), '1 2=五级 3=四级 4=三级 5=二级 6=一级 7 8 9',
    'eight levels, five of them with a grade of before, and none');
SELECT is((SELECT string_agg(name, ' ' ORDER BY code) FROM registry.skill_level), '学徒工 初级工 中级工 高级工 技师 高级技师 特级技师 首席技师 无等级', 'lowest first, none behind them');

/* ---- other words for a code ---- */
SELECT is((SELECT string_agg(a.alias, ' ') FROM registry.code_alias a
            WHERE NOT CASE a.table_name WHEN 'trainee_group' THEN EXISTS (SELECT FROM registry.trainee_group t WHERE t.code = a.code)
                                        WHEN 'training_kind' THEN EXISTS (SELECT FROM registry.training_kind t WHERE t.code = a.code)
                                        WHEN 'ethnicity' THEN EXISTS (SELECT FROM registry.ethnicity t WHERE t.code = a.code)
                                        ELSE EXISTS (SELECT FROM registry.education t WHERE t.code = a.code) END), NULL, 'A8: each means a code there is');
SELECT is((SELECT string_agg(a.alias, ' ') FROM registry.code_alias a
             JOIN (SELECT 'trainee_group' AS table_name, name, code FROM registry.trainee_group UNION ALL SELECT 'training_kind', name, code FROM registry.training_kind
                   UNION ALL SELECT 'ethnicity', name, code FROM registry.ethnicity UNION ALL SELECT 'education', name, code FROM registry.education) t
               ON t.table_name = a.table_name AND t.name = a.alias), NULL, 'A8: none is a name itself');
SELECT is((SELECT string_agg(name, ' ') FROM registry.ethnicity e WHERE right(name, 1) = '族' AND char_length(name) > 1
              AND NOT EXISTS (SELECT FROM registry.code_alias a WHERE a.table_name = 'ethnicity' AND a.code = e.code AND a.alias = left(e.name, -1))), NULL,
          'A8: every ethnicity goes without 族 too');
SELECT is((SELECT code FROM registry.code_alias WHERE table_name = t AND alias = a), c::int2, format('A8: %s', a))
  FROM (VALUES ('trainee_group', '农民工', 8), ('trainee_group', '退役士兵', 15), ('trainee_group', '低保对象', 21), ('training_kind', '金蓝领', 5),
               ('training_kind', '项目制', 16), ('ethnicity', '维族', 5), ('education', '大专', 30), ('education', '初中', 70)) v(t, a, c);

/* ---- occupations and policies ---- */
SELECT is((SELECT name FROM registry.occupation WHERE code = '4-10-01-06'), '家政服务员', 'G3: occupations of the national classification');
SELECT is((SELECT string_agg(e, ' ') FROM string_to_table('attendance_percent=80 claim_months=12 class_approval=1 class_file_ahead=7 class_file_days=5 class_hours_least=40 clear_looks_hour=500 county_extra_percent=30 day_hours=8 fact_insured=0 fact_pension=0 four_eyes=3 late_days=3 life_cap=0 living_days=30 masked_looks_hour=5000 minimum_age=16 no_lower_after_higher=0 pass_mark=60 publicity_days=5 rate_day=1 review_days=10 year_cap_others=3 year_cap_students=3', ' ') e
            WHERE e NOT IN (SELECT name || '=' || value FROM registry.policy WHERE division = '370000' AND valid_to IS NULL)), NULL,
          'A1, B4, B6, B7, B9, B11, C1, C2, C3, G0, G9, G11: the province''s numbers are there from the start');
SELECT is((SELECT string_agg(DISTINCT division, ' ') FROM registry.policy), '370000', 'no city has set any');

/* ---- what the tables refuse ---- */
SELECT throws_ok(sql, state, NULL, what) FROM (VALUES
    ('INSERT INTO registry.policy VALUES (''370100'', ''minimum_age'', 17, ''2026-02-01'', ''2026-01-31'', ''x'')', '23514', 'a rule does not end before it begins'),
    ('INSERT INTO registry.policy VALUES (''370100'', ''maximum_age'', 60, ''2026-01-01'', NULL, ''x'')', '23503', 'B4: there is no rule of an upper age'),
    ('INSERT INTO registry.policy VALUES (''370100'', ''minimum_age'', 17, ''2026-01-01'', NULL, '''')', '23514', 'a rule has a citation'),
    ('INSERT INTO registry.policy VALUES (''3701'', ''minimum_age'', 17, ''2026-01-01'', NULL, ''x'')', '23514', 'a rule is a division''s'),
    ('INSERT INTO registry.division VALUES (''370181'', ''章丘市'', ''county'', ''济南市'', 1995, 2000)', '23505', 'A2: a period is there once'),
    ('INSERT INTO registry.division VALUES (''370102'', ''历下区'', ''county'', ''济南市'', NULL, NULL)', '23505', 'A2: one without a beginning too'),
    ('INSERT INTO registry.division VALUES (''370181'', ''章丘市'', ''county'', ''济南市'', 1994, 1990)', '23514', 'A2: it does not end before it begins'),
    ('INSERT INTO registry.code_alias VALUES (''occupation'', ''x'', 1)', '23514', 'aliases are of tables that have them'),
    ('INSERT INTO registry.occupation VALUES (''家政'', ''x'')', '23514', 'an occupation''s code is digits and dashes'),
    ('INSERT INTO registry.ethnicity VALUES (57, ''汉族'')', '23505', 'A8: a name has one code'),
    ('INSERT INTO registry.trainee_group VALUES (1, ''x'')', '23505', 'A8: and a code one name')) v(sql, state, what);

SELECT * FROM finish();
ROLLBACK;
