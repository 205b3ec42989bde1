"""What the mutations about signing in take."""

import strawberry

SLUG = "What the organization is called in URLs."
ONE_TIME = "Six digits of the authenticator, or one of the recovery codes."
NEW = (
    "12 to 256 characters, whatever they are; not what everybody would try first, nor made of the name, the address or "
    "the organization's name."
)


@strawberry.input(description="Who wants to sign in.")
class SignInInput:
    organization: str = strawberry.field(description=SLUG)
    email: str = strawberry.field(description="The e-mail address of the account.")
    password: str = strawberry.field(description="Its password.")
    one_time_password: str | None = strawberry.field(
        default=None, description=f"{ONE_TIME} Needed where `SECOND_FACTOR_REQUIRED` was answered."
    )


@strawberry.input(description="What keeps a session going.")
class RefreshSessionInput:
    refresh_token: str = strawberry.field(description="The newest one of the session: it can be used once.")


@strawberry.input(description="Which session ends.")
class SignOutInput:
    refresh_token: str | None = strawberry.field(
        default=None,
        description="A refresh token of the session, if it is not the one of the access token that is sent along, or "
        "if that has expired.",
    )


@strawberry.input(description="Which sessions end.")
class SignOutEverywhereInput:
    except_here: bool = strawberry.field(
        default=False, description="Whether the session of the access token that is sent along goes on."
    )


@strawberry.input(description="A session of one's own that ends.")
class EndSessionInput:
    id: strawberry.ID = strawberry.field(description="Its global id.")


@strawberry.input(description="A password for another.")
class ChangePasswordInput:
    current_password: str = strawberry.field(description="The password that holds.")
    new_password: str = strawberry.field(description=NEW)


@strawberry.input(description="Who forgot their password.")
class RequestPasswordResetInput:
    organization: str = strawberry.field(description=SLUG)
    email: str = strawberry.field(description="The e-mail address of the account.")


@strawberry.input(description="A first password.")
class AcceptInvitationInput:
    token: str = strawberry.field(description="What the link of the invitation has in it.")
    password: str = strawberry.field(description=NEW)


@strawberry.input(description="A new password.")
class ResetPasswordInput:
    token: str = strawberry.field(description="What the link of the letter has in it.")
    password: str = strawberry.field(description=NEW)


@strawberry.input(description="An authenticator that is to be set up.")
class EnrolAuthenticatorInput:
    password: str = strawberry.field(description="The password of the account.")


@strawberry.input(description="That an authenticator works.")
class ConfirmAuthenticatorInput:
    one_time_password: str = strawberry.field(description="The six digits that it shows.")


@strawberry.input(description="An authenticator that is not to be asked for any more.")
class RemoveAuthenticatorInput:
    password: str = strawberry.field(description="The password of the account.")
    one_time_password: str = strawberry.field(description=ONE_TIME)


@strawberry.input(description="Recovery codes that are to be replaced.")
class RenewRecoveryCodesInput:
    one_time_password: str = strawberry.field(description=ONE_TIME)
