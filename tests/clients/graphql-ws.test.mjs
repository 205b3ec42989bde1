/** The client graphql-ws, on the path of the API; and Apollo Client's link for it. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { ApolloClient, gql, InMemoryCache } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { firstOf, follows, URL_OF_SOCKET } from './goals.mjs'
import { AUDIT_TRAIL, CREATE_DEPARTMENT, UNKNOWN_FIELD, VIEWER } from './questions.mjs'
import { headersOf } from './site.mjs'

const open = (role, options = {}) =>
  createClient({ url: URL_OF_SOCKET, webSocketImpl: WebSocket, connectionParams: headersOf(role), retryAttempts: 0, ...options })

async function once(client, asked) {
  const [result] = await firstOf(client.iterate(asked), 1)
  await client.dispose()
  return result
}

/** The event of the socket's closing. */
const closing = (client, asked) =>
  firstOf(client.iterate(asked), 1).then(() => assert.fail('it was answered'), (event) => event)

test('a query is answered over the socket', async () => {
  const { data } = await once(open('manager'), { query: VIEWER })
  assert.ok(data.viewer.stakeholder.id)
})

test('a mutation is answered over the socket', async () => {
  const { data } = await once(open('administrator'), { query: CREATE_DEPARTMENT, variables: { input: { name: '' } } })
  assert.equal(data.createDepartment.__typename, 'Rejected')
})

test('a refused field is an error beside the data', async () => {
  const { data, errors } = await once(open('employee'), { query: AUDIT_TRAIL })
  assert.deepEqual(errors.map(({ extensions }) => extensions.code), ['FORBIDDEN'])
  assert.ok(data.viewer.stakeholder.id)
})

test('a document that is wrong is told as an error, and the socket goes on', async () => {
  const client = open('manager', { lazy: false })
  const errors = await firstOf(client.iterate({ query: UNKNOWN_FIELD }), 1).then(
    ([result]) => result.errors,
    (thrown) => thrown,
  )
  assert.equal(errors[0].extensions.code, 'BAD_USER_INPUT')
  const { data } = await once(client, { query: VIEWER })
  assert.ok(data.viewer.stakeholder.id)
})

test('a subscription tells of a change', async () => {
  const client = open('manager')
  await follows((asked) => client.iterate(asked))
  await client.dispose()
})

test('several operations share a socket', async () => {
  let sockets = 0
  const client = open('manager', { lazy: false, on: { opened: () => (sockets += 1) } })
  const answers = await Promise.all([1, 2, 3].map(() => firstOf(client.iterate({ query: VIEWER }), 1)))
  assert.ok(answers.every(([{ data }]) => data.viewer.stakeholder.id))
  assert.equal(sockets, 1)
  await client.dispose()
})

test('a token that does not hold closes the socket with 4403', async () => {
  const client = open(null, { connectionParams: { authorization: 'Bearer nothing' } })
  assert.equal((await closing(client, { query: VIEWER })).code, 4403)
})

test('the older protocol graphql-ws is not spoken', async () => {
  const socket = new WebSocket(URL_OF_SOCKET, 'graphql-ws')
  const code = await new Promise((resolve) => {
    socket.on('close', resolve)
    socket.on('error', () => {})
  })
  assert.ok([4406, 1006].includes(code), `closed with ${code}`)
})

test("Apollo Client subscribes through its link", async () => {
  const client = open('manager')
  const apollo = new ApolloClient({ cache: new InMemoryCache(), link: new GraphQLWsLink(client) })
  await follows(({ query, variables }) => iterated(apollo.subscribe({ query: gql(query), variables })))
  await client.dispose()
})

/** An observable as an async iterator. */
function iterated(observable) {
  return new ReadableStream({
    start(controller) {
      observable.subscribe({ next: (value) => controller.enqueue(value), error: (error) => controller.error(error) })
    },
  })
}
