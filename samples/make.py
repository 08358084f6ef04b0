#!/usr/bin/env python3
"""Writes the sample county: what its units hand in, and beside it every figure that must be read from it.

    pip install xlsxwriter xlwt python-docx
    python samples/make.py                # writes samples/county, samples/expected and samples/units.csv anew

The same bytes come out every time (with the same versions of the three packages). Places, people, telephones, sentences
and amounts are invented; labels and set phrases are those of the public templates. README.md says what is in the folders.

Amounts are integers inside: hundredths of 万元, or 分 for the unit that reports in 元. All of them add up, within a unit
(项 to 款 to 类 to 合计; 01 = 02 and 03; 04 = 05 + 08 + 09; 基本支出 of 05 = 06; 三公 = its parts of 06) and over the years
(an opening balance is last year's closing one, a stated change is against last year's figure), except what `planted.csv` lists.
"""

import csv
import shutil
from pathlib import Path

from maker.documents import Word, text_of_table
from maker.evaluation import cover, project_data_table, project_score_table, row, score_table, self_evaluation_tables
from maker.model import Year, plain
from maker.prose import explanation, review
from maker.units import CONTRADICTION, COUNTY, NO_SELF_EVALUATION, NO_THREE_PUBLIC, OFFICE, SCHOOL, UNITS, YEARS
from maker.words import CAR_RUN, COUNTS, FORMS, HOST, INDICATORS, PEOPLE, PHONE, PROJECT_INDICATORS, RATES, THREE
from maker.workbook import Workbook

HERE = Path(__file__).resolve().parent


class Expected:
    """The rows of the expected tables, gathered while the documents are written."""
    COLUMNS = {
        "figures": "document,fiscal_year,form,entity,item,function,economic,funding,measure,base,value,unit_of_measure,place",
        "scores": "document,fiscal_year,form,entity,level1,level2,level3,weight,self_score",
        "forms": "unit,fiscal_year,form,status",
        "planted": "unit,fiscal_year,code,severity,key,documents,places,as_written,elsewhere,what_a_check_must_find"}

    def __init__(self):
        self.rows = {name: [] for name in self.COLUMNS}

    def figure(self, document, year, form, item, value, place="", *,
               measure="final", entity="", function="", economic="", funding="", base=""):
        unit = "%" if measure in RATES else COUNTS.get(item, "万元")
        self.rows["figures"].append((document, year, form, entity, item, function, economic, funding, measure, base, value, unit, place))

    def form(self, s, form, status):
        self.rows["forms"].append((s.name, s.year, form, status))

    def planted(self, s, code, severity, *rest):
        self.rows["planted"].append((s.name, s.year, code, severity, *rest))

    def write(self, folder):
        folder.mkdir(parents=True)
        for name, columns in self.COLUMNS.items():
            with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(columns.split(","))
                writer.writerows(self.rows[name])


class Folder:
    """Writes the documents of one unit and year, and what is expected of them."""

    def __init__(self, s, expected):
        self.s, self.expected = s, expected
        self.inside = f"{s.year}/{s.name}"
        (HERE / "county" / self.inside).mkdir(parents=True)

    def expect(self, document, form, figures):
        for item, value, place, key in figures:
            self.expected.figure(document, self.s.year, form, item, value, place, **key)

    def expect_scores(self, document, form, rows):
        for levels_and_points in rows:
            self.expected.rows["scores"].append((document, self.s.year, form, "", *levels_and_points))

    def path(self, name):
        document = f"{self.inside}/{name}"
        return document, HERE / "county" / document

    def workbook(self):
        s = self.s
        book = Workbook(s, (7,) if (s.unit, s.year) == NO_THREE_PUBLIC else ())
        document, path = self.path("决算公开表.xls" + ("" if s.unit.xls else "x"))
        book.write(path)
        for sheet, number in zip(book.sheets, (k for k, status in book.status.items() if status != "missing")):
            self.expect(document, FORMS[number], sheet.figures)
        for number, status in book.status.items():
            self.expected.form(s, FORMS[number], status)
        return document

    def explanation(self):
        s, t = self.s, explanation(self.s)
        if s.unit.prose == "docx":
            document, path = self.path("决算说明.docx")
            word = Word()
            word.paragraphs([f"{s.name}{s.year}年度部门决算公开说明", *t.lines])
            word.save(path)
        else:
            document, path = self.path("决算说明.txt")
            path.write_bytes("\n".join([f"{s.name}{s.year}年度部门决算公开说明", "", *t.lines, ""]).encode(s.unit.prose))
        self.expect(document, "narrative", t.figures)
        self.expected.form(s, "narrative", "filled")
        return document

    def self_evaluation(self):
        s, word, prose = self.s, Word(), review(self.s)
        document, path = self.path("绩效自评报告.docx")
        word.paragraphs(x for x in cover(s) if x)
        for table in self_evaluation_tables(s):
            word.table(table)
        word.paragraphs([*(x for x in prose.lines if x), "附件3", f"{s.year}年度部门（单位）整体支出绩效评价评分表"])
        word.table(score_table(s, paged=False))
        if s.unit is OFFICE:
            word.paragraphs(["附件4", f"{s.year}年度本级项目绩效评价基础数据表"])
            word.table(project_data_table(cut=False))
            word.paragraphs(["附件5", f"{s.year}年度项目支出绩效评价评分表"])
            word.table(project_score_table())
        word.save(path)
        self.expect_evaluation(document, word.figures, prose)
        return document

    def expect_evaluation(self, document, figures, prose):
        s = self.s
        self.expect(document, "self_evaluation", figures)
        self.expect(document, "evaluation_review", prose.figures)
        indicators = []
        for (level1, level2, level3, weight, *_), got in zip(INDICATORS, s.scores):
            name = "经济效益、社会效益、生态效益" if level3 == "经济效益" else level3
            indicators.append((level1, level2.split("（")[0], name, weight, f"{got:g}"))
        self.expect_scores(document, "overall_scores", [*indicators, ("合计", "", "", 100, f"{s.score:g}")])
        for form in ("self_evaluation", "evaluation_review", "overall_scores"):
            self.expected.form(s, form, "filled")
        if s.unit is OFFICE:
            self.expect_scores(document, "project_scores", [*((*x, "") for x in PROJECT_INDICATORS), ("合计", "", "", 100, "")])
            self.expected.form(s, "project_data", "blank")
            self.expected.form(s, "project_scores", "blank")

    def twin(self):
        """Everything of a unit in one text, as a text extractor leaves a set of Word files."""
        s, said, prose = self.s, explanation(self.s), review(self.s)
        document, path = self.path("决算公开及绩效自评.txt")
        lines = [*said.lines, *cover(s)]
        figures = []
        for rows in self_evaluation_tables(s):
            lines += text_of_table(rows)
            figures += [(item, value, "", key) for cells in rows for c in cells if c.figure for item, value, key in [c.figure]]
        lines += [f"填报人（签名）：{PEOPLE[0]}                                联系电话：{PHONE}", *[""] * 8, *prose.lines]
        lines += ["附件3", f"\t{s.year}年度部门（单位）整体支出绩效评价评分表", "", *text_of_table(score_table(s, paged=True))]
        lines += ["", "", "1", "", "", "3", "3", "", "附件4", f"\t{s.year}年度本级项目绩效评价基础数据表", ""]
        stamp = row("填报单位（章）：", *[""] * 5, "日期：", *[""] * 8)
        lines += text_of_table([stamp, *project_data_table(cut=True)])[:-1]
        lines += [" 附件5", f"{s.year}年度项目支出绩效评价评分表", *text_of_table(project_score_table()), "", ""]
        path.write_bytes("\n".join(lines).encode("utf-8"))
        self.expect(document, "narrative", said.figures)
        self.expected.form(s, "narrative", "filled")
        self.expect_evaluation(document, figures, prose)
        return document


def plant(s, expected, book, said, evaluated):
    """What a check must find in this unit and year."""
    cent, last_digit = s.per // 100, "equal but for one unit of the last place"
    money = lambda n: plain(s.hundredths(n))
    if (s.unit, s.year) == CONTRADICTION:
        expected.planted(s, "facts::conflict", "error", f"{HOST} final", f"{book};{said};{evaluated}", "公开07表!L8;table 4 r3c3",
                         money(s.three[HOST] + 5 * s.per), money(s.three[HOST]),
                         "the narrative says (three times) another amount than the table and the self-evaluation; "
                         "its own total, rate and share do not fit it either")
        for code, item in (("t7_total", f"{THREE} final"), ("n_change_rate", f"{HOST} change_rate"),
                           ("n_completion_rate", f"{HOST} completion_rate"), ("n_share", f"{HOST} share")):
            expected.planted(s, f"checks::{code}", "error", item, said, "", "", "", "follows from the other amount of the narrative")
        for item, places in ((CAR_RUN, "公开07表!K8;table 4 r3c4"), (THREE, "公开07表!G8;table 4 r3c2")):
            expected.planted(s, "facts::last_digit", "warning", f"{item} final", f"{book};{evaluated}", places,
                             money(s.three[item] + cent), money(s.three[item]), last_digit)
    if s.twin:
        expected.planted(s, "value::unit_missing", "warning", "本年支出合计 221 final", said, "", "", "",
                         "one amount of a list of shares has lost its 万元")
        expected.planted(s, "checks::s_score_without_basis", "warning", "重点支出安排率 self_score", said, "", "", "0",
                         "points for a rate of projects by a unit that has none")
        for item, place in ((HOST, "公开07表!L8"), (THREE, "公开07表!G8")):
            expected.planted(s, "facts::last_digit", "warning", f"{item} final", f"{book};{said}", place,
                             money(s.three[item] + cent), money(s.three[item]),
                             last_digit + " (the self-evaluation inside the text against its narrative and the table)")
    if (s.unit, s.year) == NO_THREE_PUBLIC:
        expected.planted(s, "forms::missing", "warning", "three_public", book, "", "", "", "the workbook has no 三公 sheet")
    if (s.unit, s.year) in NO_SELF_EVALUATION or s.unit == SCHOOL:
        for form in ("self_evaluation", "evaluation_review", "overall_scores"):
            expected.form(s, form, "missing")
            expected.planted(s, "forms::missing", "warning", form, "", "", "", "", "no self-evaluation was handed in")


def registry():
    rows = [("unit_id", "name", "aliases", "county", "parent", "valid_from", "valid_to", "successor")]
    return rows + [(u.id, u.name(YEARS[-1]), u.aliases, COUNTY, "", "", "", "") for u in UNITS]


def main():
    for name in ("county", "expected"):
        shutil.rmtree(HERE / name, ignore_errors=True)
    expected = Expected()
    for unit in UNITS:
        s = Year(unit, YEARS[0] - 1)
        for year in YEARS:
            s = Year(unit, year, s)
            folder = Folder(s, expected)
            book = folder.workbook()
            if s.twin:
                said = evaluated = folder.twin()
            else:
                said = folder.explanation()
                owed = unit.evaluated and (unit, year) not in NO_SELF_EVALUATION
                evaluated = folder.self_evaluation() if owed else ""
            plant(s, expected, book, said, evaluated)
    expected.write(HERE / "expected")
    with open(HERE / "units.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(registry())


if __name__ == "__main__":
    main()
