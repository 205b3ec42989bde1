"""Signing in, staying signed in, and what proves who somebody is."""

from datetime import datetime
from typing import Annotated

import strawberry

from app.access import models, policy, session_queries
from app.access.models import SignInMethod
from app.access.permissions import Permission
from app.planner.allowed import AllowedAction
from app.planner.lens import allowed, lens, shown, value
from app.planner.mutation import Rejected, mutation, resolved
from app.planner.relay import Node
from app.planner.words import described
from resolvers import access as resolve
from resolvers import own_accounts, sign_ins

described(
    SignInMethod,
    "How somebody proved who they are.",
    {
        SignInMethod.PASSWORD: "With a password, and a one-time password where there is an authenticator.",
        SignInMethod.SINGLE_SIGN_ON: "Through an identity provider.",
        SignInMethod.LINK: "With the link of an invitation.",
        SignInMethod.COMMAND_LINE: "With a token that the command line of the server made; never in production.",
    },
)


@lens(
    models.Session,
    visible=session_queries.visible_to,
    description="Somebody signed in on a device. It goes on as long as it is refreshed, until it is ended.",
)
class Session(Node):
    method: SignInMethod = shown(description="How it was opened.")
    opened_at: datetime = shown(description="When it was opened.")
    used_at: datetime = shown(description="When it was refreshed last, or opened.")
    expires_at: datetime = shown(description="When it ends unless it is refreshed before.")
    address: str | None = shown(description="The network address that it was opened from.")
    device: str | None = shown(description="What the program said that it was opened with.")
    current: bool = value(
        resolve.is_current, description="Whether it is the one of the access token that is sent along."
    )
    allowed_actions: list[AllowedAction] = allowed()


@lens(
    models.Account,
    visible=session_queries.accounts_to_secure,
    description="What proves that an account is somebody's.",
)
class AccountSecurity:
    has_password: bool = value(resolve.has_password, description="Whether a password signs in.")
    has_authenticator: bool = value(
        resolve.has_authenticator, description="Whether signing in with the password takes a one-time password too."
    )
    recovery_codes_left: int = value(
        resolve.recovery_codes_left, description="How many recovery codes were not used yet."
    )


@strawberry.type(description="Somebody is signed in. Keep the tokens where nobody else can read them.")
class SignedIn:
    is_type_of = staticmethod(sign_ins.is_opened)

    session_id: strawberry.ID = resolved(sign_ins.session_id, description="The global id of the session.")
    access_token: str = strawberry.field(description="What requests are sent with, as `Authorization: Bearer …`.")
    access_token_expires_at: datetime = strawberry.field(description="When it has to be replaced by a refresh.")
    refresh_token: str = strawberry.field(
        description="What the next access token is got with. It can be used once; using it again ends the session."
    )
    refresh_token_expires_at: datetime = strawberry.field(
        description="When the session ends unless it is refreshed before."
    )


@strawberry.type(description="Sessions ended. Their access tokens hold nowhere any more, a second from now.")
class SignedOut:
    is_type_of = staticmethod(resolve.is_ended)

    ended_sessions: int = strawberry.field(description="How many; those that were over before do not count.")


@strawberry.type(description="A new password holds, and nobody is signed in any more who was with the former one.")
class PasswordChanged:
    is_type_of = staticmethod(resolve.is_ended)

    ended_sessions: int = strawberry.field(description="How many sessions ended.")


@strawberry.type(description="A letter was asked for. Whether there is an account that it is sent to is not told.")
class PasswordResetRequested:
    is_type_of = staticmethod(sign_ins.is_requested)

    email: str = strawberry.field(description="The address that was given.")


@strawberry.type(description="What an authenticator is set up with. It is told once, and counts when it is confirmed.")
class AuthenticatorEnrolment:
    is_type_of = staticmethod(own_accounts.is_enrolment)

    secret: str = strawberry.field(description="The secret, in base32, to type in.")
    uri: str = strawberry.field(description="The same as `otpauth://…`, to show as a QR code.")


@strawberry.type(description="Codes that stand in for a one-time password, each once. They are told once.")
class RecoveryCodes:
    is_type_of = staticmethod(own_accounts.is_codes)

    codes: list[str] = strawberry.field(description="Ten codes; earlier ones hold no more.")


SignInResult = Annotated[
    SignedIn | Rejected, strawberry.union("SignInResult", description="The session, or why there is none.")
]
RefreshSessionResult = Annotated[
    SignedIn | Rejected, strawberry.union("RefreshSessionResult", description="New tokens, or why there are none.")
]
SignOutResult = Annotated[
    SignedOut | Rejected, strawberry.union("SignOutResult", description="What ended, or what was wrong.")
]
SignOutEverywhereResult = Annotated[
    SignedOut | Rejected, strawberry.union("SignOutEverywhereResult", description="What ended, or what was wrong.")
]
EndSessionResult = Annotated[
    SignedOut | Rejected, strawberry.union("EndSessionResult", description="What ended, or what was wrong.")
]
ChangePasswordResult = Annotated[
    PasswordChanged | Rejected, strawberry.union("ChangePasswordResult", description="What ended, or what was wrong.")
]
RequestPasswordResetResult = Annotated[
    PasswordResetRequested | Rejected,
    strawberry.union("RequestPasswordResetResult", description="That it was asked for, or what was wrong."),
]
AcceptInvitationResult = Annotated[
    SignedIn | Rejected, strawberry.union("AcceptInvitationResult", description="The session, or what was wrong.")
]
ResetPasswordResult = Annotated[
    PasswordChanged | Rejected, strawberry.union("ResetPasswordResult", description="What ended, or what was wrong.")
]
EnrolAuthenticatorResult = Annotated[
    AuthenticatorEnrolment | Rejected,
    strawberry.union("EnrolAuthenticatorResult", description="The secret, or what was wrong."),
]
ConfirmAuthenticatorResult = Annotated[
    RecoveryCodes | Rejected,
    strawberry.union("ConfirmAuthenticatorResult", description="Recovery codes, or what was wrong."),
]
RemoveAuthenticatorResult = Annotated[
    AccountSecurity | Rejected,
    strawberry.union("RemoveAuthenticatorResult", description="What is left, or what was wrong."),
]
RenewRecoveryCodesResult = Annotated[
    RecoveryCodes | Rejected,
    strawberry.union("RenewRecoveryCodesResult", description="New codes, or what was wrong."),
]


@strawberry.type
class AccessMutation:
    sign_in: SignInResult | None = mutation(
        sign_ins.sign_in,
        requires=Permission.SESSIONS_OPEN,
        description="Sign in with a password. Failures are answered alike, whether there is such an account or not; "
        "after several of them `THROTTLED` tells how long to wait.",
    )
    refresh_session: RefreshSessionResult | None = mutation(
        sign_ins.refresh_session,
        requires=Permission.SESSIONS_OPEN,
        description="Get new tokens for a refresh token. One at a time: of two requests with the same token the second "
        "ends the session.",
    )
    sign_out: SignOutResult | None = mutation(
        resolve.sign_out, requires=Permission.SESSIONS_OPEN, description="End a session."
    )
    accept_invitation: AcceptInvitationResult | None = mutation(
        sign_ins.accept_invitation,
        requires=Permission.SESSIONS_OPEN,
        description="Choose a first password, and be signed in.",
    )
    request_password_reset: RequestPasswordResetResult | None = mutation(
        sign_ins.request_password_reset,
        requires=Permission.SESSIONS_OPEN,
        description="Ask for a letter with a link to choose a new password. It is answered alike, whether there is "
        "such an account or not.",
    )
    reset_password: ResetPasswordResult | None = mutation(
        sign_ins.reset_password,
        requires=Permission.SESSIONS_OPEN,
        description="Choose a new password with the link of a letter. All sessions end; signing in takes the new "
        "password, and the second factor where there is one.",
    )
    sign_out_everywhere: SignOutEverywhereResult | None = mutation(
        resolve.sign_out_everywhere,
        requires=Permission.ACCOUNTS_SECURE,
        description="End all sessions of one's own, or all but this one.",
    )
    end_session: EndSessionResult | None = mutation(
        resolve.end_session, requires=policy.END_SESSION, description="End a session of one's own."
    )
    change_password: ChangePasswordResult | None = mutation(
        own_accounts.change_password,
        requires=Permission.ACCOUNTS_SECURE,
        description="Choose another password. All other sessions end.",
    )
    enrol_authenticator: EnrolAuthenticatorResult | None = mutation(
        own_accounts.enrol_authenticator,
        requires=Permission.ACCOUNTS_SECURE,
        description="Begin to set up an authenticator (TOTP, RFC 6238).",
    )
    confirm_authenticator: ConfirmAuthenticatorResult | None = mutation(
        own_accounts.confirm_authenticator,
        requires=Permission.ACCOUNTS_SECURE,
        description="Show that the authenticator works: from now on signing in takes it.",
    )
    remove_authenticator: RemoveAuthenticatorResult | None = mutation(
        own_accounts.remove_authenticator,
        requires=Permission.ACCOUNTS_SECURE,
        description="Sign in without an authenticator from now on.",
    )
    renew_recovery_codes: RenewRecoveryCodesResult | None = mutation(
        own_accounts.renew_recovery_codes,
        requires=Permission.ACCOUNTS_SECURE,
        description="Get new recovery codes; the former ones hold no more.",
    )
