/** The syncs of a content token and what they changed: the built command against a running service. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CliWorld, cliWorld, role, tenantId } from './cli-world.ts'

const uId = '7000000000000001'

describe('pomona token history, built', () => {
  let world: CliWorld
  let id = ''
  const as = ['--profile', 'hq']
  const history = (...options: readonly string[]) =>
    world.run(['token', 'history', id, ...as, ...options])

  beforeAll(async () => {
    world = await cliWorld(['small'])
    const { run, place, origin, control } = world
    await run([
      ...['client', 'add', '--tenant', tenantId, '--role', role, '--profile', 'hq'],
      ...['--origin', origin, ...place],
    ])
    const [{ file }] = (await control('GET', `/libraries/${uId}/tokens`)).tokens
    const path = join(world.folder, 'small.vpptoken')
    await writeFile(path, file)
    id = JSON.parse((await run(['token', 'add', path, ...as, '-o', 'json'])).stdout).id
    await run(['token', 'sync', id, '--wait', ...as])
    await control('POST', `/libraries/${uId}/assignments`, {
      ...{ assets: [{ adamId: '9000000001' }], serialNumbers: ['NEW1'] },
    })
    await run(['token', 'sync', id, '--wait', ...as])
  }, 60_000)
  afterAll(() => world?.close())

  test('lists the syncs, newest first', async () => {
    const { stdout, exitCode } = await history()
    expect(exitCode).toBe(0)
    const [head = '', newest = '', ...older] = stdout.trim().split('\n')
    expect(head).toMatch(/^RUN +BEGUN +CAUSE +STATUS +READ +ADDED/)
    expect(newest).toMatch(/ request +completed +full\/delta\/delta +1 +1 +0 +/)
    expect(older.at(-1)).toMatch(/ create +completed +full\/full\/full +/)
    expect((await history('--last', '1')).stdout.trim().split('\n')).toHaveLength(2)
  })

  test('shows what the newest sync changed, and what another one did', async () => {
    const { stdout } = await history('--diff')
    expect(stdout).toMatch(/changed +asset +9000000001 STDQ +- +2\+8\+0 of 10 +3\+7\+0 of 10/)
    expect(stdout).toMatch(/added +assignment +9000000001 STDQ +NEW1/)
    const runs = JSON.parse((await history('-o', 'json')).stdout)
    const first = await history('--diff', '--run', runs.at(-1).id, '-o', 'csv')
    expect(first.stdout.split('\n')[0]).toBe(
      'subject,change,adamId,pricingParam,serialNumber,clientUserId,countsBefore,countsAfter,statusBefore,statusAfter',
    )
    expect(first.stdout).toContain('user,added,,,,u-0001')
  })

  test('says what is wrong with an id that no sync can have', async () => {
    const { stderr, exitCode } = await history('--run', 'yesterday')
    expect([exitCode, stderr]).toEqual([
      2,
      "pomona: 'yesterday' is not the id of a sync. See the ids with: pomona token history ID.\n",
    ])
  })
})
