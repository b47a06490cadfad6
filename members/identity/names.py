"""Names of people as they are typed: surnames have readings of their own (姓氏读音)."""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin

from facilities.spelling import Spelling, join

# Surnames that are read otherwise than the character alone.
SURNAMES = {
    "仇": "qiu",
    "单": "shan",
    "区": "ou",
    "华": "hua",
    "召": "shao",
    "员": "yun",
    "哈": "ha",
    "嗣": "si",
    "宓": "mi",
    "尉": "wei",
    "尹": "yin",
    "幺": "yao",
    "应": "ying",
    "戴": "dai",
    "折": "she",
    "教": "jiao",
    "晁": "chao",
    "曲": "qu",
    "曾": "zeng",
    "朴": "piao",
    "查": "zha",
    "乐": "yue",
    "任": "ren",
    "冼": "xian",
    "种": "chong",
    "秘": "bi",
    "繁": "po",
    "纪": "ji",
    "缪": "miao",
    "翟": "zhai",
    "臧": "zang",
    "般": "ban",
    "解": "xie",
    "葛": "ge",
    "覃": "qin",
    "车": "che",
    "逄": "pang",
    "那": "na",
    "都": "du",
    "重": "chong",
    "钭": "tou",
    "长孙": "zhang sun",
    "万俟": "mo qi",
    "尉迟": "yu chi",
    "单于": "chan yu",
    "令狐": "ling hu",
    "澹台": "tan tai",
    "盖": "ge",
    "祭": "zhai",
    "黑": "he",
}


def spell_name(name: str) -> Spelling:
    """Spell a person's name, the surname as a surname: 单雄信 is shanxiongxin and sxx."""
    for length in (2, 1):
        surname, given = name[:length], name[length:]
        if surname in SURNAMES:
            return join(SURNAMES[surname].split() + lazy_pinyin(given, style=Style.NORMAL))
    return join(lazy_pinyin(name, style=Style.NORMAL))
