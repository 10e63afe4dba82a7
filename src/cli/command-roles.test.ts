import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { scopeSets } from '../graph/gate/scopes.ts'
import { roleOf } from './command-roles.ts'
import { wholeProgram } from './program.ts'

const program = await wholeProgram()
const commandAt = (...names: readonly string[]) =>
  names.reduce<Command | undefined>(
    (command, name) => command?.commands.find((one) => one.name() === name),
    program,
  )
const advised = (...names: readonly string[]) => {
  const command = commandAt(...names)
  return command && roleOf(command)
}

test.each(['add', 'renew', 'sync', 'claim', 'release', 'remove'])(
  'token %s needs a role that reads and writes tokens',
  (name) => {
    const role = advised('token', name) ?? ''
    expect(scopeSets.readTokens).toContain(role)
    expect(scopeSets.writeTokens).toContain(role)
  },
)

test.each([
  ['license', 'assign'],
  ['license', 'unassign'],
  ['license', 'reclaim'],
  ['user', 'retire'],
])('%s %s needs a role that opens apps and tokens alike', (...names) => {
  const role = advised(...names) ?? ''
  expect(scopeSets.readApps).toContain(role)
  expect(scopeSets.writeTokens).toContain(role)
})

test('a command that only reads is told what the service says of its request', () => {
  expect(commandAt('token', 'show')).toBeDefined()
  expect(advised('token', 'show')).toBeUndefined()
})
