/* SPDX-License-Identifier: Apache-2.0 */
/* The monthly table of the special account (F16): proto/report.proto, migrations/api/report.sql. */
#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/proposal.h"
#include "proto/report.pb-c.h"

enum { ROWS_MOST = 7 * 23 /* five sources that are posted, the adjustment fund and all */ };

#define REPORT_PARAMETERS(COLUMN)                                                                            \
    COLUMN(REPORT_IN_DIVISION, "division", TEXT)                                                             \
    COLUMN(REPORT_IN_MONTH, "month", DATE)
COLUMNS_AFTER(METHOD_READ, report_parameters, REPORT_PARAMETERS);
#define REPORT_RESULT(COLUMN)                                                                                \
    COLUMN(REPORT_OUTCOME, "outcome", INT2)                                                                  \
    COLUMN(REPORT_DIVISION, "division", TEXT)                                                                \
    COLUMN(REPORT_SOURCE, "source", INT2)                                                                    \
    COLUMN(REPORT_ITEM, "item", INT2)                                                                        \
    COLUMN(REPORT_TIMES, "times", INT8)                                                                      \
    COLUMN(REPORT_MONTH, "month_fen", INT8)                                                                  \
    COLUMN(REPORT_YEAR, "year_fen", INT8)
COLUMNS_AFTER(RESULT, report_result, REPORT_RESULT);
const struct statement fund_report_statement = {
    .name = "fund_report",
    .parameters = COLUMNS(report_parameters),
    .result = COLUMNS(report_result),
};

static const Mingce__V1__FundReportRequest *report_request(const struct call *call)
{
    return (const Mingce__V1__FundReportRequest *) call->request;
}

enum reason fund_report_valid(struct call *call)
{
    const day month = day_parse_month(report_request(call)->month);
    if (month == DAY_NONE)
        return call_refuse(call, "month", REASON_MONTH_FORMAT);
    enum reason reason = call_day_past(call, "month", month);
    return reason == REASON_NONE ? proposal_filter_valid(call, NULL, report_request(call)->division) : reason;
}

void fund_report_bind(struct call *call, struct set *set)
{
    set_text(set, REPORT_IN_DIVISION, report_request(call)->division);
    set_day(set, REPORT_IN_MONTH, day_parse_month(report_request(call)->month));
    set_expect(set, ROWS_MOST + 1);
}

enum reason fund_report_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__FundReportResponse *response = (Mingce__V1__FundReportResponse *) out;
    enum reason reason =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, REPORT_OUTCOME));
    if (reason != REASON_NONE)
        return reason;
    response->division = unconst(rows_text(rows, 0, REPORT_DIVISION));
    size_t n = CALL_LIST(call, response, row, rows_count(rows) - 1);
    for (size_t i = 0; i < n; i++) {
        Mingce__V1__ReportRow *row = response->row[i];
        mingce__v1__report_row__init(row);
        row->has_source = !rows_null(rows, i + 1, REPORT_SOURCE);
        if (row->has_source)
            row->source = (Mingce__V1__FundSource) rows_int2(rows, i + 1, REPORT_SOURCE);
        row->item = (Mingce__V1__ReportItem) rows_int2(rows, i + 1, REPORT_ITEM);
        row->times = rows_int8(rows, i + 1, REPORT_TIMES);
        row->month_fen = rows_int8(rows, i + 1, REPORT_MONTH);
        row->year_fen = rows_int8(rows, i + 1, REPORT_YEAR);
    }
    return REASON_NONE;
}
