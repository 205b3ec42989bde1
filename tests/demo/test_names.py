import re
from itertools import islice, pairwise

from app.demo.names import chinese_names, international_names


def test_chinese_names_are_written_in_characters_and_have_a_mailbox_in_pinyin() -> None:
    for name in chinese_names():
        assert re.fullmatch(r"[\u4e00-\u9fff]{2,4}", name.full)
        assert re.fullmatch(r"[a-z]+\.[a-z]+", name.mailbox)


def test_the_first_chinese_name_is_spelt_with_the_family_name_first_and_mailed_with_it_last() -> None:
    first = next(chinese_names())

    assert (first.full, first.mailbox) == ("王思远", "siyuan.wang")


def test_accents_and_apostrophes_stand_in_the_name_and_not_in_the_mailbox() -> None:
    mailboxes = {name.full: name.mailbox for name in international_names()}

    assert mailboxes["Aoife O’Sullivan"] == "aoife.osullivan"
    assert mailboxes["Lucía Ferreira"] == "lucia.ferreira"
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+", mailbox) for mailbox in mailboxes.values())


def test_no_two_names_share_a_mailbox() -> None:
    mailboxes = [name.mailbox for names in (chinese_names(), international_names()) for name in names]

    assert len(set(mailboxes)) == len(mailboxes) > 4_000


def test_neighbours_in_the_list_share_neither_name() -> None:
    names = [name.full.split() for name in islice(international_names(), 300)]

    assert all(not set(one) & set(next_one) for one, next_one in pairwise(names))
