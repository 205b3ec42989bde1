"""What is written to people about their accounts, in their language. `{…}` are filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from app.access.mail import Letter
from app.access.sign_in_queries import Person
from app.messages import Locale


class Kind(Enum):
    INVITATION = "INVITATION"
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105 -- what a letter is about
    PASSWORD_SET = "PASSWORD_SET"  # noqa: S105 -- what a letter is about
    AUTHENTICATOR_CONFIRMED = "AUTHENTICATOR_CONFIRMED"
    AUTHENTICATOR_REMOVED = "AUTHENTICATOR_REMOVED"
    EMAIL_CHANGED = "EMAIL_CHANGED"
    IDENTITY_LINKED = "IDENTITY_LINKED"


@dataclass(frozen=True, slots=True)
class Text:
    subject: str
    body: str


NOT_YOU = """
If it was not you, ask for a new password at once and tell an administrator of {organization}.
"""
ZH_NOT_YOU = """
如果不是您本人的操作，请立即重置密码，并告知{organization}的管理员。
"""

NOT_EXPECTED = """
If you did not expect this, tell an administrator of {organization} at once.
"""
ZH_NOT_EXPECTED = """
如果您不了解此事，请立即告知{organization}的管理员。
"""

ENGLISH: Mapping[Kind, Text] = {
    Kind.INVITATION: Text(
        "Your account at {organization}",
        """Hello {name},

{organization} has opened an account for you. You will sign in with {email}. To begin, choose a password:

{link}

The link is for you alone. It works once, until {days} days from now.

If you did not expect this letter, leave it be.
""",
    ),
    Kind.PASSWORD_RESET: Text(
        "A new password for {organization}",
        """Hello {name},

somebody, probably you, asked for a new password for {email} at {organization}. Choose one here:

{link}

The link is for you alone. It works once, within {minutes} minutes.

If it was not you, leave this letter be: your password stays as it is.
""",
    ),
    Kind.PASSWORD_SET: Text(
        "Your password for {organization} was changed",
        "Hello {name},\n\nthe password for {email} at {organization} was changed just now.\n" + NOT_YOU,
    ),
    Kind.AUTHENTICATOR_CONFIRMED: Text(
        "An authenticator was added at {organization}",
        "Hello {name},\n\nfrom now on, signing in to {organization} with {email} takes a one-time password beside "
        "your own.\n" + NOT_YOU,
    ),
    Kind.AUTHENTICATOR_REMOVED: Text(
        "The authenticator was removed at {organization}",
        "Hello {name},\n\nfrom now on, signing in to {organization} with {email} takes nothing but the password.\n"
        + NOT_YOU,
    ),
    Kind.EMAIL_CHANGED: Text(
        "You sign in to {organization} with another address now",
        "Hello {name},\n\nthe address that you sign in to {organization} with was changed just now. It was {email}, "
        "which signs in no more.\n" + NOT_EXPECTED,
    ),
    Kind.IDENTITY_LINKED: Text(
        "You can sign in to {organization} with {provider}",
        "Hello {name},\n\nyour account {email} at {organization} was linked to an identity at {provider} just now: "
        "whoever signs in there with it is signed in as you.\n" + NOT_EXPECTED,
    ),
}

CHINESE: Mapping[Kind, Text] = {
    Kind.INVITATION: Text(
        "您在{organization}的账户",
        """{name}，您好：

{organization}已为您开通账户，登录邮箱为 {email}。请先设置密码：

{link}

此链接仅供您本人使用，{days} 天内有效，且只能使用一次。

如果您不了解此事，请忽略本邮件。
""",
    ),
    Kind.PASSWORD_RESET: Text(
        "重置{organization}的登录密码",
        """{name}，您好：

有人（可能是您本人）申请重置 {email} 在{organization}的密码。请在此设置新密码：

{link}

此链接仅供您本人使用，{minutes} 分钟内有效，且只能使用一次。

如果不是您本人的操作，请忽略本邮件，您的密码不会改变。
""",
    ),
    Kind.PASSWORD_SET: Text(
        "您在{organization}的密码已更改",
        "{name}，您好：\n\n{email} 在{organization}的密码刚刚已更改。\n" + ZH_NOT_YOU,
    ),
    Kind.AUTHENTICATOR_CONFIRMED: Text(
        "已在{organization}添加身份验证器",
        "{name}，您好：\n\n今后使用 {email} 登录{organization}时，除密码外还需要一次性密码。\n" + ZH_NOT_YOU,
    ),
    Kind.AUTHENTICATOR_REMOVED: Text(
        "已在{organization}移除身份验证器",
        "{name}，您好：\n\n今后使用 {email} 登录{organization}时只需要密码。\n" + ZH_NOT_YOU,
    ),
    Kind.EMAIL_CHANGED: Text(
        "您登录{organization}的邮箱已更改",
        "{name}，您好：\n\n您登录{organization}所用的邮箱刚刚已更改，原邮箱 {email} 不能再用于登录。\n"
        + ZH_NOT_EXPECTED,
    ),
    Kind.IDENTITY_LINKED: Text(
        "您现在可以通过{provider}登录{organization}",
        "{name}，您好：\n\n您在{organization}的账户 {email} 刚刚已关联到{provider}中的一个身份，"
        "使用该身份登录的人将以您的身份登录。\n" + ZH_NOT_EXPECTED,
    ),
}

TEXTS: Mapping[str, Mapping[Kind, Text]] = {Locale.EN.value: ENGLISH, Locale.ZH_CN.value: CHINESE}


def letter(
    kind: Kind,
    person: Person,
    email: str,
    *,
    link: str = "",
    lasts: timedelta = timedelta(0),
    provider: str = "",
) -> Letter:
    """To whoever has an account with that e-mail address, or had it until now."""
    text = TEXTS[person.locale][kind]
    told = {
        "name": person.name,
        "organization": person.organization,
        "email": email,
        "link": link,
        "provider": provider,
        "days": lasts.days,
        "minutes": int(lasts.total_seconds() // 60),
    }
    return Letter(kind.name.lower(), email, text.subject.format_map(told), text.body.format_map(told))
