/** Relay's compiler and GraphQL Code Generator on our schema; what they make is left in the folder OUT. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { generate } from '@graphql-codegen/cli'
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset'
import relayCompiler from 'relay-compiler'

const OUT = process.env.OUT
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const SCHEMA = here('../../schema/schema.graphql')
const manifest = (name) => JSON.parse(readFileSync(join(OUT, 'manifests', name), 'utf8'))

mkdirSync(join(OUT, 'manifests'), { recursive: true })

test("Relay's compiler takes the schema, and writes a manifest of persisted documents", () => {
  const project = join(OUT, 'relay')
  cpSync(here('./compiled/relay'), project, { recursive: true })
  mkdirSync(join(project, '__generated__'), { recursive: true })
  cpSync(SCHEMA, join(project, 'schema.graphql'))
  const config = {
    src: '.',
    schema: './schema.graphql',
    language: 'javascript',
    artifactDirectory: './__generated__',
    eagerEsModules: false,
    persistConfig: { file: '../manifests/relay.json', algorithm: 'SHA256' },
  }
  writeFileSync(join(project, 'relay.config.json'), JSON.stringify(config))
  writeFileSync(join(OUT, 'manifests', 'relay.json'), '{}')
  execFileSync(relayCompiler, ['relay.config.json'], { cwd: project, stdio: 'pipe' })
  const names = readdirSync(join(project, '__generated__'))
  assert.ok(names.includes('teamPeopleQuery.graphql.js'), `the query of the next page: ${names}`)
  assert.ok(names.includes('teamPersonQuery.graphql.js'), `the query of one node: ${names}`)
  assert.equal(Object.keys(manifest('relay.json')).length, 4)
})

test('GraphQL Code Generator makes a typed client and a manifest of persisted documents', async () => {
  const project = join(OUT, 'codegen')
  await generate(
    {
      schema: SCHEMA,
      documents: here('./compiled/codegen/*.graphql'),
      silent: true,
      generates: {
        [`${project}/`]: {
          preset: 'client',
          documentTransforms: [addTypenameSelectionDocumentTransform], // Apollo Client's cache goes by them
          presetConfig: { persistedDocuments: { hashAlgorithm: 'sha256' }, fragmentMasking: false },
          config: { useTypeImports: true, enumsAsTypes: true },
        },
      },
    },
    true,
  )
  cpSync(join(project, 'persisted-documents.json'), join(OUT, 'manifests', 'codegen.json'))
  assert.equal(Object.keys(manifest('codegen.json')).length, 3)
  const { GoalsDocument } = await import(join(project, 'graphql.ts'))
  assert.ok(manifest('codegen.json')[GoalsDocument.__meta__.hash])
})
