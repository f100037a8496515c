# ruff: noqa: E501 - a story is a line
"""Short made-up articles, no two alike, and files of every kind that holds them."""

from __future__ import annotations

import io
import json
import zipfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NamedTuple

from opencc import OpenCC


class Story(NamedTuple):
    """A made-up article: its date, its outlet, its title and its paragraphs."""

    date: str
    source: str
    title: str
    body: str

    @property
    def text(self) -> str:
        """As a plain text with a header line."""
        return f"{self.title}\n\n{self.date} 来源：{self.source}\n\n{self.body}\n"

    @property
    def page(self) -> str:
        """As a web page."""
        paragraphs = "".join(f"<p>{line}</p>" for line in self.body.splitlines())
        head = f'<meta charset="utf-8"><title>{self.title}</title>'
        line = f"<p>{self.date} 来源：{self.source}</p>"
        return f"<!doctype html><html><head>{head}</head><body><h1>{self.title}</h1>{line}{paragraphs}</body></html>"


STORIES = [
    Story("2024-01-05", "东湾日报", "菜市场装上太阳能顶棚", "东湾最老的菜市场昨日换上太阳能顶棚，一年可发电十二万度，相当于四十户人家的用量。\n摊贩老周说，夏天棚下凉快了三度，电费也省了两成，他打算把省下的钱用来添一台冰柜。"),
    Story("2024-01-18", "山城晚报", "索道检修停运两周", "山城公园的索道自下周一起检修，停运十四天，游客可改乘接驳巴士上山，票价五元。\n管理处主任解释，钢缆用了九年，磨损已近上限，这一回连同六十个吊厢的门锁也要更换。"),
    Story("2024-02-02", "北岸时报", "盲人乐队首登音乐厅", "由八名视障青年组成的乐队昨晚在北岸音乐厅演出，门票三百张一个小时售罄。\n指挥林小姐花了两年教他们用触觉认谱，散场时观众起立鼓掌，掌声持续了四分钟。"),
    Story("2024-02-20", "渔港周刊", "牡蛎养殖户改用竹筏", "渔港的养殖户今年把塑料浮筒换成竹筏，头一批一百二十只，每只造价八百元。\n渔会算过账，竹子三年一换，开支与从前持平，而海滩上的碎屑少了一半以上。"),
    Story("2024-03-09", "平原新闻", "乡村邮局兼卖咖啡", "平原镇的邮局把柜台让出一角卖咖啡，两个月卖出一千八百杯，信件反而多了三成。\n局长笑言，来喝咖啡的人顺手寄明信片，连隔壁镇的学生都骑车来盖纪念戳。"),
    Story("2024-03-27", "江心早报", "古桥修缮用回糯米灰浆", "江心古桥修缮工程上月完工，石缝里填的仍是糯米灰浆，共用去糯米六百公斤。\n工匠按县志里的方子试了十七回，硬度终于过关，文物部门拨款二百四十万元。"),
    Story("2024-04-11", "南洲导报", "图书馆借出第一台望远镜", "南洲图书馆从本周起出借天文望远镜，首日二十台全部借空，排队名单写到六月。\n馆员说，借期七天，附一张星图和一把手电筒，弄丢镜头盖要赔十五元。"),
    Story("2024-04-30", "云岭通讯", "茶农学会看卫星云图", "云岭三十户茶农上月结业，如今人人会看卫星云图，采茶避开了两场冰雹。\n气象站派员驻村半年，教材是手绘的，学费全免，只收每户一斤新茶。"),
    Story("2024-05-16", "石桥快报", "钢琴搬进地铁站", "石桥地铁站大厅添了一架旧钢琴，市民随意弹奏，一周内有二百一十人坐下来试手。\n车站定下规矩，早高峰不弹，每人十分钟，夜里十点锁上琴盖。"),
    Story("2024-06-03", "海角日报", "灯塔改成民宿仍亮灯", "海角灯塔去年退役后改作民宿，只有三间房，房价每晚六百八十元，订到了冬天。\n守塔人的儿子当上店主，他坚持每晚亮灯一小时，说是给归来的渔船留个念想。"),
    Story("2024-06-21", "西埔新报", "旧校服缝成帆布袋", "西埔中学把四百件旧校服缝成帆布袋，义卖得款两万六千元，全数买了篮球架。\n负责裁剪的是家政社的十二名学生，她们把校徽留在袋子内侧，外面看不出来。"),
    Story("2024-07-08", "河口商报", "冷链车队换装蓄冷板", "河口一家车队给五十辆冷链车装上蓄冷板，停机四小时车厢温度只升两度。\n公司估计每车每天省油九升，投资一百五十万元，预计二十个月收回。"),
    Story("2024-07-25", "松林周报", "护林员用无人机数鸟巢", "松林保护区的护林员用无人机数鸟巢，五天数出三百四十六个，比去年多四十一个。\n从前靠望远镜要花一个月，如今图像由程序圈出，再由人逐一核对。"),
    Story("2024-08-13", "盐田晚报", "晒盐场开夜间课堂", "盐田的晒盐场暑期开办夜间课堂，孩子们提着灯看盐花结晶，每场限三十五人。\n老盐工讲潮汐，不用讲稿，最后每人带走一小罐自己刮的粗盐。"),
    Story("2024-08-29", "柳州湾报", "公交站牌写上盲文", "柳州湾的七百块公交站牌上周加装盲文，安装队连续工作了十一个夜晚。\n残联代表试摸后提议把线路号放在左上角，厂家当场改了模具，费用由厂家承担。"),
    Story("2024-09-17", "高原日报", "牧民合作社自建奶酪窖", "高原上的牧民合作社挖出一座奶酪窖，恒温十二度，可存轮状奶酪两千个。\n头一批要熟成八个月，合作社已同三家餐厅签约，预付款合计九十万元。"),
    Story("2024-10-06", "梅镇通讯", "老戏台请年轻人排戏", "梅镇的老戏台空了十年，上月请来一群大学生排新戏，首演当晚坐满二百八十席。\n剧本写的是镇上造纸的往事，道具全用本地的草纸，演完即可拆开写字。"),
    Story("2024-10-24", "沙洲快讯", "候鸟过境机场调整灯光", "沙洲机场在候鸟过境的三周里调暗跑道外围灯光，航班时刻不变，撞鸟次数减少六成。\n观鸟会派出志愿者夜间值守，每晚四人，把记录交给塔台参考。"),
    Story("2024-11-12", "橘县新闻", "果农合伙买下榨汁厂", "橘县六十五户果农合伙买下停产的榨汁厂，出价三百二十万元，年前恢复生产。\n次果从前论堆贱卖，如今每公斤多得四角钱，厂里还留出一间屋给孩子做功课。"),
    Story("2024-12-03", "寒山日报", "雪场员工转岗修步道", "寒山滑雪场因雪量不足提前歇业，九十名员工转岗修整登山步道，工资照发。\n经理说，步道修好二十六公里后，打算春天办一场慢走大会，报名费四十元。"),
    Story("2025-01-14", "新桥早报", "夜校教人修收音机", "新桥夜校开了修收音机的课，二十个名额来了九十人报名，最年长的学员八十三岁。\n老师傅退休前在工厂调试线路，他说焊点要圆，像一颗小米，急不得。"),
    Story("2025-02-07", "枫溪周报", "溪谷小学自办气象站", "枫溪小学在屋顶建起气象站，六年级学生轮流抄录雨量，一个学期没有缺过一天。\n数据寄给省里的研究所，回信说可用率百分之九十七，附赠一台新的风速计。"),
]  # fmt: skip


def traditional(text: str) -> str:
    """The text in traditional script."""
    return str(OpenCC("s2t").convert(text))


def pdf(story: Story) -> bytes:
    """A PDF of one page."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen import canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    data = io.BytesIO()
    sheet = canvas.Canvas(data)
    lines = [line[at : at + 34] for line in story.text.splitlines() for at in range(0, len(line) or 1, 34)]
    for number, line in enumerate(lines):
        sheet.setFont("STSong-Light", 18 if number == 0 else 12)
        sheet.drawString(60, 780 - 20 * number, line)
    sheet.save()
    return data.getvalue()


def docx(story: Story) -> bytes:
    """A Word document."""
    from docx import Document

    document = Document()
    document.add_heading(story.title, 0)
    for line in story.text.splitlines()[1:]:
        if line:
            document.add_paragraph(line)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def mhtml(story: Story) -> bytes:
    """A page as a browser saves it, with its address."""
    message = EmailMessage()
    message["Snapshot-Content-Location"] = "https://news.example/saved"
    message["Subject"] = "page"
    message.set_content(story.page, subtype="html", cte="base64")
    message.make_mixed()
    message.replace_header("Content-Type", 'multipart/related; type="text/html"; boundary="x1"')
    message.set_boundary("x1")
    return message.as_bytes()


def markdown(story: Story) -> str:
    """A Markdown file with front matter."""
    head = f'---\ntitle: "{story.title}"\ndate: {story.date}\nsource: {story.source}\n---\n'
    return head + "\n\n".join(story.body.splitlines()) + "\n"


def rows(stories: list[Story]) -> list[dict[str, Any]]:
    """Articles as records."""
    return [{"title": s.title, "date": s.date, "source": s.source, "text": s.body} for s in stories]


def json_lines(stories: list[Story]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(stories))


def table(stories: list[Story]) -> str:
    lines = [f'{s.title},{s.date},{s.source},"{s.body}"' for s in stories]
    return "\n".join(["title,date,source,text", *lines]) + "\n"


def parquet(path: Path, stories: list[Story]) -> None:
    import pyarrow
    from pyarrow import parquet as tables

    tables.write_table(pyarrow.Table.from_pylist(rows(stories)), path)


def warc(stories: list[Story]) -> bytes:
    """A web archive of pages."""
    data = b""
    for number, story in enumerate(stories):
        page = story.page.encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n\r\n"
        http = head.encode() + page
        data += (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number:032d}>\r\n"
            f"WARC-Date: 2024-12-05T01:02:03Z\r\nWARC-Target-URI: https://news.example/{number}\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
        ).encode() + http + b"\r\n\r\n"  # fmt: skip
    return data


def zipped(path: Path, members: dict[str, bytes]) -> None:
    """A ZIP archive; a name that is not ASCII is written in GBK, as Windows does it."""

    class Info(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
            return self.filename.encode("gbk"), self.flag_bits

    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(Info(name), data)
