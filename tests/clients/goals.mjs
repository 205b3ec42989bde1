/** A goal that the manager may change, and its changing: what there is to subscribe to. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { headersOf, URL_OF_API } from './site.mjs'

export const URL_OF_STREAM = `${URL_OF_API}/stream`
export const URL_OF_SOCKET = URL_OF_API.replace(/^http/, 'ws')
export const GOAL_CHANGED = 'subscription Changed($id: ID!) { goalChanged(goalId: $id) { id title } }'

const FIRST = '{ goals(first: 50) { nodes { id title allowedActions { action allowed } } } }'
const RENAME = `mutation Rename($id: ID!, $title: String!) {
  updateGoal(input: { id: $id, title: $title }) { ... on Goal { title } ... on Rejected { problems { code } } }
}`

export async function ask(role, query, variables) {
  const headers = { ...headersOf(role), 'content-type': 'application/json' }
  const response = await fetch(URL_OF_API, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
  const { data, errors } = await response.json()
  assert.equal(errors, undefined, JSON.stringify(errors))
  return data
}

export async function changeableGoal() {
  const { goals } = await ask('manager', FIRST)
  const mayChange = ({ allowedActions }) => allowedActions.some(({ action, allowed }) => action === 'updateGoal' && allowed)
  const goal = goals.nodes.find(mayChange)
  assert.ok(goal, 'the manager may change a goal')
  return goal
}

/** Gives a goal another title, which is returned. */
export async function rename(id) {
  const title = `Goal ${randomUUID()}`
  const { updateGoal } = await ask('manager', RENAME, { id, title })
  assert.equal(updateGoal.title, title, JSON.stringify(updateGoal))
  return title
}

/** The first `count` results of a stream; `between` runs once, after the first. */
export async function firstOf(stream, count, between) {
  const seen = []
  for await (const result of stream) {
    seen.push(result)
    if (seen.length === count) break
    if (seen.length === 1) await between()
  }
  return seen
}

/** That a subscription tells a goal as it is, and then as it was changed. */
export async function follows(subscribe) {
  const goal = await changeableGoal()
  let title
  const seen = await firstOf(subscribe({ query: GOAL_CHANGED, variables: { id: goal.id } }), 2, async () => {
    title = await rename(goal.id)
  })
  assert.deepEqual(seen.map(({ data }) => data.goalChanged.title), [goal.title, title])
}
