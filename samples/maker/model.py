"""The numbers behind one submission.

Amounts are integers: hundredths of 万元, or 分 for the unit that reports in 元. Everything adds up, within a year and from
year to year: this year's opening balances are last year's closing ones.
"""

import random
from decimal import ROUND_HALF_UP, Decimal

from .units import TWIN
from .words import *


def draw(what, low, high):
    """A number that depends on nothing but its name."""
    return random.Random(what).uniform(low, high)


def plain(value):
    """1240.710000 -> '1240.71'; no trailing zeros, no exponent."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def divided(name, total, codes):
    """`total` in parts that add up, one for each code."""
    weights = [draw(f"{name}/{code}", .2, 1.5) for code in codes]
    parts = [int(total * w / sum(weights)) for w in weights]
    parts[0] += total - sum(parts)
    return dict(zip(codes, parts))


def rolled_up(leaves):
    """{项: [columns]} -> [(code, name, [columns])] with 类 and 款, in the order of codes."""
    sums = {}
    for leaf, values in leaves.items():
        for code in (leaf[:3], leaf[:5], leaf):
            sums[code] = [a + b for a, b in zip(sums.get(code, [0] * len(values)), values)]
    return [(code, FUNCTIONS[code], sums[code]) for code in sorted(sums)]


def column_sums(rows, width):
    return [sum(values[i] for code, _, values in rows if len(code) == 3) for i in range(width)]


class Year:
    """The numbers of one unit and year; `before` is the year before (None for the year before the first)."""

    def __init__(self, unit, year, before=None):
        self.unit, self.year, self.before = unit, year, before
        self.name, self.twin = unit.name(year), (unit, year) == TWIN
        self.per = per = 1_000_000 if unit.yuan else 100
        trend = unit.trend.get(year, 1)

        def amount(what, base, y=year, spread=.08):
            return int(draw(f"{unit.id}/{y}/{what}", base * (1 - spread), base * (1 + spread)) * per * trend)

        balance = lambda what, y, base: amount(what, base, y, .6) if unit.carries else 0
        self.items = [i for i in unit.items if len(i) < 5 or year in i[4]]
        general = {i[0]: [amount(i[0] + "b", i[1]), amount(i[0] + "p", i[2], spread=.3)] for i in self.items}
        main = self.items[0][0]
        g0, g1 = balance("general", year, 6), balance("general", year + 1, 6)
        own = [amount("own", unit.own[1]) if unit.own else 0, amount("other", unit.other)]
        o0, o1 = (balance("own balance", y, 9) if unit.own else 0 for y in (year, year + 1))
        self.allocated = amount("allocated", 2.5) if unit.own and year == 2021 else 0
        own_spent = sum(own) + o0 - o1 - self.allocated
        f0, f1 = (balance("fund", y, 12) if unit.fund else 0 for y in (year, year + 1))
        fund_in = amount("fund in", 86, spread=.2) if unit.fund else 0
        capital = amount("capital", unit.capital[1]) if unit.capital and year == unit.capital[2] else 0

        self.t05 = rolled_up({c: [b + p, b, p] for c, (b, p) in general.items()})
        self.s05 = column_sums(self.t05, 3)
        spent = f0 + fund_in - f1
        self.t08 = rolled_up({unit.fund: [f0, fund_in, spent, 0, spent, f1]}) if unit.fund else []
        self.s08 = column_sums(self.t08, 6)
        self.t09 = rolled_up({unit.capital[0]: [capital, 0, capital]}) if capital else []
        self.s09 = column_sums(self.t09, 3)
        income, outlay = {}, {}
        for code, (b, p) in general.items():
            fiscal, more = b + p + (g1 - g0 if code == main else 0), own if code == main else [0, 0]
            income[code] = [fiscal + sum(more), fiscal, 0, more[0], 0, 0, more[1]]
            b += own_spent if code == main else 0
            outlay[code] = [b + p, b, p, 0, 0, 0]
        for code, got, paid in ((unit.fund, fund_in, spent), (unit.capital[0] if capital else "", capital, capital)):
            if code:
                income[code], outlay[code] = [got, got, 0, 0, 0, 0, 0], [paid, 0, paid, 0, 0, 0]
        self.t02, self.t03 = rolled_up(income), rolled_up(outlay)
        self.s02, self.s03 = column_sums(self.t02, 7), column_sums(self.t03, 6)

        self.fund_in = [self.s05[0] + g1 - g0, fund_in, capital]
        self.fund_out = [self.s05[0], spent, capital]
        self.fund_open, self.fund_close = [g0, f0, 0], [g1, f1, 0]
        self.fund_total = sum(self.fund_in) + sum(self.fund_open)
        self.open, self.close = g0 + f0 + o0, g1 + f1 + o1
        self.total = self.s02[0] + self.open
        assert self.total == self.s03[0] + self.allocated + self.close and self.s02[1] == sum(self.fund_in)
        self.by_class = {code: values[0] for code, _, values in self.t03 if len(code) == 3}
        self.by_class_and_fund = {}
        for column, (rows, at) in enumerate(((self.t05, 0), (self.t08, 2), (self.t09, 0))):
            for code, _, values in rows:
                if len(code) == 3:
                    self.by_class_and_fund.setdefault(code, [0, 0, 0])[column] += values[at]

        self.economic_classes(amount, own_spent)
        self.budgets(amount)
        self.counts_and_assets(amount)

    def economic_classes(self, amount, own_spent):
        """06, and what of it is 三公."""
        unit, basic, tag = self.unit, self.s05[1], f"{self.unit.id}/{self.year}"
        self.public = int(basic * unit.public * draw(tag + "/public", .95, 1.05))
        self.personnel = basic - self.public
        helped, equipment = int(self.personnel * .05), amount("31002", 1.6)
        car = amount("31013", 17.5, spread=.02) if unit.buys_car == self.year else 0
        host, run = amount("30217", unit.host, spread=.25), amount("30231", unit.run, spread=.2)
        goods = [c for c in ECONOMIC["302"][1] if c not in ("30212", "30217", "30231") and not (self.twin and c in ("30215", "30216"))]
        rest = self.public - equipment - car - host - run
        assert rest > 0
        self.economic = {"301": divided(tag, self.personnel - helped, list(ECONOMIC["301"][1])),
                         "303": divided(tag, helped, ["30302", "30305"]),
                         "302": {**divided(tag, rest, goods), "30217": host, "30231": run},
                         "307": {}, "310": {"31002": equipment, "31013": car}, "399": {}}
        self.three = {THREE: host + run + car, ABROAD: 0, CARS: run + car, CAR_BUY: car, CAR_RUN: run, HOST: host}
        self.meetings, self.training = (self.economic["302"].get(c, 0) for c in ("30215", "30216"))
        paid = int(own_spent * .6)  # wages paid from the unit's own income
        self.all_personnel, self.all_public = self.personnel + paid, self.public + own_spent - paid
        self.by_nature = {k: sum(self.economic[k].values()) for k in ("301", "302", "303", "310")}
        self.by_nature["301"] += paid
        self.by_nature["302"] += own_spent - paid
        assert sum(self.by_nature.values()) == self.s03[1]

    def budgets(self, amount):
        cent = self.per // 100
        finals = {code: values[0] for code, _, values in self.t05}
        self.budget = {i[0]: int(finals[i[0]] * i[3]) // cent * cent if i[3] else 0 for i in self.items}
        self.budget_total = sum(self.budget.values())
        self.personnel_budget = int(self.budget_total * .68) // cent * cent

        def half(what, low, high):
            """A budget above the final figure, in halves of a 万元."""
            wanted = int(self.three[what] * draw(f"{self.unit.id}/{self.year}/{what}/budget", low, high))
            return -(-wanted * 2 // self.per) * self.per // 2

        run, buy, host = half(CAR_RUN, 1.05, 1.5), half(CAR_BUY, 1.0, 1.1), half(HOST, 1.2, 2.4)
        self.three_budget = {THREE: run + buy + host, ABROAD: 0, CARS: run + buy, CAR_BUY: buy, CAR_RUN: run, HOST: host}

    def counts_and_assets(self, amount):
        unit, tag = self.unit, f"{self.unit.id}/{self.year}"
        self.receptions = int(self.three[HOST] / self.per / .07) + 1
        self.guests = self.receptions * 6 + int(draw(tag + "/guests", 0, 40))
        goods = amount("goods", 14, spread=.5)
        works = amount("works", 30, spread=.5) if unit.fund or unit.xls else 0
        services = 0 if self.twin else amount("services", 9, spread=.5)
        self.buys = [goods + works + services, goods, works, services]
        self.held = sum(unit.cars.values())
        self.assets = amount("assets", 900, spread=.3)
        self.assets_used = self.assets if self.twin else int(self.assets * .97)
        self.staff = (int(sum(i[1] for i in unit.items) / 14), int(sum(i[1] for i in unit.items) / 15))
        self.scores = [weight - random.Random(f"{tag}/{n}").choice([0, 0, 0, 0, 1, .5] if weight < 6 else [0, 0, 1, 2, 1.5])
                       for n, (*_, weight, _, _) in enumerate(INDICATORS)]
        idle = 1 - self.assets_used / self.assets
        earned = {"在职人员控制率": 2 - max(0, self.staff[1] - self.staff[0]) * .1,
                  "“三公经费”控制率": 3 if self.three[THREE] <= self.three_budget[THREE] else 0,
                  "固定资产利用率": round(2 - int(idle * 100) * .1, 1)}
        if not self.s03[2] and not self.twin:  # a rate of no projects; the real text that the twin is like claims it all the same
            earned["重点支出安排率"] = 0
        self.scores = [earned.get(name, got) for (_, _, name, *_), got in zip(INDICATORS, self.scores)]
        self.score = sum(self.scores)
        self.grade = "优秀" if self.score >= 95 else "良好" if self.score >= 85 else "合格"

    def hundredths(self, n):
        """An amount in 万元 with two decimals, halves up."""
        return (Decimal(n) / self.per).quantize(Decimal("0.01"), ROUND_HALF_UP)
