"""The explanation (决算情况说明) and the review (绩效评价报告综述), sentence by sentence."""

import random
from decimal import ROUND_HALF_UP, Decimal

from .model import plain
from .units import CONTRADICTION, OFFICE
from .words import *


class Prose:
    """Sentences of one form; each number that is written through it is an expected figure."""

    def __init__(self, s, form):
        self.s, self.form, self.lines, self.figures = s, form, [], []

    def p(self, *lines):
        self.lines += lines

    def why(self, what, now, before):
        """The reason of a difference; numbers in it are no figures."""
        if self.s.twin:
            return "由于两个科室划转，在编人员相应减少，有关开支减少；按照要求，继续压减日常支出"
        return random.Random(f"{self.s.unit.id}/{self.s.year}/{what}").choice(REASONS_UP if now > before else REASONS_DOWN)

    def note(self, value, items, **key):
        self.figures += [(item, value, "", key) for item in items]

    def m(self, n, *items, sign=1, unit="万元", **key):
        """An amount: 1240.71万元; a whole one without decimals."""
        value = self.s.hundredths(n)
        text = plain(value) if value == int(value) else str(value)
        self.note(plain(sign * value), items, **key)
        return text + unit

    def r(self, part, whole, *items, sign=1, measure="share", **key):
        """A rate in percent, halves up."""
        value = (Decimal(part) * 100 / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)
        self.note(plain(sign * value), items, measure=measure, **key)
        return (plain(value) if value == int(value) else str(value)) + "%"

    def n(self, count, *items):
        self.note(str(count), items)
        return str(count)

    def change(self, now, before, *items, join="，", **key):
        """减少514.11万元，减少29.30%, or 持平."""
        if not self.s.hundredths(abs(now - before)):
            return "持平"
        sign, word = (1, "增加") if now > before else (-1, "减少")
        text = word + self.m(abs(now - before), *items, sign=sign, measure="change", **key)
        return text + (join + word + self.r(abs(now - before), before, *items, sign=sign, measure="change_rate", **key) if before else "")


OFFICE_DUTIES = [
    "起草和核稿县政府及本室印发的公文。", "受理各部门、各乡镇报县政府的请示，提出办理意见后呈送审签。", "筹备县政府全体会议、常务会议并跟进会议议定事项。",
    "按照县政府负责同志的安排，居间协调有分歧的事项。", "督办上级和县政府重点工作的落实，定期通报进度。", "承办代表建议和委员提案的交办、催办和答复。",
    "编报政务信息，汇总全县经济社会动态。", "承担全天应急值守和突发情况的报告。", "对接上级调研组和外地考察团，安排行程。", "就全县发展中的难题组织调研，写出对策报告。",
    "推进审批事项精简和政务服务大厅标准化。", "承办县委、县政府交给的其他工作。"]
OFFICE_WORK = ["抓牢支部建设", "做细督查督办", "办好建议提案", "写实调研文章", "管好应急值守", "优化办事环境", "规范公文流转", "加强后勤保障"]
OFFICE_DONE = ["全年开展支部学习，三项制度落到实处。", "围绕重点项目督办事项312件，编发《督查通报》15期、《督办函》64份。", "办理代表建议41件和委员提案37件，全部按期答复。",
               "完成调研报告18篇，其中6篇得到批示。", "坚持昼夜值班，处置突发情况9起。", "梳理27个单位的权责清单共2146项，取消证明材料一批。",
               "收发文件全部登记，差错明显下降。", "车辆统一调度，会务保障有序。"]


def duties(s):
    if s.unit is OFFICE:
        return OFFICE_DUTIES
    return [f"落实上级关于{s.unit.work}的部署，制定本县（镇）的年度安排。", f"组织开展{s.unit.work}，做好统计和信息报送。", "管好本单位的人员、经费和资产。", "完成上级交给的其他工作。"]


def work(s):
    topics = OFFICE_WORK if s.unit is OFFICE else [f"推进{s.unit.work}", "加强队伍建设", "规范财务管理", "改进服务质量"]
    return "".join(f"（{i + 1}）{x}。" for i, x in enumerate(topics))


def achievements(s):
    if s.unit is not OFFICE:
        return work(s) + "年初确定的任务均已完成。"
    return "".join(f"（{i + 1}）{a}。{b}" for i, (a, b) in enumerate(zip(OFFICE_WORK, OFFICE_DONE)))


def profile(s, t):
    t.p(" 第一部分 " if s.twin else "第一部分", "", "单位概况", "", "", "一、部门职责")
    t.p(*(f"（{CN[i]}）{x}" for i, x in enumerate(duties(s))), "", "二、机构设置及决算单位构成")
    if s.twin:
        t.p("（一）内设机构设置：县政府办设6个内设机构,文秘室、督查室、信息室、会务室、人事股、财务股；二级事业单位三个:青禾县政务信息中心、青禾县机关服务中心和青禾县发展研究所。", "")
    else:
        t.p("（一）内设机构设置：办公室、财务股、业务股。")
    t.p(f"（二）决算单位构成。{s.unit.short}{s.year}年部门决算汇总公开单位构成包括：{s.name}本级。", "", "", "第二部分", "", "部门决算表", "", "见附件", "", "",
        "第三部分", "", f"{s.year}年度部门决算情况说明", "", "")


def explanation(s):
    """The sections in the wording of 湖南; the twin has the slips that real ones have."""
    t = Prose(s, "narrative")
    heads = iter(CN)
    profile(s, t)
    for title, section in SECTIONS:
        if section is not state_capital or s.t09:
            t.p(f"{next(heads)}、{title.format(year=s.year)}")
            section(t, s, s.before, s.year)
    t.p("", "", "第四部分", "", "名词解释", "", *(f"{CN[i]}、{x}" for i, x in enumerate(TERMS)))
    return t


def totals(t, s, b, y):
    both = (TOTAL_IN, TOTAL_OUT)
    t.p(f"{y}年度收、支总计{t.m(s.total, *both)}。与上年相比，{t.change(s.total, b.total, *both)}，"
        f"主要原因是{t.why('total', s.total, b.total)}。")


def income(t, s, b, y):
    parts = [("财政拨款收入", s.s02[1], IN, AP, IN), ("事业收入", s.s02[3], "事业收入", {}, ""), ("其他收入", s.s02[6], "其他收入", {}, "")]
    said = f"本年收入合计{t.m(s.s02[0], IN)}，其中："
    said += "；".join(f"{label}{t.m(n, item, **key)}，占{t.r(n, s.s02[0], item, base=base, **key)}"
                     for label, n, item, key, base in parts if n)
    t.p(said + "。")


def expenditure(t, s, b, y):
    said = f"本年支出合计{t.m(s.s03[0], OUT)}，其中："
    parts = ((BASIC, s.s03[1]), (PROJECT, s.s03[2]))
    t.p(said + "；".join(f"{x}{t.m(n, x)}，占{t.r(n, s.s03[0], x)}" for x, n in parts if n) + "。")


def appropriation(t, s, b, y):
    both, now, before = (TOTAL_IN, TOTAL_OUT), s.fund_total, b.fund_total
    t.p(f"{'    ' if s.twin else ''}{y}年度财政拨款收、支总计{t.m(now, *both, **AP)}，"
        f"与上年相比，{t.change(now, before, *both, **AP)}，主要原因是{t.why('fund', now, before)}。")


def general_budget(t, s, b, y):
    """Says only 财政拨款; the heading above it makes that the general budget."""
    now, before = s.s05[0], b.s05[0]
    t.p("（一）财政拨款支出决算总体情况")
    t.p(f"{y}年度财政拨款支出{t.m(now, OUT, **GB)}，占本年支出合计的{t.r(now, s.s03[0], OUT, base=OUT, **GB)}，"
        f"与上年相比，{t.change(now, before, OUT, **GB)}，主要原因是{t.why('general', now, before)}。")
    t.p("（二）财政拨款支出决算结构情况")
    said = f"{y}年度财政拨款支出{t.m(now, OUT, **GB)}，主要用于以下方面：{'主要用于以下方面：' if s.twin else ''}"
    classes = [(code, name, values[0]) for code, name, values in s.t05 if len(code) == 3]
    for i, (code, name, n) in enumerate(classes):
        key = {"function": code, **GB}
        if s.twin and i == len(classes) - 1:  # no unit, half a semicolon, （类） behind 支出
            said += f";{name}（类）{t.m(n, OUT, unit='', **key)}，占{t.r(n, now, OUT, base=OUT, **key)}"
        else:
            short = name.removesuffix("支出")
            said += f"{'；' if i else ''}{short}（类）支出{t.m(n, OUT, **key)}，占{t.r(n, now, OUT, base=OUT, **key)}"
    t.p(said + "。", "（三）财政拨款支出决算具体情况")
    t.p(f"{y}年度财政拨款支出年初预算数为{t.m(s.budget_total, OUT, measure='budget', **GB)}，支出决算数为{t.m(now, OUT, **GB)}，"
        f"完成年初预算的{t.r(now, s.budget_total, OUT, measure='completion_rate', **GB)}，其中：")
    for i, (code, _, (n, *_)) in enumerate(x for x in s.t05 if len(x[0]) == 7):
        function(t, s, i, code, n)
    t.p(*[""] * s.twin)


def function(t, s, i, code, n):
    """One 项: its path of names, then budget, final and rate."""
    category, section, name = (FUNCTIONS[code[:k]] for k in (3, 5, 7))
    key, planned = {"function": code, **GB}, s.budget[code]
    if s.twin and i == 0:
        t.p(f"{i + 1}、{category.removesuffix('支出')}（类）{section}（款）{name}（{section}）（项）。")
    else:
        t.p(f"{i + 1}、{category}（类）{section}（款）{' ' if s.twin and i == 1 else ''}{name}（项）。")
    if not planned:
        why = "追加了病故人员家属的一次性待遇" if code == "2080801" else "年初没有编入预算"
        t.p(f"该项支出年初没有编入预算，支出决算为{t.m(n, OUT, **key)}，决算数大于年初预算数的主要原因是：{why}。")
        return
    word = "大于" if n > planned else "小于" if n < planned else "等于"
    why = "调资和年底奖励没有列入年初预算" if s.twin else t.why(code, n, planned)
    t.p(f"年初预算为{t.m(planned, OUT, measure='budget', **key)}，支出决算为{t.m(n, OUT, **key)}，"
        f"完成年初预算的{t.r(n, planned, OUT, measure='completion_rate', **key)}，"
        f"决算数{word}年初预算数" + ("。" if n == planned else f"的主要原因是：{why}。"))


def basic(t, s, b, y):
    whole = s.s05[1]
    t.p(f"{y}年度财政拨款基本支出{t.m(whole, BASIC, **GB)}，其中："
        f"人员经费{t.m(s.personnel, PERSONNEL, **GB)}，占基本支出的{t.r(s.personnel, whole, PERSONNEL, **GB)},"
        f"主要包括基本工资、津贴补贴、奖金{'、' if s.twin else ''}等；"
        f"公用经费{t.m(s.public, PUBLIC, **GB)}，占基本支出的{t.r(s.public, whole, PUBLIC, **GB)}，"
        f"主要包括办公费、印刷费、{'手差旅费' if s.twin else '差旅费'}等。")


def three_public(t, s, b, y):
    plan, paid, before = s.three_budget, s.three, b.three
    label = {ABROAD: ABROAD, HOST: HOST, CARS: "公务用车购置费及运行维护费"}
    said = {**paid, HOST: paid[HOST] + (5 * s.per if (s.unit, y) == CONTRADICTION else 0)}
    rate = lambda item: t.r(paid[item], plan[item], item, measure="completion_rate")
    share = lambda item: f"，占{t.r(paid[item], paid[THREE], item)}" if paid[item] else ""
    thrift = "本室严格执行公务活动有关规定，从严审批" if s.twin else "从严审批、压缩开支"
    t.p("（一）“三公”经费财政拨款支出决算总体情况说明")
    t.p(f"“三公”经费财政拨款支出预算为{t.m(plan[THREE], THREE, measure='budget')}，支出决算为{t.m(paid[THREE], THREE)}，"
        f"完成预算的{rate(THREE)}，其中：")
    for item in (ABROAD, HOST, CARS):
        line = f"{label[item]}支出预算为{t.m(plan[item], item, measure='budget')}，支出决算为{t.m(said[item], item)}"
        if plan[item]:
            line += f"，完成预算的{rate(item)}，" + ("决算数小于预算数的主要原因是减少的原因是" if s.twin else "主要原因是") + thrift
            line += f"，与上年相比{t.change(paid[item], before[item], item)}"
            line += f",减少的主要原因是{thrift}" if s.twin else ""
        t.p(line + "。")
    t.p("（二）“三公”经费财政拨款支出决算具体情况说明")
    parts = (f"{label[item]}支出决算{t.m(said[item], item)}{share(item)}" for item in (HOST, ABROAD, CARS))
    t.p(f"{y}年度“三公”经费财政拨款支出决算中，" + ",".join(parts) + "。其中：")
    t.p(f"1、因公出国（境）费支出决算为{t.m(0, ABROAD)}，全年安排因公出国（境）团组{t.n(0, '因公出国（境）团组数')}个，"
        f"累计{t.n(0, '因公出国（境）人次数')}{'次' if s.twin else '人次。'}")
    t.p(f"2、公务接待费支出决算为{t.m(said[HOST], HOST)}，全年共接待来访团组{t.n(s.receptions, '公务接待批次')}个、"
        f"来宾{t.n(s.guests, '公务接待人次')}人次，主要是上级调研和外地考察发生的接待支出。")
    bought = f"，更新公务用车{t.n(1, '公务用车购置数')}辆" if paid[CAR_BUY] else ""
    t.p(f"3、公务用车购置费及运行维护费支出决算为{t.m(paid[CARS], CARS)}，其中：公务用车购置费{t.m(paid[CAR_BUY], CAR_BUY)}{bought}。"
        f"公务用车运行维护费{t.m(paid[CAR_RUN], CAR_RUN)}，主要是加油、保养和保险等支出，"
        f"截止{y}年12月31日，我单位开支财政拨款的公务用车保有量为{t.n(s.held, '公务用车保有量')}辆。")


def government_fund(t, s, b, y):
    if s.t08:
        opened, got, spent, _, _, closed = s.s08
        t.p(f"{y}年度政府性基金预算财政拨款年初结转和结余{t.m(opened, OPEN, **GF)}，本年收入{t.m(got, IN, **GF)}，"
            f"本年支出{t.m(spent, OUT, **GF)}，年末结转和结余{t.m(closed, CLOSE, **GF)}。")
    else:
        t.p(f"{'[bookmark: _GoBack]     ' if s.twin else ''}{y}年本单位无政府性基金收支。")


def state_capital(t, s, b, y):
    t.p(f"{y}年度国有资本经营预算财政拨款支出{t.m(s.s09[0], OUT, **SC)}。")


def office_costs(t, s, b, y):
    t.p(running_costs(s, t, "本部门") if s.unit.office else f"本部门为事业单位，{y}年度无机关运行经费支出。")


def meetings(t, s, b, y):
    t.p(f"{y}年本部门开支会议费{t.m(s.meetings, '会议费')}；开支培训费{t.m(s.training, '培训费')}。")


def procurement(t, s, b, y):
    goods = t.m(s.buys[1], "政府采购货物支出", unit=" 万元" if s.twin else "万元")
    t.p(f"本部门{y}年度政府采购支出总额{t.m(s.buys[0], '政府采购支出合计')}，其中：政府采购货物支出{goods}、"
        f"政府采购工程支出{t.m(s.buys[2], '政府采购工程支出')}、政府采购服务支出{t.m(s.buys[3], '政府采购服务支出')}。")


def state_assets(t, s, b, y):
    kinds = "、".join(f"{kind}{t.n(x, kind)}辆" for kind, x in s.unit.cars.items())
    if s.twin:
        kinds = kinds.replace("、", "，", 1) + "，其他用车主要是会务保障用车"
    t.p(f"截至{y}年12月31日，本单位共有车辆{t.n(s.held, '车辆数合计')}辆{'，其中，' if kinds else ''}{kinds}；"
        f"单位价值50万元以上通用设备{t.n(0, '单价50万元以上通用设备')}台（套）；"
        f"单位价值100万元以上专用设备{t.n(0, '单价100万元以上专用设备')}台（套）。")


def performance(t, s, b, y):
    t.p("本部门的绩效目标和评价报告按照财政部门要求，已经作为附件公开。")


SECTIONS = (
    ("收入支出决算总体情况说明", totals), ("收入决算情况说明", income), ("支出决算情况说明", expenditure),
    ("财政拨款收入支出决算总体情况说明", appropriation), ("一般公共预算财政拨款支出决算情况说明", general_budget),
    ("一般公共预算财政拨款基本支出决算情况说明", basic), ("一般公共预算财政拨款三公经费支出决算情况说明", three_public),
    ("政府性基金预算收入支出决算情况", government_fund), ("国有资本经营预算财政拨款支出决算情况", state_capital),
    ("关于机关运行经费支出说明", office_costs), ("一般性支出情况", meetings), ("关于政府采购支出说明", procurement),
    ("关于国有资产占用情况说明", state_assets), ("关于{year}年度预算绩效情况的说明", performance))


def running_costs(s, t, who):
    said = f"{who}{s.year}年度" if who else ""
    now, before = s.public, s.before.public
    return (f"{said}机关运行经费支出{t.m(now, '机关运行经费')}，比上年{t.change(now, before, '机关运行经费')}，"
            f"主要原因是{t.why('office', now, before)}。")


def review(s):
    """The prose between the report's tables and its score table."""
    t = Prose(s, "evaluation_review")
    t.p(f"{s.year}年度{s.unit.short}整体绩效评价报告综述", "1、 部门（单位）概况")
    t.p(*(f"{'主要职责：' if not i else ''}{i + 1}、{x}" for i, x in enumerate(duties(s))))
    t.p("部门（单位）整体支出规模、使用方向和主要内容、涉及范围等", work(s), "二、部门（单位）整体支出管理及使用情况", "（一）基本支出")
    lists = {"301": "，包括基本工资、津贴补贴、奖金、住房公积金", "302": "，包括办公费、邮电费、差旅费、会议费、公务接待费、其他交通费"}
    t.p(f"全年基本支出{t.m(s.s03[1], BASIC)}，占本年支出{t.r(s.s03[1], s.s03[0], BASIC)}。其中：" + by_nature(t, s, lists) + "。")
    review_of_three_public(t, s)
    t.p("   （二）专项支出", f"全年项目支出{t.m(s.s03[2], PROJECT)}。" if s.s03[2] else "本单位无项目支出", "（三）部门（单位）专项组织实施情况",
        "项目均按计划实施。" if s.s03[2] else " 本单位无项目支出", "（四）部门（单位）整体支出绩效情况", "   " + achievements(s))
    review_of_structure(t, s)
    t.p("   （五）存在的主要问题")
    if s.unit is OFFICE:
        review_of_deviations(t, s)
    else:
        t.p("   预算编制还不够细，个别支出安排偏紧。")
    t.p("（六）改进措施和有关建议", "    1、把人员经费和业务经费编足。", "    2、细化预算，本着“先急后缓”的原则安排支出。", "    3、按季度分析执行进度。", *[""] * 4)
    return t


def by_nature(t, s, lists):
    """All basic expenditure by economic class; `lists` says what a class consists of."""
    names = {"301": "工资福利支出", "302": "商品和服务支出", "303": "对个人和家庭的补助支出", "310": "资本性支出"}
    said = []
    for code, name in names.items():
        n = s.by_nature[code]
        share = t.r(n, s.s03[0], BASIC, economic=code, base=OUT)
        said.append(f"{name}{t.m(n, BASIC, economic=code)}，占本年支出{share}{lists.get(code, '')}")
    return "；".join(said)


def review_of_three_public(t, s):
    """The twin lost the quotation mark at the head of the sentence."""
    y, plan = s.year, s.three_budget
    amount = lambda item: t.m(plan[item], item, measure="budget")
    said = f"{'三公' if s.twin else '“三公'}”经费支出情况：{y}年“三公”经费预算数为{amount(THREE)}，"
    said += f"其中，公务接待费{amount(HOST)}，公务用车购置及运行费{amount(CARS)}，"
    moved = plan[THREE] - s.before.three_budget[THREE]
    if moved:
        sign, word = (1, "增") if moved > 0 else (-1, "减")
        said += f"{y}年“三公”经费预算较{y - 1}年{word}{t.m(abs(moved), THREE, sign=sign, measure='budget_change')}。"
    saved = plan[THREE] - s.three[THREE]
    t.p(f"{said}{y}年“三公”经费实际发生数较年初预算数减少{t.m(saved, THREE, sign=-1, measure='deviation')}，减少的原因是从严审批，"
        f"全年公务接待{t.n(s.receptions, '公务接待批次')}批次及{t.n(s.guests, '公务接待人次')}人数。")


def review_of_structure(t, s):
    total, project = s.s03[0], s.s03[2]
    said = f"    支出结构：本单位{s.year}年总支出{t.m(total, OUT)}。按支出性质分类："
    said += f"基本支出{t.m(s.s03[1], BASIC)}，占本年支出{t.r(s.s03[1], total, BASIC)}"
    t.p(said + (f"；项目支出{t.m(project, PROJECT)}，占本年支出{t.r(project, total, PROJECT)}。" if project else "。"))
    if not project:
        t.p(f"按支出经济分类：{by_nature(t, s, {})}。")
    if s.unit.office:
        t.p("     " + running_costs(s, t, ""))


def review_of_deviations(t, s):
    """Finals against the budget; the last amount stands in a reason and is no figure of its own."""
    over = s.s03[0] - s.budget_total
    personnel = s.personnel - s.personnel_budget
    public = over - personnel
    assert min(over, personnel, public) > 0
    t.p(f"   （1）{s.year}年我办各项总支出{t.m(s.s03[0], OUT)}，比年初预算增加支出{t.m(over, OUT, measure='deviation')}，"
        f"其中：人员经费支出{t.m(s.personnel, PERSONNEL)}，比年初预算增加{t.m(personnel, PERSONNEL, measure='deviation')}，"
        f"主要是调整工资标准。日常公用经费支出共计{t.m(s.public, PUBLIC)}，"
        f"比年初预算增加{t.m(public, PUBLIC, measure='deviation')}，主要是追加工作经费。",
        f"   （2）差异原因：造成年终经费支出比预算数增加{s.hundredths(over)}万元的主要原因是，调整工资标准和追加工作经费。")
