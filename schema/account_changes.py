"""What can be done with accounts, grants and keys."""

from typing import Annotated

import strawberry

from app.access.permissions import Permission
from app.accounts import policy
from app.planner.mutation import Rejected, ShownProblem, mutation, resolved
from resolvers import account_changes as resolve
from resolvers import batches
from resolvers import keys as resolve_keys
from schema.accounts import Account, ApiKey, Grant, GroupRole


@strawberry.type(description="What became of one row of a batch.")
class GrantBatchRow:
    grant: Grant | None = resolved(resolve.grant_of_row, description="The grant that was made; null if none was.")
    problems: list[ShownProblem] = resolved(
        batches.problems_of_row, description="What was wrong; none if the row was done, or could be."
    )


@strawberry.type(description="A batch, row by row.")
class GrantBatch:
    is_type_of = staticmethod(batches.is_batch)

    applied: bool = strawberry.field(
        description="Whether anything was changed: not in a dry run, nor if an atomic batch has a refused row."
    )
    rows: list[GrantBatchRow] = strawberry.field(description="In the order they were given.")


@strawberry.type(description="A key, and the secret that opens with it.")
class ApiKeyMade:
    is_type_of = staticmethod(resolve_keys.is_made)

    key: ApiKey | None = resolved(resolve_keys.key_made, description="The key.")
    secret: str | None = strawberry.field(
        description="What the program sends as `Authorization: Bearer …`. It is told once and stored nowhere: null if "
        "the request was sent again."
    )


OpenAccountResult = Annotated[
    Account | Rejected, strawberry.union("OpenAccountResult", description="The account, or what was wrong.")
]
InviteAccountResult = Annotated[
    Account | Rejected, strawberry.union("InviteAccountResult", description="The account, or what was wrong.")
]
CloseAccountResult = Annotated[
    Account | Rejected, strawberry.union("CloseAccountResult", description="The account, or what was wrong.")
]
ReopenAccountResult = Annotated[
    Account | Rejected, strawberry.union("ReopenAccountResult", description="The account, or what was wrong.")
]
ChangeAccountEmailResult = Annotated[
    Account | Rejected, strawberry.union("ChangeAccountEmailResult", description="The account, or what was wrong.")
]
EndAccountSessionsResult = Annotated[
    Account | Rejected, strawberry.union("EndAccountSessionsResult", description="The account, or what was wrong.")
]
RemoveAccountAuthenticatorResult = Annotated[
    Account | Rejected,
    strawberry.union("RemoveAccountAuthenticatorResult", description="The account, or what was wrong."),
]
GrantRoleResult = Annotated[
    Grant | Rejected, strawberry.union("GrantRoleResult", description="The grant, or what was wrong.")
]
GrantRoleBatchResult = Annotated[
    GrantBatch | Rejected,
    strawberry.union("GrantRoleBatchResult", description="What became of the rows, or what was wrong."),
]
RevokeGrantResult = Annotated[
    Grant | Rejected, strawberry.union("RevokeGrantResult", description="The grant, or what was wrong.")
]
ChangeGrantEndResult = Annotated[
    Grant | Rejected, strawberry.union("ChangeGrantEndResult", description="The grant, or what was wrong.")
]
DelegateRoleResult = Annotated[
    Grant | Rejected, strawberry.union("DelegateRoleResult", description="The grant that lends, or what was wrong.")
]
EndDelegationResult = Annotated[
    Grant | Rejected, strawberry.union("EndDelegationResult", description="The grant that lent, or what was wrong.")
]
MapGroupResult = Annotated[
    GroupRole | Rejected,
    strawberry.union("MapGroupResult", description="What the group is mapped to, or what was wrong."),
]
UnmapGroupResult = Annotated[
    GroupRole | Rejected,
    strawberry.union("UnmapGroupResult", description="What the group was mapped to, or what was wrong."),
]
CreateApiKeyResult = Annotated[
    ApiKeyMade | Rejected,
    strawberry.union("CreateApiKeyResult", description="The key and its secret, or what was wrong."),
]
RotateApiKeyResult = Annotated[
    ApiKeyMade | Rejected,
    strawberry.union("RotateApiKeyResult", description="The key and its new secret, or what was wrong."),
]
UpdateApiKeyResult = Annotated[
    ApiKey | Rejected, strawberry.union("UpdateApiKeyResult", description="The key, or what was wrong.")
]
RevokeApiKeyResult = Annotated[
    ApiKey | Rejected, strawberry.union("RevokeApiKeyResult", description="The key, or what was wrong.")
]


@strawberry.type
class AccountsMutation:
    open_account: OpenAccountResult | None = mutation(
        resolve.open_account,
        requires=policy.OPEN_ACCOUNT,
        description="Let somebody sign in.",
    )
    invite_account: InviteAccountResult | None = mutation(
        resolve.invite_account,
        requires=policy.INVITE_ACCOUNT,
        description="Send somebody a link to choose a first password with; earlier ones hold no more.",
    )
    close_account: CloseAccountResult | None = mutation(
        resolve.close_account,
        requires=policy.CLOSE_ACCOUNT,
        description="Let nobody sign in with an account any more: whoever had is signed out within a second, and its "
        "keys open nothing.",
    )
    reopen_account: ReopenAccountResult | None = mutation(
        resolve.reopen_account,
        requires=policy.REOPEN_ACCOUNT,
        description="Let somebody sign in again, with what they had been granted.",
    )
    change_account_email: ChangeAccountEmailResult | None = mutation(
        resolve.change_account_email,
        requires=policy.CHANGE_ACCOUNT_EMAIL,
        description="Change the address that somebody signs in with.",
    )
    end_account_sessions: EndAccountSessionsResult | None = mutation(
        resolve.end_account_sessions,
        requires=policy.END_ACCOUNT_SESSIONS,
        description="Sign somebody out everywhere, within a second.",
    )
    remove_account_authenticator: RemoveAccountAuthenticatorResult | None = mutation(
        resolve.remove_account_authenticator,
        requires=policy.REMOVE_ACCOUNT_AUTHENTICATOR,
        description="Let somebody else who lost the second factor sign in with the password alone; they are signed out "
        "everywhere, and told by a letter.",
    )
    grant_role: GrantRoleResult | None = mutation(
        resolve.grant_role,
        requires=policy.GRANT_ROLE,
        description="Give somebody else a role that the caller can give.",
    )
    grant_role_batch: GrantRoleBatchResult | None = mutation(
        resolve.grant_role_batch,
        requires=Permission.GRANTS_MANAGE,
        description="Give several roles, with a result for each.",
    )
    revoke_grant: RevokeGrantResult | None = mutation(
        resolve.revoke_grant,
        requires=policy.REVOKE_GRANT,
        description="Take a grant back, and with it what was lent of it, within a second.",
    )
    change_grant_end: ChangeGrantEndResult | None = mutation(
        resolve.change_grant_end,
        requires=policy.CHANGE_GRANT_END,
        description="Let somebody else's grant end sooner or later.",
    )
    delegate_role: DelegateRoleResult | None = mutation(
        resolve.delegate_role,
        requires=policy.DELEGATE_ROLE,
        description="Lend a role of one's own to a colleague for a time, or for a task about some people.",
    )
    end_delegation: EndDelegationResult | None = mutation(
        resolve.end_delegation,
        requires=policy.END_DELEGATION,
        description="Take back what one lent, or give back what one was lent.",
    )
    map_group: MapGroupResult | None = mutation(
        resolve.map_group,
        requires=Permission.GRANTS_MANAGE,
        description="Give a role to everybody in a group outside.",
    )
    unmap_group: UnmapGroupResult | None = mutation(
        resolve.unmap_group,
        requires=policy.UNMAP_GROUP,
        description="Take back what a group is mapped to.",
    )
    create_api_key: CreateApiKeyResult | None = mutation(
        resolve_keys.create_api_key,
        requires=policy.CREATE_API_KEY,
        description="Make a key to an account for a program.",
    )
    rotate_api_key: RotateApiKeyResult | None = mutation(
        resolve_keys.rotate_api_key,
        requires=policy.ROTATE_API_KEY,
        description="Give a key another secret; the present one can hold for a while yet.",
    )
    update_api_key: UpdateApiKeyResult | None = mutation(
        resolve_keys.update_api_key,
        requires=policy.UPDATE_API_KEY,
        description="Change what a key is called, where it is taken from, or when it ends.",
    )
    revoke_api_key: RevokeApiKeyResult | None = mutation(
        resolve_keys.revoke_api_key,
        requires=policy.REVOKE_API_KEY,
        description="Let a key open nothing any more, within a second.",
    )
