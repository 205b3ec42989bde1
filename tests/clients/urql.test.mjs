/** urql over HTTP, with event streams on: it lists text/event-stream in every Accept, and still has to get JSON. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import test from 'node:test'
import { cacheExchange, Client, fetchExchange } from '@urql/core'
import { persistedExchange } from '@urql/exchange-persisted'
import { AUDIT_TRAIL, CREATE_DEPARTMENT, PEOPLE, UNKNOWN_FIELD, VIEWER } from './questions.mjs'
import { URL_OF_API } from './site.mjs'
import { recordedFetch } from './traffic.mjs'

const JSON_TYPES = /^application\/(graphql-response\+)?json(; charset=utf-8)?$/

function client(role, ...exchanges) {
  const { fetch, traffic } = recordedFetch(role)
  const urql = new Client({
    url: URL_OF_API,
    fetch,
    fetchSubscriptions: true,
    exchanges: [cacheExchange, ...exchanges, fetchExchange],
  })
  return { urql, traffic }
}

test('a query is answered in JSON although an event stream is accepted', async () => {
  const { urql, traffic } = client('manager')
  const { data, error } = await urql.query(PEOPLE, { first: 3 })
  assert.equal(error, undefined)
  assert.equal(data.stakeholders.edges.length, 3)
  assert.match(traffic[0].accept, /text\/event-stream/)
  assert.match(traffic[0].contentType, JSON_TYPES)
})

test('the cache answers the second time', async () => {
  const { urql, traffic } = client('manager')
  await urql.query(VIEWER, {})
  const { data } = await urql.query(VIEWER, {})
  assert.ok(data.viewer.stakeholder.id)
  assert.equal(traffic.length, 1)
})

test('the next page follows the cursor', async () => {
  const { urql } = client('manager')
  const first = await urql.query(PEOPLE, { first: 2 })
  const { endCursor } = first.data.stakeholders.pageInfo
  const second = await urql.query(PEOPLE, { first: 2, after: endCursor })
  const ids = [first, second].flatMap(({ data }) => data.stakeholders.edges.map(({ node }) => node.id))
  assert.equal(new Set(ids).size, 4)
})

test('a mutation is answered in JSON, and its problems are data', async () => {
  const { urql, traffic } = client('administrator')
  const made = await urql.mutation(CREATE_DEPARTMENT, { input: { name: `Department ${randomUUID()}` } })
  assert.equal(made.data.createDepartment.__typename, 'Department')
  const refused = await urql.mutation(CREATE_DEPARTMENT, { input: { name: '' } })
  assert.deepEqual(refused.data.createDepartment.problems[0].path, ['name'])
  assert.ok(traffic.every(({ contentType }) => JSON_TYPES.test(contentType)))
})

test('a refused field is an error beside the data', async () => {
  const { urql } = client('employee')
  const { data, error } = await urql.query(AUDIT_TRAIL, {})
  assert.deepEqual(error.graphQLErrors.map(({ extensions }) => extensions.code), ['FORBIDDEN'])
  assert.ok(data.viewer.stakeholder.id)
})

test('a document that is wrong is told as GraphQL errors', async () => {
  const { urql, traffic } = client('manager')
  const { error } = await urql.query(UNKNOWN_FIELD, {})
  assert.equal(error.graphQLErrors[0].extensions.code, 'BAD_USER_INPUT')
  assert.equal(traffic[0].status, 400)
})

test('a persisted query is sent whole once, and by GET with its hash from then on', async () => {
  const query = `query Persisted${randomUUID().replaceAll('-', '')} { viewer { stakeholder { id } } }`
  const persisted = () => client('manager', persistedExchange({ preferGetForPersistedQueries: true }))
  const first = persisted()
  assert.ok((await first.urql.query(query, {})).data.viewer.stakeholder.id)
  assert.equal(first.traffic.length, 2)
  const second = persisted()
  assert.ok((await second.urql.query(query, {})).data.viewer.stakeholder.id)
  assert.deepEqual(second.traffic.map(({ method }) => method), ['GET'])
})
