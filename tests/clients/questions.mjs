/** What the clients ask, in plain GraphQL. */

export const PEOPLE = `query People($first: Int!, $after: String) {
  stakeholders(first: $first, after: $after) {
    edges { cursor node { id name kind } }
    pageInfo { hasNextPage endCursor hasPreviousPage startCursor }
  }
}`

export const VIEWER = 'query Viewer { viewer { roles stakeholder { id name } } }'

export const AUDIT_TRAIL = `query Trail {
  viewer { stakeholder { id } }
  auditEvents(first: 1) { nodes { id } }
}`

export const CREATE_DEPARTMENT = `mutation CreateDepartment($input: CreateDepartmentInput!) {
  createDepartment(input: $input) {
    __typename
    ... on Department { id name version }
    ... on Rejected { problems { code path message } }
  }
}`

export const UNKNOWN_FIELD = 'query Unknown { viewer { shoeSize } }'
