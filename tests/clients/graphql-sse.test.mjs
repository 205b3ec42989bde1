/** The client graphql-sse, a connection for each operation; and urql with it. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { Client, fetchExchange, subscriptionExchange } from '@urql/core'
import { createClient } from 'graphql-sse'
import { firstOf, follows, URL_OF_STREAM } from './goals.mjs'
import { AUDIT_TRAIL, CREATE_DEPARTMENT, UNKNOWN_FIELD, VIEWER } from './questions.mjs'
import { headersOf, URL_OF_API } from './site.mjs'
import { recordedFetch } from './traffic.mjs'

const open = (role, headers = headersOf(role)) =>
  createClient({ url: URL_OF_STREAM, singleConnection: false, headers, retryAttempts: 0 })

async function once(role, asked) {
  const [result] = await firstOf(open(role).iterate(asked), 1)
  return result
}

test('a query is answered as a stream of one', async () => {
  const { data } = await once('manager', { query: VIEWER })
  assert.ok(data.viewer.stakeholder.id)
})

test('a mutation is answered as a stream of one', async () => {
  const { data } = await once('administrator', { query: CREATE_DEPARTMENT, variables: { input: { name: '' } } })
  assert.equal(data.createDepartment.__typename, 'Rejected')
})

test('a refused field is an error beside the data', async () => {
  const { data, errors } = await once('employee', { query: AUDIT_TRAIL })
  assert.deepEqual(errors.map(({ extensions }) => extensions.code), ['FORBIDDEN'])
  assert.ok(data.viewer.stakeholder.id)
})

test('a document that is wrong is told as an error', async () => {
  const { errors } = await once('manager', { query: UNKNOWN_FIELD })
  assert.equal(errors[0].extensions.code, 'BAD_USER_INPUT')
})

test('a stream of one ends by itself', async () => {
  const seen = []
  for await (const result of open('manager').iterate({ query: VIEWER })) seen.push(result)
  assert.equal(seen.length, 1)
})

test('a subscription tells of a change', async () => {
  const client = open('manager')
  await follows((asked) => client.iterate(asked))
  client.dispose()
})

test('a token that does not hold is refused with 401', async () => {
  const client = open(null, { authorization: 'Bearer nothing' })
  const error = await firstOf(client.iterate({ query: VIEWER }), 1).then(() => assert.fail('answered'), (thrown) => thrown)
  assert.equal(error.response?.status, 401, String(error))
})

test('urql subscribes through the client, and asks /graphql for the rest', async () => {
  const { fetch, traffic } = recordedFetch('manager')
  const client = open('manager')
  const forwardSubscription = (asked) => ({ subscribe: (sink) => ({ unsubscribe: client.subscribe(asked, sink) }) })
  const urql = new Client({
    url: URL_OF_API,
    fetch,
    exchanges: [fetchExchange, subscriptionExchange({ forwardSubscription })],
  })
  assert.ok((await urql.query(VIEWER, {})).data.viewer.stakeholder.id)
  await follows(({ query, variables }) => iterated(urql.subscription(query, variables)))
  assert.equal(traffic.length, 1)
  client.dispose()
})

test('urql with event streams on subscribes by fetch alone', async () => {
  const { fetch } = recordedFetch('manager')
  const urql = new Client({ url: URL_OF_STREAM, fetch, fetchSubscriptions: true, exchanges: [fetchExchange] })
  await follows(({ query, variables }) => iterated(urql.subscription(query, variables)))
})

/** What urql subscribes to as an async iterator. */
function iterated(source) {
  return new ReadableStream({
    start(controller) {
      source.subscribe((result) => controller.enqueue(result))
    },
  })
}
