"""The nine units and what is odd about each."""

from dataclasses import dataclass, field


YEARS = (2020, 2021, 2022)
COUNTY = "青禾县"


@dataclass(frozen=True)
class Unit:
    """One unit; base amounts are in 万元 and vary from year to year."""
    id: str
    names: dict                 # first year -> name
    short: str                  # what its documents call it
    work: str                   # what it does, for sentences
    items: tuple                # (项, 基本支出, 项目支出, 年初预算 as a part of the final figure or None[, years])
    cars: dict                  # kind of vehicle -> number
    host: float = 6.0           # 公务接待费
    run: float = 8.0            # 公务用车运行维护费
    buys_car: int = 0           # year in which a car is bought
    own: tuple = ()             # (item, amount): income that is no appropriation
    other: float = 0.0          # 其他收入
    carries: bool = True        # has balances
    fund: str = ""              # 项 of a government fund
    capital: tuple = ()         # (项, amount, year) of the state capital budget
    public: float = .3          # 公用经费 as a part of 基本支出
    office: bool = True         # has 机关运行经费
    yuan: bool = False          # workbook in 元
    code: str = "merged"        # 科目编码 over three merged columns | one column | parts: 类, 款, 项
    upright: bool = False       # 三公 table with one item per row
    evaluated: bool = True      # hands in self-evaluations
    xls: bool = False
    prose: str = "utf-8"        # encoding of the explanation, or docx
    trend: dict = field(default_factory=dict)
    aliases: str = ""

    def name(self, year):
        return self.names[max(y for y in self.names if y <= max(year, min(self.names)))]


def pension(amount):
    return ("2080505", amount, 0, .97)


def housing(amount):
    return ("2210201", amount, 0, .96)


OFFICE = Unit("QH001", {2020: "青禾县人民政府办公室"}, "县政府办", "政务服务", (
    ("2010301", 905, 0, .86), ("2080801", 22, 0, None, (2019, 2020)), ("2080505", 64, 0, .95, (2021, 2022)), ("2210201", 31, 0, None)),
    {"主要领导干部用车": 1, "机要通信用车": 1, "其他用车": 2}, 11, 9, carries=False, trend={2019: 1.32}, aliases="县政府办;青禾县政府办")
FINANCE = Unit("QH002", {2020: "青禾县财政局"}, "县财政局", "财政收支管理", (
    ("2010601", 640, 0, .9), ("2010602", 0, 85, .8), pension(58), ("2101101", 26, 0, 1.0), housing(44)), {"执法执勤用车": 1, "其他用车": 1}, 7, 6,
    other=3, capital=("2230105", 4.2, 2020), code="one", prose="docx")
FARMING = Unit("QH003", {2020: "青禾县畜牧水产局", 2021: "青禾县农业农村局"}, "本局", "农业农村发展", (
    ("2130101", 420, 0, .9), ("2130104", 160, 0, .93), ("2130108", 0, 48, None), pension(40), housing(33)), {"应急保障用车": 2, "其他用车": 1}, 4, 10,
    buys_car=2021, aliases="青禾县畜牧水产局")
HOSPITAL = Unit("QH004", {2020: "青禾县白石镇中心卫生院"}, "白石镇中心卫生院", "基本医疗和公共卫生服务", (
    ("2100201", 210, 0, .9), ("2100408", 0, 62, .75), ("2101102", 12, 0, 1.0), housing(18)), {"其他用车": 1}, .6, 3.2,
    own=("事业收入", 330), public=.2, office=False, yuan=True, aliases="白石卫生院")
SCHOOL = Unit("QH005", {2020: "青禾县第一中学"}, "县一中", "高中教育教学", (
    ("2050204", 1450, 120, .92), pension(150), ("2101102", 60, 0, 1.0), housing(118)), {}, 1.8, 0,
    own=("事业收入", 140), public=.18, office=False, code="one", upright=True, evaluated=False)
TOWN = Unit("QH006", {2020: "青禾县云溪镇人民政府"}, "云溪镇", "镇村治理", (
    ("2010301", 530, 60, .85), pension(52), ("2120501", 0, 38, None), housing(36)), {"应急保障用车": 1, "其他用车": 1},
    9, 6.5, fund="2120804", code="parts")
WATER = Unit("QH007", {2020: "青禾县水利局"}, "县水利局", "水利工程建设与管护", (
    ("2130301", 380, 0, .9), ("2130305", 0, 260, .7), ("2130306", 0, 45, 1.0), pension(37), housing(29)),
    {"应急保障用车": 2, "执法执勤用车": 1}, 5, 9, xls=True)
LAND = Unit("QH008", {2020: "青禾县自然资源局"}, "县自然资源局", "自然资源管理", (
    ("2200101", 510, 0, .9), ("2200106", 0, 96, .8), pension(47), housing(38)), {"执法执勤用车": 3}, 5, 11, other=2, prose="gb18030")
CIVIL = Unit("QH009", {2020: "青禾县民政局"}, "县民政局", "民政服务", (
    ("2080201", 330, 0, .9), ("2081001", 0, 75, .9), pension(31), housing(26)), {"其他用车": 2}, 8, 5)
UNITS = (OFFICE, FINANCE, FARMING, HOSPITAL, SCHOOL, TOWN, WATER, LAND, CIVIL)

CONTRADICTION = (CIVIL, 2021)          # its narrative has another 公务接待费 than its table; its self-evaluation a last digit
NO_THREE_PUBLIC = (LAND, 2021)         # its workbook has no 三公 sheet
NO_SELF_EVALUATION = ((FINANCE, 2020), (HOSPITAL, 2020))
TWIN = (OFFICE, 2020)                  # one text with everything, as a text extractor leaves it
