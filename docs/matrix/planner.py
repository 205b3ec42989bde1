"""What every context uses: pages, problems, whatever has an id."""

from docs.matrix.rules import Rules

CONNECTION = "edges nodes pageInfo totalCount"
EDGE = "cursor node"

RULES = Rules(
    carried={
        "Node": "id",
        "PageInfo": "hasNextPage hasPreviousPage startCursor endCursor",
        "Rejected": "problems",
        "Problem": "code path message params",
        "ProblemParam": "name value",
        "AllowedAction": "action allowed reason message params",
    },
)
