"""Who may sign in, and who may see and end what they signed in with."""

from app.access.permissions import Permission
from docs.matrix.relations import PEOPLE, Relation
from docs.matrix.rules import Change, Opening, Rows, Rules

MINE = Opening(Permission.ACCOUNTS_SECURE).to(Relation.SELF)
SIGNING_IN = Change(Permission.SESSIONS_OPEN)
SECURING = Change(Permission.ACCOUNTS_SECURE)

RULES = Rules(
    types={
        "Session": Rows(
            opens=(MINE.of("lasting"),),
            relations=PEOPLE | {Relation.ANOTHER_ACCOUNT},
            aspects=("lasting", "ended"),
            fields="id method openedAt usedAt expiresAt address device current allowedActions",
        ),
        "AccountSecurity": Rows(
            opens=(MINE,),
            relations=frozenset({Relation.SELF}),
            fields="hasPassword hasAuthenticator recoveryCodesLeft",
        ),
    },
    changes={
        "signIn": SIGNING_IN,
        "refreshSession": SIGNING_IN,
        "signOut": SIGNING_IN,
        "acceptInvitation": SIGNING_IN,
        "requestPasswordReset": SIGNING_IN,
        "resetPassword": SIGNING_IN,
        "signOutEverywhere": SECURING,
        "endSession": Change(Permission.ACCOUNTS_SECURE, over="Session"),
        "changePassword": SECURING,
        "enrolAuthenticator": SECURING,
        "confirmAuthenticator": SECURING,
        "removeAuthenticator": SECURING,
        "renewRecoveryCodes": SECURING,
    },
    carried={
        "SignedIn": "sessionId accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt",
        "SignedOut": "endedSessions",
        "PasswordChanged": "endedSessions",
        "PasswordResetRequested": "email",
        "AuthenticatorEnrolment": "secret uri",
        "RecoveryCodes": "codes",
    },
)
