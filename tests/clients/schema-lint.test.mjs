/** The schema as it is printed, by the rules that graphql-eslint has for Relay: a test a rule. */
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import test, { before } from 'node:test'
import plugin from '@graphql-eslint/eslint-plugin'
import { ESLint } from 'eslint'

const SDL = fileURLToPath(new URL('../../schema/schema.graphql', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PRESET = plugin.configs['flat/schema-relay'].rules
/** Short, bounded lists are plain lists here by design, which the rule would have as connections as well. */
const rules = {
  ...PRESET,
  '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
}

let found

before(async () => {
  const linted = await new ESLint({
    cwd: ROOT,
    overrideConfigFile: true,
    overrideConfig: [
      {
        files: ['**/*.graphql'],
        languageOptions: { parser: plugin.parser, parserOptions: { graphQLConfig: { schema: SDL } } },
        plugins: { '@graphql-eslint': plugin },
        rules,
      },
    ],
  }).lintFiles([SDL])
  found = linted.flatMap((file) => file.messages)
})

for (const rule of Object.keys(PRESET)) {
  test(rule, () => {
    const broken = found.filter((message) => message.ruleId === rule)
    assert.deepEqual(broken.map(({ line, message }) => `schema.graphql:${line} ${message}`), [])
  })
}

test('nothing else is said of it', () => {
  assert.deepEqual(found.filter((message) => !(message.ruleId in PRESET)).map(({ message }) => message), [])
})
