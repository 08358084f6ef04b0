"""The tables of the self-evaluation, of its score tables and of its project table."""

from dataclasses import dataclass
from decimal import Decimal

from .model import plain
from .prose import achievements, duties, work
from .units import CONTRADICTION, COUNTY
from .words import *


@dataclass
class Cell:
    """A cell of a document's table: how many columns it spans, whether it goes on the cell above, the figure in it."""
    text: str = ""
    span: int = 1
    below: bool = False
    figure: tuple = ()


def row(*cells):
    return [c if isinstance(c, Cell) else Cell(c) for c in cells]


UNDER = Cell(below=True)


def blocks_of_money(s):
    """The four small tables under 二、部门（单位）收支情况: (header rows, [(item, amount, key)])."""
    slip = s.per // 100  # one unit of the last place
    host, run = (slip if s.twin else 0), (slip if (s.unit, s.year) == CONTRADICTION else 0)
    rest = s.s02[0] - sum(s.fund_in) - s.s02[6]
    return [
        ([row(Cell("年度收入情况（万元）", 7)), row("机构名称", "收入合计", Cell("其中：", 5)),
          row(UNDER, UNDER, "上年结转", "公共财政\n拨款", "政府基金\n拨款", "纳入专户管理的非税收入拨款", "其他收入")],
         [(TOTAL_IN, s.total, {}), (OPEN, s.open, {}), (IN, s.fund_in[0], GB), (IN, s.fund_in[1], GF),
          ("纳入专户管理的非税收入拨款", rest, {}), ("其他收入", s.s02[6], {})]),
        ([row(Cell("部门（单位）年度支出和结余情况（万元）", 7)), row("机构名称", "支出合计", Cell("其中：", 4), "结   余"),
          row(UNDER, UNDER, BASIC, Cell("其中：", 2), PROJECT, UNDER), row(UNDER, UNDER, UNDER, "人员支出", "公用支出", UNDER, UNDER)],
         [(OUT, s.s03[0], {}), (BASIC, s.s03[1], {}), (PERSONNEL, s.all_personnel, {}),
          (PUBLIC, s.all_public, {}), (PROJECT, s.s03[2], {}), (CLOSE, s.close, {})]),
        ([row("机构名称", "三公经费\n合 计", Cell("其中：", 4)), row(UNDER, UNDER, "公务接待费", "公务用车运维费", "公务用车购置费", "因公出国费")],
         [(THREE, s.three[THREE] + host + run, {}), (HOST, s.three[HOST] + host, {}),
          (CAR_RUN, s.three[CAR_RUN] + run, {}), (CAR_BUY, s.three[CAR_BUY], {}), (ABROAD, 0, {})]),
        ([row("机构名称", "固定资产\n合 计", Cell("其中：", 2), "其  他"), row(UNDER, UNDER, "在用固定资产", "出租固定资产", UNDER)],
         [("固定资产合计", s.assets, {}), ("在用固定资产", s.assets_used, {}), ("出租固定资产", 0, {}), ("其他固定资产", s.assets - s.assets_used, {})])]


def self_evaluation_tables(s):
    """The tables of the report; those of 二 stand apart, as Word splits them at a page."""
    staff = lambda i: Cell(f"   {s.staff[i]}", figure=(("人员编制", "实有人数")[i], str(s.staff[i]), {}))
    numbered = "\n".join(f"（{CN[i]}）{x}" for i, x in enumerate(duties(s)))
    tables = [[row(Cell("一、部门（单位）基本概况", 4)), row("联系人", "   " + PEOPLE[0], "联络电话", PHONE), row("人员编制", staff(0), "实有人数", staff(1)),
               row("职能职责概述", Cell(f"主要职责：{numbered}\n", 3)), row("年度主要\n工作内容", Cell(work(s) + "\n", 3)),
               row("年度部门（单位）总体运行情况及取得的成绩", Cell(achievements(s) + "\n", 3))]]
    body = f"{s.unit.short}本级"
    for i, (header, values) in enumerate(blocks_of_money(s)):
        width = len(values) + 1
        money = [body]
        for item, n, key in values:
            text = str(s.hundredths(n))
            money.append(Cell(text, figure=(item, plain(Decimal(text)), {"entity": body, **key})) if n else "")
        rows = [row(Cell("二、部门（单位）收支情况", width))] * (i == 0) + header + [row(*money)]
        tables.append(rows + [row(x, *[""] * (width - 1)) for x in ("1、局机关", "2、二级机构1", "3、二级机构2")])
    score = Cell(f"{s.score:g}", 2, figure=("绩效自评综合得分", f"{s.score:g}", {"measure": "self_score"}))
    tables.append([row(Cell("三、部门（单位）整体支出绩效自评情况", 3)), row("整体支出绩效定性目标及实施计划完成情况", "预期目标", "实际完成"),
                   row(UNDER, work(s) + "\n", work(s) + "\n"), row("绩效自评综合得分", score), row("评价等次", Cell(s.grade, 2))])
    tables.append([row(Cell("四、评价人员", 4)), row("姓 名", "职务/职称", "单 位", "签 字"),
                   *(row(p, x, s.name, "") for p, x in zip(PEOPLE[1:], ("主任", "副主任", "会计"))),
                   row("", "", "", ""), row(Cell("\n\n评价组组长（签字）：\n年   月   日\n", 4)),
                   row(Cell("\n部门（单位）意见：\n\n\n部门（单位）负责人（签字）：\n年   月   日\n", 4))])
    return tables


def score_table(s, paged):
    """附件3; `paged`: with the header again behind page breaks, as in text."""
    labels = ("一级\n指标", "二级\n指标", "三级指标", "分值", "指标解释/绩效目标内容", "评分标准")
    rows, above = [row(*labels, "自评得分")], ("", "")
    for (level1, level2, level3, weight, explained, points), got in zip(INDICATORS, s.scores):
        first = UNDER if above[0] == level1 else "   ".join(level1) if above != (None, None) else level1
        second = UNDER if above == (level1, level2) else level2[:2] + "\n" + level2[2:].replace("（", "    （")
        rows.append(row(first, second, level3, str(weight), explained, points, f"{got:g}"))
        above = (level1, level2)
        if level1 == "产出" or level3 == "经济效益":
            names = ("社会效益", "生态效益") if level3 == "经济效益" else (UNDER, UNDER)
            rows += [row(UNDER, UNDER, name, UNDER, f"{i}……", UNDER, UNDER) for i, name in zip((2, 3), names)]
        if paged and level3 in PAGE_BREAKS:
            rows.append(row(*labels, ""))
            above = (None, None)
    total = ("100", "", "", f"{s.score:g}")
    return rows + [row("合计", *total) if paged else row(Cell("合计", 3), *total)]


def project_score_table():
    rows, above = [row("一级\n指标", "二级\n指标", "三级\n指标", "分值", "指标解释", "指标说明", "自评分")], ("", "")
    for level1, level2, level3, weight in PROJECT_INDICATORS:
        cut = level2 == "财务管理" and above[1] != level2  # a page ends here, so the first level stands again
        first = UNDER if above[0] == level1 and not cut else "\n\n".join(level1)
        second = UNDER if above == (level1, level2) else level2[:2] + "\n" + level2[2:]
        points = f"评价要点：\n①{level3}是否达到要求；\n②达到100%的得满分。"
        if level2 == "项目效益" and "满意" not in level3:
            points = UNDER if above == (level1, level2) else "四项指标按项目实际选设。"
        rows.append(row(first, second, level3, str(weight), f"衡量项目的{level3}。", points, ""))
        above = (level1, level2)
    return rows + [row(Cell("合计", 3), "100", "", "", "")]


def project_data_table(cut):
    """附件4 without a project; in text it breaks off in its last row."""
    goal, time = (lambda i: f"目标{i}："), (lambda i: f"时间{i}：")
    three = ("项目进度（完工%）", "绩效目标完成情况", "项目计划起止时间")
    rows = [row("项目名称", "主管部门", "是否属跨年度项目", Cell("项目整体实施情况\n（跨年度项目）", 3),
                Cell("本年度项目实施情况", 3), Cell("资金到位情况\n（万元）", 2), Cell("资金使用情况（万元）", 3), "备注"),
            row(UNDER, UNDER, UNDER, *three, *three, "资金到位时间", "资金到位金额", "商品和服务", "人工劳务", "其他", UNDER)]
    rows += [row("", "", "", "", goal(i), "", "", goal(i), "", time(i), "", "", "", "", "") for i in (1, 2, 3)]
    if cut:
        rows[-1] = rows[-1][:10]
    return rows


def cover(s):
    gaps = ("   ", "              ")
    return [f" {s.year}年度部门整体支出绩效评价报告", *[""] * 6, f"{COUNTY}部门（单位）整体支出绩效自评报告", "", "",
            f"部门(单位)名称： {s.name}{gaps[0]}", f"预  算  编  码：       {s.unit.id[2:]}{gaps[1]}",
            "评  价  方  式：部门（单位）绩效自评", "评  价  机  构：部门（单位）评价组 ", f"报  告  日  期：  {s.year + 1} 年  7 月 16  日", "", "", ""]
