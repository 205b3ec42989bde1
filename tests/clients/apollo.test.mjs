/** Apollo Client over HTTP: normalized cache, pages, mutations, errors, persisted queries. */
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import test from 'node:test'
import { ApolloClient, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { relayStylePagination } from '@apollo/client/utilities'
import { filter, firstValueFrom } from 'rxjs'
import { AUDIT_TRAIL, CREATE_DEPARTMENT, PEOPLE, UNKNOWN_FIELD, VIEWER } from './questions.mjs'
import { URL_OF_API } from './site.mjs'
import { recordedFetch } from './traffic.mjs'

const sha256 = (text) => createHash('sha256').update(text).digest('hex')

function client(role, { before = [], link = {} } = {}) {
  const { fetch, traffic } = recordedFetch(role)
  const http = new HttpLink({ uri: URL_OF_API, fetch, ...link })
  const cache = new InMemoryCache({
    possibleTypes: { CreateDepartmentResult: ['Department', 'Rejected'] },
    typePolicies: { Query: { fields: { stakeholders: relayStylePagination() } } },
  })
  return { apollo: new ApolloClient({ cache, link: before.reduceRight((next, one) => one.concat(next), http) }), traffic }
}

const refusal = (promise) => promise.then(() => assert.fail('it was answered'), (error) => error)

test('a query with variables is answered in the media type of the draft', async () => {
  const { apollo, traffic } = client('manager')
  const { data } = await apollo.query({ query: gql(PEOPLE), variables: { first: 3 } })
  assert.equal(data.stakeholders.edges.length, 3)
  assert.match(traffic[0].contentType, /^application\/graphql-response\+json(; charset=utf-8)?$/)
})

test('the cache finds what it has by the global id', async () => {
  const { apollo, traffic } = client('manager')
  const { data } = await apollo.query({ query: gql(PEOPLE), variables: { first: 1 } })
  const [{ node }] = data.stakeholders.edges
  const fragment = gql('fragment Named on Stakeholder { id name }')
  assert.equal(apollo.readFragment({ id: `Stakeholder:${node.id}`, fragment }).name, node.name)
  await apollo.query({ query: gql(PEOPLE), variables: { first: 1 } })
  assert.equal(traffic.length, 1)
})

test('pages are joined by the policy for Relay connections', async () => {
  const { apollo } = client('manager')
  const pages = apollo.watchQuery({ query: gql(PEOPLE), variables: { first: 2 } })
  const watching = pages.subscribe()
  const { data } = await firstValueFrom(pages.pipe(filter(({ dataState }) => dataState === 'complete')))
  await pages.fetchMore({ variables: { first: 2, after: data.stakeholders.pageInfo.endCursor } })
  const joined = await firstValueFrom(pages.pipe(filter((result) => result.data?.stakeholders?.edges.length === 4)))
  watching.unsubscribe()
  assert.equal(new Set(joined.data.stakeholders.edges.map(({ node }) => node.id)).size, 4)
})

test('a refused field is an error with a code, beside the data that was not refused', async () => {
  const { apollo } = client('employee')
  const { data, error } = await apollo.query({ query: gql(AUDIT_TRAIL), errorPolicy: 'all' })
  assert.ok(CombinedGraphQLErrors.is(error))
  assert.deepEqual(error.errors.map(({ extensions, path }) => [extensions.code, path]), [['FORBIDDEN', ['auditEvents']]])
  assert.ok(data.viewer.stakeholder.id)
  assert.equal(data.auditEvents, null)
})

test('a document that is wrong is refused with 400, and told as GraphQL errors', async () => {
  const { apollo, traffic } = client('manager')
  const error = await refusal(apollo.query({ query: gql(UNKNOWN_FIELD) }))
  assert.ok(CombinedGraphQLErrors.is(error), String(error))
  assert.equal(error.errors[0].extensions.code, 'BAD_USER_INPUT')
  assert.equal(traffic[0].status, 400)
})

test('a value that is wrong is refused before anything is done', async () => {
  const { apollo } = client('manager')
  const error = await refusal(apollo.query({ query: gql(PEOPLE), variables: { first: 'many' } }))
  assert.equal(error.errors[0].extensions.code, 'BAD_USER_INPUT')
})

test('a token that does not hold is answered with 401 and UNAUTHENTICATED', async () => {
  const { fetch, traffic } = recordedFetch()
  const link = new HttpLink({ uri: URL_OF_API, fetch, headers: { authorization: 'Bearer nothing' } })
  const apollo = new ApolloClient({ cache: new InMemoryCache(), link })
  const error = await refusal(apollo.query({ query: gql(VIEWER) }))
  assert.match(JSON.stringify(error.errors ?? error.bodyText ?? error), /UNAUTHENTICATED/)
  assert.equal(traffic[0].status, 401)
})

test('a mutation answers the member of its union that it came to', async () => {
  const { apollo } = client('administrator')
  const name = `Department ${randomUUID()}`
  const { data } = await apollo.mutate({ mutation: gql(CREATE_DEPARTMENT), variables: { input: { name } } })
  assert.equal(data.createDepartment.__typename, 'Department')
  const fragment = gql('fragment NamedDepartment on Department { id name }')
  assert.equal(apollo.readFragment({ id: `Department:${data.createDepartment.id}`, fragment }).name, name)
})

test('a mutation that the rules refuse tells the problems as data', async () => {
  const { apollo } = client('administrator')
  const { data } = await apollo.mutate({ mutation: gql(CREATE_DEPARTMENT), variables: { input: { name: '' } } })
  assert.equal(data.createDepartment.__typename, 'Rejected')
  assert.deepEqual(data.createDepartment.problems[0].path, ['name'])
})

test('a persisted query is sent whole once, and by its hash from then on', async () => {
  const query = gql(`query Persisted${randomUUID().replaceAll('-', '')} { viewer { stakeholder { id } } }`)
  const persisted = () => client('manager', { before: [new PersistedQueryLink({ sha256 })] })
  const first = persisted()
  await first.apollo.query({ query })
  assert.deepEqual(first.traffic.map(({ body }) => 'query' in body), [false, true])
  const second = persisted()
  const { data } = await second.apollo.query({ query })
  assert.ok(data.viewer.stakeholder.id)
  assert.deepEqual(second.traffic.map(({ body }) => 'query' in body), [false])
})

test('a persisted query can be asked for by GET', async () => {
  const { apollo, traffic } = client('manager', {
    before: [new PersistedQueryLink({ sha256, useGETForHashedQueries: true })],
  })
  const { data } = await apollo.query({ query: gql(PEOPLE), variables: { first: 2 } })
  assert.equal(data.stakeholders.edges.length, 2)
  assert.equal(traffic[0].method, 'GET')
  assert.ok(traffic[0].url.searchParams.has('extensions'))
})
