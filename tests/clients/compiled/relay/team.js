import { graphql } from 'relay-runtime'

export const person = graphql`
  fragment team_person on Stakeholder @refetchable(queryName: "teamPersonQuery") {
    id
    name
    kind
    manager {
      id
      name
    }
  }
`

export const people = graphql`
  fragment team_people on Query
  @refetchable(queryName: "teamPeopleQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 3 }, after: { type: "String" }) {
    stakeholders(first: $first, after: $after) @connection(key: "team_people_stakeholders") {
      edges {
        node {
          id
          ...team_person
        }
      }
    }
  }
`

export const page = graphql`
  query teamPageQuery {
    viewer {
      stakeholder {
        id
        ...team_person
      }
    }
    ...team_people
  }
`

export const created = graphql`
  mutation teamCreateDepartmentMutation($input: CreateDepartmentInput!) {
    createDepartment(input: $input) {
      __typename
      ... on Department {
        id
        name
      }
      ... on Rejected {
        problems {
          code
          path
          message
        }
      }
    }
  }
`
