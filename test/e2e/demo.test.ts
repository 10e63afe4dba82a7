import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { pomona, runBuilt, startBuilt } from './built-program.ts'

const run = promisify(execFile)

const promised = [
  ['Kiel Depot', 'valid', 'unclaimed'],
  ['Hamburg Terminal', 'valid', 'unclaimed'],
  ['Bremen Yard', 'valid', 'unclaimed'],
  ['Rostock Pier', 'valid', 'unclaimed'],
  ['Emden Dock', 'expired', 'expired'],
  ['Lübeck Workshop', 'invalid', 'revokedByApple'],
  ['Wismar Store', 'invalid', 'rejectedByApple'],
  ['Stralsund Office', 'invalid', 'legacyToken'],
  ['Cuxhaven Reading Room', 'valid', 'unclaimed'],
  ['Flensburg Warehouse', 'assignedToExternalMDM', 'heldByOtherMdm'],
  ['Husum Ferry Desk', 'valid', 'unclaimed'],
  ['Brunsbüttel Lock', 'valid', 'unclaimed'],
  ['Brunsbüttel Lock, second download', 'duplicateLocationId', 'duplicateLocation'],
]

describe('pomona demo, built', () => {
  test('--once ends well, with every token in the state and for the reason that its seed promises', async () => {
    const { exitCode, stdout } = await runBuilt(pomona, ['demo', '--once', '-o', 'json'])
    const shown = JSON.parse(stdout)
    const tokens: Record<string, unknown>[] = shown.tokens

    expect(
      tokens.map(({ displayName, state, stateReason }) => [displayName, state, stateReason]),
    ).toEqual(promised)
    expect(tokens.every((token) => token.state === token.expectedState)).toBe(true)
    expect(tokens.every((token) => token.stateReason === token.expectedReason)).toBe(true)
    expect(tokens[0]).toMatchObject({
      appCount: 4,
      licenses: { total: 2_147_483_647, used: 4 },
    })
    expect(tokens[1]).toMatchObject({ appCount: 2, licenses: { total: 25, used: 3 } })
    expect(shown.tokenEndpoint).toBe(`${shown.origin}/${shown.tenantId}/oauth2/v2.0/token`)
    expect(Object.keys(shown)).toEqual([
      'origin',
      'caFile',
      'tokenEndpoint',
      'tenantId',
      'clientId',
      'tokens',
    ])
    expect(exitCode).toBe(0)
  })

  test('stays up after its table, with a curl line that works as printed', async () => {
    const demo = await startBuilt(pomona, ['demo'], {}, /Ctrl-C/)
    try {
      const line = /^ {2}(curl .*)$/m.exec(demo.output())?.[1] ?? ''
      const { stdout } = await run('sh', ['-c', `${line} --silent --show-error`])
      expect(JSON.parse(stdout).value).toHaveLength(promised.length)
    } finally {
      expect(await demo.stop()).toBe(0)
    }
  })
})
