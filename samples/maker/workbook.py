"""The nine tables of a workbook, as .xlsx and .xls."""

from datetime import datetime
from decimal import Decimal

import xlsxwriter
import xlwt

from .model import plain
from .words import *


def column_letter(c):
    return chr(65 + c)


class Sheet:
    """Cells by (row, column) from 0, each (value, style); merged regions; figures with their cells."""

    def __init__(self, name):
        self.name, self.cells, self.merges, self.figures = name, {}, [], []

    def put(self, r, c, value, style="text"):
        self.cells[r, c] = (value, style)

    def span(self, r1, c1, r2, c2, value, style="head"):
        for r in range(r1, r2 + 1):
            for c in range(c1, c2 + 1):
                self.cells[r, c] = ("", style)
        self.cells[r1, c1] = (value, style)
        if (r1, c1) != (r2, c2):
            self.merges.append((r1, c1, r2, c2))


class Workbook:
    """The nine tables of one unit and year."""

    def __init__(self, s, without=()):
        self.s, self.unit = s, s.unit
        self.sheets, self.status = [], {}
        for number in FORMS:
            self.number = number
            self.status[number] = "missing" if number in without else "filled"
            if number not in without:
                {1: self.summary, 4: self.appropriations, 6: self.basic, 7: self.three_public}.get(number, self.by_function)()

    def start(self, width):
        """Title, number of the table, unit and measure: three rows."""
        number, s = self.number, self.s
        name = f"Z{number:02d} {TITLES[number]}"[:31].replace("“", "").replace("”", "") if self.unit.xls else f"公开{number:02d}表"
        sheet = Sheet(name)
        sheet.span(0, 0, 0, width - 1, TITLES[number] if number % 2 else f"{s.year}年度{TITLES[number]}", "title")
        sheet.put(1, width - 1, f"公开{number:02d}表", "right")
        sheet.put(2, 0, f"{'编制单位' if self.unit.xls else '部门'}：{s.name}", "left")
        sheet.put(2, width - 1, f"金额单位：{'元' if self.unit.yuan else '万元'}", "right")
        self.sheets.append(sheet)
        return sheet

    def amount(self, sheet, r, c, n, item, zero="", **key):
        """Writes an amount; nothing (or `zero`) for 0."""
        if not n and not zero:
            return sheet.put(r, c, "", "number")
        value = Decimal(n) / self.s.per
        sheet.put(r, c, value * 10000 if self.unit.yuan else value, "number")
        sheet.figures.append((item, plain(value), f"{sheet.name}!{column_letter(c)}{r + 1}", key))

    def ordinals(self, sheet, r, columns, first=1):
        for i, c in enumerate(columns):
            sheet.put(r, c, first + i, "ordinal")

    def notes(self, sheet, r, width, text=""):
        sheet.span(r, 0, r, width - 1, NOTES[self.number] + text, "left")

    def by_function(self):
        """02, 03, 05, 08, 09: one row per 科目 under a 合计 row; 08 and 09 may be empty."""
        s, unit = self.s, self.unit
        leaf = lambda *labels: [(x, None) for x in labels]
        rows, sums, header, items, key = {
            2: (s.t02, s.s02, leaf(IN, "财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入"),
                (IN, None, "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入"), {}),
            3: (s.t03, s.s03, leaf(OUT, BASIC, PROJECT, "上缴上级支出", "经营支出", "对附属单位补助支出"),
                (OUT, BASIC, PROJECT, "上缴上级支出", "经营支出", "对附属单位补助支出"), {}),
            5: (s.t05, s.s05, [("本年支出", ["小计", BASIC, PROJECT])], (OUT, BASIC, PROJECT), GB),
            8: (s.t08, s.s08, leaf(OPEN, "本年收入") + [("本年支出", ["小计", BASIC, PROJECT])] + leaf(CLOSE),
                (OPEN, IN, OUT, BASIC, PROJECT, CLOSE), GF),
            9: (s.t09, s.s09, [("本年支出", ["合计", BASIC, PROJECT])], (OUT, BASIC, PROJECT), SC)}[self.number]
        stub = 2 if unit.code == "one" else 4
        sheet = self.start(stub + len(items))
        sheet.span(3, 0, 3, stub - 1, "项目")
        if unit.code == "parts":
            sheet.span(4, 0, 4, 2, "功能分类科目编码")
            for c, part in enumerate("类款项"):
                sheet.put(5, c, part, "head")
        else:
            sheet.span(4, 0, 5, stub - 2, "功能分类科目编码")
        sheet.span(4, stub - 1, 5, stub - 1, "科目名称")
        c = stub
        for label, children in header:
            if children:
                sheet.span(3, c, 3, c + len(children) - 1, label)
                for i, child in enumerate(children):
                    sheet.span(4, c + i, 5, c + i, child)
                c += len(children)
            else:
                sheet.span(3, c, 5, c, label)
                c += 1
        sheet.span(6, 0, 6, stub - 1, "栏次")
        self.ordinals(sheet, 6, range(stub, c))
        sheet.span(7, 0, 7, stub - 1, "合计")

        def values(r, numbers, function):
            for i, (item, n) in enumerate(zip(items, numbers)):
                more = {"item": item, **key} if item else {"item": IN, **AP}
                self.amount(sheet, r, stub + i, n, function=function, **more)

        values(7, sums, "")
        r = 8
        for code, name, numbers in rows or [("", "", [0] * len(items))] * 3:
            if unit.code == "parts":
                for i, part in enumerate((code[:3], code[3:5], code[5:7])):
                    sheet.put(r, i, part)
            else:
                sheet.span(r, 0, r, stub - 2, code, "text")
            sheet.put(r, stub - 1, name)
            values(r, numbers, code)
            r += 1
        why = {8: f"\n本部门{s.year}年度没有政府性基金预算财政拨款收入，故本表无数据。", 9: f"\n本部门{s.year}年度没有国有资本经营预算财政拨款支出，故本表无数据。"}
        if not rows:
            self.status[self.number] = "blank"
        self.notes(sheet, r, c, "" if rows else why[self.number])

    def summary(self):
        """01: income left, expenditure by function right."""
        s = self.s
        left = [(f"{x}预算财政拨款收入", n, {"item": IN, **k}) for x, n, k in zip(("一般公共", "政府性基金", "国有资本经营"), s.fund_in, (GB, GF, SC))]
        left += [(x, s.s02[2 + i], {"item": x}) for i, x in enumerate(("上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入"))]
        ends = [(IN, s.s02[0], IN, OUT, s.s03[0], OUT), ("使用非财政拨款结余", 0, "使用非财政拨款结余", "结余分配", s.allocated, "结余分配"),
                (OPEN, s.open, OPEN, CLOSE, s.close, CLOSE), ("总计", s.total, TOTAL_IN, "总计", s.total, TOTAL_OUT)]
        sheet = self.start(6)
        for c, band in ((0, "收入"), (3, "支出")):
            sheet.span(3, c, 3, c + 2, band)
            for i, label in enumerate(("项目", "行次", "决算数")):
                sheet.put(4, c + i, label, "head")
            sheet.put(5, c, "栏次", "head"), sheet.put(5, c + 1, "", "head"), sheet.put(5, c + 2, 1 + c // 3, "ordinal")
        for i, (code, name) in enumerate(CLASSES):
            r = 6 + i
            self.ordinals(sheet, r, (1, 4), i + 1), sheet.put(r, 4, i + 31, "ordinal")
            sheet.put(r, 0, ""), sheet.put(r, 2, "", "number")
            if i < len(left):
                label, n, key = left[i]
                sheet.put(r, 0, f"{CN[i]}、{label}")
                self.amount(sheet, r, 2, n, **key)
            sheet.put(r, 3, f"{CN[i]}、{name}")
            self.amount(sheet, r, 5, s.by_class.get(code, 0), OUT, function=code)
        for i, (a, n, item, b, m, other) in enumerate(ends):
            r = 6 + len(CLASSES) + i
            sheet.put(r, 0, a, "head"), sheet.put(r, 1, 27 + i, "ordinal"), sheet.put(r, 3, b, "head"), sheet.put(r, 4, 57 + i, "ordinal")
            self.amount(sheet, r, 2, n, item), self.amount(sheet, r, 5, m, other)
        self.notes(sheet, r + 1, 6)

    def appropriations(self):
        """04: the same labels mean income above 本年收入合计 and balances below it."""
        s, names, funds = self.s, ("一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款"), (GB, GF, SC)
        sheet = self.start(9)
        sheet.span(3, 0, 3, 2, "收入"), sheet.span(3, 3, 3, 8, "支出")
        for c, label in enumerate(("项目", "行次", "金额", "项目", "行次", "合计", *names)):
            sheet.put(4, c, label, "head"), sheet.put(5, c, "", "head")
        sheet.put(5, 0, "栏次", "head"), sheet.put(5, 3, "栏次", "head"), sheet.put(5, 2, 1, "ordinal")
        self.ordinals(sheet, 5, range(5, 9), 2)
        r = 6

        def row(a, n, key, b, numbers, item, function="", style="text"):
            nonlocal r
            sheet.put(r, 0, a, style), sheet.put(r, 1, r - 5, "ordinal"), sheet.put(r, 3, b, style), sheet.put(r, 4, r + 27, "ordinal")
            self.amount(sheet, r, 2, n, **key) if a else sheet.put(r, 2, "", "number")
            for i, (m, fund) in enumerate(zip([sum(numbers), *numbers], (AP, *funds))):
                self.amount(sheet, r, 5 + i, m, item, function=function, **fund)
            r += 1

        for i, (code, name) in enumerate(CLASSES):
            first = i < 3
            row(f"{CN[i]}、{names[i]}" if first else "", s.fund_in[i] if first else 0, {"item": IN, **funds[i]} if first else {},
                f"{CN[i]}、{name}", s.by_class_and_fund.get(code, [0, 0, 0]), OUT, code)
        row(IN, sum(s.fund_in), {"item": IN, **AP}, OUT, s.fund_out, OUT, style="head")
        row("年初财政拨款结转和结余", sum(s.fund_open), {"item": OPEN, **AP}, "年末财政拨款结转和结余", s.fund_close, CLOSE, style="head")
        for i in range(3):
            row(f"{CN[i]}、{names[i]}", s.fund_open[i], {"item": OPEN, **funds[i]}, "", [0, 0, 0], "")
        row("总计", s.fund_total, {"item": TOTAL_IN, **AP}, "总计", [a + b for a, b in zip(s.fund_out, s.fund_close)], TOTAL_OUT, style="head")
        self.notes(sheet, r, 9)

    def basic(self):
        """06: three blocks of code, name and amount."""
        s, sheet = self.s, self.start(9)
        sheet.span(3, 0, 3, 2, PERSONNEL), sheet.span(3, 3, 3, 8, PUBLIC)
        blocks = []
        for b, classes in enumerate((("301", "303"), ("302",), ("307", "310", "399"))):
            for i, label in enumerate(("科目编码", "科目名称", "决算数")):
                sheet.put(4, 3 * b + i, label, "head")
            blocks.append([])
            for k in classes:
                name, children = ECONOMIC[k]
                blocks[b].append((k, name, sum(s.economic[k].values())))
                blocks[b] += [(code, "　" + child, s.economic[k].get(code, 0)) for code, child in children.items()]
        height = max(map(len, blocks))
        for b, block in enumerate(blocks):
            for i in range(height):
                code, name, n = block[i] if i < len(block) else ("", "", 0)
                sheet.put(5 + i, 3 * b, code), sheet.put(5 + i, 3 * b + 1, name)
                self.amount(sheet, 5 + i, 3 * b + 2, n, BASIC, economic=code, **GB)
        r = 5 + height
        sheet.span(r, 0, r, 1, "人员经费合计"), sheet.span(r, 3, r, 7, "公用经费合计")
        self.amount(sheet, r, 2, s.personnel, PERSONNEL, **GB), self.amount(sheet, r, 8, s.public, PUBLIC, **GB)
        self.notes(sheet, r + 1, 9)

    def three_public(self):
        """07: twelve columns, or upright with reception before vehicles."""
        measures = (("budget", "预算数", self.s.three_budget), ("final", "决算数", self.s.three))
        if self.unit.upright:
            sheet = self.start(3)
            for c, label in enumerate(("项　目", "预 算 数", "决 算 数")):
                sheet.put(3, c, label, "head")
            rows = (("合　计", THREE), ("1.因公出国（境）费用", ABROAD), ("2.公务接待费", HOST), ("3.公务用车购置及运行费", CARS),
                    ("其中：（1）公务用车运行维护费", CAR_RUN), ("（2）公务用车购置", CAR_BUY))
            for i, (label, item) in enumerate(rows):
                sheet.put(4 + i, 0, label)
                for c, (measure, _, amounts) in enumerate(measures):
                    self.amount(sheet, 4 + i, 1 + c, amounts[item], item, "0.00", measure=measure)
            return self.notes(sheet, 10, 3)
        sheet = self.start(12)
        for m, (measure, label, amounts) in enumerate(measures):
            c = 6 * m
            sheet.span(3, c, 3, c + 5, label)
            for i, x in ((0, "合计"), (1, ABROAD), (5, HOST)):
                sheet.span(4, c + i, 5, c + i, x)
            sheet.span(4, c + 2, 4, c + 4, "公务用车购置及运行费")
            for i, x in ((2, "小计"), (3, "公务用车购置费"), (4, "公务用车运行费")):
                sheet.put(5, c + i, x, "head")
            for i, item in enumerate((THREE, ABROAD, CARS, CAR_BUY, CAR_RUN, HOST)):
                self.amount(sheet, 7, c + i, amounts[item], item, "0.00", measure=measure)
        self.ordinals(sheet, 6, range(12))
        self.notes(sheet, 8, 12)

    def write(self, path):
        (self.write_xls if self.unit.xls else self.write_xlsx)(path)

    def write_xlsx(self, path):
        book = xlsxwriter.Workbook(path)
        book.set_properties({"created": datetime(2021, 8, 1)})
        font, line = {"font_name": "宋体", "font_size": 10}, {"border": 1}
        styles = {name: book.add_format({**font, **more}) for name, more in {
            "title": {"font_size": 16, "align": "center"}, "left": {"text_wrap": True}, "right": {"align": "right"},
            "head": {**line, "align": "center", "text_wrap": True},
            "text": line, "ordinal": {**line, "align": "center"}, "number": {**line, "num_format": "#,##0.00"}}.items()}
        for sheet in self.sheets:
            page = book.add_worksheet(sheet.name)
            page.set_column(0, 11, 15)
            covered = {}
            for r1, c1, r2, c2 in sheet.merges:
                page.merge_range(r1, c1, r2, c2, "", styles[sheet.cells[r1, c1][1]])
                covered.update({(r, c): (r, c) == (r1, c1) for r in range(r1, r2 + 1) for c in range(c1, c2 + 1)})
            for (r, c), (value, style) in sheet.cells.items():
                if not covered.get((r, c), True):
                    continue
                if isinstance(value, str):
                    page.write_string(r, c, value, styles[style]) if value else page.write_blank(r, c, None, styles[style])
                else:
                    page.write_number(r, c, float(value), styles[style])
        book.close()

    def write_xls(self, path):
        book = xlwt.Workbook(encoding="utf-8")
        line = "borders: left thin, right thin, top thin, bottom thin; "
        styles = {name: xlwt.easyxf("font: name 宋体, height 200; " + more, num_format_str=shape) for name, more, shape in (
            ("title", "align: horiz center", "General"), ("left", "align: wrap on", "General"), ("right", "align: horiz right", "General"),
            ("head", line + "align: horiz center, wrap on", "General"), ("text", line, "General"),
            ("ordinal", line + "align: horiz center", "0"),
            ("number", line, "#,##0.00"))}
        for sheet in self.sheets:
            page = book.add_sheet(sheet.name)
            inside = {(r, c) for r1, c1, r2, c2 in sheet.merges for r in range(r1, r2 + 1) for c in range(c1, c2 + 1)}
            plain_value = lambda v: v if isinstance(v, str) else float(v)
            for r1, c1, r2, c2 in sheet.merges:
                value, style = sheet.cells[r1, c1]
                page.write_merge(r1, r2, c1, c2, plain_value(value), styles[style])
            for (r, c), (value, style) in sheet.cells.items():
                if (r, c) not in inside:
                    page.write(r, c, plain_value(value), styles[style])
        book.save(str(path))
