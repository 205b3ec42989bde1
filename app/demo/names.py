"""Names of people, Chinese and international, in an order that is always the same.

Chinese names stand beside their pinyin, of which e-mail addresses are made.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Name:
    full: str
    mailbox: str  # the local part of an e-mail address


# Frequent family names stand more than once, as they do in a Chinese company.
_CHINESE_FAMILY = """
王 wang 李 li 张 zhang 周 zhou 刘 liu 陈 chen 孙 sun 杨 yang 何 he 赵 zhao 黄 huang 李 li 吴 wu 徐 xu 沈 shen
胡 hu 王 wang 朱 zhu 高 gao 林 lin 张 zhang 郭 guo 马 ma 罗 luo 顾 gu 梁 liang 陈 chen 宋 song 郑 zheng 谢 xie
韩 han 刘 liu 唐 tang 冯 feng 欧阳 ouyang 董 dong 程 cheng 曹 cao 王 wang 袁 yuan 邓 deng 傅 fu 李 li 曾 zeng
彭 peng 吕 lyu 苏 su 卢 lu 张 zhang 蒋 jiang 蔡 cai 丁 ding 魏 wei 薛 xue 叶 ye 潘 pan 夏 xia 钟 zhong 范 fan
邵 shao 秦 qin
"""
_CHINESE_GIVEN = """
思远 siyuan 雨桐 yutong 文博 wenbo 惠兰 huilan 志诚 zhicheng 嘉怡 jiayi 明哲 mingzhe 晓琳 xiaolin 玮 wei
静怡 jingyi 海峰 haifeng 梦瑶 mengyao 国栋 guodong 若曦 ruoxi 岩 yan 雅婷 yating 振宇 zhenyu 欣妍 xinyan
启明 qiming 美玲 meiling 瑞阳 ruiyang 敏 min 立新 lixin 婉清 wanqing 天宇 tianyu 春梅 chunmei 景行 jingxing
佳宁 jianing 鹏 peng 诗涵 shihan 晓舟 xiaozhou 芷晴 zhiqing 泽宇 zeyu 丽华 lihua 书恒 shuheng 倩 qian
学军 xuejun 可欣 kexin 承恩 chengen 月华 yuehua 浩然 haoran 语宁 yuning 楷 kai 安然 anran 卫东 weidong
楚瑶 chuyao 俊辉 junhui 秀兰 xiulan 知行 zhixing 璐 lu 沐阳 muyang 心怡 xinyi 建安 jianan 云舒 yunshu
澜 lan 乐怡 leyi 远航 yuanhang 颖 ying 博文 bowen 若楠 ruonan 家豪 jiahao 咏梅 yongmei 霖 lin 晨曦 chenxi
向东 xiangdong 雪 xue 成栋 chengdong 清扬 qingyang 松 song 言蹊 yanxi 逸尘 yichen 淑芬 shufen 昊 hao
"""


@dataclass(frozen=True, slots=True)
class _Origin:
    given: tuple[str, ...]
    family: tuple[str, ...]


def _origin(given: str, family: str) -> _Origin:
    return _Origin(tuple(given.split()), tuple(family.split()))


_BRITISH = _origin(
    """Hannah Oliver Rebecca Thomas Imogen Callum Georgina Martin Naomi Stephen Heather Adrian Lucy Gareth Siân
    Duncan Fiona Rhys Alison Joseph Beth Nathan Zoë Peter Philippa Marcus Katherine Edward Tamsin Graham
    Louise""",
    """Ashworth Pemberton Whitaker Sutcliffe Barlow Entwistle Holroyd Marsden Fielding Thornley Kershaw Lomax
    Bradshaw Haworth Ogden Rawlinson Tattersall Nuttall Aspinall Birtwell Crompton Dewhurst Greenhalgh Hindle
    Pritchard Llewellyn Buchanan Wainwright Hargreaves""",
)
_IRISH = _origin(
    "Aoife Ciarán Niamh Declan Sinéad Fergal Róisín",
    "O’Sullivan Byrne Gallagher Kavanagh Fitzgerald Doherty",
)
_INDIAN = _origin("Priya Arjun Deepa Rohan Kavita Vikram Meera", "Patel Iyer Sharma Desai Nair Banerjee")
_PAKISTANI = _origin(
    "Ayesha Bilal Rukhsana Tariq Saima Imran Farah", "Siddiqui Hussain Chowdhury Akhtar Rahman Qureshi"
)
_POLISH = _origin("Katarzyna Tomasz Agnieszka Marek Zofia Jakub Ewa", "Wójcik Mazur Nowak Krawczyk Sikora Kowalczyk")
_WEST_AFRICAN = _origin("Adaeze Kwame Folake Chinedu Amara Kofi Ngozi", "Mensah Okafor Adeyemi Owusu Balogun Nwosu")
_SOUTHERN = _origin("Lucía Tiago Giulia Mateo Inês Marco Elena", "Ferreira Romero Conti Almeida Navarro Moreno")
_NORTHERN = _origin(
    "Ingrid Matthias Annika Lars Katrin Jonas Freya", "Lindqvist Vogel Bergström Hoffmann Nyström Brandt"
)
_MIX = (
    *(_BRITISH, _INDIAN, _BRITISH, _POLISH, _BRITISH, _WEST_AFRICAN, _BRITISH, _IRISH),
    *(_BRITISH, _PAKISTANI, _BRITISH, _SOUTHERN, _BRITISH, _NORTHERN),
)


def chinese_names() -> Iterator[Name]:
    """Some 4,000 names, no two of which share a mailbox."""
    given, family = _with_pinyin(_CHINESE_GIVEN), _with_pinyin(_CHINESE_FAMILY)
    seen: set[str] = set()
    for (given_name, given_pinyin), (family_name, family_pinyin) in _pairs(given, family):
        mailbox = f"{given_pinyin}.{family_pinyin}"
        if mailbox not in seen:
            seen.add(mailbox)
            yield Name(family_name + given_name, mailbox)


def international_names() -> Iterator[Name]:
    """588 names, half of them British, no two of which share a mailbox."""
    names = {origin: _pairs(origin.given, origin.family) for origin in _MIX}
    for some_of_each in zip(*(names[origin] for origin in _MIX), strict=False):
        for given, family in some_of_each:
            yield Name(f"{given} {family}", f"{_ascii(given)}.{_ascii(family)}")


def _pairs(given: Sequence[T], family: Sequence[T]) -> Iterator[tuple[T, T]]:
    """Every pair once, neighbours as different as can be: the lengths have no common divisor."""
    for n in range(len(given) * len(family)):
        yield given[n % len(given)], family[n % len(family)]


def _with_pinyin(text: str) -> list[tuple[str, str]]:
    words = text.split()
    return list(zip(words[::2], words[1::2], strict=True))


def _ascii(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if letter.isascii() and letter.isalpha()).lower()
