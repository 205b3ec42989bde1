"""What a process has once, for all requests."""

from dataclasses import dataclass

from app.access.background import Background
from app.access.guesses import Subjects
from app.access.mail import Mail
from app.access.passwords import Passwords
from app.access.sealing import Sealing
from app.access.signing import SigningKeys
from app.access.tokens import Tokens
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    tokens: Tokens
    sealing: Sealing
    passwords: Passwords
    subjects: Subjects
    background: Background
    mail: Mail

    @classmethod
    def made(cls, settings: Settings) -> "Services":
        background = Background()
        return cls(
            settings,
            tokens_of(settings),
            Sealing(settings.secrets()),
            Passwords(settings),
            Subjects(settings.secret()),
            background,
            Mail(settings, background),
        )

    async def close(self) -> None:
        """Waits for the letters that are under way."""
        await self.background.close()
        self.passwords.close()


def tokens_of(settings: Settings) -> Tokens:
    return Tokens(SigningKeys(settings.secrets()), settings.public_url, settings.token_minutes)
